"""Results in the measure's own unit, or unreadable and why."""

from decimal import Decimal

import pytest

from tests.fhir.samples import UCUM, day, facts, quantity, seen

LEVEL = "14334-7"


def result(**value):
    return facts(seen(LEVEL, -1, **value)).results["lithium-level"][0]


def test_a_result_in_its_own_unit():
    assert result(**quantity(0.7)).value == Decimal("0.7")


def test_another_unit_is_converted_exactly():
    pounds = facts(seen("29463-7", -1, **quantity(150, "[lb_av]"))).results["weight"][0]
    assert pounds.value == Decimal("68.0388555")


@pytest.mark.parametrize("unit", ["MMOL/L", "mmol / L", "mEq/L"])
def test_case_and_spaces_of_a_unit_do_not_matter(unit):
    assert result(**quantity(0.7, unit)).value == Decimal("0.7")


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (quantity(0.7, None), "no unit"),
        (quantity(0.7, "mg/dL"), "the unit “mg/dL” is not read"),
        (quantity(70), "70 mmol/L is outside what is possible"),
        (quantity(0.2, comparator="<"), "only known as below 0.2 mmol/L"),
        (quantity("0.7"), "its value is not a number"),
        (quantity(True), "its value is not a number"),
        ({"valueInteger": 1}, "no unit"),
        ({"valueString": "about 0.7"}, "“about 0.7” could not be read"),
        ({"dataAbsentReason": {"text": "lost"}}, "no value was given (lost)"),
        ({**quantity(0.7), "note": [{"text": "Sample haemolysed"}]}, "the laboratory says: “Sample haemolysed”"),
        ({}, "no value was given"),
    ],
)
def test_what_cannot_be_read_says_why_and_is_never_a_number(value, why):
    found = result(**value)
    assert found.value is None
    assert found.said == why


def test_a_note_that_denies_it_does_not_spoil_the_result():
    assert result(**quantity(0.7), note=[{"text": "not haemolysed"}]).value == Decimal("0.7")


def test_a_value_written_as_text_is_read_whole():
    assert result(valueString="0.7 mmol/L").value == Decimal("0.7")


def test_a_preliminary_result_is_used_and_says_so():
    found = result(status="preliminary", **quantity(0.7))
    assert (found.value, found.said) == (Decimal("0.7"), "preliminary")


@pytest.mark.parametrize("status", ["entered-in-error", "cancelled"])
def test_what_never_was_is_dropped(status):
    assert facts(seen(LEVEL, -1, status=status, **quantity(0.7))).results == {}


def test_newest_first_and_within_a_day_the_latest_first():
    times = ("2026-11-20", "2026-11-21T08:00:00Z", "2026-11-21T17:00:00Z")
    rows = facts(*(seen(LEVEL, effectiveDateTime=time, **quantity(at + 1)) for at, time in enumerate(times))).results[
        "lithium-level"
    ]
    assert [row.value for row in rows] == [3, 2, 1]


def test_a_blood_pressure_panel_is_two_results():
    panel = seen(
        "85354-9",
        -1,
        component=[
            {"code": seen(code)["code"], **quantity(value, "mm[Hg]")}
            for code, value in (("8480-6", 132), ("8462-4", 80))
        ],
    )
    found = facts(panel).results
    assert (found["systolic-bp"][0].value, found["diastolic-bp"][0].value) == (132, 80)


def test_a_result_of_the_future_is_dropped_and_said():
    said = facts(seen(LEVEL, 2, **quantity(0.7)))
    assert said.results == {}
    assert said.unread == ("1 observation is dated in the future: not used.",)


@pytest.mark.parametrize("when", ["2026-13-45", "yesterday", "0001-01-01", 20261101, None, "9999-12-31T00:00:00Z"])
def test_a_date_that_is_none_is_said(when):
    said = facts(seen(LEVEL, effectiveDateTime=when, **quantity(0.7)))
    assert said.results == {}
    assert len(said.unread) == 1


def test_a_date_without_its_day_is_its_first_day():
    assert (
        facts(seen(LEVEL, effectiveDateTime="2026-10", **quantity(0.7))).results["lithium-level"][0].on.isoformat()
        == "2026-10-01"
    )


def test_a_name_without_a_code_is_read():
    assert facts(seen("", -1, text="Lithium level", **quantity(0.7))).results["lithium-level"][0].on.isoformat() == day(
        -1
    )


def test_a_unit_by_its_text_is_read_where_the_code_is_odd():
    odd = {"valueQuantity": {"value": 0.7, "unit": "mmol/L", "system": UCUM, "code": "mmol-per-L"}}
    assert result(**odd).value == Decimal("0.7")
