"""A word in everything the record holds of a woman, so that a leak anywhere shows: `canary(maya)` is in no answer that
is not for those who look after her."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from althea.care import entries as said
from althea.care.access import PROXY_MAY
from althea.care.actions import record
from althea.care.models import (
    CheckIn,
    CheckInAnswer,
    Entry,
    Intake,
    IntakeAnswer,
    Member,
    Message,
    Offer,
    OfferReply,
    Order,
    Origin,
    Patient,
    Proxy,
    Signature,
    Sweep,
    SweepFinding,
    SweepWoman,
    Trial,
    User,
    Visit,
    WorklistItem,
)
from tests.people import NOW

TODAY = date(2026, 6, 9)


def canary(patient: Patient) -> str:
    return f"canary{str(patient.pk).replace('-', '')[:12]}"


@dataclass
class Hers:
    """Ids of what one woman has, by the names that routes use."""

    patient: Patient
    order: Order
    draft: Order
    trial: Trial
    check_in: CheckIn
    offer: Offer
    intake: Intake
    item: WorklistItem
    entry: object
    message: Message
    visit: Visit
    proxy: Proxy
    decision: Entry


def fill(patient: Patient, member: Member) -> Hers:
    """One of everything, her canary in every text."""
    word, by = canary(patient), member.user
    Patient.objects.filter(pk=patient.pk).update(confidant=word, phone="555 0199")
    bodies: list[said.Body] = [
        said.Condition(text=word, code="F33.1"),
        said.Episodes(illness="depression", number=3),
        said.Allergy(text=word, reaction=word),
        said.Result(measure="tsh", value=2, unit="mIU/L"),
        said.Score(scale="phq-9", total=13, items={"item 9": 0}),
        said.LifeStage(topic="breastfeeding", value="yes"),
        said.Medicine(text=word, running=True, why_stopped=word),
        said.Goal(words=word, measure=word, first="x"),
        said.GoalTold(goal="x", measure=word, told=word),
        said.Plan(therapy=word, support=word),
        said.SafetyPlan(lines=[word]),
        said.Talked(severity=word, tried=word, weighed=[word]),
        said.Decision(about="options", chosen="sertraline", chosen_words=word, reasons=word, whose="hers"),
        said.SideEffect(what=word, since=TODAY),
        said.Symptom(words=word),
    ]
    for body in bodies:
        entry = record.add(patient=patient, body=body, on=TODAY, origin=Origin.HERS, by=by, at=NOW)
    signature = Signature.objects.create(signer=by, digest=uuid4().hex, method="totp", at=NOW)
    steps = [{"from": "2026-05-07", "until": None, "dose": "50 mg", "times_a_day": 1, "take": word, "when": word}]
    shared = {"patient": patient, "medicine": "sertraline", "steps": steps, "why": word, "words": word}
    order = Order.objects.create(
        **shared, drafted_by=by, drafted_at=NOW, signed_at=NOW, signature=signature, knowledge="2026.11"
    )
    draft = Order.objects.create(**shared, drafted_by=by, drafted_at=NOW)
    trial = Trial.objects.create(
        patient=patient, medicine="sertraline", state="titrating", problem=word, scale="phq-9", weeks=8,
        started_on=TODAY - timedelta(days=30), created_at=NOW,
    )  # fmt: skip
    check_in = CheckIn.objects.create(patient=patient, trial=trial, due_on=TODAY, scales=["phq-9"])
    CheckInAnswer.objects.create(check_in=check_in, question="words", value=word, at=NOW)
    offer = Offer.objects.create(
        patient=patient, options={}, words=word, knowledge="2026.11", prepared_by=by, prepared_at=NOW, shared_at=NOW
    )
    OfferReply.objects.create(offer=offer, questions=word, at=NOW)
    intake = Intake.objects.create(patient=patient, sent_at=NOW)
    IntakeAnswer.objects.create(intake=intake, question="why", value=word, at=NOW)
    item = WorklistItem.objects.create(
        patient=patient, group="review", level="info", reason="test", why=word, action="Review trial", opened_at=NOW
    )
    message = Message.objects.create(patient=patient, sender=by, from_her=False, body=word, at=NOW)
    visit = Visit.objects.create(patient=patient, member=member, at=NOW + timedelta(hours=1), what=word)
    sweep, _ = Sweep.objects.get_or_create(
        clinic=patient.clinic, state="done", defaults={"asked_at": NOW, "beat_at": NOW, "ended_at": NOW}
    )
    SweepWoman.objects.create(sweep=sweep, patient=patient, stage="cycle", missing={word: [1, 2]})
    SweepFinding.objects.create(
        sweep=sweep, patient=patient, rule="valproate-pregnant", reason=word, rank=2, title=word, why=word,
        stage="cycle", since=NOW,
    )  # fmt: skip
    proxy = let_somebody_in(patient)
    decision = Entry.objects.filter(patient=patient, kind="decision").latest("recorded_at")
    return Hers(patient, order, draft, trial, check_in, offer, intake, item, entry, message, visit, proxy, decision)


def let_somebody_in(patient: Patient, user: User | None = None) -> Proxy:
    """Somebody she trusts, who may see all that can be allowed; without `user`, one who is in no test."""
    user = user or User.objects.create_user(f"{uuid4()}@example.org", None, name=canary(patient))
    return Proxy.objects.create(
        patient=patient, user=user, called=canary(patient), email=user.email, may=list(PROXY_MAY),
        until=datetime(2999, 1, 1, tzinfo=UTC), digest=uuid4().hex, invited_at=NOW, accepted_at=NOW,
    )  # fmt: skip
