"""Who did what, who looked, and can it still be trusted?  The trail: written here and nowhere else.

Each clinic has a chain: a row's digest covers the row and the digest before it, with a key that is not in the
database. Rows hold ids and a verb, never a word of hers. `verify` names the first row that does not fit; the head is
also written outside the database (`anchor`), so that a trail cut short, or an older copy put back, is seen.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from althea.care.models import AuditHead, AuditRow, Clinic, Patient, User

written: ContextVar[int] = ContextVar("audit_rows_written", default=0)
"""How many rows this request wrote: a change that wrote none is refused (`gate.py`)."""


def write(
    *,
    clinic: Clinic,
    by: User | None,
    verb: str,
    at: datetime,
    patient: Patient | None = None,
    about: str = "",
    role: str = "",
) -> None:
    """Add one row. Call it inside the transaction of the change it tells of.  `by` None: Althea itself, on schedule.

    `role`: in which they did it, where they are more than one thing (her nurse may also be somebody she let in).
    """
    with transaction.atomic():
        head, _ = AuditHead.objects.select_for_update().get_or_create(clinic=clinic)
        row = AuditRow(
            clinic=clinic, seq=head.seq + 1, at=at, actor=by, role=role or _role(by, patient), verb=verb,
            patient=patient, about=about,
        )  # fmt: skip
        row.digest = digest_of(row, head.digest)
        row.save()
        AuditHead.objects.filter(pk=head.pk).update(seq=row.seq, digest=row.digest)
    written.set(written.get() + 1)


def _role(by: User | None, patient: Patient | None) -> str:
    """A woman in another woman's record is there as somebody who was let in."""
    if by is None:
        return "system"
    member = getattr(by, "member", None)
    if member is not None:
        role: str = member.role
        return role
    own = getattr(by, "patient", None)
    return "herself" if own is not None and (patient is None or own.pk == patient.pk) else "helper"


def digest_of(row: AuditRow, before: str) -> str:
    """HMAC-SHA-256 over everything the row says and the digest before it."""
    said = [
        before, str(row.clinic_id), row.seq, str(row.pk), row.at.isoformat(), str(row.actor_id or ""), row.role,
        row.verb, str(row.patient_id or ""), row.about,
    ]  # fmt: skip
    return hmac.new(_key(), json.dumps(said).encode(), hashlib.sha256).hexdigest()


def _key() -> bytes:
    return hashlib.sha256(b"althea audit " + settings.ALTHEA_AUDIT_KEY.encode()).digest()


def verify(clinic: Clinic) -> str | None:
    """What is wrong with this clinic's trail?  None: every row fits. Reads the whole chain, row by row."""
    seq, digest = 0, ""
    for row in AuditRow.objects.filter(clinic=clinic).order_by("seq").iterator(chunk_size=2000):
        if row.seq != seq + 1:
            return f"row {seq + 1} is missing" if row.seq > seq else f"row {row.seq} stands twice"
        if not hmac.compare_digest(row.digest, digest_of(row, digest)):
            return f"row {row.seq} was changed, or the one before it"
        seq, digest = row.seq, row.digest
    head = AuditHead.objects.filter(clinic=clinic).first()
    if (head.seq if head else 0, head.digest if head else "") != (seq, digest):
        return f"the trail ends at row {seq}, and its head says {head.seq if head else 0}"
    return _anchored_problem(clinic)


def anchor(clinic: Clinic, at: datetime) -> str:
    """Write where the chain ends to a file outside the database, and return the line."""
    head = AuditHead.objects.filter(clinic=clinic).first()
    line = f"{at.isoformat()} {clinic.pk} {head.seq if head else 0} {head.digest if head else '-'}"
    where = Path(settings.ALTHEA_AUDIT_ANCHOR)
    where.parent.mkdir(parents=True, exist_ok=True)
    with where.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    return line


def _anchored_problem(clinic: Clinic) -> str | None:
    for seq, digest in _anchors(clinic):
        row = AuditRow.objects.filter(clinic=clinic, seq=seq).only("digest").first() if seq else None
        if seq and (row is None or row.digest != digest):
            return f"history gap: the anchor knows row {seq}, and this database does not hold it"
    return None


def _anchors(clinic: Clinic) -> Iterator[tuple[int, str]]:
    where = Path(settings.ALTHEA_AUDIT_ANCHOR)
    if not where.exists():
        return
    for line in where.read_text(encoding="utf-8").splitlines():
        parts = line.split(" ")
        if len(parts) == 4 and parts[1] == str(clinic.pk) and parts[2].isdigit():
            yield int(parts[2]), parts[3]
