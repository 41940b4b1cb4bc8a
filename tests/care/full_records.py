"""Two women of one prescriber, with everything a record may hold in each of its states: every form there is stands on
a page of theirs. For tests that walk the forms."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.utils import timezone

from althea.care import entries as said
from althea.care import everyone
from althea.care.actions import findings
from althea.care.actions import order as acting
from althea.care.actions.order import Asked
from althea.care.days import today
from althea.care.models import IntakeAnswer, Order, SweepFinding
from althea.care.recheck import review_today
from althea.clinic.panel import key_of
from tests.care.canaries import fill
from tests.care.choosing import after_a_birth, decided, drafted, shared, told
from tests.care.test_facts import an_order, looked
from tests.care.walking import answering, forms_on, name_of, pages_about
from tests.clinic.prescribing import step, with_code
from tests.people import NOW, a_patient, look_after, signed_in

BESIDE = {"staff": "marchetti", "herself": "maya"}
"""Whose pages are walked: Dr Marchetti's and Maya's own."""
VALPROATE = [{"from": "2026-04-09", "until": None, "dose": "500 mg", "times_a_day": 1}]


@pytest.fixture
def both(people):
    """Maya and Noor, each with one of everything."""
    look_after(people.marchetti, people.noor)
    a_patient(people.clinic, "A woman without a team")
    with_code(people.marchetti)
    maya, noor = fill(people.maya, people.marchetti), fill(people.noor, people.marchetti)
    looked(people)
    an_order(people, medicine="valproate", steps=VALPROATE)
    now = timezone.now()
    loud = next(one for one in review_today(people.maya, now).findings if one.level.word == "critical")
    for hers in (maya, noor):
        her = hers.patient
        findings.override(patient=her, finding=loud, code="x", words="x", by=people.marchetti.user, at=now)
        IntakeAnswer.objects.create(
            intake=hers.intake, question="medicines-before", value=[{"what": "sertraline"}, {"what": "lithium"}], at=NOW
        )
        after_a_birth(people, patient=her)
        told(people, said.Score(scale="phq-9", total=9, items={"item 9": 0}), patient=her)
        hers.decision = decided(
            people, shared(people, patient=her, candidates=("aripiprazole", "sertraline")), "aripiprazole"
        )
        Order.objects.filter(pk=hers.draft.pk).update(medicine="aripiprazole", decision=hers.decision)
        asked = Asked(medicine="trazodone", steps=[step(today(her, now))], why="Sleep")
        acting.draft(patient=her, asked=asked, by=people.marchetti.user, at=now)
    everyone.go_round(everyone.begin(clinic=people.clinic, by=None, at=now).pk, now)
    return maya, noor


def every_form(people, audience):
    """Every form of every page of this prescriber, or of hers: (who sends it, the page, where it is sent, its fields,
    what of it is written)."""
    client, now = signed_in(getattr(people, BESIDE[audience]).user), timezone.now()
    client.raise_request_exception = False
    client.post("/changes/feeding/milk", {"key": str(uuid4()), "value": "no"})  # it waits in her session
    of_a_rule = SweepFinding.objects.filter(patient=people.maya, sweep__state="done").order_by("-rank").first()
    yield from walk(client, [*pages_about(people.maya, audience), "/help"])
    if audience == "staff":
        hers = f"/patients/{people.maya.pk}"
        for order in Order.objects.filter(patient=people.maya, signed_at__isnull=False):
            yield from walk(client, [f"{hers}/orders/new?replaces={order.pk}"])
        yield from walk(client, [f"/safety/write?finding={key_of(of_a_rule.rule)}"])
        shared(people)
        yield from walk(client, [f"{hers}/options"])
        drafted(people)
        yield from walk(client, [f"{hers}/options?draft=1"])
        everyone.begin(clinic=people.clinic, by=None, at=now)
        yield from walk(client, ["/safety"])


def walk(client, pages):
    yield from ((client, *form) for form in forms_on(client, pages))


def not_walked(people, audience, walked):
    """The routes that a form may be sent to, and none of these was."""
    client = signed_in(getattr(people, BESIDE[audience]).user)
    client.raise_request_exception = False
    return sorted(answering([audience], lambda policy: client, people.maya) - {name_of(action) for action in walked})
