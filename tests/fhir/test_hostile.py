"""Whatever is sent: an answer that holds, or a BadRequest. Never anything else, and never slowly."""

import copy
import json
import time

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from althea.fhir.cds import BadRequest
from tests.fhir.samples import (
    SNOMED,
    ask,
    bundle,
    coded,
    condition,
    day,
    dose,
    draft,
    history,
    order,
    patient,
    quantity,
    request,
    searchset,
    seen,
)
from tests.fhir.test_cds import hold

SLOWEST = 0.5
"""Seconds: a hundred times what a woman costs."""


def valid():
    """A request in which everything that we read stands once."""
    full = dose(300)[0] | {"text": "300 mg bid", "route": {"text": "PO"}, "sequence": 1, "asNeededBoolean": False}
    dispense = {
        "expectedSupplyDuration": {"value": 30, "code": "d"},
        "numberOfRepeatsAllowed": 2,
        "validityPeriod": {"start": day(-90), "end": day(30)},
    }
    running = (
        order("6448", "lithium", dosageInstruction=[full], dispenseRequest=dispense),
        order("7258", "naproxen", id="m2", note=[{"text": "long-acting"}]),
        order("", "sertraline 100 mg", id="m3", status="stopped", dosageInstruction=[{"text": "1 tablet twice daily"}]),
    )
    observed = (
        seen("14334-7", -3, **quantity(0.7)),
        seen("85354-9", -3, component=[{"code": seen("8480-6")["code"], **quantity(120, "mm[Hg]")}]),
        seen("82810-3", 0, valueCodeableConcept=coded(SNOMED, "60001007")),
        seen("18185-9", -9, **quantity(14, "wk")),
        seen("93857-1", -400, valueDateTime=day(-400)),
        seen("63895-7", 0, valueBoolean=True),
        seen("86649-1", 0, valueCodeableConcept={"text": "copper iud"}),
        seen("86645-9", 0, valueString="trying"),
        seen("72166-2", 0, valueCodeableConcept=coded(SNOMED, "449868002")),
        seen("64218-1", 0, **quantity(5, "/d")),
        seen("79715-9", 0, valueCodeableConcept={"text": "poor metabolizer"}),
        seen("44261-6", 0, valueInteger=9),
        seen("", text="PHQ-9 item 9", valueInteger=1),
        seen("", text="Symptom reported today", valueCodeableConcept={"text": "tremor, no rash"}),
    )
    allergy = {
        "resourceType": "AllergyIntolerance",
        "patient": {"reference": "Patient/maya"},
        "code": {"text": "codeine"},
        "reaction": [{"manifestation": [{"text": "rash"}]}],
    }
    return request(
        "order-select",
        (
            draft(
                "40254",
                "valproate",
                dosageInstruction=dose(500),
                priorPrescription={"reference": "MedicationRequest/m1"},
            ),
        ),
        medicines=searchset(*running),
        conditions=searchset(condition(), history("no bipolar history"), condition("72892002", SNOMED)),
        observations=searchset(*observed),
        allergies=searchset(allergy),
    )


VALID = valid()


def places(value, path=()):
    """Every place in a JSON value."""
    yield path
    if isinstance(value, dict):
        for key, inside in value.items():
            yield from places(inside, (*path, key))
    elif isinstance(value, list):
        for number, inside in enumerate(value):
            yield from places(inside, (*path, number))


PLACES = [path for path in places(VALID) if path]
WRONG = st.one_of(
    st.sampled_from([None, True, False, 0, -1, 1, 10**40, -(10**40), 1e308, 1e-320, "", " ", "x", "2026", "2026-13-45", "9999-12-31", "0001-01-01",
                     "2199-01-01T00:00:00Z", "Patient/sam", "#x", "a" * 5000, [], {}, [[]], [None], [{}], {"a": None}, "💊", "1/0", "Infinity"]),
    st.text(max_size=30),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dictionaries(st.sampled_from(["reference", "coding", "text", "value", "code", "start", "repeat", "resourceType"]), st.text(max_size=5), max_size=3),
)  # fmt: skip
CHANGE = st.tuples(st.sampled_from(PLACES), st.sampled_from(["delete", "replace", "nest", "list", "twice"]), WRONG)


def changed(question, path, how, wrong):
    """The question with one place spoilt; unchanged where an earlier change took that place away."""
    at = question
    try:
        for step in path[:-1]:
            at = at[step]
        was = at[path[-1]]
        if how == "delete":
            del at[path[-1]]
        elif how == "replace":
            at[path[-1]] = wrong
        elif how == "nest":
            at[path[-1]] = {"nested": was}
        elif how == "list":
            at[path[-1]] = [was, wrong]
        else:
            at[path[-1]] = [was, copy.deepcopy(was)]
    except (KeyError, IndexError, TypeError):
        pass
    return question


def asked(question):
    """(cards, None), or (none, the refusal)."""
    try:
        return ask(question), None
    except BadRequest as refused:
        return [], refused


def answered(question):
    """Asks; a refusal names something, an answer holds, and neither takes long."""
    before = time.process_time()
    cards, refused = asked(question)
    if refused is None:
        hold(cards)
        json.dumps(cards)
    else:
        assert refused.status in (400, 412)
        assert 0 < len(refused.message) < 1500
    assert time.process_time() - before < SLOWEST


def test_the_valid_request_is_answered():
    hold(ask(VALID))


@settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(CHANGE, min_size=1, max_size=4))
def test_a_mangled_request_is_answered_or_refused(changes):
    question = copy.deepcopy(VALID)
    for path, how, wrong in changes:
        question = changed(question, path, how, wrong)
    answered(question)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(CHANGE, min_size=1, max_size=4))
def test_a_mangled_bundle_is_answered_or_refused(changes):
    question = copy.deepcopy(VALID)
    for path, how, wrong in changes:
        question = changed(question, path, how, wrong)
    handed = question.get("prefetch")
    kept = [patient()]
    for topic in ("medicines", "conditions", "allergies", "observations"):
        entries = (handed.get(topic) or {}) if isinstance(handed, dict) else {}
        entries = entries.get("entry") if isinstance(entries, dict) else None
        kept += (
            [one.get("resource") if isinstance(one, dict) else one for one in entries]
            if isinstance(entries, list)
            else []
        )
    answered(bundle(*kept))


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=9),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
        max_leaves=20,
    )
)
def test_anything_at_all_is_refused(anything):
    for question in (anything, {**VALID, "context": anything}, {**VALID, "prefetch": anything}):
        try:
            ask(question if isinstance(question, dict) else {"hook": question})
        except BadRequest:
            continue


def test_every_place_replaced_by_every_wrong_type():
    for path in PLACES:
        for wrong in (None, "x", 7, [], {}, [None], 10**30):
            answered(changed(copy.deepcopy(VALID), path, "replace", wrong))


def test_ten_thousand_resources_and_long_texts_do_not_take_long():
    many = [history("pain " * 400) | {"id": f"h{n}"} for n in range(2000)]
    lines = [order("", "x" * 2000, id=f"m{n}", dosageInstruction=[{"text": "1 - " * 500}]) for n in range(200)]
    before = time.process_time()
    hold(ask(bundle(patient(), *many, *lines)))
    assert time.process_time() - before < 10
