"""What stands in the latest look at everybody of one woman?  Written anew whenever she is looked at.

`care/everyone.py` goes round; `care/recheck.py` keeps her rows true between two rounds, in the transaction of the
change it follows. The row of the woman is held while her findings are replaced, so that two changes at once leave one
set of rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from althea.care.aside import Aside
from althea.care.models import Patient, Sweep, SweepFinding, SweepWoman
from althea.engine.finding import Finding, Review

FACTS_SHOWN = 3
LONGEST = 300
Since = dict[tuple[str, str], datetime]
"""(rule, reason) -> when it was first found."""
FRESH = (Sweep.State.DONE, Sweep.State.RUNNING)


@transaction.atomic
def keep(patient: Patient, found: Review, *, stage: str, aside: Aside, at: datetime) -> None:
    """Bring her rows up to date: in the latest sweep, and in the one under way if it has come past her already."""
    rows = list(SweepWoman.objects.select_for_update().filter(patient=patient, sweep__state__in=FRESH))
    latest = Sweep.objects.filter(clinic_id=patient.clinic_id, state=Sweep.State.DONE).first()
    if latest is not None and latest.pk not in {one.sweep_id for one in rows}:
        rows.append(SweepWoman.objects.get_or_create(sweep=latest, patient=patient, defaults={"stage": stage})[0])
    before = since(patient, [one.sweep_id for one in rows]) if rows else {}
    for woman in rows:
        put(woman, found, stage=stage, aside=aside, before=before, at=at)


def put(
    woman: SweepWoman, found: Review, *, stage: str, aside: Aside, before: Since,
    at: datetime,
) -> None:  # fmt: skip
    """Replace what one sweep holds of her. `before`: since when her findings are known, as `since` gives it."""
    SweepFinding.objects.filter(sweep_id=woman.sweep_id, patient_id=woman.patient_id).delete()
    SweepFinding.objects.bulk_create(
        SweepFinding(
            sweep_id=woman.sweep_id, patient_id=woman.patient_id, rule=one.rule, reason=reason_of(one),
            rank=SweepFinding.LEVELS.index(one.level.word), title=one.title, why=why(one), stage=stage,
            aside=left is None, since=before.get((one.rule, reason_of(one)), at),
        )
        for left, one in ((left, left or whole) for whole in found.findings for left in (aside.open(whole),))
    )  # fmt: skip
    woman.stage, woman.missing, woman.failed = stage, missing(found), ""
    woman.save(update_fields=["stage", "missing", "failed"])


def since(patient: Patient, sweeps: Collection[UUID]) -> Since:
    """Since when is each of her findings there, as these sweeps know it?  The same reason by another rule is new: on
    valproate without contraception, and then pregnant."""
    rows = SweepFinding.objects.filter(sweep__in=sweeps, patient=patient).order_by("-since")
    return {(rule, reason): at for rule, reason, at in rows.values_list("rule", "reason", "since")}


def reason_of(finding: Finding) -> str:
    return "/".join(finding.reason)[:200]


def why(finding: Finding) -> str:
    """The first facts that made it fire, in a line."""
    words = "; ".join(fact.what for fact in finding.because[:FACTS_SHOWN])
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"


def missing(found: Review) -> dict[str, list[int]]:
    """What no check could be made without, as `SweepWoman.missing` holds it."""
    waiting: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in found.not_checked:
        for words in one.missing or ((f"the check itself ({one.error})",) if one.error else ()):
            row = waiting[words[:120]]
            row[0] += 1
            row[1] = max(row[1], SweepFinding.LEVELS.index(one.could_be.word))
    return dict(waiting)
