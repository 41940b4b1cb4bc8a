"""Her trial, from the first check-in to the plan to stay well: what she does on her phone, and what her team reads."""

import re
from datetime import timedelta

from django.core.management import call_command

from althea.care.models import CheckIn, Entry, Order, OrderEnd, Outgoing, Trial
from tests.clinic.prescribing import code_of
from tests.pages.browser import pressed
from tests.pages.her_intake import go_on
from tests.pages.story import press, says

EFFECT = "Nausea after breakfast"
MISSED = ["2026-05-23", "2026-05-24", "2026-05-25", "2026-05-26", "2026-05-27"]


def _the_morning_comes(told, wall):
    """What the clock makes due, as the worker does it: in the first minute it is written, in the next it is sent."""
    for minute in (0, 1):
        told.clock.move_to(told.on(wall) + timedelta(minutes=minute), tick=True)
        call_command("work", once=True)


def _checks_in(phone, twos, harm="Not at all", line=""):
    """So many answers "more than half the days", the others "several days"; then the item on self-harm."""
    phone.goto("/home")
    press(phone, "Start check-in")
    for number in range(9):
        phone.wait_for_url(re.compile(rf"/phq-9-{number + 1}$"))
        answer = harm if number == 8 else "More than half the days" if number < twos else "Several days"
        phone.get_by_label(answer, exact=True).check()
        go_on(phone)
    return line


def _rest_of_it(phone, line="", missed=(), effect=""):
    """The days without a dose, what her body noticed, a line of her own; then she sends it."""
    for _ in range(6):
        if "look-over" in phone.url:
            break
        if phone.get_by_label("No dose was missed").count():
            for day in missed:
                phone.locator(f"input[name=value][value='{day}']").check()
            if not missed:
                phone.get_by_label("No dose was missed").check()
        if effect and phone.get_by_label("What is it").count():
            phone.get_by_label("What is it").fill(effect)
            phone.get_by_label("A little", exact=True).check()
        if line and phone.get_by_label("Anything you want us to know?").count():
            phone.get_by_label("Anything you want us to know?").fill(line)
        go_on(phone)
    press(phone, "Send to my care team")
    says(phone, "Sent. Thank you for telling us.")


def a_hard_evening(told, people, phone, doctor, ada):
    """A "several days" to the item on self-harm opens the numbers in the same request, and the worklist moves."""
    _the_morning_comes(told, "2026-05-14 09:05")
    notice = Outgoing.objects.filter(patient=ada, kind="check-in").latest("created_at")
    assert (notice.link, notice.state) == (
        f"/check-in/{CheckIn.objects.get(patient=ada, due_on='2026-05-14').pk}",
        "sent",
    )
    told.on("2026-05-14 22:40")
    told.sign_in(phone, ada.user)
    _checks_in(phone, 8, harm="Several days")
    says(phone, "Thank you for telling us", "Call 988")
    told.sign_in(doctor, people.marchetti.user)
    doctor.goto("/today")
    says(doctor, "Ada Nwosu-Berg", "Self-harm question: “several days”. She saw the help page.")
    doctor.get_by_text("More for Ada Nwosu-Berg").first.click()
    doctor.get_by_label("What was done, in a few words").fill("Called her at 22:55. Her sister stays the night.")
    pressed(doctor.get_by_role("button", name="Done with Ada Nwosu-Berg").first)
    press(phone, "Go on with my check-in")
    _rest_of_it(phone, "The nights are long.", effect=EFFECT)
    says(
        phone,
        f"You told us: {EFFECT}.",
        "Your care team sees it on their list.",
        "“When to call” on your medicine page",
    )


def a_side_effect_is_on_their_list(told, people, doctor):
    """The next morning it stands there in her words; what was done about the night before is off the list."""
    told.on("2026-05-15 08:30")
    told.sign_in(doctor, people.marchetti.user)
    doctor.goto("/today")
    says(doctor, f"New side effect, in her words: “{EFFECT}”. Bothers her a little.")
    assert "Self-harm question" not in doctor.locator("main").inner_text()


def a_missed_week_and_better_ones(told, phone, ada):
    """A week passes without an answer, and most of one without a dose: nobody blames her, and it is said as it was."""
    for wall in ("2026-05-21 09:05", "2026-05-27 09:05"):
        _the_morning_comes(told, wall)
    assert CheckIn.objects.get(patient=ada, due_on="2026-05-21").state == "passed"
    for wall, twos in (("2026-05-28 20:00", 6), ("2026-06-04 20:00", 5), ("2026-06-11 08:00", 4)):
        told.on(wall)
        told.sign_in(phone, ada.user)
        _checks_in(phone, twos)
        _rest_of_it(phone, "I laughed with Mina this week." if twos == 4 else "", MISSED if twos == 6 else ())
        if twos == 5:
            says(phone, "What your body noticed", EFFECT, "Is it still there?")
            press(phone, "It's gone")
            says(phone, "Gone since 4 June.")
    told_of = Entry.objects.filter(patient=ada, kind="dose-taken", body__taken=False)
    assert sorted(one.on.isoformat() for one in told_of) == MISSED


def her_chart_on_one_axis(told, people, doctor, ada):
    """Dose, scores, side effects, missed doses and life stage: one drawing, one line of days, and one table of it."""
    _the_morning_comes(told, "2026-06-11 09:40")
    told.sign_in(doctor, people.marchetti.user)
    doctor.goto("/today")
    pressed(doctor.get_by_role("link", name="Ada Nwosu-Berg").first)
    says(
        doctor,
        "How it has gone",
        "Escitalopram up to 20 mg, did not help",
        "5 of 28 missed",
        f"{EFFECT} gone since 4 June.",
    )
    drawn = doctor.locator("#story svg[role=img]").filter(has=doctor.locator("title", has_text="Timeline, "))
    assert drawn.count() == 1
    words = " | ".join(drawn.locator("text").all_text_contents())
    for one in ("Life stage", "Birth 7 April", "Sertraline", "25", "50", "5 missed", EFFECT, "PHQ-9", "Today, week 6"):
        assert one in words, f"the drawing does not say {one!r}. It says: {words}"
    doctor.locator("#story summary", has_text="Show as a table").click()
    table = doctor.locator("#story table").last
    heads = table.locator("thead th").all_inner_texts()
    rows = {cells[0]: dict(zip(heads, cells, strict=True)) for cells in _cells(table)}
    assert "Birth 7 April" in rows["7 April"]["What happened"]
    first, steps, gone, newest = (rows[day] for day in ("7 May", "14 May", "23 May", "11 June"))
    assert (first["Sertraline"], steps["Sertraline"], newest["Sertraline"]) == ("25 mg", "50 mg", "50 mg")
    assert (steps["PHQ-9"], newest["PHQ-9"]) == ("17", "12")
    assert f"{EFFECT} 14 May to 4 June" in steps["What happened"]
    assert "5 missed 23 May to 27 May" in gone["What happened"]
    assert "She said: “I laughed with Mina this week.”" in newest["What happened"]


def _cells(table):
    return [row.locator("th, td").all_inner_texts() for row in table.locator("tbody tr").all()]


def reviewed_at_week_five(told, people, doctor, ada):
    """Part response: the steps are ranked with their reasons, and they raise the dose."""
    _the_morning_comes(told, "2026-06-11 10:00")
    told.sign_in(doctor, people.marchetti.user)
    doctor.goto("/today")
    press(doctor, "Review trial")
    says(doctor, "Better, but not there yet", "I laughed with Mina this week.", "Next steps, best supported first")
    says(doctor, "She took it on 23 of the 28 days she told of", "nausea after breakfast 14 May to 4 June")
    says(doctor, "Increase sertraline to 100 mg It has helped in part, and the dose can rise. Recommended")
    says(doctor, "5 days in a row without a dose, 23 May to 27 May")
    says(doctor, "Tried before: escitalopram 20 mg, 10 weeks: did not help; stopped: Nothing changed")
    press(doctor, "Choose increase")
    doctor.get_by_label("New dose a day").fill("75 mg")
    doctor.locator("label").filter(has_text="Shared").first.click()
    doctor.get_by_label("Her reason, in her words").fill("I want my evenings back.")
    press(doctor, "Record decision and write the order")
    says(doctor, "Checked again at 75 mg")  # another dose than was proposed: its check is read first
    press(doctor, "Record decision and write the order")
    says(doctor, "Change sertraline", "takes the place of")
    press(doctor, "Save draft")
    press(doctor, "Sign order")
    says(doctor, "This is exactly what you sign.", "Her trial goes on at the new dose.")
    told.on("2026-06-11 10:12")  # another code than the one of the first order, and no quarter of an hour idle
    doctor.reload()
    says(doctor, "Code from your authenticator")
    doctor.get_by_label("Code from your authenticator").fill(code_of(people.marchetti))
    press(doctor, "Sign this order")
    says(doctor, "Signed by Dr Marchetti on")
    assert Order.objects.filter(patient=ada, signed_at__isnull=False).count() == 2
    assert OrderEnd.objects.get().why


def a_new_pill_from_elsewhere(told, people, phone, doctor, ada):
    """A dentist's pill: everything is checked again the same hour, her team is told, and nothing is stopped."""
    told.on("2026-06-18 13:00")
    told.sign_in(phone, ada.user)
    phone.goto("/changes/new-medicine")
    for value in ("Tramadol 50 mg", "50 mg", "Three times a day", "unknown", "A dentist"):
        if value == "unknown":
            phone.get_by_label("I don't know").check()
        elif phone.locator("#value").count():
            phone.locator("#value").fill(value)
        else:
            phone.get_by_label(value, exact=True).check()
        go_on(phone)
    press(phone, "Tell my care team")
    says(
        phone,
        "Thank you for telling us",
        "We have looked again at your medicine, with what else you take and how you are",
    )
    told.sign_in(doctor, people.marchetti.user)
    doctor.goto("/today")
    says(doctor, "She started Tramadol 50 mg.", "Tramadol with sertraline: serotonin syndrome")
    says(doctor, "Tramadol is not recommended while breastfeeding.")
    assert Order.objects.filter(patient=ada, signed_at__isnull=False, end=None).count() == 1


def going_on(told, people, phone, doctor, ada):
    """Eight weeks on she is well: they go on, with a plan to stay well that she reads on her phone."""
    told.on("2026-07-09 08:00")
    told.sign_in(doctor, people.marchetti.user)
    trial = Trial.objects.get(patient=ada)
    doctor.goto(f"/patients/{ada.pk}/trials/{trial.pk}/review")
    doctor.get_by_text("Enter a score from paper").click()
    doctor.locator("form[action$='/score'] select").select_option(label="PHQ-9")
    doctor.locator("form[action$='/score'] input[type=text], form[action$='/score'] input[type=number]").first.fill("3")
    press(doctor, "Enter")
    press(doctor, "Choose continue")
    doctor.locator("label").filter(has_text="Hers").first.click()
    doctor.get_by_label("Early signs, in her words").fill("I stop singing to Mina.")
    press(doctor, "Record decision")
    says(doctor, "Recorded. Next review")
    told.sign_in(phone, ada.user)
    phone.goto("/progress")
    says(
        phone, "I stop singing to Mina.", f"{EFFECT} Gone since 4 June.", "You told us of 5 missed doses. That happens."
    )
    phone.goto("/who-looked")
    says(phone, "Dr Marchetti")
