"""She told that she stopped, or of days without a dose: her own pages no longer offer her the old dose."""

from datetime import timedelta

import pytest
from django.utils import timezone

from althea.care import entries as said
from althea.care.actions import changes, findings, record
from althea.care.actions import order as acting
from althea.care.days import moment, today
from althea.care.facts import chart_of
from althea.care.her_plan import as_paper, her_plan
from althea.care.jobs import AT_NIGHT
from althea.care.models import Entry, Trial
from althea.care.recheck import review_today
from althea.look.words import day
from althea.portal.pages.beside import doses
from tests.clinic.prescribing import looked, on_of, signed_order
from tests.counting import at_most
from tests.people import send, signed_in

pytestmark = pytest.mark.django_db
OLD = "Do not go back to your old dose. Ask us first."
ASK = "Ask us before you take it again."
BREAK = "After a break of more than five days, lamotrigine has to start low again. Do not take your old dose."


@pytest.fixture
def on(people):
    looked(people)
    return on_of(people)


def taking(people, on, medicine="lamotrigine", dose="200 mg"):
    first = on - timedelta(days=200)
    step = {
        "from": first.isoformat(), "until": None, "dose": dose, "times_a_day": 1, "when": "each morning",
        "take": f"1 tablet of {dose} each morning", "often": "morning",
    }  # fmt: skip
    return signed_order(people, medicine=medicine, steps=[step])


def stopped(people, order, last, at=None, origin="hers"):
    by = people.maya.user if origin == "hers" else people.marchetti.user
    changes.stopped(patient=people.maya, taken=order, on=last, why="", origin=origin, by=by, at=at or timezone.now())


def without(people, on, *ago, medicine="lamotrigine"):
    told(people, on, *ago, taken=False, medicine=medicine)


def told(people, on, *ago, taken, medicine="lamotrigine"):
    for one in ago:
        body = said.DoseTaken(medicine=medicine, taken=taken)
        record.add(patient=people.maya, body=body, on=on - timedelta(days=one), origin="hers", by=people.maya.user,
                   at=timezone.now())  # fmt: skip


def words(people, address="/home"):
    return " ".join(signed_in(people.maya.user).get(address).content.decode().split())


def test_after_a_month_off_lamotrigine_her_home_does_not_offer_the_old_dose(people, on):
    last = on - timedelta(days=30)
    stopped(people, taking(people, on), last)
    page = words(people)
    assert OLD in page
    assert f"You told us that you stopped this on {last:%-d %B}" in page
    assert BREAK in page
    assert "1 tablet of 200 mg" not in page
    assert "Taken</button>" not in page


def test_the_name_of_it_is_said_behind_show_name_only(people, on):
    stopped(people, taking(people, on), on - timedelta(days=30))
    shown = words(people).split("Show name")[0].lower()
    assert "lamotrigine" not in shown.split("<body", 1)[1].replace('value="lamotrigine"', "")


def test_her_medicine_page_says_it_too_and_prints_no_sheet_with_the_old_dose(people, on):
    order = taking(people, on)
    assert f"/medicine/{order.pk}" in words(people, "/medicine")
    stopped(people, order, on - timedelta(days=30))
    page = words(people, "/medicine")
    assert (OLD in page, BREAK in page, f"/medicine/{order.pk}" in page) == (True, True, False)
    assert "Your steps, as they were signed" in page
    assert "They say: <strong>200 mg</strong>" in page


def test_days_without_a_dose_count_from_when_the_label_says_so_and_not_before(people, on):
    taking(people, on)
    without(people, on, 1, 2, 3, 4)
    assert "1 tablet of 200 mg" in words(people)
    without(people, on, 5, 6)
    page = words(people)
    assert OLD in page
    assert f"You told us of each day since {on - timedelta(days=6):%-d %B} that you took none." in page


def test_a_medicine_that_need_not_begin_low_is_asked_about_once_she_said_that_she_stopped(people, on):
    order = taking(people, on, "sertraline", "50 mg")
    without(people, on, 1, 2, 3, 4, 5, 6, medicine="sertraline")
    assert "1 tablet of 50 mg" in words(people)
    stopped(people, order, on - timedelta(days=7))
    page = words(people)
    assert (ASK in page, OLD in page, "1 tablet of 50 mg" in page) == (True, False, False)


def test_what_the_clinic_noted_is_not_said_to_be_her_word(people, on):
    last = on - timedelta(days=30)
    stopped(people, taking(people, on), last, origin="clinic")
    assert f"We have noted that you stopped this on {last:%-d %B}" in words(people)


def test_a_dose_she_took_all_the_same_is_kept_and_takes_her_word_back(people, on):
    last = on - timedelta(days=3)
    stopped(people, taking(people, on, "sertraline", "50 mg"), last, at=moment(people.maya, last, AT_NIGHT))
    assert "I took it today" in words(people)
    assert send(signed_in(people.maya.user), "/home/dose", medicine="sertraline", taken="yes").status_code == 302
    assert Entry.objects.get(patient=people.maya, kind="dose-taken").on == today(people.maya, timezone.now())
    assert ASK not in words(people)


def test_her_old_dose_taken_again_is_not_offered_the_next_day_either(people, on):
    taking(people, on)
    without(people, on, 2, 3, 4, 5, 6, 7)
    told(people, on, 1, taken=True)
    page = words(people)
    first, last = (f"{on - timedelta(days=ago):%-d %B}" for ago in (7, 2))
    assert f"By what was told you took none of it from {first} to {last}." in page
    assert (OLD in page, "1 tablet of 200 mg" in page) == (True, False)


def test_what_her_prescriber_set_aside_holds_her_up_no_longer(people, on):
    taking(people, on)
    without(people, on, 1, 2, 3, 4, 5, 6)
    (finding,) = [one for one in review_today(people.maya, timezone.now()).findings if one.kind == "titration"]
    named = {"code": "will-monitor", "words": "Took it elsewhere.", "by": people.marchetti.user, "at": timezone.now()}
    findings.override(patient=people.maya, finding=finding, **named)
    page = words(people)
    assert (OLD in page, "1 tablet of 200 mg" in page) == (False, True)


def test_what_was_agreed_of_a_dose_is_not_said_beside_it(people, on):
    order = taking(people, on)
    Trial.objects.create(patient=people.maya, medicine="lamotrigine", state="titrating", problem="Low mood",
                         started_on=on, created_at=timezone.now())  # fmt: skip
    body = said.Decision(about="review", chosen="optimise_dose", chosen_words="Raise it", whose="shared")
    record.add(patient=people.maya, body=body, on=on, origin="clinic", by=people.marchetti.user, at=timezone.now())
    assert "Go up to a higher dose" in words(people)
    stopped(people, order, on - timedelta(days=30))
    assert "Go up to a higher dose" not in words(people)


def test_the_clinic_is_named_with_its_number(people, on):
    clinic = people.maya.clinic
    clinic.phone, clinic.hours = "020 7946 0011", "Monday to Friday"
    clinic.save()
    stopped(people, taking(people, on), on - timedelta(days=30))
    assert 'or call <a href="tel:020 7946 0011">020 7946 0011</a>, Monday to Friday.' in words(people)


def test_it_costs_no_query_more(people, on):
    order = taking(people, on)
    client = signed_in(people.maya.user)
    client.get("/home")
    with at_most(12):
        client.get("/home")
    stopped(people, order, on - timedelta(days=30))
    with at_most(12):
        client.get("/home")


# --- other pages, and what stands against it -----------------------------------------------------------------------------


def test_her_plan_and_its_sheet_say_it_too(people, on):
    stopped(people, taking(people, on), on - timedelta(days=30))
    assert OLD in words(people, "/plan")
    (medicine,) = as_paper(her_plan(chart_of(people.maya), on), people.maya, on, by="", version=1)["medicines"]
    assert medicine["note"].startswith(
        f"You told us that you stopped this on {on - timedelta(days=30):%-d %B}. Ask before you take it again: these steps"
    )


def test_her_calendar_of_the_old_dose_is_not_drawn_for_her_nor_for_who_helps_her(people, on):
    order = taking(people, on)
    assert 'class="cal' in words(people, "/medicine")
    assert doses(people.maya, on, named=True)[0]["calendar"] is not None
    stopped(people, order, on - timedelta(days=30))
    assert 'class="cal' not in words(people, "/medicine")
    assert doses(people.maya, on, named=False) == [{"name": "Medicine 1", "calendar": None, "as_needed": False}]


def test_steps_that_were_signed_since_are_waited_for(people, on):
    old, first = taking(people, on), on + timedelta(days=2)
    without(people, on, *range(12))
    acting.end(order=old, on=first, why="Replaced", herself=False, by=people.marchetti.user, at=timezone.now())
    steps = [{"from": first.isoformat(), "until": None, "dose": "25 mg", "times_a_day": 1, "take": "1 tablet of 25 mg"}]
    signed_order(people, medicine="lamotrigine", replaces=old, steps=steps)
    for address in ("/home", "/medicine"):
        page = words(people, address)
        assert f"Take none before {day(first, on)}." in page
        assert (OLD in page, "your steps no longer hold" in page) == (False, False)
    assert "Print how I take it" in words(people, "/medicine")


def test_of_a_plan_to_stop_nothing_is_said_of_beginning_low_again(people, on):
    first = on - timedelta(days=20)
    steps = [
        {"from": first.isoformat(), "until": None, "dose": "100 mg", "times_a_day": 1, "take": "1 tablet of 100 mg"}
    ]
    order = signed_order(people, medicine="lamotrigine", steps=steps, stops=True)
    stopped(people, order, on - timedelta(days=10))
    page = words(people)
    assert (ASK in page, OLD in page) == (True, False)


def test_where_it_could_not_be_checked_it_may_have_to_begin_low(people):
    on = on_of(people)
    taking(people, on)
    without(people, on, *range(1, 10))
    page = words(people)
    assert OLD in page
    assert "After such a break it may have to begin low again" in page


def test_a_medicine_with_two_orders_is_one_card_and_one_question(people, on):
    for amount, when in (("100 mg", "morning"), ("50 mg", "evening")):
        step = {"from": (on - timedelta(days=90)).isoformat(), "until": None, "dose": amount, "times_a_day": 1,
                "take": f"1 tablet of {amount} each {when}"}  # fmt: skip
        signed_order(people, medicine="lamotrigine", steps=[step])
    page = words(people)
    assert page.count('action="/home/dose"') == 1
    assert page.index("1 tablet of 100 mg each morning") < page.index("1 tablet of 50 mg each evening")
    assert '<h2 id="doses">Today</h2>' in page


def test_of_two_words_on_today_the_newer_is_shown(people, on):
    taking(people, on)
    told(people, on, 0, taken=True)
    assert "You ticked it as taken." in words(people)
    told(people, on, 0, taken=False)
    assert "You said: not today." in words(people)
