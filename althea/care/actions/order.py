"""An order: drafted, changed, signed, ended. What is signed is exactly what was shown, by a prescriber, once.

`sign` reads the record anew and asks every check again inside its transaction; what was shown then is frozen with the
order. The old order ends on the day the new one begins, the trial takes its step, and everything known of her is looked
at again, all in the same transaction or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from althea.care import audit, outbox, signing
from althea.care import entries as said
from althea.care.actions import last_day, record
from althea.care.actions import trial as trials
from althea.care.actions.findings import AGAIN_AFTER
from althea.care.aside import all_grounds, grounds_of, together
from althea.care.days import today
from althea.care.draft import in_the_record
from althea.care.facts import chart_of
from althea.care.models import Entry, FindingSeen, Order, OrderEnd, Origin, Patient, Role, Stale, User
from althea.care.ready import Prepared, finding_shown, kept, prepared
from althea.care.recheck import recheck
from althea.care.schedule import over
from althea.care.story import REPLACED
from althea.engine.trial import NotAllowed

AGREES = (
    "I have talked over {name} with {prescriber}: what it may do for me, what it may do to me, and what else there is. "
    "I agree to take it. I may change my mind at any time."
)
"""What she agrees to at the visit, before her prescriber puts it into the words they used."""


class NotNow(Exception):
    """This cannot be done; its words say why, and what can."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a draft says. `tablets`, `answers`, `trial`: what it keeps beside its fields until it is signed."""

    medicine: str
    steps: list[dict[str, Any]]
    product: str = ""
    rxcui: str = ""
    route: str = "oral"
    as_needed: bool = False
    stops: bool = False
    why: str = ""
    words: str = ""
    review_on: date | None = None
    decision: Entry | None = None
    replaces: Order | None = None
    tablets: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, dict[str, str]] = field(default_factory=dict)
    trial: dict[str, str] = field(default_factory=dict)

    def fields(self) -> dict[str, Any]:
        """As the row holds them."""
        return {
            "medicine": self.medicine, "product": self.product, "rxcui": self.rxcui, "route": self.route,
            "as_needed": self.as_needed, "stops": self.stops, "steps": self.steps, "why": self.why,
            "words": self.words, "review_on": self.review_on, "decision": self.decision, "replaces": self.replaces,
            "findings": {"tablets": self.tablets, "answers": self.answers, "trial": self.trial},
        }  # fmt: skip


@transaction.atomic
def draft(*, patient: Patient, asked: Asked, by: User, at: datetime) -> Order:
    """A draft. Nothing is ordered by it."""
    _hers(patient, asked)
    order: Order = Order.objects.create(patient=patient, drafted_by=by, drafted_at=at, **asked.fields())
    audit.write(clinic=patient.clinic, by=by, verb="drafted order", at=at, patient=patient, about=f"order {order.pk}")
    return order


@transaction.atomic
def change(*, order: Order, seen: int, asked: Asked, by: User, at: datetime) -> Order:
    """Change a draft that was seen in this version. Raises Stale where somebody changed it since."""
    _still_a_draft(order)
    _hers(order.patient, asked)
    order.put(seen=seen, drafted_by=by, drafted_at=at, **asked.fields())
    patient = order.patient
    audit.write(clinic=patient.clinic, by=by, verb="changed draft", at=at, patient=patient, about=f"order {order.pk}")
    return order


@transaction.atomic
def answer(*, order: Order, seen: int, answers: dict[str, dict[str, str]], scale: str, by: User, at: datetime) -> Order:
    """What was done about its findings and checks, and the scale of the trial it begins."""
    _still_a_draft(order)
    before = kept(order)
    both = {**before.get("answers", {}), **answers}
    told = {**before.get("trial", {}), **({"scale": scale} if scale else {})}
    order.put(seen=seen, findings={**before, "answers": both, "trial": told})
    patient = order.patient
    audit.write(clinic=patient.clinic, by=by, verb="answered draft", at=at, patient=patient, about=f"order {order.pk}")
    return order


@transaction.atomic
def discard(*, order: Order, seen: int, by: User, at: datetime) -> None:
    """Take a draft away. A signed order is never taken away: it ends."""
    _still_a_draft(order)
    gone, _ = Order.objects.filter(pk=order.pk, version=seen, signed_at__isnull=True).delete()
    if not gone:
        raise Stale(Order.objects.get(pk=order.pk))
    patient = order.patient
    audit.write(clinic=patient.clinic, by=by, verb="discarded draft", at=at, patient=patient, about=f"order {order.pk}")


@transaction.atomic
def agreed_at_visit(*, order: Order, text: str, by: User, at: datetime) -> Entry:
    """She agreed to this text at the visit. It is hers, written down by her prescriber."""
    _still_a_draft(order)
    if order.decision_id is None:
        raise NotNow("This order stands on no decision of hers. Record her decision first.")
    body = said.Consent(decision=str(order.decision_id), text=text, how="at the visit")
    return record.add(
        patient=order.patient, body=body, on=today(order.patient, at), origin=Origin.HERS, by=by, at=at
    )  # fmt: skip


@transaction.atomic
def sign(*, order: Order, proof: signing.Proof, shown: str, by: User, at: datetime) -> Order:
    """Sign it. Raises NotNow, `signing.NotSigned` or Stale with nothing done.

    Two tabs, a double click, the back button: the second finds it signed and is told so.
    """
    member = getattr(by, "member", None)
    if member is None or member.role != Role.PRESCRIBER:
        raise NotNow("Only a prescriber signs an order.")
    locked = Order.objects.select_for_update(of=("self",)).select_related("patient__clinic").filter(pk=order.pk).first()
    if locked is None:
        raise NotNow("This draft was discarded. Nothing was signed.")
    _still_a_draft(locked)
    if locked.replaces_id is not None:
        Order.objects.select_for_update().get(pk=locked.replaces_id)  # of two that replace it, the second waits
    ready = prepared(locked, by, at)
    _same_as_shown(ready, shown)
    if ready.lacking:
        raise NotNow(" ".join(words for _, words in ready.lacking))
    try:
        with transaction.atomic():
            signature = signing.sign(signer=by, proof=proof, digest=ready.digest, shown=shown, at=at)
    except IntegrityError:
        raise Stale(locked) from None
    locked.put(
        seen=order.version, signature=signature, signed_at=at, knowledge=ready.shown["knowledge"],
        findings={**kept(locked), "shown": ready.shown},
    )  # fmt: skip
    patient = locked.patient
    _end_the_old(locked, by, at)
    _write_findings(ready, by, at)
    last_day.seen_to(locked, words="A new order was signed.", by=by, at=at)
    _step_the_trial(ready, locked, by, at)
    audit.write(clinic=patient.clinic, by=by, verb="signed order", at=at, patient=patient, about=f"order {locked.pk}")
    outbox.add(
        clinic=patient.clinic, kind="update", patient=patient, at=at, link="/medicine", send_key=f"order/{locked.pk}"
    )
    recheck(patient, at)
    return locked


@transaction.atomic
def end(*, order: Order, on: date, why: str, herself: bool, by: User, at: datetime) -> OrderEnd:
    """It no longer runs from that day on. What is known of her is looked at again.

    `herself`: she stopped it; her trial is left, as she may at any time, and her team is told. Else it is over.
    """
    if order.signed_at is None:
        raise NotNow("A draft does not end: discard it.")
    if hasattr(order, "end"):
        raise NotNow(f"It has ended already, on {order.end.on:%-d %B %Y}.")
    try:
        with transaction.atomic():
            row: OrderEnd = OrderEnd.objects.create(order=order, on=on, why=why, by=by, at=at)
    except IntegrityError:
        raise NotNow("Somebody ended it a moment ago. Reload the page to see how.") from None
    patient = order.patient
    audit.write(clinic=patient.clinic, by=by, verb="ended order", at=at, patient=patient, about=f"order {order.pk}")
    outbox.add(
        clinic=patient.clinic, kind="update", patient=patient, at=at, link="/medicine", send_key=f"order-end/{order.pk}"
    )
    last_day.seen_to(order, words="The order was ended.", by=by, at=at)
    live = trials.live_of(patient, order.medicine)
    if live is not None and not _runs_beside(order, today(patient, at)):
        if herself:
            trials.leave(trial=live, words=why, by=by, at=at)
        else:
            trials.stop(trial=live, why=why, by=by, at=at)
    recheck(patient, at)
    return row


def _runs_beside(order: Order, on: date) -> bool:
    """Does another signed order of this medicine go on?"""
    others = Order.objects.filter(patient=order.patient, medicine=order.medicine, signed_at__isnull=False)
    others = others.filter(end__isnull=True).exclude(pk=order.pk).select_related("end")
    return any(not over(one, on) for one in others)


def _still_a_draft(order: Order) -> None:
    if order.signed_at is not None:
        raise NotNow("This order is signed. A signed order does not change: replace it with a new one, or end it.")


def _hers(patient: Patient, asked: Asked) -> None:
    """What a draft stands on is of the same woman, whatever the form said."""
    for row in (asked.replaces, asked.decision):
        if row is not None and row.patient_id != patient.pk:
            raise NotNow("That belongs to another record. Nothing was saved.")


def _same_as_shown(ready: Prepared, shown: str) -> None:
    """A signature counts for the text that was on the page, and for nothing that came up since."""
    if ready.digest == shown:
        return
    new = [words for key, words in ready.lacking if key == "findings"]
    raise signing.NotSigned(f"{signing.CHANGED} {' '.join(new)}".strip())


def _write_findings(ready: Prepared, by: User, at: datetime) -> None:
    """Each finding as it was answered. One that was only shown says so; it sets nothing aside. What was set aside
    before keeps its day. An answer is to the same finding in her record too, however that calls it."""
    chart = chart_of(ready.order.patient)
    for one in ready.reviewed.found:
        row = finding_shown(one, ready.answers)
        if row["answer"] == FindingSeen.Answer.SHOWN or one.aside is not None:
            continue
        overridden = row["answer"] == FindingSeen.Answer.OVERRIDDEN
        alike = in_the_record(one, ready.order, chart, ready.on)
        FindingSeen.objects.create(
            patient=ready.order.patient, order=ready.order, rule=row["rule"], reason=row["reason"], level=row["level"],
            grounds=together((all_grounds((one.finding,)), *map(grounds_of, alike))),
            title=row["title"][:140], answer=row["answer"], code=row["code"][:40], words=row["words"],
            until=ready.on + AGAIN_AFTER if overridden else None, knowledge=row["knowledge"], by=by, at=at,
        )  # fmt: skip


def _end_the_old(order: Order, by: User, at: datetime) -> None:
    """The order it replaces ends on the day this one begins."""
    if order.replaces_id is None:
        return
    begins = date.fromisoformat(order.steps[0]["from"])
    why = "She stops it by a plan" if order.stops else REPLACED
    try:
        with transaction.atomic():
            OrderEnd.objects.create(order_id=order.replaces_id, on=begins, why=why, by=by, at=at)
    except IntegrityError:
        raise NotNow(
            "The order that this one replaces has ended already. Discard this draft and begin again."
        ) from None


def _step_the_trial(ready: Prepared, order: Order, by: User, at: datetime) -> None:
    """A first order with her decision begins a trial; one that replaces changes its dose; a plan to stop ends it."""
    try:
        if ready.trial is not None and order.stops:
            last_dose = date.fromisoformat(order.steps[-1].get("until") or order.steps[-1]["from"])
            trials.stop(trial=ready.trial, why=order.why, by=by, at=at, last_dose=last_dose)
        elif ready.trial is not None:
            trials.change_dose(trial=ready.trial, order=order, why=order.why, by=by, at=at)
        elif ready.begins is not None:
            have = ["signed order", *(["consent"] if ready.consent is not None else [])]
            if not any(one.open for one in ready.checks):
                have.append("baseline checks")
            trials.start(
                patient=order.patient, order=order, problem=ready.begins.problem[:200], scale=ready.begins.scale, by=by,
                at=at, weeks=ready.begins.weeks, review_on=order.review_on, decision=order.decision, have=have,
            )  # fmt: skip
    except NotAllowed as sorry:
        raise NotNow(str(sorry)) from None
