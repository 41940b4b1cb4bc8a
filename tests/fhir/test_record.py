"""Known, none, unknown, incomplete; and whose resources they are."""

import pytest

from althea.engine.facts import Known
from althea.fhir.cds import BadRequest
from althea.fhir.record import of_bundle, of_prefetch
from tests.fhir.samples import (
    ask,
    bundle,
    condition,
    facts,
    facts_of,
    order,
    patient,
    prefetch,
    request,
    searchset,
    seen,
)

OUTCOME = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "timeout"}]}
NEXT = [{"relation": "next", "url": "http://x/2"}]


@pytest.mark.parametrize(
    ("value", "known"),
    [
        (None, Known.UNKNOWN),
        (OUTCOME, Known.UNKNOWN),
        ("conditions", Known.UNKNOWN),
        (searchset(), Known.NONE),
        ({"resourceType": "Bundle", "type": "searchset"}, Known.NONE),
        (searchset(condition()), Known.KNOWN),
        (searchset(condition(), link=NEXT), Known.INCOMPLETE),
        ({**searchset(condition()), "total": 7}, Known.INCOMPLETE),
        ({**searchset(condition()), "entry": [None]}, Known.INCOMPLETE),
        (searchset(condition(), OUTCOME), Known.INCOMPLETE),
    ],
)
def test_a_prefetch_key_says_how_far_it_was_looked_through(value, known):
    assert facts_of(conditions=value).looked("conditions") is known


def test_an_absent_key_is_unknown():
    handed = prefetch()
    del handed["allergies"]
    assert of_prefetch(handed, "maya").known["allergies"] is Known.UNKNOWN


def test_in_a_plain_bundle_a_type_that_does_not_occur_is_unknown():
    said = facts(condition())
    assert said.looked("conditions") is Known.KNOWN
    assert said.looked("medicines") is Known.UNKNOWN


def test_a_searchset_with_a_next_page_is_incomplete():
    record = of_bundle(bundle(patient(), condition(), kind="searchset", link=NEXT))
    assert record.known["conditions"] is Known.INCOMPLETE


def test_no_known_allergies_is_none():
    none = {
        "resourceType": "AllergyIntolerance",
        "patient": {"reference": "Patient/maya"},
        "code": {"text": "No known allergies"},
    }
    assert facts(none).looked("allergies") is Known.NONE


@pytest.mark.parametrize(
    "reference", ["Patient/maya", "http://fhir.example/r4/Patient/maya", "Patient/maya/_history/3", "urn:uuid:maya"]
)
def test_a_reference_may_be_written_in_many_ways(reference):
    assert len(facts(condition(subject={"reference": reference})).conditions) == 1


def test_what_belongs_to_another_patient_is_dropped_and_said():
    said = facts_of(conditions=searchset(condition(subject={"reference": "Patient/sam"}), condition()))
    assert len(said.conditions) == 1
    assert "1 entry belongs to another patient: not used." in said.unread
    assert said.looked("conditions") is Known.INCOMPLETE


def test_two_patients_are_refused_by_name():
    with pytest.raises(BadRequest, match="Patient/maya and Patient/sam"):
        ask(bundle(patient(), patient(id="sam")))


def test_a_bundle_without_a_patient_is_refused():
    with pytest.raises(BadRequest, match="Add the Patient") as refused:
        ask(bundle(order()))
    assert refused.value.status == 400


@pytest.mark.parametrize("missing", [None, OUTCOME, searchset()])
def test_a_request_without_a_patient_is_412_and_names_the_key(missing):
    question = request()
    question["prefetch"]["patient"] = missing
    with pytest.raises(BadRequest, match="prefetch key “patient”") as refused:
        ask(question)
    assert refused.value.status == 412


def test_another_patient_than_the_context_names_is_refused():
    question = request()
    question["prefetch"]["patient"]["id"] = "sam"
    with pytest.raises(BadRequest, match=r"Patient/sam.*maya"):
        ask(question)


def test_a_broken_resource_is_named_and_the_others_are_read():
    said = facts(
        seen("14334-7", -1, valueQuantity={"value": 0.7, "unit": "mmol/L"}),
        {"resourceType": "Observation", "code": {"coding": [None, 7]}},
    )
    assert len(said.results["lithium-level"]) == 1
