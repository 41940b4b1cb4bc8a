"""What was read once is remembered for the next woman: only what stands the same, and nothing that is hers."""

from __future__ import annotations

from decimal import Decimal

import pytest

from althea.engine.facts import plain, shown
from althea.fhir.elements import first_known, shape_of
from tests.fhir.samples import dose, facts, order, quantity, seen


def test_a_dose_for_each_kilogram_is_not_remembered_for_a_woman_of_another_weight():
    line = dose(3, "mg/kg")
    for kilograms, milligrams in ((50, 150), (80, 240), (50, 150)):
        weighed = facts(order(dosageInstruction=line), seen("29463-7", -3, **quantity(kilograms, "kg")))
        assert weighed.medicines[0].daily.mg == milligrams


def test_a_note_on_one_womans_order_is_not_read_into_the_next_ones():
    written = order(dosageInstruction=dose(50))
    noted = facts(written | {"note": [{"text": "extended-release tablet"}]}).medicines[0]
    plainly = facts(written).medicines[0]
    assert "extended release tablet" in noted.form
    assert "extended release" not in plainly.form
    assert noted.daily == plainly.daily


def test_the_same_order_on_another_day_keeps_its_own_days_and_reference():
    lines = dose(25)
    first = facts(order(dosageInstruction=lines, authoredOn="2026-11-01", id="one")).medicines[0]
    second = facts(order(dosageInstruction=lines, authoredOn="2026-10-01", id="two")).medicines[0]
    assert (first.started_on.isoformat(), first.ref) == ("2026-11-01", "MedicationRequest/one")
    assert (second.started_on.isoformat(), second.ref) == ("2026-10-01", "MedicationRequest/two")
    assert first.daily == second.daily


def test_one_and_one_point_nought_and_true_are_three_shapes():
    assert len({shape_of([1]), shape_of([1.0]), shape_of([True]), shape_of(["1"])}) == 4


@pytest.mark.parametrize("value", ["x" * 2000, 10**40, ["\ud800"], [object()]])
def test_what_is_long_or_cannot_be_written_out_has_no_shape(value):
    assert shape_of(value) is None


def test_an_element_that_holds_itself_has_no_shape():
    circle: list[object] = []
    circle.append(circle)
    assert shape_of(circle) is None


@pytest.mark.parametrize(
    ("concept", "meaning"),
    [
        ({"coding": [{"code": "a"}]}, 1),
        ({"coding": [{"code": "z"}, {"code": " b "}]}, 2),
        ({"coding": {"code": "b"}}, 2),
        ({"coding": [{"code": ["a"]}]}, None),
        ({"coding": "a"}, None),
        ("a", None),
        (None, None),
    ],
)
def test_the_first_coding_whose_code_is_known_speaks(concept, meaning):
    assert first_known(concept, {"a": 1, "b": 2}) == meaning


def test_equal_numbers_that_are_written_apart_keep_their_own_words():
    assert (plain(Decimal("0")), plain(Decimal("-0"))) == ("0", "-0")
    assert (shown(Decimal("10.25")), shown(Decimal("10.250"))) == ("10.25", "10.2")
