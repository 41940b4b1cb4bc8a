"""A line is told apart by its type, its person and its code, and nothing that a reader reads is dropped."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from althea.fhir.read_conditions import read_conditions
from althea.fhir.read_observations import sort_observations
from althea.fhir.readings import readings_of
from althea.knowledge import Knowledge, load
from althea.sweep.lines import BadLine, Reader, person_in
from tests.cast import TODAY

SAMPLE = Path(__file__).parents[2] / "sample" / "women"
NARRATIVE = {"status": "generated", "div": "<div>" + "word " * 40 + "</div>"}


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load()


def line(kind: str = "Observation", **fields: Any) -> bytes:
    return json.dumps({"resourceType": kind, "subject": {"reference": "Patient/w1"}, **fields}).encode()


def coded(code: str, system: str = "http://loinc.org") -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


@pytest.mark.parametrize(
    "reference",
    [
        "Patient/w1",
        "https://ehr.example/fhir/Patient/w1",
        "urn:uuid:w1",
        "Patient/w1/_history/3",
        "https://ehr.example/fhir/Patient/w1/_history/3",
    ],
)
def test_a_person_is_the_same_however_she_is_referred_to(reference: str) -> None:
    assert person_in(reference) == "w1"


def test_an_allergy_names_its_patient_and_not_a_subject(knowledge: Knowledge) -> None:
    said = {"resourceType": "AllergyIntolerance", "patient": {"reference": "Patient/w7"}}
    assert Reader("AllergyIntolerance", readings_of(knowledge)).person(json.dumps(said).encode())[0] == "w7"


def test_a_long_narrative_is_left_behind_and_the_rest_stays_as_it_was(knowledge: Knowledge) -> None:
    reader = Reader("Observation", readings_of(knowledge))
    whole = line(code=coded("14334-7"), valueQuantity={"value": 0.70, "unit": "mmol/L"}, text=NARRATIVE)
    person, kept = reader.person(whole)
    assert person == "w1"
    assert json.loads(kept) == {**json.loads(whole), "text": {}}


def test_a_narrative_that_stands_elsewhere_too_does_no_harm(knowledge: Knowledge) -> None:
    reader = Reader("MedicationRequest", readings_of(knowledge))
    whole = line("MedicationRequest", contained=[{"id": "m", "text": NARRATIVE}], status="active", text=NARRATIVE)
    kept = json.loads(reader.person(whole)[1])
    assert kept["status"] == "active"
    assert kept["contained"][0]["id"] == "m"


def test_a_result_no_rule_reads_is_dropped_and_one_that_a_component_names_is_kept(knowledge: Knowledge) -> None:
    reader = Reader("Observation", readings_of(knowledge))
    systolic = next(
        code for code, meant in readings_of(knowledge).by_loinc.items() if meant == ("measure", "systolic-bp")
    )
    panel = {"component": [{"code": coded(systolic), "valueQuantity": {"value": 120, "unit": "mm[Hg]"}}]}
    assert reader.person(line(code=coded("9279-1")))[0] == ""
    assert reader.person(line(code=coded("0000-0"), **panel))[0] == "w1"
    assert reader.person(line(code=coded("0000-0"), component=[{"code": coded("9279-1")}]))[0] == ""
    assert reader.person(line(code={"text": "PHQ-9 item 9"}))[0] == "w1"
    assert reader.person(line(code=["not", "an", "object"]))[0] == ""


def test_what_is_dropped_is_what_the_readers_make_nothing_of(knowledge: Knowledge) -> None:
    readings = readings_of(knowledge)
    dropped = 0
    for kind in ("Observation", "Condition"):
        reader = Reader(kind, readings)
        for text in (SAMPLE / f"{kind}.ndjson").read_bytes().splitlines():
            if reader.person(text)[0]:
                continue
            dropped += 1
            unread: list[str] = []
            row = [(json.loads(text), (kind, -1))]
            if kind == "Observation":
                assert not sort_observations(row, TODAY, readings, unread)
            else:
                assert not read_conditions(row, TODAY, readings, unread).rows
            assert not unread
    assert dropped > 50


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b'{"resourceType": "Observation", "broken', "not valid JSON"),
        (b"not json at all", "not a JSON object"),
        (b"[]", "not a JSON object"),
        (b"null", "not a JSON object"),
        (b"{}", "not a resource of this file's type with a person"),
        (b'{"resourceType":"Observation","id":"x"}', "not a resource of this file's type with a person"),
        (b'{"resourceType":"Condition","subject":{"reference":"Patient/w1"}}', "not a resource of this file's type with a person"),
        (b'{"resourceType":"Observation","subject":{"reference":7}}', "not a resource of this file's type with a person"),
        (b'{"resourceType":"Observation","subject":{"reference":"Patient/"}}', "not a resource of this file's type with a person"),
        (b'{"resourceType":"Observation","value":NaN}', "not valid JSON"),
    ],
)  # fmt: skip
def test_a_bad_line_says_what_is_wrong_with_it(text: bytes, why: str, knowledge: Knowledge) -> None:
    with pytest.raises(BadLine) as said:
        Reader("Observation", readings_of(knowledge)).person(text)
    assert str(said.value) == why


def test_a_line_that_names_nobody_is_not_given_to_the_person_before_it(knowledge: Knowledge) -> None:
    reader = Reader("Observation", readings_of(knowledge))
    assert reader.person(line(code=coded("14334-7")))[0] == "w1"
    with pytest.raises(BadLine):
        reader.person(b'{"resourceType":"Observation","code":{"text":"Lithium level"}}')
