"""The least anybody could do: `json.loads`, then one hand-written pass of five rules of five kinds.

No codes looked up in tables, no units, no unknowns, no explanations: a floor that no honest product reaches, and that
does not change when Althea does. Every figure of the bench is a ratio against it, taken in the same run.
"""

from __future__ import annotations

import json
from typing import Any

LITHIUM, NSAIDS = {"6448", "197890"}, {"7258", "5640", "3355"}
VALPROATE = "40254"


def check(text: str) -> list[str]:
    """Five rules over one Bundle: interaction, dose, life stage, monitoring, result."""
    bundle = json.loads(text)
    medicines: set[str] = set()
    dose = 0.0
    conditions: set[str] = set()
    level: float | None = None
    level_on = ""
    pregnant = False
    for entry in bundle["entry"]:
        resource: dict[str, Any] = entry["resource"]
        kind = resource["resourceType"]
        if kind == "MedicationRequest" and resource["status"] == "active":
            code = resource["medicationCodeableConcept"]["coding"][0]["code"]
            medicines.add(code)
            for line in resource.get("dosageInstruction", ()):
                if code in LITHIUM:
                    dose += line["doseAndRate"][0]["doseQuantity"]["value"] * line["timing"]["repeat"]["frequency"]
        elif kind == "Condition":
            conditions.add(resource["code"]["coding"][0]["code"])
        elif kind == "Observation":
            code = resource["code"]["coding"][0]["code"]
            if code == "14334-7" and resource["effectiveDateTime"] > level_on:
                level, level_on = resource["valueQuantity"]["value"], resource["effectiveDateTime"]
            elif code == "82810-3":
                pregnant = resource["valueCodeableConcept"]["coding"][0]["code"] == "77386006"
    findings = []
    if medicines & LITHIUM and medicines & NSAIDS:
        findings.append("lithium with an NSAID")
    if dose > 1800:
        findings.append("lithium dose")
    if VALPROATE in medicines and pregnant:
        findings.append("valproate in pregnancy")
    if medicines & LITHIUM and level_on < "2026-08-01":
        findings.append("lithium level overdue")
    if level is not None and level >= 1.5:
        findings.append("lithium toxic")
    return findings
