"""A draft that begins on a day to come is asked about today and on that day. How far and how soon it rises is counted
from what she takes on the day before; whatever else speaks against it today is said today."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from althea.care import draft as asking
from althea.care import entries as said
from althea.care.draft import reviewed, step_now, taken_now
from althea.care.facts import chart_of
from althea.care.models import Order, OrderEnd, Signature
from althea.knowledge.quantity import Dose
from althea.knowledge.schema.rule import Stopping
from tests.care.ordering import TODAY, looked, steps_of, tell
from tests.people import NOW

pytestmark = pytest.mark.django_db


def on(day):
    return TODAY + timedelta(days=day)


def ordered(people, dose, day, replaces=None, medicine="sertraline"):
    """A signed order that begins so many days from today; the one it replaces ends then."""
    signature = Signature.objects.create(signer=people.marchetti.user, digest=f"{dose} {day}", method="totp", at=NOW)
    order = Order.objects.create(
        patient=people.maya, medicine=medicine, steps=steps_of((dose, "morning", ""), starts=on(day)),
        replaces=replaces, drafted_by=people.marchetti.user, drafted_at=NOW, signed_at=NOW, signature=signature,
    )  # fmt: skip
    if replaces is not None:
        OrderEnd.objects.create(order=replaces, on=on(day), why="Replaced", by=people.marchetti.user, at=NOW)
    return order


def drafted(people, day, *rows, replaces=None, medicine="sertraline", stops=False):
    return Order(
        patient=people.maya, medicine=medicine, steps=steps_of(*rows, starts=on(day), ends=stops), replaces=replaces,
        stops=stops,
    )  # fmt: skip


def found(people, draft):
    return {one.finding.rule: one for one in reviewed(draft, chart_of(people.maya), TODAY).found}


@pytest.mark.parametrize(
    ("now", "then", "dose", "day", "fast"),
    [
        ("25 mg", "50 mg", "100 mg", 10, False),  # a week at 50 mg
        ("25 mg", "50 mg", "100 mg", 7, True),  # four days at 50 mg
        ("25 mg", "50 mg", "100 mg", 3, True),  # the 50 mg is never taken
        ("25 mg", "50 mg", "100 mg", 2, True),
        ("25 mg", "50 mg", "75 mg", 3, False),
        ("25 mg", "100 mg", "100 mg", 10, False),
        ("100 mg", "25 mg", "100 mg", 10, True),  # today's 100 mg is long over then
        ("100 mg", "25 mg", "100 mg", 3, False),
    ],
)
def test_a_rise_is_counted_from_what_she_takes_on_the_day_before_it(people, now, then, dose, day, fast):
    looked(people)
    second = ordered(people, then, 3, ordered(people, now, -60))
    draft = drafted(people, day, (dose, "morning", ""), replaces=second)
    assert ("sertraline-steps" in found(people, draft)) is fast


def test_a_rise_from_the_order_that_runs_is_counted_from_it_whenever_it_begins(people):
    looked(people)
    old = ordered(people, "25 mg", -60)
    for day in (0, 1, 30):
        assert "sertraline-steps" in found(people, drafted(people, day, ("100 mg", "morning", ""), replaces=old))
        assert "sertraline-steps" not in found(people, drafted(people, day, ("75 mg", "morning", ""), replaces=old))


def test_what_a_schedule_allows_is_what_it_allows_on_the_first_day(people):
    looked(people)
    old = ordered(people, "25 mg", -10, medicine="lamotrigine")
    for day, critical in ((0, True), (2, True), (5, False)):
        draft = drafted(people, day, ("50 mg", "morning", ""), replaces=old, medicine="lamotrigine")
        assert ("lamotrigine-titration" in found(people, draft)) is critical, day


def test_what_is_to_end_by_then_still_sets_the_pace_today(people):
    looked(people)
    beside = ordered(people, "100 mg", -60, medicine="valproate")
    old = ordered(people, "25 mg", -16, medicine="lamotrigine")
    OrderEnd.objects.create(order=beside, on=on(3), why="Over", by=people.marchetti.user, at=NOW)
    draft = drafted(people, 5, ("50 mg", "morning", ""), replaces=old, medicine="lamotrigine")
    assert "lamotrigine-titration-valproate" in found(people, draft)


def test_it_adds_up_with_nothing_that_it_takes_the_place_of(people):
    looked(people)
    second = ordered(people, "150 mg", 3, ordered(people, "200 mg", -60))
    for day in (1, 3, 10):
        words = [
            one.finding.title
            for one in found(people, drafted(people, day, ("200 mg", "morning", ""), replaces=second)).values()
        ]
        assert not [one for one in words if "more than" in one or "twice" in one], day


@pytest.mark.parametrize(
    ("told", "rule"),
    [
        ({"running": True}, "maoi-serotonergic-antidepressant"),
        ({"running": False, "since": on(-90), "until": on(-5)}, "serotonergic-after-maoi-14-days"),
    ],
)
@pytest.mark.parametrize("day", [0, 5, 30])
def test_what_speaks_against_it_today_is_said_today_whenever_it_begins(people, told, rule, day):
    looked(people)
    tell(people, said.Medicine(text="phenelzine", medicine="phenelzine", dose="15 mg", times_a_day=3, **told))
    assert found(people, drafted(people, day, ("50 mg", "morning", "")))[rule].critical


def test_a_dose_above_the_limit_is_found_whenever_it_begins(people):
    looked(people)
    for day in (0, 30):
        one = found(people, drafted(people, day, ("250 mg", "morning", "")))["sertraline-max-dose"]
        assert one.step == 1


def test_where_the_pace_cannot_be_worked_out_for_that_day_todays_answer_stands(people, monkeypatch):
    looked(people)
    second = ordered(people, "50 mg", 3, ordered(people, "25 mg", -60))
    draft = drafted(people, 10, ("100 mg", "morning", ""), replaces=second)
    asked = asking._asked

    def unsure(row, chart, day, patient):
        answer = asked(row, chart, day, patient)
        if day == TODAY:
            return answer
        return SimpleNamespace(findings=(), not_checked=[SimpleNamespace(rule="sertraline-steps")], notes=())

    monkeypatch.setattr(asking, "_asked", unsure)
    assert "sertraline-steps" in found(people, draft)


@pytest.mark.parametrize(("now", "then", "gentle"), [("25 mg", "75 mg", True), ("100 mg", "25 mg", False)])
def test_a_plan_goes_down_from_what_she_takes_on_the_day_before_it(people, now, then, gentle):
    looked(people)
    second = ordered(people, then, 3, ordered(people, now, -60))
    rows = (("50 mg", "morning", "2 weeks"), ("25 mg", "morning", "2 weeks"))
    rules = asking.knowledge().rules
    rows_found = found(people, drafted(people, 10, *rows, replaces=second, stops=True)).values()
    settled = [one.settled for one in rows_found if isinstance(rules[one.finding.rule], Stopping)]
    assert settled
    assert all(bool(words) is gentle for words in settled)


def test_before_its_first_day_nothing_is_taken_of_an_order_that_replaces_none(people):
    order = ordered(people, "75 mg", 10)
    draft = drafted(people, 0, ("50 mg", "morning", "2 weeks"), replaces=order, stops=True)
    chart = chart_of(people.maya)
    assert step_now(draft, chart, TODAY) is None
    assert taken_now(draft, chart, TODAY) is None
    assert taken_now(draft, chart, on(10)) == Dose.parse("75 mg")


def test_what_ended_is_not_taken_now(people):
    order = ordered(people, "75 mg", -60)
    OrderEnd.objects.create(order=order, on=date(2026, 6, 1), why="Over", by=people.marchetti.user, at=NOW)
    assert step_now(drafted(people, 0, ("50 mg", "morning", ""), replaces=order), chart_of(people.maya), TODAY) is None
