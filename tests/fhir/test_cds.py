"""What is asserted of the answer from outside (CONTRACT sections 1 and 5.2)."""

import json
from datetime import date

import pytest
from msgspec.structs import replace

from althea.engine.finding import Finding, NotChecked, Review
from althea.fhir import cds
from althea.fhir.cards import cards_of, shortened
from althea.fhir.cds import BadRequest
from althea.knowledge.schema.evidence import Level, Mark
from tests.fhir.samples import (
    SNOMED,
    TODAY,
    ask,
    bundle,
    codes,
    condition,
    day,
    dose,
    draft,
    facts,
    facts_of,
    history,
    knowledge,
    order,
    patient,
    quantity,
    request,
    searchset,
    seen,
)

VALPROATE = draft("40254", "valproate", dosageInstruction=dose(500))
LITHIUM = order("6448", "lithium", dosageInstruction=dose(900))


def test_three_services_with_the_prefetch_of_the_contract():
    found = cds.services()
    assert [one["id"] for one in found] == ["althea-patient-view", "althea-order-select", "althea-order-sign"]
    assert found[2]["prefetch"] == {
        "patient": "Patient/{{context.patientId}}",
        "medicines": "MedicationRequest?patient={{context.patientId}}&_sort=-authoredon&_count=500",
        "conditions": "Condition?patient={{context.patientId}}&_count=500",
        "allergies": "AllergyIntolerance?patient={{context.patientId}}",
        "observations": "Observation?patient={{context.patientId}}&category=laboratory,vital-signs,social-history,survey,exam&_sort=-date&_count=1000",
    }
    assert (
        found[2]["description"]
        == "Checks draft psychotropic orders against pregnancy, lactation, contraception, labs and interactions."
    )


# --- refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"hook": "order-dispense"}, "hook: missing"),
        ({"hookInstance": "1"}, "hookInstance: not a UUID"),
        ({"context": None}, "context: missing"),
        ({"context": {"patientId": "maya"}}, "context.userId: missing"),
        ({"context": {"userId": "u", "patientId": 7}}, "context.patientId: missing"),
        ({"prefetch": []}, "prefetch: not an object"),
        ({"fhirAuthorization": {"access_token": "x"}}, "fhirAuthorization: sent without fhirServer"),
    ],
)
def test_what_is_not_a_request_is_refused_with_its_place(change, place):
    with pytest.raises(BadRequest) as refused:
        ask({**request(), **change})
    assert refused.value.message.startswith(place)
    assert (refused.value.status, str(refused.value)) == (400, refused.value.message)


def test_order_sign_needs_its_drafts():
    question = request("order-sign", (VALPROATE,))
    del question["context"]["draftOrders"]
    with pytest.raises(BadRequest, match=r"context\.draftOrders: not a Bundle"):
        ask(question)


def test_a_selection_that_is_no_draft_is_refused():
    with pytest.raises(
        BadRequest, match=r"context\.selections\[0\]: MedicationRequest/other is not among the draft orders"
    ):
        ask(request("order-select", (VALPROATE,), ["MedicationRequest/other"]))


def test_the_hook_must_be_the_services():
    with pytest.raises(BadRequest, match="is not the hook of althea-order-sign"):
        ask(request(), service="althea-order-sign")
    with pytest.raises(BadRequest) as refused:
        ask(request(), service="nobody")
    assert refused.value.status == 404


# --- cards --------------------------------------------------------------------------------------------------


def allowed(value):
    """No null, no empty text, list or object, anywhere."""
    if isinstance(value, dict):
        return bool(value) and all(allowed(one) for one in value.values())
    if isinstance(value, list):
        return bool(value) and all(allowed(one) for one in value)
    return value is not None and value != ""


def hold(cards):
    """Everything that is asserted of cards from outside."""
    for card in cards:
        assert allowed(card)
        assert 0 < len(card["summary"]) <= 139
        assert card["indicator"] in ("info", "warning", "critical")
        assert card["source"]["label"]
        assert card["source"]["url"] == f"http://localhost:8000/rules/{card['source']['topic']['code']}"
        assert card["source"]["topic"]["system"] == "urn:althea:rules"
        assert ("suggestions" in card) == ("selectionBehavior" in card)
        assert all(one["display"] for one in card.get("overrideReasons", []))
        assert ("overrideReasons" in card) == (card["indicator"] != "info")
        for suggestion in card.get("suggestions", []):
            for action in suggestion["actions"]:
                assert action["description"]
                assert action["type"] == "delete"
                assert action["resourceId"].startswith("MedicationRequest/")
                assert "resource" not in action
    assert sum(card["indicator"] == "warning" for card in cards) <= 4
    assert json.loads(json.dumps(cards)) == cards


def test_nothing_to_say_is_no_card():
    assert ask(request(conditions=searchset(condition()))) == []


def test_a_finding_about_the_draft_says_everything():
    cards = ask(request("order-sign", (VALPROATE,)))
    hold(cards)
    card = cards[0]
    assert (card["indicator"], card["summary"]) == (
        "critical",
        "A pregnancy is not known to be prevented on valproate.",
    )
    assert card["detail"] == (
        "**Because**\n\n- ordered now: valproate 500 mg a day\n- whether she is pregnant is not known\n- contraception is not known\n\n"
        "It was read so.\n\n**What to do**\n\n- Look again.\n\n**Source**\n\n- The label (version 3); 5.1\n\n"
        "Knowledge 2026.11+abc123; read in the primary document on 2026-11-01, not read a second time. Not yet reviewed by a clinician."
    )
    assert card["suggestions"][0]["label"] == "Remove this draft order"
    assert card["suggestions"][0]["actions"] == [
        {
            "type": "delete",
            "description": "Delete the draft order of valproate",
            "resourceId": "MedicationRequest/draft-1",
        }
    ]
    assert card["selectionBehavior"] == "at-most-one"


def test_a_view_without_drafts_suggests_nothing():
    cards = ask(request(medicines=searchset(LITHIUM, order("7258", "naproxen", id="m2"))))
    hold(cards)
    assert [card["summary"] for card in cards if card["indicator"] == "warning"] == [
        "Naproxen can raise the lithium level."
    ]
    assert not any("suggestions" in card for card in cards)


def test_order_select_judges_only_its_selections():
    both = (VALPROATE, draft("36437", "sertraline", id="draft-2", dosageInstruction=dose(300)))
    cards = ask(request("order-select", both, ["MedicationRequest/draft-2"]))
    hold(cards)
    by_rule = {card["source"]["topic"]["code"]: card for card in cards}
    assert "suggestions" in by_rule["sertraline-most"]
    assert "suggestions" not in by_rule.get("valproate-not-protected", {})


def test_the_same_input_twice_gives_the_same_cards_apart_from_uuid():
    def still(cards):
        return [{key: value for key, value in card.items() if key not in ("uuid", "suggestions")} for card in cards]

    question = request("order-sign", (VALPROATE,), medicines=searchset(LITHIUM, order("7258", "naproxen")))
    first, second = ask(question), ask(question)
    assert still(first) == still(second)
    assert {card["uuid"] for card in first}.isdisjoint({card["uuid"] for card in second})


def test_the_base_url_is_the_callers():
    card = ask(request("order-sign", (VALPROATE,)), base_url="https://althea.example/")[0]
    assert card["source"]["url"] == "https://althea.example/rules/valproate-not-protected"


# --- not checked --------------------------------------------------------------------------------------------


def unchecked(cards):
    found = [card for card in cards if card["source"]["topic"]["code"] == "not-checked"]
    assert len(found) <= 1
    return found[0] if found else None


def test_what_could_not_be_checked_is_one_info_card_that_names_what_waited():
    card = unchecked(ask(bundle(patient(), LITHIUM, condition())))
    assert card["indicator"] == "info"
    assert card["summary"].startswith("Could not be checked, missing: her allergies;")
    assert "**her allergies**: 1 check waited: Allergy to lithium (could be critical)." in card["detail"]
    assert "The answer could turn critical where it says so." in card["detail"]


def test_medicines_that_nobody_handed_over_are_not_silence():
    card = unchecked(ask(request(medicines=None)))
    assert card["summary"] == "Could not be checked, missing: her medicines."


def test_a_medicine_in_no_table_is_named():
    card = unchecked(ask(request("order-sign", (draft("1", "moonflower"),))))
    assert card["summary"] == "Moonflower: not in Althea's knowledge, not checked."


def test_an_unread_line_is_shown():
    assert "not read: “eats well”" in unchecked(ask(request(conditions=searchset(history("eats well")))))["detail"]


def test_words_of_the_record_cannot_draw_a_link_or_a_tag():
    detail = unchecked(ask(request(conditions=searchset(history("<img src=x> [click](http://evil)")))))["detail"]
    assert "<img" not in detail
    assert "\\[click\\]" in detail


def test_a_rule_that_failed_is_said():
    broken = NotChecked(
        rule="r", title="Something.", missing=(), could_be=Level.CRITICAL, medicines=(), error="KeyError"
    )
    card = cards_of(
        Review(findings=(), not_checked=(broken,)), facts(LITHIUM), None, knowledge(), base_url="x", may_suggest=False
    )[0]
    assert "Something. Not checked because the rule failed (KeyError)." in card["detail"]


# --- who ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("born", ["2010-01-01", None, "2026-13-45", "2030-01-01"])
def test_without_an_adults_birth_date_there_is_one_info_card(born):
    cards = ask(bundle(patient(birthDate=born), LITHIUM))
    hold(cards)
    assert len(cards) == 1
    assert cards[0]["summary"].startswith("Althea's knowledge is for adults: not checked")


def test_somebody_who_died_is_not_checked():
    assert (
        ask(bundle(patient(deceasedDateTime=day(-9)), LITHIUM))[0]["summary"]
        == "The record says that this person has died: not checked"
    )


def test_a_man_is_checked_and_told_once_that_life_stage_does_not_apply():
    cards = ask(
        bundle(patient(gender="male"), order("40254", "valproate"), LITHIUM, order("7258", "naproxen", id="m3"))
    )
    hold(cards)
    assert "A pregnancy is not known to be prevented on valproate." not in [card["summary"] for card in cards]
    assert sum("Life stage: does not apply (recorded as male)." in card["detail"] for card in cards) == 1


def test_pregnant_on_lithium():
    cards = ask(
        request(
            medicines=searchset(LITHIUM),
            conditions=searchset(condition("72892002", SNOMED, "Normal pregnancy", onsetDateTime=day(-52))),
        )
    )
    assert "Pregnant on lithium: review it." in [card["summary"] for card in cards]


def test_a_symptom_is_quoted_and_only_warns():
    tremor = seen("", text="Symptom reported today", valueCodeableConcept={"text": "new tremor"})
    level = seen("14334-7", -3, **quantity(0.7))
    cards = ask(request(medicines=searchset(LITHIUM), observations=searchset(tremor, level)))
    card = next(card for card in cards if card["source"]["topic"]["code"] == "lithium-tremor")
    assert card["indicator"] == "warning"
    assert "she says: “new tremor”" in card["detail"]


# --- folding ------------------------------------------------------------------------------------------------


def finding(number, level):
    return Finding(rule=f"r{number}", kind="dose", level=level, title=f"Finding number {number} is here.", why="So.", because=(), do=(), for_her="",
                   sources=("label#1",), mark=Mark.READ_TWICE, knowledge="k", medicines=(), reason=(str(number),))  # fmt: skip


def folded(critical=0, warning=0, info=0):
    levels = [Level.CRITICAL] * critical + [Level.WARNING] * warning + [Level.INFO] * info
    found = tuple(finding(number, level) for number, level in enumerate(levels))
    said = replace(facts(LITHIUM), known={})
    cards = cards_of(
        Review(findings=found, not_checked=()),
        said,
        None,
        knowledge(),
        base_url="http://localhost:8000",
        may_suggest=True,
    )
    hold(cards)
    return [card["indicator"] for card in cards if card["source"]["topic"]["code"] != "not-checked"]


@pytest.mark.parametrize(
    ("critical", "warning", "loud"),
    [(0, 4, 4), (0, 5, 4), (0, 12, 4), (2, 2, 4), (2, 5, 4), (3, 1, 4), (3, 2, 4), (6, 0, 6), (6, 3, 7)],
)
def test_at_most_four_are_loud_and_a_critical_is_never_folded(critical, warning, loud):
    shown = folded(critical=critical, warning=warning)
    assert len(shown) == loud
    assert shown.count("critical") == critical


def test_further_infos_fold_into_one():
    assert folded(info=9) == ["info"] * 4
    assert folded(info=4) == ["info"] * 4


def test_a_summary_is_shortened_at_a_word_and_never_inside_a_number():
    long = "Word " * 26 + "123456789012345"
    assert len(shortened(long)) <= 139
    assert shortened(long).endswith("Word…")
    assert shortened("Short enough.") == "Short enough."


def test_today_is_given_never_asked_of_the_clock():
    later = cds.answer_bundle(bundle(patient(), LITHIUM), date(2029, 1, 1), knowledge(), codes=codes())
    assert "perhaps still taken" in json.dumps(later)
    assert date(2029, 1, 1) > TODAY


def test_a_check_that_would_only_inform_and_of_no_medicine_makes_no_card_alone():
    plans = NotChecked(rule="r", title="Planning.", missing=("her plans",), could_be=Level.INFO, medicines=())
    said = Review(findings=(), not_checked=(plans,))
    whole = facts_of(medicines=searchset())
    assert cards_of(said, whole, None, knowledge(), base_url="x", may_suggest=False) == []
