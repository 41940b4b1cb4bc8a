"""What order stands half written in the demo?  Laid out as the composer would, so that its checks speak of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from althea.care.actions import order as ordering
from althea.care.models import Entry, Order, Patient, User
from althea.care.regimen import Row, forms_of, lay_out


def half_written(
    *, patient: Patient, told: dict[str, Any], decision: Entry | None, on: date, by: User, at: datetime
) -> Order:
    """Begun and not signed: nothing of it holds. `told`: as `women/README.md` says under `draft`."""
    form = next(one for one in forms_of(told["medicine"]) if one.name == told["form"])
    laid = lay_out([Row(*row) for row in told["steps"]], on, form.tablets(form.strengths, halves=False))
    stops = told.get("stops", False)
    running = Order.objects.filter(patient=patient, medicine=told["medicine"], signed_at__isnull=False, end=None)
    asked = ordering.Asked(
        medicine=told["medicine"], product=f"{told['medicine']} {form.name}", steps=list(laid.steps), why=told["why"],
        stops=stops, replaces=running.first() if stops else None, decision=decision,
        tablets={"form": form.name, "strengths": [], "halves": False},
        trial={"scale": told["scale"]} if "scale" in told else {},
    )  # fmt: skip
    return ordering.draft(patient=patient, asked=asked, by=by, at=at)
