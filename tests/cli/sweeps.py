"""A sweep that never was: what `draw` is handed, with made-up people."""

RUN = {
    "as_of": "2026-11-22",
    "knowledge": "2026.11+abc123",
    "code": "0.1.0",
    "jobs": 2,
    "inputs": [
        {"path": "Patient.ndjson", "bytes": 512_000, "lines": 1400},
        {"path": "MedicationRequest.000.ndjson.gz", "bytes": 3_200_000, "lines": 22_104},
    ],
    "counts": {
        "patients": 1400,
        "adults": 1352,
        "women": 1284,
        "findings_by_rule": {"valproate-not-protected": 10, "lithium-level-overdue": 18},
        "findings_by_level": {"critical": 14, "warning": 97, "info": 210},
        "not_checked_by_reason": {
            "whether she is breastfeeding": 31,
            "Althea's knowledge is for adults: not checked": 48,
        },
        "not_read": {"medicines that are not in Althea's knowledge": 64},
        "skipped_types": {"Claim": 5100, "Immunization": 48},
    },
    "bad_lines": [{"file": "Observation.ndjson", "line": 17, "why": "not JSON: it ends in the middle"}],
    "seconds": {"read": 4.2, "check": 6.1},
    "peak_mb": 310.4,
}
TITLES = {
    "valproate-not-protected": ("critical", "Valproate, and a pregnancy is not known to be prevented."),
    "ssri-tamoxifen": ("critical", "Paroxetine can weaken tamoxifen."),
    "lithium-level-overdue": ("warning", "The lithium level is overdue."),
    "lamotrigine-estrogen": ("warning", "An estrogen pill can halve the lamotrigine level."),
    "metabolic-checks": ("warning", "No weight or glucose on an antipsychotic."),
    "folic-acid": ("warning", "Folic acid is worth talking about."),
}
BY_STAGE = [
    {"rule": rule, "level": TITLES[rule][0], "title": TITLES[rule][1], "stage": stage, "women": women}
    for rule, cells in {
        "lithium-level-overdue": {
            "cycle": 7,
            "trying": 1,
            "pregnant": 3,
            "postpartum": 1,
            "perimenopause": 4,
            "after": 2,
        },
        "valproate-not-protected": {"cycle": 6, "trying": 1, "pregnant": 1, "perimenopause": 2, "not known": 3},
        "ssri-tamoxifen": {"perimenopause": 1, "after": 2},
        "lamotrigine-estrogen": {"cycle": 11, "postpartum": 1},
        "metabolic-checks": {
            "cycle": 9,
            "pregnant": 1,
            "postpartum": 2,
            "perimenopause": 8,
            "after": 7,
            "does not apply": 5,
        },
        "folic-acid": {"cycle": 12, "trying": 2},
    }.items()
    for stage, women in cells.items()
]
NOT_CHECKED = [
    {"missing": "whether she is breastfeeding", "checks": 4, "women": 31, "could_be": "warning"},
    {"missing": "whether she is pregnant", "checks": 9, "women": 212, "could_be": "critical"},
    {"missing": "her weight", "checks": 2, "women": 55, "could_be": "info"},
]


def finding(
    patient: str, rule: str, *, stage: str = "cycle", age: int | None = 29, because: str = ""
) -> dict[str, object]:
    level, title = TITLES[rule]
    return {
        "patient_id": patient,
        "rule": rule,
        "level": level,
        "title": title,
        "because": because or "takes valproate 500 mg a day (2026-04-02); contraception: condoms (2026-06-08)",
        "first_fact_on": "2026-04-02",
        "source": "valproate-label#Boxed Warning",
        "knowledge": "2026.11+abc123",
        "stage": stage,
        "age": age,
    }


FINDINGS = [
    finding("w-0017", "valproate-not-protected", stage="pregnant"),
    finding("w-0017", "folic-acid", stage="pregnant", because="pregnant, 5 weeks (2026-11-18)"),
    finding("w-0342", "valproate-not-protected", stage="trying", age=34),
    finding(
        "w-1201",
        "ssri-tamoxifen",
        stage="after",
        age=54,
        because="takes paroxetine 20 mg a day (2026-01-10); takes tamoxifen (2026-06-02)",
    ),
    finding(
        "4a7c1e52-0c40-4a0e-9f9f-5c8f0a6f7b11",
        "lithium-level-overdue",
        stage="postpartum",
        age=31,
        because="last lithium level 0.52 mmol/L (2026-04-21)",
    ),
    finding(
        "w-0900", "metabolic-checks", stage="not known", age=None, because="takes olanzapine 10 mg a day (2025-08-01)"
    ),
]
