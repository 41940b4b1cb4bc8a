"""Which elements of a resource does any reader look at?  The rest of a kept line is passed over when it is read again.

A test looks through the readers of `althea/fhir` for a name that does not stand here, so that a sweep cannot know less
of a woman than a card does.
"""

from __future__ import annotations

CODED = ("resourceType", "id", "status", "code", "note")
VALUES = (
    "valueQuantity", "valueCodeableConcept", "valueString", "valueInteger", "valueBoolean", "valueDateTime",
    "valueDecimal", "dataAbsentReason",
)  # fmt: skip
DRUG = (
    "resourceType", "id", "status", "intent", "note", "contained", "medicationCodeableConcept", "medicationReference",
    "medication", "dosageInstruction", "dosage", "dispenseRequest", "authoredOn", "dateAsserted", "dateWritten",
    "effectiveDateTime", "effectivePeriod", "reportedBoolean", "reportedReference", "doNotPerform",
    "priorPrescription",
)  # fmt: skip
ELEMENTS: dict[str, tuple[str, ...]] = {
    "Patient": ("resourceType", "id", "gender", "birthDate", "deceasedBoolean", "deceasedDateTime"),
    "MedicationRequest": DRUG,
    "MedicationStatement": DRUG,
    "Medication": ("resourceType", "id", "code", "form", "ingredient"),
    "Condition": (
        *CODED, "category", "clinicalStatus", "verificationStatus", "onsetDateTime", "onsetPeriod", "recordedDate",
        "dateRecorded", "assertedDate", "abatementDateTime", "abatementPeriod",
    ),
    "AllergyIntolerance": (*CODED, "clinicalStatus", "verificationStatus", "reaction"),
    "Observation": (
        *CODED, *VALUES, "component", "effectiveDateTime", "effectivePeriod", "effectiveInstant", "issued",
    ),
}  # fmt: skip
"""By type of resource."""
