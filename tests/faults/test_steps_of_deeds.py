"""A fault at every step of the deeds that weigh most, each filled in as it would be: all of it, or nothing.

`test_steps.py` walks the forms as they stand; a form that must be filled in goes through only here.
"""

from urllib.parse import urlsplit

import pytest
from django.core.cache import cache

from althea.care import entries as said
from althea.care.models import Entry, FindingSeen, Offer, Order, Patient, Signature
from tests.care.choosing import SEEN, after_a_birth, decided, drafted, shared
from tests.care.test_facts import an_order, looked
from tests.care.walking import Forms
from tests.clinic import prescribing
from tests.clinic.prescribing import codes
from tests.clinic.reviewing import a_trial, maya, on
from tests.faults.test_steps import every_step
from tests.people import signed_in

__all__ = ["codes", "maya", "on"]  # fixtures
pytestmark = pytest.mark.django_db
VALPROATE = [{"from": "2026-04-09", "until": None, "dose": "500 mg", "times_a_day": 1}]


def form_in(page, address, action, **given):
    """(where it is sent, its fields as they stand with what is filled in) of the form of this page."""
    for there, sent in Forms(page, address).found:
        if urlsplit(there).path.endswith(action):
            left_out = ("key", "csrfmiddlewaretoken")
            return there, {name: value for name, value in sent if name not in left_out} | given
    raise AssertionError(f"No form of {address} is sent to {action}.")


def goes_through(people, page, action, done, between=lambda: None, **given):
    client = signed_in(people.marchetti.user)
    address = f"/patients/{people.maya.pk}{page}"
    there, fields = form_in(client.get(address).content.decode(), address, action, **given)
    assert every_step(client, there, fields, done, between) >= 4


def test_options_are_prepared(people):
    after_a_birth(people)
    goes_through(people, "/options?anew=1", "/options/prepare", lambda: Offer.objects.count() == 1,
                 candidate=["sertraline", "escitalopram"])  # fmt: skip


def test_options_are_shared(people):
    after_a_birth(people)
    draft = drafted(people)
    goes_through(people, "/options?draft=1", "/options/share",
                 lambda: Offer.objects.get(pk=draft.pk).shared_at is not None, words="We talk.")  # fmt: skip


def test_it_is_decided(people):
    after_a_birth(people)
    shared(people)
    goes_through(people, "/options", "/options/decide", lambda: Entry.objects.filter(kind="decision").count() == 1,
                 chosen="sertraline", whose="hers", reasons="x", talked_over=list(SEEN), review_on="")  # fmt: skip


def test_she_agrees_to_it(people):
    after_a_birth(people)
    decided(people, shared(people))
    goes_through(people, "/options", "/options/consent", lambda: Entry.objects.filter(kind="consent").count() == 1)


def test_an_order_is_drafted(people, codes):
    prescribing.looked(people)
    given = prescribing.form(people)
    by = signed_in(people.marchetti.user)
    assert every_step(by, prescribing.address(people), given, lambda: Order.objects.count() == 1) >= 4


def test_an_order_is_signed(people, codes):
    """A code is good for once, whatever became of the form it was sent with; here each try has a fresh one."""
    prescribing.looked(people)
    order, given = prescribing.a_draft(people), {"code": prescribing.code_of(people.marchetti), "passkey": ""}
    done = lambda: Signature.objects.count() == 1  # noqa: E731
    goes_through(people, f"/orders/{order.pk}/sign", "/sign", done, between=cache.clear, **given)


def test_a_trial_is_reviewed_and_decided(people, maya):
    client, address = signed_in(people.marchetti.user), f"/patients/{people.maya.pk}/trials/{maya.pk}/review"
    page = client.get(f"{address}?choose=continue_and_recheck").content.decode()
    there, stands = form_in(page, address, "/decide")
    given = {name: stands[name] for name in ("seen", "shown_dose", "review_on")}
    given |= {"chosen": "continue_and_recheck", "whose": "hers", "reasons": "I want my evenings back."}
    assert every_step(client, there, given, lambda: Entry.objects.filter(kind="decision").count() == 1) >= 6


def test_a_score_from_paper_with_a_word_on_self_harm_is_entered(people, on):
    trial = a_trial(people, on, scale="epds")
    given = {"score-scale": "epds", "score-on": on.isoformat(), "score-total": "14", "score-harm": "2"}
    by, done = signed_in(people.nurse.user), lambda: Entry.objects.filter(kind="score").count() == 1
    assert every_step(by, f"/patients/{people.maya.pk}/trials/{trial.pk}/review/score", given, done) >= 6


def test_results_are_written_down(people, on):
    given = {"measure": ["tsh"], "value": ["2.1"], "unit": ["mIU/L"], "on": [on.isoformat()]}
    by, done = signed_in(people.nurse.user), lambda: Entry.objects.filter(kind="result").count() == 1
    assert every_step(by, f"/patients/{people.maya.pk}/labs/add", given, done) >= 4


def test_a_finding_is_set_aside(people):
    looked(people)
    an_order(people, medicine="valproate", steps=VALPROATE)
    client, address = signed_in(people.marchetti.user), f"/patients/{people.maya.pk}/"
    there, fields = form_in(client.get(address).content.decode(), address, "/override")
    asks = client.post(there, {"key": "7c9e6679-7425-40de-944b-e07fc1f90ae7", **fields}).content.decode()
    there, fields = form_in(asks, there, "/override", code="will-monitor", words="We watch it.", again="")
    assert every_step(client, there, fields, lambda: FindingSeen.objects.count() == 1) >= 4


def test_a_woman_is_registered(people):
    given = {"name": "Nora Bell", "born_on": "1996-05-05", "email": "nora@example.org", "why": "Low mood",
             "prescriber": str(people.marchetti.pk)}  # fmt: skip
    steps = every_step(signed_in(people.desk.user), "/patients/new", given,
                       lambda: Patient.objects.filter(name="Nora Bell").count() == 1)  # fmt: skip
    assert steps >= 5


def test_a_medicine_from_elsewhere_is_written_down(people):
    given = {"runs": "now", "unit": "mg", "do": "save", "what": "Advil", "dose": "400", "times": "3", "whom": "midwife"}
    address = f"/patients/{people.maya.pk}/medicines/add"
    done = lambda: Entry.objects.filter(kind=said.Medicine.kind).count() == 1  # noqa: E731
    assert every_step(signed_in(people.marchetti.user), address, given, done) >= 4
