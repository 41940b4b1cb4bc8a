"""The worklist: her own patients, most urgent first, and the day's visits; few queries however many there are."""

from datetime import timedelta
from hashlib import sha256

import pytest
from django.utils import timezone

from althea.care import entries as said
from althea.care.actions import record, worklist
from althea.care.days import today
from althea.care.models import AuditRow, Visit, WorklistItem
from althea.care.recheck import recheck
from althea.care.stage_words import stage_of
from tests.clinic.reviewing import a_trial, scored, taking, tell
from tests.counting import at_most
from tests.people import a_patient, look_after, send, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def on(people):
    return today(people.clinic, timezone.now())


def page(people, who="marchetti", query=""):
    return signed_in(getattr(people, who).user).get(f"/today{query}").content.decode()


def place(patient, group="cannot-wait", why="Self-harm question: “several days”.", **named):
    return worklist.place(patient=patient, group=group, level="critical", reason=f"{group}{why}", why=why,
                          action="Call her", at=timezone.now(), **named)  # fmt: skip


def test_nothing_waits(people):
    words = page(people)
    assert "Nothing that can&#x27;t wait. No more visits today." in words
    assert "Nothing waits for you" in words


def test_most_urgent_first_and_in_words(people):
    place(people.maya, "labs", "Lithium level 23 days late.")
    place(people.maya)
    words = page(people)
    assert "One woman needs a decision from you today." in words
    assert words.index("Can&#x27;t wait") < words.index("Labs overdue")
    assert "Self-harm question: “several days”." in words


def test_another_prescribers_patient_is_not_here(people):
    place(people.noor)
    assert "Noor Haddad" not in page(people)
    assert "Noor Haddad" in page(people, "hale")


def test_an_unknown_life_stage_says_so(people):
    place(people.maya)
    assert "Life stage not asked" in page(people)


def at_stage(people, topic, value, on):
    record.add(patient=people.maya, body=said.LifeStage(topic=topic, value=value), on=on, origin="hers",
               by=people.maya.user, at=timezone.now())  # fmt: skip


def test_her_life_stage_stands_after_her_name(people, on):
    born = on - timedelta(days=63)
    at_stage(people, "delivery", born.isoformat(), born)
    at_stage(people, "breastfeeding", "yes", on)
    place(people.maya)
    assert "Postpartum, 9 weeks - breastfeeding" in page(people)
    assert "Maya Okafor-Lind" in page(people, query="?show=perinatal")
    assert "Maya Okafor-Lind</bdi>" not in page(people, query="?show=visit")


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ((("pregnancy", "pregnant", 20), ("gestation", "134", 20)), "Pregnant, 22 weeks"),
        ((("pregnancy", "pregnant", 20),), "Pregnant"),
        ((("pregnancy", "pregnant", 301),), "Life stage not known"),
        ((("menopause", "peri", 400),), "Perimenopause"),
        ((("menopause", "post", 400),), "After menopause"),
        ((("planning", "yes", 9), ("contraception", "condoms", 9)), "Trying for a baby"),
        ((("contraception", "copper-iud", 9),), "Cycle, copper IUD"),
        ((("contraception", "", 9),), "Cycle, no contraception"),
        ((), "Life stage not asked"),
    ],
)  # fmt: skip
def test_life_stages_in_words(on, told, words):
    rows = [(on - timedelta(days=back), said.LifeStage(topic=topic, value=value)) for topic, value, back in told]
    assert stage_of(rows, on).label == words


def test_done_closes_it_once_and_leaves_a_trail(people):
    item = place(people.maya)
    client = signed_in(people.marchetti.user)
    address = f"/patients/{people.maya.pk}/worklist/{item.pk}"
    shown = f"{item.pk} {item.version}"
    assert send(client, address, item=shown, words="Called her")["Location"] == "/today"
    assert send(client, address, item=shown, words="again")["Location"] == "/today"
    item.refresh_from_db()
    assert (item.closing, item.closed_by) == ("Called her", people.marchetti.user)


def test_an_item_of_another_patient_cannot_be_closed_through_hers(people):
    item = place(people.noor)
    answer = send(signed_in(people.marchetti.user), f"/patients/{people.maya.pk}/worklist/{item.pk}")
    assert answer.status_code == 404
    assert WorklistItem.objects.get().closed_at is None


def test_the_next_visit_is_said(people, time_machine):
    time_machine.move_to("2026-06-09T14:06:00Z", tick=False)
    Visit.objects.create(
        patient=people.maya, member=people.marchetti, at=timezone.now() + timedelta(minutes=14), what="Trial review"
    )
    assert "Your next visit is Maya at 10:20." in page(people)


@pytest.mark.parametrize(("count", "said_so"), [(2, "Two women need"), (9, "Nine women need"), (10, "10 women need")])
def test_how_many_wait_is_said_in_words(people, count, said_so):
    for number in range(count):
        her = a_patient(people.clinic, f"Patient {number}")
        look_after(people.marchetti, her)
        place(her)
    assert f"{said_so} a decision from you today." in page(people)


@pytest.mark.parametrize("count", [1, 50])
def test_the_worklist_takes_few_queries_however_long_it_is(people, count):
    for number in range(count):
        her = a_patient(people.clinic, f"Patient {number}")
        look_after(people.marchetti, her)
        place(her)
        Visit.objects.create(patient=her, member=people.marchetti, at=timezone.now(), what="Follow-up")
    client = signed_in(people.marchetti.user)
    with at_most(12):
        client.get("/today")


def test_what_concerns_one_woman_stands_on_one_line_and_is_done_together(people):
    first, second = place(people.maya), place(people.maya, why="PHQ-9 item 9 (2026-06-09) tells of thoughts of death.")
    words = page(people)
    assert words.count("Maya Okafor-Lind</bdi></a>") == 1
    assert "PHQ-9 item 9 (9 June" in words
    client = signed_in(people.marchetti.user)
    send(client, f"/patients/{people.maya.pk}/worklist/{first.pk}", item=[f"{first.pk} 1", f"{second.pk} 1"])
    assert WorklistItem.objects.filter(closed_at__isnull=True).count() == 0


@pytest.mark.parametrize("smuggled", ["another patient's", "no id"])
def test_with_an_item_that_is_not_hers_nothing_is_closed(people, smuggled):
    hers, other = place(people.maya), place(people.noor)
    sent = str(other.pk) if smuggled == "another patient's" else "x"
    answer = send(signed_in(people.marchetti.user), f"/patients/{people.maya.pk}/worklist/{hers.pk}", item=[sent])
    assert answer.status_code == 404
    assert WorklistItem.objects.filter(closed_at__isnull=True).count() == 2


def test_where_the_day_stands_is_marked(people, time_machine):
    time_machine.move_to("2026-06-09T14:06:00Z", tick=False)
    for minutes, what in ((-60, "Follow-up"), (14, "Trial review")):
        Visit.objects.create(
            patient=people.maya, member=people.marchetti, at=timezone.now() + timedelta(minutes=minutes), what=what
        )
    words = page(people)
    assert "2 visits" in words
    assert words.index("Follow-up") < words.index("Now 10:06") < words.index("Trial review")


# --- why a woman is in the list --------------------------------------------------------------------------------------


def whys(people):
    """The reasons on the page, as they are read."""
    return [line.split("</p>")[0].split(">")[1] for line in page(people).split('<p class="why"')[1:]]


def due(people, trial, on):
    return worklist.place(patient=people.maya, group="review", level="info", reason=f"review:{trial.pk}",
                          why="Due today: week 5 of 8 planned.", action="Review trial", due_on=trial.review_on,
                          at=timezone.now())  # fmt: skip


@pytest.mark.parametrize(
    ("scores", "words"),
    [
        (((33, 21), (0, 13)), "PHQ-9 21 to 13, down 38%. Better, but not there yet."),
        (((33, 18), (0, 4)), "PHQ-9 18 to 4, down 78%. In remission."),
        (((33, 15), (0, 20)), "PHQ-9 15 to 20, up 33%."),
        (((33, 15),), "PHQ-9 15. No score since the start."),
        (((2, 15),), "PHQ-9 15. Not enough is known to say."),
        ((), "No PHQ-9 on record."),
    ],
)
def test_a_review_says_the_medicine_the_week_the_two_scores_and_the_change(people, on, scores, words):
    scored(people, on, *scores)
    due(people, a_trial(people, on, back=33), on)
    (why,) = whys(people)
    assert why.startswith("Sertraline week 5 of 8")
    assert words in why
    assert "Due today:" not in page(people)


def test_a_review_of_the_day_says_when_she_comes(people, on, time_machine):
    time_machine.move_to("2026-06-09T14:06:00Z", tick=False)
    on = today(people.clinic, timezone.now())
    due(people, a_trial(people, on), on)
    assert '<span class="when">Due today</span>' in page(people)
    Visit.objects.create(
        patient=people.maya, member=people.marchetti, at=timezone.now() + timedelta(minutes=14), what="Trial review"
    )
    assert '<span class="when">Visit 10:20</span>' in page(people)


def found(people, on):
    for topic in ("medicines", "conditions", "allergies", "observations"):
        tell(people, said.Looked(topic=topic), on)
    recheck(people.maya, timezone.now())


def after_birth(people, on):
    at_stage(people, "delivery", (on - timedelta(days=70)).isoformat(), on)


def test_one_high_score_is_no_getting_worse(people, on):
    after_birth(people, on)
    scored(people, on, (0, 16), scale="epds")
    found(people, on)
    assert {item.group for item in WorklistItem.objects.filter(why__startswith="EPDS")} == {"other"}
    assert "Getting worse" not in page(people)


def test_a_rise_says_from_what_to_what_and_a_high_score_stands_with_it(people, on):
    after_birth(people, on)
    scored(people, on, (12, 9), (0, 15), scale="epds")
    found(people, on)
    words = page(people)
    assert words.index("Getting worse") < words.index("EPDS 9 to 15 in 12 days: worse by more than chance.")
    assert {item.group for item in WorklistItem.objects.filter(why__startswith="EPDS")} == {"worse"}


def test_a_late_level_says_how_late_it_is_what_the_last_one_was_and_leads_to_her_labs(people, on):
    taking(people, on, (800, "900 mg"), medicine="lithium")
    tell(people, said.Result(measure="lithium-level", value="0.52", unit="mmol/L"), on, 49)
    at_stage(people, "pregnancy", "pregnant", on - timedelta(days=20))
    found(people, on)
    item = WorklistItem.objects.get(reason__startswith="finding:monitor-lithium-level")
    assert (item.group, item.due_on, item.to) == (
        "labs", on - timedelta(days=21), f"/patients/{people.maya.pk}/labs",
    )  # fmt: skip
    WorklistItem.objects.exclude(pk=item.pk).update(closed_at=timezone.now())
    words = page(people)
    assert '<span class="when">21 days late</span>' in words
    assert "Last 0.52 mmol/L on " in words
    assert ">Open labs<" in words


def test_a_late_level_that_was_never_measured_says_so(people, on):
    place(people.maya, "labs", "A lithium level is due.")
    WorklistItem.objects.update(reason="finding:monitor-lithium-level")
    assert "A lithium level is due. None on record." in whys(people)


def test_a_result_that_moved_is_not_overdue(people, on):
    taking(people, on, (125, "10 mg"), medicine="olanzapine")
    at_stage(people, "pregnancy", "not pregnant", on)
    for back, kilos in ((125, "61"), (20, "68")):
        tell(people, said.Result(measure="weight", value=kilos, unit="kg"), on, back)
    found(people, on)
    assert WorklistItem.objects.get(why__startswith="Weight is up").group == "other"


def of_harm(people, at=None):
    at = at or timezone.now()
    for reason, why in (
        ("self-harm:check-in 5", "Self-harm question: “several days”. She saw the help page."),
        ("finding:suicide-risk", f"PHQ-9 item 9 ({today(people.clinic, at)}) tells of thoughts of death."),
        ("call:2026-06-09", "She asked for a call today, on the help page."),
    ):
        worklist.place(patient=people.maya, group="cannot-wait", level="critical", reason=reason, why=why,
                       action="Call Maya", at=at)  # fmt: skip
    return WorklistItem.objects.get(reason__startswith="self-harm")


def test_one_answer_on_self_harm_and_her_call_are_one_line_with_its_time(people, time_machine):
    time_machine.move_to("2026-06-09T14:06:00Z", tick=False)
    item = of_harm(people, timezone.now() - timedelta(hours=11, minutes=25))
    assert whys(people) == ["Self-harm question: “several days”. She saw the help page. She asked for a call."]
    assert '<span class="when">Check-in 22:41</span>' in page(people)
    item.put(opened_at=timezone.now() - timedelta(days=2))
    assert '<span class="when">Check-in Sunday</span>' in page(people)
    assert len(whys(people)) == 2, "a score of another day is another answer"


# --- done ------------------------------------------------------------------------------------------------------------


def close(people, item, **sent):
    held = [f"{one.pk} {one.version}" for one in WorklistItem.objects.filter(patient=people.maya)]
    client = signed_in(people.marchetti.user)
    return send(client, f"/patients/{people.maya.pk}/worklist/{item.pk}", item=held, **sent)


@pytest.mark.parametrize(
    ("words", "asks"),
    [
        ("", "Write what was done, in a few words: whom you reached, and what was agreed."),
        ("   ", "Write what was done, in a few words"),
        ("x" * 301, "That is 301 characters. 300 can be kept here. Shorten it."),
    ],
)
def test_what_tells_of_self_harm_is_not_closed_without_a_few_words(people, words, asks):
    place(people.maya, "other", "A refill.")
    answer = close(people, of_harm(people), words=words)
    assert asks in answer.content.decode()
    assert words.strip() in answer.content.decode(), "what was typed is still there"
    assert not WorklistItem.objects.filter(closed_at__isnull=False).exists(), "none of the line is closed"
    assert not AuditRow.objects.filter(verb="closed item").exists()


def test_the_words_that_close_it_are_kept_with_it_and_the_trail_holds_that_it_was_they(people):
    item = of_harm(people)
    assert 'name="words" maxlength="300" required' in page(people)
    said_so = "Called her at 9:10. Safety plan read together."
    assert close(people, item, words=said_so)["Location"] == "/today"
    item.refresh_from_db()
    assert (item.closing, item.closed_by) == (said_so, people.marchetti.user)
    row = AuditRow.objects.get(verb="closed item", about__startswith=f"item {item.pk}")
    assert row.about == f"item {item.pk}, closing words {sha256(said_so.encode()).hexdigest()[:32]}"


def test_anything_else_is_done_with_one_press(people):
    item = place(people.maya, "message", "“Thank you.”")
    assert "What was done" not in page(people)
    assert close(people, item)["Location"] == "/today"
    item.refresh_from_db()
    assert item.closed_at is not None


def test_done_is_never_beside_the_action_as_its_equal(people):
    of_harm(people)
    row = page(people).split('<div class="wl">')[1].split("</ul>")[0]
    assert (
        row.index('<details class="more do">') < row.index(">Done<") < row.index("</details>") < row.index("Call Maya")
    )
    assert row.count("primary") == 1


@pytest.mark.parametrize(
    ("days", "words"), [(0, "New today"), (1, "Since yesterday"), (2, "Since Sunday"), (6, "Since Wednesday"),
                        (7, "Since 2 June")]
)  # fmt: skip
def test_since_when_something_waits_is_said_as_one_says_it(people, time_machine, days, words):
    now = timezone.now().replace(year=2026, month=6, day=9, hour=14)
    time_machine.move_to(now - timedelta(days=days))
    place(people.maya, "message", "“May I stop?”")
    time_machine.move_to(now)
    assert f'<span class="when">{words}</span>' in page(people)


def test_who_does_not_prescribe_is_asked_for_no_decision(people):
    of_harm(people)
    assert "One woman needs a decision from you today." in page(people)
    assert "One woman needs you today." in page(people, "nurse")


def test_sixty_overdue_labs_hide_no_message_and_how_many_there_are_is_said(people, on):
    for at in range(62):
        place(people.maya, "labs", f"Overdue {at}", due_on=on - timedelta(days=at))
    born = a_patient(people.clinic, "Hana Born")
    look_after(people.marchetti, born)
    at = timezone.now()
    record.add(patient=born, body=said.LifeStage(topic="delivery", value=on.isoformat()), on=on, origin="hers",
               by=people.marchetti.user, at=at)  # fmt: skip
    place(born, "other", "She gave birth.")
    place(born, "message", "“I took all my lithium tonight.”")
    words = page(people)
    assert "I took all my lithium tonight." in words
    assert "She gave birth." in words
    assert "The first of 62. Work through them, and the next ones appear." in words
    assert "Pregnant or postpartum 2+" in words
