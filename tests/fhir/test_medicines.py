"""Which medicine, and is it taken: active does not mean current."""

import pytest

from althea.engine.facts import State
from althea.engine.order import apply
from althea.fhir.cds import BadRequest
from althea.fhir.read import read, read_order
from althea.fhir.record import of_prefetch
from tests.fhir.samples import (
    TODAY,
    ask,
    bundle,
    codes,
    day,
    dose,
    draft,
    facts,
    knowledge,
    order,
    patient,
    prefetch,
    request,
    searchset,
)


def one(**more):
    return facts(order(**more)).medicines[0]


def with_draft(*drafts, running=(), **more):
    record = of_prefetch(prefetch(medicines=searchset(*running)), "maya")
    said = read(record, TODAY, knowledge(), codes())
    entries = [(each, ("context.draftOrders", number)) for number, each in enumerate(drafts)]
    return apply(said, read_order(entries, record, TODAY, knowledge(), codes(), **more)).medicines


# --- which --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["36437", "312938"])
def test_ingredient_and_product_codes_are_read(code):
    assert one(code=code).id == "sertraline"


def test_text_alone_is_read():
    assert one(code="", text="Sertraline 100 mg tablet").id == "sertraline"


def test_a_medicine_in_no_table_keeps_its_own_words():
    row = one(code="99999", text="moonflower drops")
    assert (row.id, row.name) == (None, "moonflower drops")


def test_a_contained_medication_is_read():
    held = {
        "resourceType": "Medication",
        "id": "med",
        "code": {"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "312938"}]},
    }
    resource = order() | {"contained": [held], "medicationReference": {"reference": "#med"}}
    del resource["medicationCodeableConcept"]
    assert facts(resource).medicines[0].id == "sertraline"


def test_a_medication_in_the_bundle_is_read():
    held = {"resourceType": "Medication", "id": "med", "code": {"text": "lithium"}}
    resource = order() | {"medicationReference": {"reference": "Medication/med"}}
    del resource["medicationCodeableConcept"]
    assert facts(held, resource).medicines[0].id == "lithium"


def test_a_product_with_another_ingredient_names_it():
    said = facts(order("856987", "Tylenol with codeine"))
    assert [row.id for row in said.medicines] == ["codeine"]
    assert said.unread == ("Tylenol with codeine also holds acetaminophen: not in Althea's knowledge, not checked.",)


def test_a_depot_by_its_product():
    row = one(code="1719646", text="haloperidol decanoate")
    assert (row.depot, row.route) == (True, "intramuscular")


def test_a_depot_by_its_note():
    assert one(code="5093", text="haloperidol", note=[{"text": "long-acting injection"}]).depot


def test_the_route_of_the_order():
    line = dose(5)[0] | {"route": {"text": "IM"}}
    assert one(code="5093", dosageInstruction=[line]).route == "intramuscular"


# --- when ---------------------------------------------------------------------------------------------------


def test_an_order_of_thirteen_months_ago_runs():
    assert one(authoredOn="2025-10-22").state is State.RUNNING


def test_an_order_a_day_older_is_perhaps_still_taken_and_says_so():
    row = one(authoredOn="2025-10-21")
    assert row.state is State.PERHAPS
    assert row.said == ("ordered on 2025-10-21 without an end: perhaps still taken. Ask her",)


def test_an_old_order_whose_supply_lasts_runs():
    dispense = {"expectedSupplyDuration": {"value": 90, "code": "d"}, "numberOfRepeatsAllowed": 5}
    assert one(authoredOn="2025-09-01", dispenseRequest=dispense).state is State.RUNNING


def test_an_active_order_whose_end_is_past_is_stopped():
    row = one(dispenseRequest={"validityPeriod": {"start": day(-60), "end": day(-1)}})
    assert (row.state, row.ended_on.isoformat()) == (State.STOPPED, day(-1))


def test_an_active_order_that_ends_today_runs():
    assert one(dispenseRequest={"validityPeriod": {"end": day(0)}}).state is State.RUNNING


def test_a_stopped_order_ended_when_its_period_says():
    row = one(status="stopped", dispenseRequest={"validityPeriod": {"start": day(-100), "end": day(-7)}})
    assert (row.started_on.isoformat(), row.ended_on.isoformat()) == (day(-100), day(-7))


def test_a_stopped_order_without_an_end_ended_on_an_unknown_day():
    assert one(status="stopped").ended_on is None


def test_a_completed_order_ended_with_its_supply():
    row = one(
        status="completed", authoredOn=day(-30), dispenseRequest={"expectedSupplyDuration": {"value": 2, "code": "wk"}}
    )
    assert row.ended_on.isoformat() == day(-16)


@pytest.mark.parametrize("status", ["entered-in-error", "cancelled"])
def test_what_never_was_is_dropped(status):
    assert facts(order(status=status)).medicines == ()


def test_a_plan_is_not_taken_unless_she_reports_it():
    assert facts(order(intent="plan")).medicines == ()
    assert one(intent="plan", reportedBoolean=True).state is State.RUNNING


def test_on_hold_is_perhaps():
    assert one(status="on-hold").state is State.PERHAPS


def test_an_order_to_start_later_is_judged_as_if_taken_now():
    row = one(dispenseRequest={"validityPeriod": {"start": day(9)}})
    assert row.state is State.RUNNING
    assert "to start on" in row.said[0]


def test_a_statement_is_read_like_an_order():
    statement = order() | {
        "resourceType": "MedicationStatement",
        "effectivePeriod": {"start": day(-50)},
        "dosage": dose(50),
    }
    row = facts(statement).medicines[0]
    assert (row.started_on.isoformat(), str(row.daily)) == (day(-50), "50 mg")


def test_of_many_old_orders_only_the_newest_says_so():
    rows = facts(*(order(id=f"m{year}", authoredOn=f"{year}-01-01") for year in (1988, 2001, 2020))).medicines
    assert [bool(row.said) for row in rows] == [False, False, True]


# --- drafts -------------------------------------------------------------------------------------------------


def test_a_draft_replaces_every_running_order_of_its_ingredient():
    rows = with_draft(draft(), running=(order(), order(id="m2")))
    assert [row.state for row in rows] == [State.REPLACED, State.REPLACED, State.ORDERED]


def test_a_draft_with_a_prior_prescription_replaces_that_one_only():
    rows = with_draft(
        draft(priorPrescription={"reference": "http://x/fhir/MedicationRequest/m2"}), running=(order(), order(id="m2"))
    )
    assert [row.state for row in rows] == [State.RUNNING, State.REPLACED, State.ORDERED]


def test_a_depot_beside_tablets_both_stay():
    rows = with_draft(draft("1719646", "haloperidol decanoate"), running=(order("5093", "haloperidol"),))
    assert [row.state for row in rows] == [State.RUNNING, State.ORDERED]


def test_a_stopped_draft_stops_the_running_order_and_its_dose_is_not_read():
    rows = with_draft(draft(status="stopped", dosageInstruction=dose(0)), running=(order(dosageInstruction=dose(50)),))
    assert [(row.state, str(row.daily)) for row in rows] == [(State.STOPPING, "50 mg")]


def test_order_select_judges_only_what_is_selected():
    record = of_prefetch(prefetch(), "maya")
    entries = [(draft(), ("d", 0)), (draft("6448", "lithium", id="draft-2"), ("d", 1))]
    found = read_order(entries, record, TODAY, knowledge(), codes(), selected=frozenset(("draft-2",)))
    assert [[each.medicine.id for each in side] for side in (found.drafts, found.beside)] == [
        ["lithium"],
        ["sertraline"],
    ]


def test_a_draft_without_a_medicine_is_refused_by_place():
    empty = draft()
    del empty["medicationCodeableConcept"]
    with pytest.raises(BadRequest, match=r"context\.draftOrders\.entry\[0\]\.resource: the draft names no medicine"):
        ask(request("order-sign", (empty,)))


def test_a_draft_for_somebody_else_is_refused():
    with pytest.raises(BadRequest, match=r"entry\[0\]\.resource\.subject: this draft is for Patient/sam"):
        ask(request("order-sign", (draft(subject={"reference": "Patient/sam"}),)))


def test_in_a_bundle_a_draft_is_the_order():
    cards = ask(bundle(patient(), order("6448", "lithium"), draft("7258", "naproxen")))
    assert cards[0]["summary"] == "Naproxen can raise the lithium level."


def test_a_period_with_a_start_and_no_end_is_ongoing_and_says_so():
    row = one(authoredOn=day(-600), dispenseRequest={"validityPeriod": {"start": day(-600)}})
    assert row.state is State.RUNNING
    assert any("no end on record, so taken to be still running" in words for words in row.said)
