"""Beside the form of an order: what the checks say as she types, and the answers to it."""

import pytest

from althea.care import entries as said
from althea.care.known import knowledge
from althea.care.models import Order
from althea.clinic.pages.order.beside import _card
from althea.clinic.pages.order.form import Typed
from tests.clinic.prescribing import a_draft, address, decided, form, looked, post, signed_order, tell
from tests.people import signed_in

pytestmark = pytest.mark.django_db


def page(people, end="new", query=""):
    answer = signed_in(people.marchetti.user).get(address(people, end) + query)
    assert answer.status_code == 200
    return answer.content.decode()


# --- beside the form -----------------------------------------------------------------------------------------------------


def test_the_findings_beside_the_form_are_asked_and_nothing_is_kept(people):
    looked(people)
    client = signed_in(people.marchetti.user)
    answer = client.post(address(people, "findings"), form(people, ("250 mg", "morning", "")))
    assert answer.status_code == 200
    words = answer.content.decode()
    assert "<html" not in words
    assert "Sertraline 250 mg a day is above the maximum of 200 mg." in words
    assert 'id="from-1" hx-swap-oob="true"' in words
    assert not Order.objects.exists()


def test_what_could_not_be_checked_says_what_was_missing_and_of_which_knowledge(people):
    words = post(people, form(people, do="check")).content.decode()
    assert "could not be made" in words
    assert "Missing: " in words
    assert "Knowledge 20" in words
    assert "Not yet reviewed by a clinician." in words


def test_a_critical_finding_says_what_is_needed_to_sign_and_its_answer_is_kept(people):
    looked(people)
    tell(people, said.Medicine(text="phenelzine", medicine="phenelzine", dose="15 mg", times_a_day=3, running=True))
    words = post(people, form(people, do="check")).content.decode()
    assert "critical finding" in words.split('id="waiting"')[1][:200]
    keys = [part.split('"')[0] for part in words.split('name="how-')[1:]]
    answers = {f"how-{key}": "override:will-monitor" for key in keys}
    again = post(people, form(people, do="check", **answers)).content.decode()
    assert "Write in your own words why: it stays in her record." in again
    answers |= {f"words-{key}": "Talked over with her." for key in keys}
    order = a_draft(people, **answers)
    assert set(order.findings["answers"]) == set(keys)
    words = page(people, order.pk)
    assert "Answered. You can change it until it is signed." in words
    assert "critical finding" not in words.split('id="waiting"')[1][:200]


def test_a_dose_a_day_from_a_review_is_the_dose_of_one_time(people):
    old = signed_order(people)
    step = {**old.steps[0], "dose": "50 mg", "times_a_day": 2, "often": "twice", "when": "morning and evening"}
    old = signed_order(people, steps=[step], medicine="quetiapine")
    assert 'value="75 mg" aria-label="Dose, step 1"' in page(people, query=f"?replaces={old.pk}&dose=150 mg")


def test_no_medicine_now_stands_among_the_cards_and_is_no_order(people):
    words = page(people)
    assert "No medicine now" in words
    assert "Her choice too" in words
    answer = post(people, form(people, medicine="none", strength=None)).content.decode()
    assert "No medicine now is her decision, and nothing is ordered by it. Record it with her options." in answer
    assert not Order.objects.exists()


def test_a_card_of_which_her_wish_is_not_known_still_says_what_the_medicine_is():
    option = knowledge().options["sertraline"]
    told = {"id": "sertraline", "name": "Sertraline", "for_her": "It lifts the mood of many people, and they know it well. More.",
            "because": ["Weight: not known", "Sleep: not known"]}  # fmt: skip
    card = _card(told, False, Typed())
    assert option.medicine == card["value"]
    assert (card["words"], card["small"]) == (
        "It lifts the mood of many people, and they know it well.",
        "Weight: not known",
    )
    told["because"] = ["Weight: not known", "Milk: very little reaches it"]
    card = _card(told, False, Typed())
    assert (card["words"], card["small"]) == ("Milk: very little reaches it", "Weight: not known")


def test_a_draft_that_waits_is_seen_before_another_is_begun(people):
    order = a_draft(people)
    words = page(people)
    assert f'href="{address(people, order.pk)}">Go on with it' in words


def test_a_long_acting_injection_is_not_ordered_as_a_dose_a_day(people):
    words = post(people, form(people, medicine="aripiprazole", strength=None, do="check")).content.decode()
    assert "Long-acting injections cannot be ordered here yet." in words
    assert 'value="injection"' not in words


def test_the_fair_trial_stands_beside_the_review_day(people):
    tell(people, said.Condition(text="Major depressive disorder", code="F33.1"))
    entry = decided(people)
    words = page(people, query=f"?decision={entry.pk}")
    assert "A fair trial: " in words
    assert 'id="f-review_on" name="review_on" value="20' in words


def test_a_form_that_could_be_mistaken_for_another_is_chosen_and_never_assumed(people):
    looked(people)
    fields = form(people, ("150 mg", "morning", ""), medicine="bupropion", strength=None, halves=None, made_as="")
    words = post(people, fields).content.decode()
    assert "Choose what it is made as: its tablets and capsules do not all work at one pace." in words
    assert not Order.objects.exists()
    order = a_draft(people, ("150 mg", "morning", ""), medicine="bupropion", strength="150 mg", halves=None,
                    made_as="extended release oral tablet")  # fmt: skip
    assert "Extended Release" in order.product


def test_a_change_keeps_the_form_that_her_order_names(people):
    step = {"from": "2026-01-01", "until": None, "dose": "500 mg", "times_a_day": 1,
            "take": "1 delayed-release tablet each evening"}  # fmt: skip
    old = signed_order(people, medicine="valproate", steps=[step])
    words = page(people, query=f"?replaces={old.pk}")
    assert 'value="delayed release oral tablet" selected' in words
    unsure = signed_order(people, medicine="bupropion", steps=[{**step, "take": "1 tablet each morning"}])
    assert '<option value="">Choose</option>' in page(people, query=f"?replaces={unsure.pk}")
