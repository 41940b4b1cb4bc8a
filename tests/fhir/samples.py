"""A small knowledge, a small code map, and FHIR written by hand: what the tests of this room read."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from althea.engine.facts import Facts
from althea.fhir import cds
from althea.fhir.read import read
from althea.fhir.record import of_bundle, of_prefetch
from althea.knowledge import Knowledge
from althea.knowledge.codes import CodeMap, Product
from althea.knowledge.load import Monograph
from althea.knowledge.quantity import Dose
from althea.knowledge.schema.evidence import Level, Mark, Source
from althea.knowledge.schema.medicine import Medicine, MedicineClass
from althea.knowledge.schema.rule import Allergy, DoseLimit, Interaction, LifeStage, Monitoring, Rule, Symptom
from althea.knowledge.schema.scale import Item, Scale
from althea.knowledge.schema.vocabulary import (
    ConditionGroup,
    ContraceptiveMethod,
    LifeStageRecord,
    Measure,
    Phenotype,
    Stamp,
    SymptomGroup,
    Unit,
)
from althea.knowledge.schema.who import Who

TODAY = date(2026, 11, 22)
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
ICD = "http://hl7.org/fhir/sid/icd-10-cm"
FORM: dict[str, Any] = {
    "title": "A form",
    "cite": "its paper",
    "licence": "free",
    "licence_source": "label#1",
    "attribution": "its authors",
}
UCUM = "http://unitsofmeasure.org"
CITED: dict[str, Any] = {"sources": ("label#5.1",), "mark": Mark.READ, "read_on": date(2026, 11, 1)}
Json = dict[str, Any]


def day(offset: int) -> str:
    return (TODAY + timedelta(days=offset)).isoformat()


# --- knowledge ----------------------------------------------------------------------------------------------

MEDICINES = {
    "lithium": "6448",
    "sertraline": "36437",
    "valproate": "40254",
    "naproxen": "7258",
    "quetiapine": "51272",
    "olanzapine": "61381",
    "fluoxetine": "4493",
    "haloperidol": "5093",
    "codeine": "2670",
}
PRODUCTS = (
    Product("312938", "sertraline 100 MG Oral Tablet", form="oral tablet", route="oral", parts=(("sertraline", Dose.parse("100 mg")),)),
    Product("197890", "lithium carbonate 300 MG Oral Tablet", form="oral tablet", route="oral", parts=(("lithium", Dose.parse("300 mg")),)),
    Product("721787", "olanzapine 6 MG / fluoxetine 25 MG Oral Capsule", form="oral capsule", route="oral",
            parts=(("olanzapine", Dose.parse("6 mg")), ("fluoxetine", Dose.parse("25 mg")))),
    Product("856987", "acetaminophen 300 MG / codeine 30 MG Oral Tablet", form="oral tablet", route="oral",
            parts=(("codeine", Dose.parse("30 mg")),), others=("acetaminophen",)),
    Product("314078", "lithium citrate 60 MG/ML Oral Solution", form="oral solution", route="oral", parts=(("lithium", None),)),
    Product("1719646", "haloperidol decanoate 100 MG/ML Injection", form="injection", route="injection", depot=True, parts=(("haloperidol", None),)),
)  # fmt: skip


def rule(kind: type[Rule], id: str, level: Level, title: str, **more: Any) -> Rule:
    return kind(id=id, level=level, title=title, why="It was read so.", do=("Look again.",), **{**CITED, **more})


RULES = (
    rule(Interaction, "lithium-nsaid", Level.WARNING, "{other} can raise the lithium level.", of=("lithium",), meets=("nsaid",)),
    rule(LifeStage, "valproate-not-protected", Level.CRITICAL, "A pregnancy is not known to be prevented on valproate.", of=("valproate",),
         who=Who(protected=False)),
    rule(LifeStage, "lithium-pregnancy", Level.WARNING, "Pregnant on lithium: review it.", of=("lithium",), who=Who(pregnant=True)),
    rule(DoseLimit, "sertraline-most", Level.WARNING, "Sertraline {dose} a day is above {limit}.", of=("sertraline",), max_daily=Dose.parse("200 mg")),
    rule(Monitoring, "lithium-level-due", Level.WARNING, "A lithium level is due.", of=("lithium",), measures=("lithium-level",), every_days=90,
         grace_days=14),
    rule(Allergy, "lithium-allergy", Level.CRITICAL, "She is recorded as allergic to lithium.", of=("lithium",)),
    rule(Symptom, "lithium-tremor", Level.WARNING, "Tremor on lithium: check the level.", of=("lithium",), symptoms=("tremor",)),
)  # fmt: skip


@cache
def knowledge() -> Knowledge:
    """Little, and enough to say a card of every kind."""
    measures = (
        ("lithium-level", "Lithium level", ("14334-7",), "mmol/L", (Unit(unit="meq/L", times=Decimal(1)),), 0, 10),
        ("weight", "Body weight", ("29463-7",), "kg", (Unit(unit="[lb_av]", times=Decimal("0.45359237")),), 20, 400),
        ("systolic-bp", "Systolic blood pressure", ("8480-6",), "mm[Hg]", (), 40, 300),
        ("diastolic-bp", "Diastolic blood pressure", ("8462-4",), "mm[Hg]", (), 20, 200),
        (
            "temperature",
            "Temperature",
            ("8310-5",),
            "Cel",
            (Unit(unit="[degF]", times=Decimal(5) / 9, plus=Decimal(-160) / 9),),
            25,
            45,
        ),
        ("egfr", "eGFR", ("98979-8",), "mL/min/1.73m2", (), 0, 250),
        ("pregnancy-test", "Pregnancy test", ("2106-3",), "m[IU]/mL", (), 0, 10_000_000),
    )
    conditions = (
        ConditionGroup(
            id="bipolar",
            name="Bipolar disorder",
            icd10cm=("F31",),
            snomed=("13746004",),
            phrases=("bipolar", "bipolar disorder"),
        ),
        ConditionGroup(
            id="severe-hepatic-impairment", name="Severe hepatic impairment", phrases=("Child-Pugh class C",)
        ),
        ConditionGroup(id="liver-disease", name="Liver disease", icd10cm=("K70", "K74"), not_icd10cm=("K70.0",)),
        ConditionGroup(id="bipolar-family-history", name="Family history", phrases=("family history of bipolar",)),
        ConditionGroup(
            id="pregnancy",
            name="Pregnancy",
            icd10cm=("Z33.1", "Z34", "Z3A"),
            snomed=("72892002",),
            phrases=("weeks pregnant",),
        ),
        ConditionGroup(id="pregnancy-ended", name="Pregnancy ended", snomed=("19169002",)),
        ConditionGroup(id="delivery-record", name="Birth", icd10cm=("O80", "Z39.2")),
        ConditionGroup(id="menopause", name="Menopause", icd10cm=("Z78.0", "N95.0"), phrases=("postmenopausal",)),
        ConditionGroup(id="perimenopause", name="Perimenopause", icd10cm=("N95.1", "N95.9")),
        ConditionGroup(id="hysterectomy-record", name="Hysterectomy", icd10cm=("Z90.710",)),
    )
    methods = (
        ("none", ("none", "no contraception"), False, False),
        ("condoms", ("condoms",), False, False),
        ("levonorgestrel-iud", ("levonorgestrel iud",), True, False),
        ("copper-iud", ("copper iud",), True, False),
        ("iud-unspecified", ("iud",), True, False),
        ("implant", ("etonogestrel implant",), True, False),
        ("combined-pill", ("combined oral ethinylestradiol",), True, False),
        ("progestogen-only-pill", ("progestin only pill",), True, False),
        ("sterilised", ("sterilised",), True, True),
        ("partner-sterilised", ("partner sterilised",), True, False),
    )
    stages = (("pregnancy", 30), ("contraception", 365), ("planning", 365), ("breastfeeding", 90))
    medicines = {id: Medicine(id=id, name=id, rxcui=code) for id, code in MEDICINES.items()}
    return Knowledge(
        stamp=Stamp(dated="2026.11", digest="abc123"),
        medicines=medicines,
        monographs={id: Monograph(medicine=medicines[id]) for id in ("lithium", "sertraline", "valproate", "quetiapine")},
        classes={"nsaid": frozenset(("naproxen",)), "teratogen": frozenset(("valproate",))},
        class_records={"nsaid": MedicineClass(id="nsaid", name="NSAIDs", members=("naproxen",), sources=("label#7",), mark="read")},
        rules={one.id: one for one in RULES},
        conditions={one.id: one for one in conditions},
        symptoms={id: SymptomGroup(id=id, name=id, phrases=(id,)) for id in ("rash", "tremor", "fever")},
        measures={
            id: Measure(id=id, name=name, loinc=loinc, unit=unit, also_units=also, plausible_from=Decimal(low), plausible_to=Decimal(high), **CITED)
            for id, name, loinc, unit, also, low, high in measures
        },
        methods={
            id: ContraceptiveMethod(id=id, name=id.replace("-", " "), phrases=phrases, effective=good, permanent=permanent, **CITED)
            for id, phrases, good, permanent in methods
        },
        stages={id: LifeStageRecord(id=id, name=id, ask="?", why_ask="!", fresh_days=fresh, **CITED) for id, fresh in stages},
        phenotypes={
            "CYP2D6": Phenotype(gene="CYP2D6", loinc=("79715-9",), values=("poor metabolizer", "normal metabolizer"), also={"pm": "poor metabolizer"}),
            "CYP2C19": Phenotype(gene="CYP2C19", loinc=("79714-2",), values=("poor metabolizer",)),
            "HLA-B*15:02": Phenotype(gene="HLA-B*15:02", loinc=("57979-7",), values=("positive", "negative"), also={"*15:02 positive": "positive"}),
        },
        scales={
            "phq-9": Scale(id="phq-9", name="PHQ-9", items=tuple(Item(id=f"item {n}") for n in range(1, 10)), loinc_total=("44261-6",), **FORM, **CITED),
            "c-ssrs-screener": Scale(id="c-ssrs-screener", name="C-SSRS screener", items=(Item(id="q6_3months", counts=False),), **FORM, **CITED),
            "mdq": Scale(id="mdq", name="MDQ", items=(Item(id="part2_same_time", also=("co_occurring",), counts=False),), **FORM, **CITED),
        },
        sources={
            "label": Source(id="label", title="The label", publisher="FDA", edition="version 3", url="https://example.org", licence="public domain",
                            review_by=date(2030, 1, 1))
        },
    )  # fmt: skip


@cache
def codes() -> CodeMap:
    by_code = {one.code: one for one in PRODUCTS}
    by_name = {}
    for id, code in MEDICINES.items():
        by_code[code] = by_name[id] = Product(code, id, parts=((id, None),))
    return CodeMap(by_code=by_code, by_name=by_name, not_ours={"amoxicillin": "amoxicillin"})


# --- FHIR by hand -------------------------------------------------------------------------------------------


def patient(**more: Any) -> Json:
    return {"resourceType": "Patient", "id": "maya", "gender": "female", "birthDate": "1994-05-02", **more}


def coded(system: str, code: str, text: str = "") -> Json:
    return (
        {"coding": [{"system": system, "code": code, "display": text}], "text": text}
        if text
        else {"coding": [{"system": system, "code": code}]}
    )


def order(code: str = "36437", text: str = "sertraline", **more: Any) -> Json:
    """A running order of today, unless `more` says otherwise."""
    concept = coded(RXNORM, code, text) if code else {"text": text}
    return {"resourceType": "MedicationRequest", "id": "m1", "status": "active", "intent": "order", "subject": {"reference": "Patient/maya"},
            "medicationCodeableConcept": concept, "authoredOn": day(-30), **more}  # fmt: skip


def dose(value: float, unit: str = "mg", **repeat: Any) -> list[Json]:
    timing = {"repeat": repeat or {"frequency": 1, "period": 1, "periodUnit": "d"}}
    return [
        {
            "timing": timing,
            "doseAndRate": [{"doseQuantity": {"value": value, "unit": unit, "system": UCUM, "code": unit}}],
        }
    ]


def condition(code: str = "F31.9", system: str = ICD, text: str = "Bipolar disorder", **more: Any) -> Json:
    return {"resourceType": "Condition", "id": "c1", "subject": {"reference": "Patient/maya"}, "clinicalStatus": coded("", "active"),
            "code": coded(system, code, text), "onsetDateTime": day(-100), **more}  # fmt: skip


def history(line: str) -> Json:
    return {"resourceType": "Condition", "id": "h1", "subject": {"reference": "Patient/maya"}, "clinicalStatus": coded("", "active"),
            "category": [{"text": "history"}], "code": {"text": line}}  # fmt: skip


def seen(code: str, offset: int = 0, text: str = "", **value: Any) -> Json:
    concept = coded(LOINC, code, text) if code else {"text": text}
    return {"resourceType": "Observation", "id": f"o{offset}", "status": "final", "code": concept, "subject": {"reference": "Patient/maya"},
            "effectiveDateTime": day(offset), **value}  # fmt: skip


def quantity(value: Any, unit: str | None = "mmol/L", **more: Any) -> Json:
    found = {"value": value, **more}
    if unit is not None:
        found |= {"unit": unit, "system": UCUM, "code": unit}
    return {"valueQuantity": found}


def bundle(*resources: Json, kind: str = "collection", **more: Any) -> Json:
    return {"resourceType": "Bundle", "type": kind, "entry": [{"resource": one} for one in resources], **more}


def searchset(*resources: Json, **more: Any) -> Json:
    return bundle(*resources, kind="searchset", total=len(resources), **more)


def prefetch(**topics: Any) -> Json:
    empty = {topic: searchset() for topic in ("medicines", "conditions", "allergies", "observations")}
    return {"patient": patient(), **empty, **topics}


def request(
    hook: str = "patient-view", drafts: tuple[Json, ...] = (), selections: list[str] | None = None, **topics: Any
) -> Json:
    context: Json = {"userId": "Practitioner/marchetti", "patientId": "maya"}
    if hook != "patient-view":
        context["draftOrders"] = bundle(*drafts)
    if hook == "order-select":
        context["selections"] = (
            selections if selections is not None else [f"MedicationRequest/{one['id']}" for one in drafts]
        )
    return {
        "hook": hook,
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": context,
        "prefetch": prefetch(**topics),
    }


def draft(code: str = "36437", text: str = "sertraline", **more: Any) -> Json:
    return {**order(code, text), "id": "draft-1", "status": "draft", "authoredOn": day(0), **more}


def facts(*resources: Json, today: date = TODAY, **about: Any) -> Facts:
    """What a plain Bundle of these says."""
    return read(of_bundle(bundle(patient(**about), *resources)), today, knowledge(), codes())


def facts_of(**topics: Any) -> Facts:
    """What a prefetch with these topics says."""
    return read(of_prefetch(prefetch(**topics), "maya"), TODAY, knowledge(), codes())


def ask(question: Json, **more: Any) -> list[Json]:
    """The cards of a request or a Bundle."""
    answer = cds.answer_bundle if question.get("resourceType") == "Bundle" else cds.answer
    found = answer(question, TODAY, knowledge(), codes=codes(), **more)
    assert list(found) == ["cards"]
    return list(found["cards"])
