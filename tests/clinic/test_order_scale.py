"""The scale that an order's trial is judged by is preset from what the order is for, and of two that fit neither is."""

import re
from datetime import timedelta

import pytest

from althea.care import entries as said
from althea.care.actions import record
from tests.clinic.prescribing import decided, on_of, tell
from tests.people import NOW, signed_in

pytestmark = pytest.mark.django_db
AFTER_BIRTH = said.Condition(text="Postpartum depression", code="F53.0")
WORRY = said.Condition(text="Generalised anxiety disorder", code="F41.1")


def score(people, scale, total, days=0):
    body = said.Score(scale=scale, total=total)
    record.add(
        patient=people.maya,
        body=body,
        on=on_of(people) - timedelta(days=days),
        origin="hers",
        by=people.maya.user,
        at=NOW,
    )


def opened(people, medicine="sertraline"):
    """(the scale that is chosen, the words under her name) where an order begins from her decision."""
    entry = decided(people, medicine)
    page = signed_in(people.marchetti.user).get(f"/patients/{people.maya.pk}/orders/new?decision={entry.pk}")
    words = page.content.decode()
    select = words.split('id="f-scale"')[1].split("</select>")[0]
    chosen = re.search(r'<option value="([^"]*)" selected', select)
    return (chosen[1] if chosen else ""), words.split("New order")[1].split("She decided")[0]


def day(people, days=0):
    return f"{on_of(people) - timedelta(days=days):%-d %B}"


@pytest.mark.parametrize("order", [("phq-9", "gad-7"), ("gad-7", "phq-9")])
def test_of_two_scores_of_one_day_the_one_made_for_the_diagnosis_is_chosen_and_stands_in_the_head(people, order):
    tell(people, AFTER_BIRTH)
    for scale in order:
        score(people, scale, {"phq-9": 20, "gad-7": 7}[scale])
    chosen, head = opened(people)
    assert chosen == "phq-9"
    assert f"for postpartum depression (PHQ-9 20, {day(people)})." in head
    assert "GAD-7" not in head


def test_a_newer_score_of_something_else_does_not_take_its_place(people):
    tell(people, AFTER_BIRTH)
    score(people, "phq-9", 20, days=9)
    score(people, "gad-7", 7)
    chosen, head = opened(people)
    assert chosen == "phq-9"
    assert f"(PHQ-9 20, {day(people, 9)})." in head


def test_for_worry_it_is_the_scale_of_worry(people):
    tell(people, WORRY)
    score(people, "gad-7", 15, days=2)
    score(people, "phq-9", 9)
    assert opened(people, "escitalopram")[0] == "gad-7"


def test_where_two_diagnoses_are_treated_with_it_neither_scale_is_chosen_and_both_scores_stand(people):
    tell(people, said.Condition(text="Depression", code="F32.9"))
    tell(people, WORRY)
    score(people, "phq-9", 20, days=9)
    score(people, "gad-7", 7)
    chosen, head = opened(people, "escitalopram")
    assert chosen == ""
    assert f"(GAD-7 7, {day(people)}; PHQ-9 20, {day(people, 9)})." in head


def test_after_a_birth_the_epds_speaks_where_nobody_asked_the_other(people):
    tell(people, AFTER_BIRTH)
    score(people, "epds", 17, days=3)
    score(people, "gad-7", 7)
    assert opened(people)[0] == "epds"
    score(people, "phq-9", 20, days=5)
    assert opened(people)[0] == "phq-9"


def test_without_a_diagnosis_the_newest_is_chosen_and_of_two_of_that_day_neither(people):
    score(people, "phq-9", 20, days=9)
    score(people, "gad-7", 7)
    assert opened(people)[0] == "gad-7"
    score(people, "phq-9", 18)
    assert opened(people)[0] == ""


def test_without_any_score_nothing_is_chosen_and_none_is_named(people):
    tell(people, AFTER_BIRTH)
    chosen, head = opened(people)
    assert chosen == ""
    assert head.startswith(" for postpartum depression.")
