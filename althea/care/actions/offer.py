"""Preparing options for her, sharing them, and what she answers on her phone, on as many evenings as she likes.

What is shared is frozen: nothing changes it afterwards, and the trail holds its digest. New facts, or another edition
of the knowledge, are a new offer; the old one is closed and kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from althea.care import audit, outbox
from althea.care.actions import worklist
from althea.care.choosing import changed_since, digest, option_of
from althea.care.days import today
from althea.care.facts import chart_of
from althea.care.models import Offer, OfferReply, Patient, User, WorklistItem
from althea.care.offers_again import OTHERWISE
from althea.engine.options_order import topics_of
from althea.engine.options_shown import Options

SHOWN = 120
"""Characters of her questions that the worklist shows."""


class NotNow(Exception):
    """This cannot be done any more, or not yet; its words are the page's."""


@transaction.atomic
def prepare(
    *, patient: Patient, options: Options, by: User, at: datetime, draft: Offer | None = None, seen: int | None = None
) -> Offer:
    """A draft that only her team sees. With `draft` that one is made anew; raises Stale where somebody did so first."""
    if draft is not None and (draft.shared_at is not None or draft.closed_at is not None):
        raise NotNow("She has been shown this one. Prepare a new one: what she saw is kept as it was.")
    values = {"options": options.as_shown(), "knowledge": options.knowledge}
    if draft is None:
        for older in Offer.objects.filter(patient=patient, shared_at__isnull=True, closed_at__isnull=True):
            older.patient = patient
            close(offer=older, by=by, at=at, words="Prepared anew.")
        draft = Offer.objects.create(patient=patient, prepared_by=by, prepared_at=at, **values)
    else:
        draft.put(seen=seen, prepared_by=by, prepared_at=at, **values)
    audit.write(
        clinic=patient.clinic, by=by, verb="prepared options", at=at, patient=patient, about=f"offer {draft.pk}"
    )
    return draft


@transaction.atomic
def share(*, offer: Offer, words: str, by: User, at: datetime, seen: int | None = None) -> Offer:
    """She sees it from now on, exactly as it stands; an earlier open one is closed. A neutral notice goes out."""
    patient = offer.patient
    if offer.closed_at is not None:
        raise NotNow("This one is closed. Prepare a new one.")
    if offer.shared_at is not None:
        raise NotNow("She has been shown this already.")
    if changed_since(offer, chart_of(patient), today(patient, at)):
        raise NotNow("Something changed since this was prepared. Prepare it again, and look it through.")
    for earlier in Offer.objects.filter(patient=patient, shared_at__isnull=False, closed_at__isnull=True):
        earlier.patient = patient
        close(offer=earlier, by=by, at=at, words="Options were prepared anew.")
    offer.put(seen=seen, shared_at=at, words=words)
    audit.write(
        clinic=patient.clinic, by=by, verb="shared options", at=at, patient=patient,
        about=f"offer {offer.pk} {digest(offer)}",
    )  # fmt: skip
    outbox.add(
        clinic=patient.clinic, kind="update", patient=patient, at=at, link="/options", send_key=f"offer/{offer.pk}"
    )
    return offer


@transaction.atomic
def close(*, offer: Offer, by: User, at: datetime, words: str, seen: int | None = None) -> None:
    """It can no longer be answered. It is kept, with all that she said to it."""
    if offer.closed_at is not None:
        raise NotNow("This one is closed already.")
    offer.put(seen=seen, closed_at=at)
    patient = offer.patient
    audit.write(clinic=patient.clinic, by=by, verb="closed options", at=at, patient=patient, about=f"offer {offer.pk}")
    reasons = (f"offer:{offer.pk}", f"{OTHERWISE}{offer.pk}")
    for item in WorklistItem.objects.filter(patient=patient, reason__in=reasons, closed_at__isnull=True):
        worklist.close(item=item, by=by, words=words, at=at)


@transaction.atomic
def reply(
    *, offer: Offer, values: Sequence[str], leaning: str, questions: str, by: User, at: datetime
) -> OfferReply:  # fmt: skip
    """What matters to her, what she leans towards (empty: not sure yet), what she wants to ask. The newest counts."""
    patient = offer.patient
    now = Offer.objects.select_for_update().get(pk=offer.pk)  # it may have been closed since the page was read
    if now.shared_at is None or now.closed_at is not None:
        raise NotNow("These options are no longer open. Nothing of yours is lost: bring it to your visit.")
    if leaning and option_of(offer.options, leaning) is None:
        raise NotNow("That is not among these options. Pick one of them, or “I'm not sure yet”.")
    there = topics_of(offer.options)
    row = OfferReply.objects.create(
        offer=offer, values=list(dict.fromkeys(one for one in values if one in there)), leaning=leaning,
        questions=questions, at=at,
    )  # fmt: skip
    audit.write(
        clinic=patient.clinic, by=by, verb="answered options", at=at, patient=patient, about=f"offer {offer.pk}"
    )
    worklist.place(
        patient=patient, group=WorklistItem.Group.OTHER, level="info", reason=f"offer:{offer.pk}",
        why=_for_the_worklist(questions), action="See what she wrote", to=f"/patients/{patient.pk}/options", at=at,
    )  # fmt: skip
    return row


def newest_reply(offer: Offer) -> OfferReply | None:
    """What she said last. None: nothing yet."""
    found: OfferReply | None = offer.replies.order_by("-at").first()
    return found


def _for_the_worklist(questions: str) -> str:
    line = " ".join(questions.split())
    if not line:
        return "She looked at her options and said what matters to her."
    return f"Her questions for the visit: “{line if len(line) <= SHOWN else line[: SHOWN - 1] + '…'}”"
