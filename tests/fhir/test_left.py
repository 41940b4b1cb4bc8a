"""A word that she no longer takes what an order says: which statements say so, of which orders, from which day."""

from datetime import timedelta

import pytest

from althea.engine.facts import Gap, State
from tests.fhir.samples import RXNORM, TODAY, day, facts, order

SERTRALINE = {"coding": [{"system": RXNORM, "code": "36437"}]}


def statement(status="stopped", **more):
    body = {"resourceType": "MedicationStatement", "id": "s", "status": status, "medicationCodeableConcept": SERTRALINE}
    return body | more


def left(*resources, **more):
    """Of the order that runs: the day she left it."""
    rows = facts(order(authoredOn=day(-200), **more), *resources).medicines
    (row,) = [one for one in rows if one.state is State.RUNNING]
    return row.left_on


def until(offset):
    return {"effectivePeriod": {"end": day(offset)}}


def test_a_statement_that_she_stopped_gives_the_last_day_of_the_order_that_runs():
    assert left() is None
    assert left(statement(**until(-30))) == TODAY - timedelta(days=30)


def test_the_order_goes_on_running_for_all_that_meets_it():
    (row,) = [one for one in facts(order(authoredOn=day(-200)), statement(**until(-30))).medicines if one.left_on]
    assert (row.state, row.ended_on) == (State.RUNNING, None)


def test_an_order_that_was_reported_stopped_is_such_a_word_and_one_that_was_ended_is_none():
    reported = order(id="r", status="stopped", authoredOn=day(-3), reportedBoolean=True, dosageInstruction=[{"timing": {"repeat": {"boundsPeriod": {"end": day(-30)}}}}])  # fmt: skip
    assert left(reported) == TODAY - timedelta(days=30)
    assert left({**reported, "reportedBoolean": False}) is None


@pytest.mark.parametrize("status", ["completed", "active", "on-hold", "entered-in-error", "unknown"])
def test_no_other_status_is(status):
    rows = facts(order(authoredOn=day(-200)), statement(status, **until(-30))).medicines
    assert not [one for one in rows if one.left_on]


def test_without_a_day_it_says_nothing_of_a_gap():
    assert left(statement()) is None


def test_of_two_words_the_later_day_counts():
    assert left(statement(**until(-30)), statement(id="t", **until(-10))) == TODAY - timedelta(days=10)


def test_an_order_written_since_was_begun_anew():
    rows = facts(order(authoredOn=day(-5)), statement(**until(-30))).medicines
    assert not [one for one in rows if one.left_on]


def test_an_order_that_was_renewed_since_was_too_whenever_it_began():
    period = {"boundsPeriod": {"start": day(-300)}}
    rows = facts(order(authoredOn=day(-5), dosageInstruction=[{"timing": {"repeat": period}}]), statement(**until(-30)))
    assert not [one for one in rows.medicines if one.left_on]


def test_of_another_medicine_it_says_nothing():
    lithium = {"coding": [{"system": RXNORM, "code": "6448"}]}
    assert left(statement(medicationCodeableConcept=lithium, **until(-30))) is None


def test_a_depot_is_not_left_by_a_word_on_tablets():
    assert left(statement(**until(-30)), dosageInstruction=[{"route": {"text": "intramuscular"}}]) is None


def test_an_order_that_ended_later_was_left_on_the_day_she_said():
    ended = order(status="stopped", authoredOn=day(-200), dosageInstruction=[
        {"timing": {"repeat": {"boundsPeriod": {"start": day(-200), "end": day(-1)}}}}])  # fmt: skip
    rows = facts(ended, statement(**until(-30))).medicines
    assert [one.left_on for one in rows if one.ended_on == TODAY - timedelta(days=1)] == [TODAY - timedelta(days=30)]


@pytest.mark.parametrize(("end", "days"), [(0, 15), (-1, 15), (None, 15), (-2, None)])
def test_days_without_a_dose_count_where_they_reach_to_yesterday(end, days):
    """Nobody knows what was taken after the last day that was told of."""
    period = {"start": day(-14)} | ({"end": day(end)} if end is not None else {})
    told = statement("not-taken", effectivePeriod=period)
    assert left(told) == (TODAY - timedelta(days=days) if days else None)


def test_a_word_said_after_the_last_dose_is_no_first_day():
    rows = facts(statement(dateAsserted=day(-3), **until(-30))).medicines
    assert [(one.started_on, one.ended_on) for one in rows] == [(None, TODAY - timedelta(days=30))]


def gaps(*resources, **more):
    rows = facts(order(authoredOn=day(-200), **more), *resources).medicines
    (row,) = [one for one in rows if one.state is State.RUNNING]
    return row.left_on, row.gaps


def without(first, last, said, **more):
    return statement(
        "not-taken", effectivePeriod={"start": day(first), "end": day(last)}, dateAsserted=day(said), **more
    )


@pytest.mark.parametrize("last", [-4, -1])
def test_days_that_were_over_when_it_was_said_are_a_gap_and_not_a_leaving(last):
    expected = Gap(TODAY - timedelta(days=11), TODAY + timedelta(days=last + 1), TODAY)
    assert gaps(without(-10, last, 0)) == (None, (expected,))


def test_said_on_the_last_of_them_they_may_go_on_or_nobody_knows():
    assert gaps(without(-10, -1, -1)) == (TODAY - timedelta(days=11), ())
    assert gaps(without(-10, -5, -5)) == (None, (Gap(TODAY - timedelta(days=11), TODAY - timedelta(days=4)),))


def test_a_period_that_ends_before_it_begins_is_no_gap():
    assert gaps(without(-3, -10, 0)) == (None, ())


def test_several_gaps_are_kept_in_order_and_beside_a_day_she_left_it():
    both = gaps(without(-10, -8, -7), without(-30, -28, -27, id="t"), statement(id="u", **until(-2)))
    assert both == (
        TODAY - timedelta(days=2),
        (
            Gap(TODAY - timedelta(days=31), TODAY - timedelta(days=27), TODAY - timedelta(days=27)),
            Gap(TODAY - timedelta(days=11), TODAY - timedelta(days=7), TODAY - timedelta(days=7)),
        ),
    )


@pytest.mark.parametrize(("written", "last"), [(-30, -11), (-9, -10), (-8, -9), (-7, None)])
def test_of_a_gap_that_an_order_was_written_in_the_days_since_are_its_own(written, last):
    rows = facts(order(authoredOn=day(written)), without(-10, -8, -7)).medicines
    found = [gap.last for one in rows if one.state is State.RUNNING for gap in one.gaps]
    assert found == ([] if last is None else [TODAY + timedelta(days=last)])
