"""She comes off a medicine over months: her page says all of it, to the last tablet and to the day we look again, each dose
once, in the numbers that were signed."""

from datetime import timedelta

import pytest

from althea.care import entries as said
from althea.care.facts import chart_of
from althea.care.models import Trial
from althea.care.schedule import alike, courses
from althea.look.words import day
from tests.clinic.prescribing import a_draft, codes, looked, on_of, signed_as_shown, signed_order, step, tell
from tests.counting import at_most
from tests.people import NOW, signed_in

__all__ = ["codes"]  # a fixture
pytestmark = pytest.mark.django_db
AGAIN, NO_DAY = "We look at this together again on", "Your plan names no day to look at this together again."


def page(people):
    return " ".join(signed_in(people.maya.user).get("/medicine").content.decode().split())


def card(people):
    return page(people).split("Your steps</h2>")[1].split("</section>")[0]


def taper(people, *doses, weeks=2, **named):
    """From tomorrow on, each dose for so many weeks, then none."""
    first = on_of(people) + timedelta(days=1)
    steps = []
    for dose in doses:
        last = first + timedelta(days=7 * weeks - 1)
        steps.append(step(first, last, dose))
        first = last + timedelta(days=1)
    return signed_order(people, stops=True, steps=steps, why="To come off it", **named), first - timedelta(days=1)


def test_every_step_stands_there_with_its_days_to_the_last_tablet(people):
    on = on_of(people)
    _, last = taper(people, "100 mg", "75 mg", "50 mg")
    words = card(people)
    for at, dose in enumerate(("100 mg", "75 mg", "50 mg")):
        first = on + timedelta(days=1 + 14 * at)
        assert f"<p>{day(first, on)} to {day(first + timedelta(days=13), on)}: <strong>{dose}</strong>, " in words
    assert f"From {day(last + timedelta(days=1), on)}: <strong>none</strong>." in words
    assert f"Your last dose of these is on {day(last, on)}. After that: none." in words
    assert "<details" not in words, "so few need no fold"


def test_weeks_of_one_dose_are_said_once(people):
    on = on_of(people)
    taper(people, "50 mg", "50 mg", "50 mg", "25 mg")
    words = card(people)
    assert f"{day(on + timedelta(days=1), on)} to {day(on + timedelta(days=42), on)}: <strong>50 mg</strong>" in words
    assert words.count("<strong>50 mg</strong>") == 1
    assert words.count("<strong>25 mg</strong>") == 1


def test_a_long_taper_is_behind_a_fold_whole_and_light(people):
    on = on_of(people)
    doses = [f"{amount} mg" for amount in range(200, 0, -5)]
    _, last = taper(people, *doses)
    words = card(people)
    fold = words.split("<details")[1].split("</details>")[0]
    assert f"All of it, to {day(last, on)}</summary>" in fold
    assert words.count("<details") == words.count("</details>") == 1
    assert all(words.count(f"<strong>{dose}</strong>") == 1 for dose in doses)
    assert fold.count("<p>") == len(doses) + 1 - 6
    assert f"From {day(last + timedelta(days=1), on)}: <strong>none</strong>." in fold
    assert len(fold) < 110 * len(doses), "a line each, and no calendar of a year"


def test_a_dose_taken_otherwise_is_a_line_of_its_own(people):
    order, _ = taper(people, "50 mg", "50 mg")
    order.steps[1]["take"] = "half a tablet of 100 mg each morning"
    (course,) = courses([order], on_of(people))
    assert len(alike(course.stretches)) == 3


def test_two_orders_of_one_dose_stay_two(people):
    on = on_of(people)
    first = signed_order(people, steps=[step(on, None, "50 mg")])
    second = signed_order(people, steps=[step(on, None, "50 mg")])
    stretches = [one for order in (first, second) for one in courses([order], on)[0].stretches]
    assert len(alike(stretches)) == 2


def test_the_day_to_look_again_stands_after_the_last_tablet(people):
    on = on_of(people)
    taper(people, "50 mg", review_on=on + timedelta(days=20))
    words = card(people)
    assert words.index("After that: none.</p>") < words.index(f"{AGAIN} {day(on + timedelta(days=20), on)}.")
    assert NO_DAY not in words


def test_the_day_of_her_plan_counts_where_the_order_names_none(people):
    on = on_of(people)
    taper(people, "50 mg")
    assert NO_DAY in card(people)
    tell(people, said.Plan(therapy="Talks", review_on=on + timedelta(days=9)))
    assert f"{AGAIN} {day(on + timedelta(days=9), on)}." in card(people)


def test_a_day_that_is_over_is_no_day_to_look_again(people):
    on = on_of(people)
    taper(people, "50 mg", review_on=on - timedelta(days=1))
    assert NO_DAY in card(people)
    assert AGAIN not in card(people)


def test_what_goes_on_without_an_end_is_not_said_to_lack_a_day(people):
    signed_order(people)
    assert NO_DAY not in card(people)


def test_her_page_takes_few_queries_however_long_the_taper(people):
    taper(people, *(f"{amount} mg" for amount in range(200, 0, -5)))
    page(people)
    client = signed_in(people.maya.user)
    with at_most(10):
        client.get("/medicine")
    assert chart_of(people.maya).orders


def test_a_liquid_says_how_often_where_no_tablet_can_be_counted(people, codes):
    looked(people)
    order = a_draft(people, ("20 mg", "morning", "1 week"), ("20 mg", "twice", ""), medicine="fluoxetine",
                    made_as="oral solution", strength=None, halves=None)  # fmt: skip
    signed_as_shown(people, order)
    assert "<strong>20 mg</strong>, each morning, until" in card(people)
    for address in ("/medicine", "/plan"):
        words = " ".join(signed_in(people.maya.user).get(address).content.decode().split())
        assert "20 mg</strong>, morning and evening" in words or "20 mg, morning and evening" in words, address


def test_days_between_two_steps_without_a_dose_are_not_said_to_have_one(people):
    on = on_of(people)
    first, last = (
        step(on + timedelta(days=1), on + timedelta(days=7)),
        step(on + timedelta(days=15), on + timedelta(days=21)),
    )
    (course,) = courses([signed_order(people, stops=True, steps=[first, last])], on)
    assert len([one for one in alike(course.stretches) if one.step]) == 2


def test_the_day_to_look_again_is_the_one_her_team_has(people):
    """A review moves the day of the trial, and the order that was signed keeps its own."""
    on = on_of(people)
    signed_order(people, days=30, review_on=on + timedelta(days=20))
    Trial.objects.create(patient=people.maya, medicine="sertraline", state="steady", problem="Low mood", scale="phq-9",
                         started_on=on - timedelta(days=30), created_at=NOW, review_on=on + timedelta(days=5))  # fmt: skip
    assert f"{AGAIN} {day(on + timedelta(days=5), on)}." in page(people)
