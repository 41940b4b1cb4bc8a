"""To what may a dose rise?  From the records, in tablets that exist; without a record, nobody names one."""

import pytest

from althea.engine.course import course_of
from althea.engine.next_dose import makeable, next_dose
from althea.engine.told import read
from althea.knowledge import load
from althea.knowledge.codes import code_map
from althea.knowledge.quantity import Dose

KNOWLEDGE = load()
CODES = code_map(KNOWLEDGE.medicines)


def asked(drug, mg, *, dx="F33.1", regimen=None, **named):
    told = {"patient": {"age": 34, "dx": dx}, "score_series": [{"instrument": "PHQ-9", "day": 0, "value": 20}],
            "dose_history": [{"drug": drug, "day": 0, "daily_mg": mg}], "today": 30,
            "other": {"regimen": regimen}}  # fmt: skip
    course = course_of(read(told), KNOWLEDGE)
    return next_dose(course, [dose for dose, _ in CODES.strengths(drug)], **named)


@pytest.mark.parametrize(
    ("mg", "up"), [(25, "50 mg"), (50, "100 mg"), (75, "100 mg"), (100, "150 mg"), (150, "200 mg")]
)
def test_one_tablet_within_the_step_of_the_label(mg, up):
    assert str(asked("sertraline", mg).daily) == up


def test_at_the_highest_dose_there_is_no_next():
    found = asked("sertraline", 200)
    assert (found.daily, str(found.most)) == (None, "200 mg")


def test_the_highest_dose_of_her_diagnosis_counts():
    assert str(asked("sertraline", 100, dx="F32.81", regimen="continuous").daily) == "150 mg"
    assert asked("sertraline", 150, dx="F32.81", regimen="continuous").daily is None


def test_where_luteal_or_daily_is_not_told_the_lower_highest_dose_counts():
    assert str(asked("sertraline", 100, dx="F32.81").most) == "100 mg"


def test_it_says_where_it_stands_and_how_many_days_lie_between():
    found = asked("sertraline", 50)
    assert (found.days_between, found.sources, found.unverified) == (7, ("sertraline-label#2.1",), False)


def test_a_medicine_nobody_wrote_of_has_no_next_dose():
    assert asked("reserpine", 1).daily is None


def test_an_unknown_dose_has_no_next():
    assert asked("sertraline", None).daily is None


def test_no_strengths_no_dose():
    told = {"patient": {"dx": "F33.1"}, "dose_history": [{"drug": "sertraline", "day": 0, "daily_mg": 50}], "today": 30}
    assert next_dose(course_of(read(told), KNOWLEDGE), []).daily is None


def test_twice_a_day_is_made_twice():
    strengths = [Dose.parse("25 mg"), Dose.parse("50 mg")]
    assert makeable(Dose.parse("100 mg"), strengths, times_a_day=2)
    assert not makeable(Dose.parse("60 mg"), strengths, times_a_day=2)
    assert makeable(Dose.parse("75 mg"), [Dose.parse("50 mg")], halves=True)
    assert not makeable(Dose.parse("75 mg"), [Dose.parse("50 mg")])
