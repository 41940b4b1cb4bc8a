"""One thing today, the dose of the day, and how it goes: from the signed order and her own answers."""

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from althea.care import entries as said
from althea.care.actions import changes, message, record, safety
from althea.care.days import today, zone_of
from althea.care.models import CheckIn, Clinic, Entry, Intake, Message, Visit
from althea.care.response import course_of, in_words
from althea.look.words import day, day_long
from althea.portal.pages.home import time_of
from tests.care.test_facts import an_order
from tests.clinic.prescribing import signed_order
from tests.counting import at_most
from tests.people import send, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def on(people):
    return today(people.maya, timezone.now())


def page(people, address="/home"):
    return signed_in(people.maya.user).get(address).content.decode()


def taking(people, on, **named):
    days = [on - timedelta(days=back) for back in (33, 12)]
    steps = [
        {"from": days[0].isoformat(), "until": (days[1] - timedelta(days=1)).isoformat(), "dose": "50 mg",
         "times_a_day": 1, "take": "1 tablet each morning"},
        {"from": days[1].isoformat(), "until": None, "dose": "75 mg", "times_a_day": 1,
         "take": "1 and a half tablets each morning"},
    ]  # fmt: skip
    return an_order(people, **{"steps": steps, **named})


def scored(people, on, *rows):
    for back, total in rows:
        record.add(patient=people.maya, body=said.Score(scale="phq-9", total=total), on=on - timedelta(days=back),
                   origin="hers", by=people.maya.user, at=timezone.now())  # fmt: skip


def test_with_nothing_due_it_says_so(people):
    words = page(people)
    assert "Nothing to do today" in words
    assert "Your answers show up here." in words


def test_a_check_in_comes_before_the_intake(people, on):
    Intake.objects.create(patient=people.maya, sent_at=timezone.now())
    assert "Tell us about you" in page(people)
    CheckIn.objects.create(patient=people.maya, due_on=on, scales=["phq-9"])
    words = page(people)
    assert "Tell us how your week was" in words
    assert "10 short questions, saved as you go." in words
    assert "Tell us about you" not in words


def test_a_check_in_of_tomorrow_is_not_asked_for_today(people, on):
    CheckIn.objects.create(patient=people.maya, due_on=on + timedelta(days=1), scales=["phq-9"])
    assert "Nothing to do today" in page(people)


def test_the_name_of_the_medicine_is_hidden_until_she_asks(people, on):
    taking(people, on)
    words = page(people)
    assert "1 and a half tablets each morning" in words
    before, _, after = words.partition("Show name</summary>")
    assert "Sertraline" not in before
    assert after.startswith("<p>Sertraline 75 mg</p>")


@pytest.mark.parametrize(
    ("take", "title"),
    [
        ("1 tablet each morning", "This morning"),
        ("1 tablet at bedtime", "Tonight"),
        ("1 tablet each morning and evening", "Today"),
        ("1 tablet", "Today"),
        ("1 injection every fortnight", "Today"),
        ("2 tablets with breakfast, in the morning", "This morning"),
    ],
)
def test_the_time_of_the_day_is_said_only_where_the_signed_words_name_one(people, on, take, title):
    steps = [{"from": (on - timedelta(days=9)).isoformat(), "until": None, "dose": "50 mg", "times_a_day": 1,
              "take": take}]  # fmt: skip
    taking(people, on, steps=steps)
    assert f'<h2 id="doses">{title}</h2>' in page(people)


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        (["1 tablet in the morning", "1 tablet a day with food"], "Today"),
        (["1 tablet in the morning", "1 tablet at bedtime"], "Today"),
        (["1 tablet in the morning", "1 capsule with breakfast"], "This morning"),
        ([], "Today"),
    ],
)
def test_no_time_of_the_day_is_said_for_a_medicine_that_nobody_timed(rows, title):
    assert time_of([{"takes": [take]} for take in rows]) == title


def test_a_call_she_asked_for_is_not_nothing_to_do(people, on):
    safety.asked_for_a_call(patient=people.maya, by=people.maya.user, at=timezone.now())
    message.write(patient=people.maya, body="Can I ask?", by=people.maya.user, from_her=True, at=timezone.now())
    words = page(people)
    assert "Nothing to do today" not in words
    assert "You asked us to call" in words
    assert f"You asked on {day(on, on)}. We have told your care team: they see it in working hours." in words
    assert '<a class="btn wide" href="/help">Help now' in words
    assert "Just one thing today" not in words, "there is nothing she has to do for it"


def test_an_answer_on_self_harm_is_thanked_for_and_not_named_on_her_home(people, on):
    asked, her = "phq-9/item 9", people.maya
    safety.told(patient=her, source="1", question=asked, value=1, by=her.user, at=timezone.now())
    words = page(people)
    assert "Thank you for telling us" in words
    assert f"You told us on {day(on, on)}. We have told your care team" in words
    assert "self-harm" not in words
    assert '<a class="btn wide" href="/help">Help now' in words


def test_a_message_without_an_answer_is_with_us_until_it_is_answered(people, on):
    Clinic.objects.filter(pk=people.maya.clinic.pk).update(hours="from 8 to 6")
    message.write(patient=people.maya, body="Can I ask?", by=people.maya.user, from_her=True, at=timezone.now())
    words = page(people)
    assert "We have your message" in words
    assert f"You wrote on {day(on, on)}. Your care team reads messages from 8 to 6." in words
    given = {"from_her": False, "at": timezone.now(), "answers": Message.objects.get()}
    message.write(patient=people.maya, body="Yes.", by=people.marchetti.user, **given)
    assert "Nothing to do today" in page(people)


def test_what_waits_for_us_does_not_stand_in_the_way_of_an_intake(people):
    safety.asked_for_a_call(patient=people.maya, by=people.maya.user, at=timezone.now())
    Intake.objects.create(patient=people.maya, sent_at=timezone.now())
    assert "Tell us about you" in page(people)


@pytest.mark.parametrize(("latest", "kind"), [(15, "warn"), (10, "ok"), (6, "ok")])
def test_the_sign_beside_how_it_goes_is_no_green_one_where_it_is_heavier(people, on, latest, kind):
    scored(people, on, (33, 10), (0, latest))
    assert f'<a href="/progress"><span class="sev-i {kind}">' in page(people)


@pytest.mark.parametrize("days", [1, 7])
def test_her_visit_is_tomorrow_or_a_day_with_its_name(people, on, days):
    at = datetime.combine(on + timedelta(days=days), time(16), tzinfo=zone_of(people.maya))
    Visit.objects.create(patient=people.maya, member=people.marchetti, at=at, minutes=20, how="video")
    shown = page(people)
    assert f"{'Tomorrow' if days == 1 else day_long(at)} at 16:00, Dr Marchetti" in shown
    assert "Video, 20 minutes. Add a question for the visit." in shown
    assert 'href="/messages?about=visit"' in shown


def test_her_goal_stands_with_where_to_change_it(people, on):
    record.add(patient=people.maya, body=said.Goal(words="Sing again"), on=on, origin="hers", by=people.maya.user,
               at=timezone.now())  # fmt: skip
    assert f'Your goal, {day(on, on)}. <a href="/messages?about=goal">Change it</a>' in page(people)


def test_what_does_not_come_up_stands_under_a_heading_of_its_own(people):
    _, _, also = page(people).partition('<h2 id="also">Also here</h2>')
    rows = also.partition("</section>")[0]
    assert [words for words in ("Something changed", "My plan", "My account") if words not in rows] == []
    assert "Messages" not in rows, "it is one of the five places below"
    assert rows.count('class="i go"') == 3


def test_a_tick_is_kept_and_a_second_takes_its_place(people, on):
    taking(people, on)
    client = signed_in(people.maya.user)
    send(client, "/home/dose", medicine="sertraline", taken="yes")
    assert "You ticked it as taken." in page(people)
    send(client, "/home/dose", medicine="sertraline", taken="no")
    assert "You said: not today." in page(people)
    assert [row.body["taken"] for row in Entry.objects.current().filter(kind="dose-taken")] == [False]
    assert Entry.objects.filter(kind="dose-taken").count() == 2


@pytest.mark.parametrize("twice", [True, False])
def test_of_a_medicine_taken_more_than_once_a_day_one_answer_is_about_all_of_it(people, on, twice):
    """Two orders of one medicine, or one of two doses a day: what she ticks in the morning says nothing of the evening."""
    first = {"from": (on - timedelta(days=9)).isoformat(), "until": None, "dose": "25 mg", "times_a_day": 1 + twice,
             "take": "1 tablet each morning"}  # fmt: skip
    taking(people, on, steps=[first])
    if not twice:
        signed_order(people, steps=[first | {"dose": "50 mg", "take": "1 tablet each evening"}])
    words, client = page(people), signed_in(people.maya.user)
    assert words.count("One answer for the whole day, once you have taken all of it.") == 1
    assert "All taken</button>" in words
    assert ">None today</button>" in words
    assert ">Not today</button>" not in words
    send(client, "/home/dose", medicine="sertraline", taken="yes")
    assert "You ticked all of it as taken." in page(people)
    send(client, "/home/dose", medicine="sertraline", taken="no")
    assert "You said: none today." in page(people)


def test_of_one_dose_a_day_the_answer_is_about_that_dose(people, on):
    taking(people, on)
    words = page(people)
    assert "One answer for the whole day" not in words
    assert "</svg>Taken</button>" in words
    assert ">Not today</button>" in words


def test_a_dose_that_is_not_hers_today_is_not_kept(people, on):
    taking(people, on)
    answer = send(signed_in(people.maya.user), "/home/dose", medicine="lithium", taken="yes")
    assert answer.status_code == 400
    assert not Entry.objects.filter(kind="dose-taken").exists()


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        (((33, 21), (0, 13)), "Your low mood is about a third lighter"),
        (((33, 20), (0, 10)), "Your low mood is about half as heavy"),
        (((33, 12), (0, 12)), "Your low mood is about the same"),
        (((33, 10), (0, 15)), "Your low mood is heavier than it was"),
        (((0, 13),), "How I'm doing"),
    ],
)  # fmt: skip
def test_her_progress_in_words(people, on, rows, title):
    scored(people, on, *rows)
    assert f"<h1>{title}</h1>".replace("'", "&#x27;") in page(people, "/progress")


def test_one_score_is_a_beginning_and_no_direction(people, on):
    scored(people, on, (0, 13))
    assert "One answer is a beginning." in page(people, "/progress")


def test_no_score_is_no_direction_either(people):
    from althea.care.facts import chart_of

    assert in_words(course_of(chart_of(people.maya), "phq-9", None).change) == ""
    assert "Nothing to show yet" in page(people, "/progress")


def test_my_medicine_shows_the_signed_steps_and_who_signed(people, on):
    taking(people, on)
    words = page(people, "/medicine")
    assert "<h1>Sertraline</h1>" in words
    assert f"Signed by Dr Marchetti on {day(date(2026, 6, 9), on)}." in words
    assert "Now: <strong>75 mg</strong>, 1 and a half tablets each morning." in words
    assert "Your doses by day" in words


def test_a_draft_is_not_shown_to_her(people, on):
    from althea.care.models import Order

    Order.objects.create(patient=people.maya, medicine="lithium", drafted_by=people.marchetti.user, steps=[],
                         drafted_at=timezone.now())  # fmt: skip
    assert "Lithium" not in page(people, "/medicine")
    assert "No medicine from here" in page(people, "/medicine")


def test_her_pages_take_few_queries_with_three_years_of_answers(people, on):
    taking(people, on)
    scored(people, on, *((back, 12) for back in range(0, 1000, 7)))
    client = signed_in(people.maya.user)
    for address in ("/home", "/progress", "/medicine"):
        with at_most(12):
            client.get(address)


def test_of_what_is_taken_only_when_needed_nobody_asks_for_all_of_it(people, on):
    steps = [{"from": on.isoformat(), "until": None, "dose": "0.5 mg", "times_a_day": 3, "take": "1 tablet"}]
    signed_order(people, as_needed=True, medicine="lorazepam", steps=steps)
    words = page(people)
    assert "once you have taken all of it" not in words
    assert "</svg>Taken</button>" in words


def test_what_she_must_not_take_is_not_asked_for_whole(people, on):
    steps = [{"from": (on - timedelta(days=200)).isoformat(), "until": None, "dose": "100 mg", "times_a_day": 2}]
    order = signed_order(people, medicine="lamotrigine", steps=steps)
    changes.stopped(patient=people.maya, taken=order, on=on - timedelta(days=30), why="", origin="hers",
                    by=people.maya.user, at=timezone.now())  # fmt: skip
    words = page(people)
    assert "Ask us first." in words
    assert "once you have taken all of it" not in words
