"""Which words of the FHIR standard and of other vocabularies does Althea read?

Medicines, measures, diagnoses, scales, methods and genes carry their codes in `althea/knowledge`. What stands here is
vocabulary that belongs to no record: systems, statuses, timing, routes, and the table "Codes read for life stage and
scores" of the project's contract with the outside (section 1). Nothing here is a clinical number.
"""

from __future__ import annotations

from fractions import Fraction

# --- systems (http://hl7.org/fhir/R4/terminologies-systems.html) --------------------------------------------

RXNORM = frozenset(("http://www.nlm.nih.gov/research/umls/rxnorm", "urn:oid:2.16.840.1.113883.6.88", "rxnorm"))
LOINC = frozenset(("http://loinc.org", "https://loinc.org", "urn:oid:2.16.840.1.113883.6.1", "loinc"))
SNOMED = frozenset(("http://snomed.info/sct", "https://snomed.info/sct", "urn:oid:2.16.840.1.113883.6.96", "snomed"))
ICD10CM = frozenset(
    (
        "http://hl7.org/fhir/sid/icd-10-cm",
        "https://hl7.org/fhir/sid/icd-10-cm",
        "urn:oid:2.16.840.1.113883.6.90",
        "icd-10-cm",
    )
)
RULES = "urn:althea:rules"
OVERRIDES = "urn:althea:override-reasons"

# --- the contract's table: LOINC -> what is read from it ----------------------------------------------------

STAGE_LOINC = {
    "82810-3": "pregnancy",
    "18185-9": "gestation",
    "11778-8": "due",
    "93857-1": "delivery",
    "76516-4": "infant",
    "63895-7": "breastfeeding",
    "86649-1": "method",
    "86645-9": "intention",
}
TOBACCO_LOINC = {"72166-2": "tobacco", "64218-1": "cigarettes"}
TOTAL_LOINC = {
    "44261-6": "phq-9",
    "70274-6": "gad-7",
    "71354-5": "epds",
    "99046-5": "epds",
    "75626-2": "audit-c",
    "55758-7": "phq-2",
}
ITEM_LOINC = {"44260-8": ("phq-9", "item 9")}
NEVER_READ = frozenset(("79716-7",))
"""CYP2C9: never read as CYP2C19."""
SCALE_ALIASES = {
    "cssrs": "c-ssrs-screener",
    "cssrsscreen": "c-ssrs-screener",
    "asrs": "asrs-v1.1-part-a",
    "qids": "qids-sr16",
    "pcl": "pcl-5",
}
"""Short names people write, squashed. Never "audit": AUDIT is another scale than AUDIT-C."""
ANSWER_SCORES = {"LA6568-5": 0, "LA6569-3": 1, "LA6570-1": 2, "LA6571-9": 3}
"""LOINC answer list LL358-3 (not at all ... nearly every day) and its scores, as in the PHQ-9 form."""
SYMPTOM_TODAY = "symptom reported today"
SYMPTOM_DAYS = 7
"""A line about "today" that is older than a week is history."""

# --- SNOMED CT and LOINC answers for life stage and tobacco -------------------------------------------------

PREGNANCY_SAID = {
    "77386006": "pregnant",
    "60001007": "not pregnant",
    "261665006": "unknown",
    "LA15173-0": "pregnant",
    "LA26683-5": "not pregnant",
    "LA4489-6": "unknown",
}
PREGNANCY_WORDS = {
    "pregnant": "pregnant",
    "currently pregnant": "pregnant",
    "yes": "pregnant",
    "positive": "pregnant",
    "patient currently pregnant": "pregnant",
    "not pregnant": "not pregnant",
    "no": "not pregnant",
    "negative": "not pregnant",
    "not currently pregnant": "not pregnant",
    "unknown": "unknown",
    "possibly pregnant": "unknown",
    "possible": "unknown",
    "pregnancy status unknown": "unknown",
}
YES = frozenset(
    (
        "LA33-6",
        "373066001",
        "yes",
        "y",
        "true",
        "currently",
        "breastfeeding",
        "breast feeding",
        "currently breastfeeding",
        "lactating",
        "exclusively breastfeeding",
        "partially breastfeeding",
        "169741004",
        "169643005",
    )
)
NO = frozenset(
    (
        "LA32-8",
        "373067005",
        "no",
        "n",
        "false",
        "never",
        "not breastfeeding",
        "stopped breastfeeding",
        "bottle feeding",
        "formula feeding",
        "not lactating",
        "stopped",
        "none",
        "169745008",
    )
)
WANTS = (
    "wants to become pregnant",
    "want to become pregnant",
    "trying",
    "wishes to",
    "planning",
    "plans to",
    "plans a pregnancy",
    "wants pregnancy",
    "desires pregnancy",
    "hopes to",
)
WANTS_NOT = (
    "does not want",
    "dont want",
    "do not want",
    "not trying",
    "not planning",
    "no desire",
    "no plans",
    "never",
    "not wish",
    "avoid",
    "not wanted",
)
TOBACCO_SAID = {
    "449868002": "current",
    "428041000124106": "current",
    "77176002": "current",
    "428071000124103": "current",
    "428061000124105": "current",
    "65568007": "current",
    "8517006": "stopped",
    "266919005": "never",
    "LA18976-3": "current",
    "LA18977-1": "current",
    "LA18979-7": "current",
    "LA18981-3": "current",
    "LA18982-1": "current",
    "LA15920-4": "stopped",
    "LA18978-9": "never",
}
TOBACCO_WORDS = (
    ("never", "never"),
    ("non smoker", "never"),
    ("ex smoker", "stopped"),
    ("former", "stopped"),
    ("stopped", "stopped"),
    ("quit", "stopped"),
    ("past smoker", "stopped"),
    ("current", "current"),
    ("every day", "current"),
    ("some day", "current"),
    ("daily", "current"),
    ("smoker", "current"),
    ("smokes", "current"),
)
NO_KNOWN_ALLERGY = frozenset(("716186003", "409137002", "428607008", "429625007"))
NO_ALLERGY_WORDS = frozenset(
    (
        "no known allergies",
        "no known allergy",
        "nkda",
        "nka",
        "no known drug allergies",
        "none",
        "none known",
        "no allergies",
        "nil known",
        "no known drug allergy",
        "no known medication allergies",
    )
)
DELIVERY_DAY = ("O80", "O82", "Z37")
"""ICD-10-CM codes that are given on the day of the birth; other postpartum codes come weeks later."""
WEEKS_CODE = "Z3A"
"""ICD-10-CM: Z3A.14 is 14 weeks of gestation; 08 to 42 are whole weeks, the others say no week."""

# --- statuses (http://hl7.org/fhir/R4/valueset-...) ---------------------------------------------------------

DROPPED_MEDICINE = frozenset(("entered-in-error", "cancelled", "not-taken", "intended"))
PAST_MEDICINE = frozenset(("completed", "stopped", "ended"))
NOT_AN_ORDER = frozenset(("proposal", "plan", "option"))
DROPPED_RESULT = frozenset(("entered-in-error", "cancelled", "registered"))
HERE_NOW = frozenset(("", "active", "recurrence", "relapse"))
NEVER_TRUE = frozenset(("refuted", "entered-in-error"))
SPOILT = (
    "haemoly",
    "hemoly",
    "lipaemic",
    "lipemic",
    "contaminated",
    "clotted",
    "insufficient",
    "unsatisfactory",
    "mislabel",
)
"""Word beginnings in a result's note by which the laboratory takes it back."""

# --- doses (FHIR timing, http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation; UCUM) --------------------

TIMING_CODES = {
    "qd": Fraction(1),
    "daily": Fraction(1),
    "bid": Fraction(2),
    "tid": Fraction(3),
    "qid": Fraction(4),
    "qod": Fraction(1, 2),
    "qhs": Fraction(1),
    "hs": Fraction(1),
    "bed": Fraction(1),
    "am": Fraction(1),
    "pm": Fraction(1),
    "q1h": Fraction(24),
    "q2h": Fraction(12),
    "q3h": Fraction(8),
    "q4h": Fraction(6),
    "q6h": Fraction(4),
    "q8h": Fraction(3),
    "q12h": Fraction(2),
    "wk": Fraction(1, 7),
    "mo": Fraction(1, 30),
    "qw": Fraction(1, 7),
}
MASS_UNITS = {
    "mg": "mg",
    "mcg": "mcg",
    "ug": "mcg",
    "µg": "mcg",
    "μg": "mcg",
    "microgram": "mcg",
    "micrograms": "mcg",
    "g": "g",
    "gram": "g",
    "grams": "g",
    "milligram": "mg",
    "milligrams": "mg",
    "gm": "g",
    "mgs": "mg",
}
COUNT_UNITS = frozenset(
    (
        "tablet",
        "tablets",
        "tab",
        "tabs",
        "tbl",
        "capsule",
        "capsules",
        "cap",
        "caps",
        "pill",
        "pills",
        "caplet",
        "caplets",
        "patch",
        "patches",
        "1",
        "each",
        "ea",
        "film",
        "films",
        "lozenge",
        "lozenges",
        "suppository",
        "suppositories",
        "tablet oral",
        "tabletunit",
        "dose form",
        "extended release tablet",
        "extended release capsule",
        "oral tablet",
        "oral capsule",
    )
)
LIQUID_UNITS = frozenset(
    (
        "ml",
        "l",
        "drop",
        "drops",
        "gtt",
        "drp",
        "tsp",
        "teaspoon",
        "tbsp",
        "puff",
        "puffs",
        "spray",
        "sprays",
        "cl",
        "dl",
    )
)
MOST_COUNTED = 10
"""A dose without any unit is read as tablets up to so many; more at once is more likely another unit."""
ROUTES = {
    "26643006": "oral",
    "78421000": "intramuscular",
    "47625008": "intravenous",
    "34206005": "subcutaneous",
    "46713006": "intranasal",
    "45890007": "transdermal",
    "37839007": "sublingual",
    "54471007": "buccal",
    "6064005": "topical",
    "16857009": "vaginal",
    "37161004": "rectal",
    "54485002": "ophthalmic",
    "10547007": "otic",
    "447694001": "inhalation",
    "58100008": "intrauterine",
    "418401004": "implant",
    "po": "oral",
    "oral": "oral",
    "orally": "oral",
    "by mouth": "oral",
    "per os": "oral",
    "peroral": "oral",
    "im": "intramuscular",
    "intramuscular": "intramuscular",
    "iv": "intravenous",
    "intravenous": "intravenous",
    "sc": "subcutaneous",
    "subcut": "subcutaneous",
    "sq": "subcutaneous",
    "subcutaneous": "subcutaneous",
    "sl": "sublingual",
    "sublingual": "sublingual",
    "in": "intranasal",
    "nasal": "intranasal",
    "intranasal": "intranasal",
    "transdermal": "transdermal",
    "td": "transdermal",
    "patch": "transdermal",
    "buccal": "buccal",
    "topical": "topical",
    "vaginal": "vaginal",
    "pv": "vaginal",
    "rectal": "rectal",
    "pr": "rectal",
    "intrauterine": "intrauterine",
    "implant": "implant",
    "subdermal": "implant",
    "inhalation": "inhalation",
    "inhaled": "inhalation",
    "ophthalmic": "ophthalmic",
    "injection": "injection",
}
"""Routes by SNOMED CT code and by the words people write."""
DEPOT_WORDS = (
    "long-acting injection",
    "long acting injection",
    "long-acting injectable",
    "long acting injectable",
    "decanoate",
    "extended-release injectable",
    "extended release injectable",
    "extended-release injection",
    "depot",
    "enanthate",
    "lauroxil",
)
RELEASE_WORDS = {
    "er": "extended release",
    "xr": "extended release",
    "xl": "extended release",
    "sr": "extended release",
    "cr": "extended release",
    "la": "extended release",
    "odt": "disintegrating",
    "dr": "delayed release",
    "ec": "delayed release",
}
