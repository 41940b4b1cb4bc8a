"""Her decision, as an entry of its own, and her agreement to what was decided.

An option, "No medicine now" and "Not now" are written down alike: what she saw, what mattered to her, her reason in her
words, and whose choice it mostly was. Where no medicine was chosen the plan says so and has a day to look again. Nobody
but her team is told, and nothing here ever stops her from changing her mind.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from althea.care import audit
from althea.care import entries as said
from althea.care.actions import message, offer, plan, record, worklist
from althea.care.actions.offer import NotNow
from althea.care.choosing import NOT_NOW, digest, in_words, may_be_chosen, medicine_of, option_of
from althea.care.days import today
from althea.care.models import Entry, Offer, Order, Origin, Patient, Stale, User, WorklistItem
from althea.care.typed import Past
from althea.engine.options import NO_MEDICINE

WHOSE = (("hers", "Hers"), ("shared", "Shared"), ("prescriber", "Mine"))
TALKED_OVER = (
    ("benefits and side effects", "Talked about benefits and side effects"),
    ("other options, and none", "Talked about other options, and none"),
    ("what changed since she saw the options", "Talked about what changed since she saw them"),
    ("she has it on her phone", "She has it on her phone"),
)
CHANGED = TALKED_OVER[2][0]
WATCHFUL = "Both of us: no medicine now, we watch how it goes and look again together"
OPEN = "Both of us: not decided yet, we talk about it again"
NEEDS_A_DAY = "Without a medicine, say on which day you look again together."


@transaction.atomic
def decide(
    *,
    offered: Offer,
    seen: int,
    shown: str,
    chosen: str,
    whose: str,
    reasons: str,
    talked_over: Sequence[str],
    review_on: date | None,
    by: User,
    at: datetime,
    changed: bool = False,
    instead: Entry | None = None,
) -> Entry:
    """She decided. The offer closes; `instead` is her earlier decision about it, where she changed her mind.

    `seen`: the version of the offer that was on the page, so that of two who record at once the second is told (Stale).
    `shown`: the digest of the text on the page. `changed`: something is otherwise than she was told, so it must have
    been talked over. Raises NotNow or Past, whose words are the page's.
    """
    patient = offered.patient
    _refuse(offered, shown, chosen, whose, talked_over, review_on, today(patient, at), changed, instead)
    last = offer.newest_reply(offered)
    body = said.Decision(
        about="options", offer=str(offered.pk), seen=digest(offered), chosen=chosen,
        options=[key for key, _ in may_be_chosen(offered.options)], chosen_words=in_words(offered.options, chosen),
        values=list(last.values if last is not None else offered.options.get("values", [])), reasons=reasons,
        whose=whose,  # type: ignore[arg-type]  # one of WHOSE: refused above where it is not
        talked_over=list(talked_over), knowledge=offered.knowledge,
    )  # fmt: skip
    before = instead or _not_acted_on(patient)
    if instead is None:
        offer.close(offer=offered, seen=seen, by=by, at=at, words="She decided.")
    origin = Origin.CLINIC if whose == "prescriber" else Origin.HERS
    entry = record.add(
        patient=patient, body=body, on=today(patient, at), origin=origin, by=by, at=at, supersedes=before
    )
    if before is not None:
        _close(patient, f"consent:{before.pk}", by, at, "She decided otherwise.")
    _agree(patient, offered, chosen, review_on, by, at)
    return entry


def _refuse(
    offered: Offer, shown: str, chosen: str, whose: str, talked_over: Sequence[str], review_on: date | None, on: date,
    changed: bool, instead: Entry | None,
) -> None:  # fmt: skip
    if offered.shared_at is None:
        raise NotNow("She has not seen this yet. Share it with her first.")
    if instead is None and offered.closed_at is not None:
        raise Stale(decision_of(offered) or offered)
    if instead is not None and (instead.patient_id, instead.body.get("offer")) != (
        offered.patient_id, str(offered.pk),
    ):  # fmt: skip
        raise NotNow("That decision was about something else.")
    if instead is not None and Order.objects.filter(decision=instead, signed_at__isnull=False).exists():
        raise NotNow("An order was signed on that decision. Change or stop the order, or prepare options again.")
    if shown != digest(offered):
        raise NotNow("What was on this page is not what she was shown. Reload it, and look again.")
    if chosen not in dict(may_be_chosen(offered.options)):
        raise NotNow("That is not among what she was shown. Pick one of those, or prepare options again with it.")
    if whose not in dict(WHOSE):
        raise NotNow("Say whose choice this mostly was: hers, shared or yours.")
    if not set(talked_over) <= {key for key, _ in TALKED_OVER}:
        raise NotNow("Tick only what is on the list.")
    if changed and CHANGED not in talked_over:
        raise NotNow("Something changed since she saw the options. Talk about it first, and tick that you did.")
    if review_on is None and not medicine_of(chosen):
        raise NotNow(NEEDS_A_DAY)
    if review_on is not None and review_on < on:
        raise Past(on)


def decision_of(offered: Offer) -> Entry | None:
    """What stands decided about this offer. None: nothing."""
    rows = Entry.objects.current().filter(patient_id=offered.patient_id, kind="decision", body__offer=str(offered.pk))
    found: Entry | None = rows.order_by("-recorded_at", "-pk").first()
    return found


def _not_acted_on(patient: Patient) -> Entry | None:
    """Her earlier choice among options, where nothing was signed on it yet: the new one takes its place. What led to a
    signed order stays as what was decided then."""
    rows = Entry.objects.current().filter(patient=patient, kind="decision", body__about="options")
    last: Entry | None = rows.order_by("-on", "-recorded_at", "-pk").first()
    if last is None or Order.objects.filter(decision=last, signed_at__isnull=False).exists():
        return None
    return last


def _agree(patient: Patient, offered: Offer, chosen: str, review_on: date | None, by: User, at: datetime) -> None:
    """The plan says what was agreed, and when it is looked at again; what an earlier choice wrote there goes."""
    before = plan.newest(patient, said.Plan)
    body = said.Plan(**before.body) if before is not None else said.Plan()
    lines = [one for one in body.who_does_what if one not in (WATCHFUL, OPEN)]
    if review_on is None and lines == body.who_does_what:
        return
    passed = body.review_on is not None and body.review_on < today(patient, at)
    new: dict[str, Any] = {"review_on": review_on or (None if passed else body.review_on)}
    if chosen in (NO_MEDICINE, NOT_NOW):
        lines.insert(0, WATCHFUL if chosen == NO_MEDICINE else OPEN)
    option = option_of(offered.options, chosen)
    if option is not None and option["kind"] == "therapy" and option["name"].lower() not in body.therapy.lower():
        new["therapy"] = f"{option['name']}. {body.therapy}".strip().removesuffix(".")
    changed = body.model_copy(update={**new, "who_does_what": lines})
    entry = plan.agree(patient=patient, body=changed, by=by, at=at, instead=before)
    if review_on is not None and review_on <= today(patient, at) + plan.AHEAD:
        plan.due(entry, today(patient, at), at)  # too near to wait for the morning's look


# --- her agreement ---------------------------------------------------------------------------------------------------


def consent_text(decision: Entry, offered: Offer | None) -> str:
    """What does she agree to?  Made of what was decided and of what she was shown, and of nothing else."""
    body = said.Decision(**decision.body)
    shown = offered.options if offered is not None else {}
    option = option_of(shown, body.chosen) or {}
    reasons = [one["for_her"] for one in shown.get("situations", ())]
    lines = [f"You decided on {_plain(body.chosen_words)}{', for ' + ' and '.join(reasons) if reasons else ''}."]
    if option.get("for_her"):
        lines.append(f"What it is: {option['for_her']}")
    if option.get("means"):
        lines.append(f"What it asks of you: {' '.join(option['means'])}")
    if medicine_of(body.chosen):
        lines.append("How much you take and when: that is in the order, which comes after this.")
    talked = [one for one in body.talked_over if one != TALKED_OVER[3][0]]
    lines.append(f"You talked about: {'; '.join(talked)}." if talked else "What you talked about was not written down.")
    when = offered.shared_at if offered is not None else None
    shared = today(decision.patient, when) if when is not None else decision.on
    lines.append(f"What you were shown: the options of {shared:%-d %B %Y}.")
    lines.append("You can change your mind at any time. Ask first how to stop safely.")
    return "\n".join(lines)


def text_digest(text: str) -> str:
    """Which text was on the page?"""
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def consent(*, decision: Entry, text: str, shown: str, how: str, by: User, at: datetime) -> Entry:
    """She agrees to exactly this text. `shown`: the digest of what was on the page. Agreed twice is agreed once."""
    if text_digest(text) != shown:
        raise NotNow("The text changed since this page was shown. Read it again, then say what you think.")
    if not _stands(decision):
        raise NotNow("This decision was changed meanwhile. Look at what stands now.")
    earlier = consent_to(decision)
    if earlier is not None:
        return earlier
    body = said.Consent(decision=str(decision.pk), text=text, how=how)  # type: ignore[arg-type]
    patient = decision.patient
    entry = record.add(patient=patient, body=body, on=today(patient, at), origin=Origin.HERS, by=by, at=at)
    _close(patient, f"consent:{decision.pk}", by, at, "She agreed.")
    return entry


@transaction.atomic
def not_yet(*, decision: Entry, question: str, by: User, at: datetime) -> None:
    """She does not agree yet, or wants to ask something first. It is seen; nobody presses her."""
    patient = decision.patient
    audit.write(
        clinic=patient.clinic, by=by, verb="did not agree yet", at=at, patient=patient, about=f"entry {decision.pk}"
    )
    if question:
        message.write(patient=patient, body=question, by=by, from_her=True, at=at)
    why = "She has a question before she agrees." if question else "She does not want to agree yet."
    worklist.place(
        patient=patient, group=WorklistItem.Group.OTHER, level="info", reason=f"consent:{decision.pk}", why=why,
        action="Open plan", to=f"/patients/{patient.pk}/plan", at=at,
    )  # fmt: skip


@transaction.atomic
def take_back(*, agreed: Entry, by: User, at: datetime) -> None:
    """She takes her agreement back. It counts at once and her team is told; nothing else happens by itself."""
    patient = agreed.patient
    plan.withdraw(entry=agreed, by=by, at=at)
    worklist.place(
        patient=patient, group=WorklistItem.Group.OTHER, level="warning", reason=f"consent:{agreed.body['decision']}",
        why="She took back her agreement.", action="Talk with her", to=f"/patients/{patient.pk}/plan", at=at, tell=True,
    )  # fmt: skip


def consent_to(decision: Entry) -> Entry | None:
    """Her agreement to this decision, if it stands."""
    rows = Entry.objects.current().filter(
        patient_id=decision.patient_id, kind="consent", body__decision=str(decision.pk)
    )
    found: Entry | None = rows.order_by("-recorded_at", "-pk").first()
    return found


def _stands(decision: Entry) -> bool:
    return Entry.objects.current().filter(pk=decision.pk, kind="decision").exists()


def _close(patient: Patient, reason: str, by: User, at: datetime, words: str) -> None:
    for item in WorklistItem.objects.filter(patient=patient, reason=reason, closed_at__isnull=True):
        worklist.close(item=item, by=by, words=words, at=at)


def _plain(name: str) -> str:
    """A name within a sentence: "Sertraline" -> "sertraline", "CBT" stays."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]
