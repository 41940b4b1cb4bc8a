"""The same woman by the record and by FHIR is the same woman: what each kind of entry says, written by hand in FHIR.

A field of `Facts` that no case fills, a kind of entry, or a word that one may say and no case says, fails: whoever adds
one writes here what it is in FHIR.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin

import msgspec
import pytest

from althea.care import entries as said
from althea.care.actions import record
from althea.care.facts import facts_for
from althea.care.known import knowledge
from althea.care.models import Order, OrderEnd, Origin, Patient, Signature
from althea.engine import facts as engine
from althea.fhir.read import read
from althea.fhir.record import of_prefetch
from tests.care.fhir_by_hand import RXNORM, ill, ordered, seen, words
from tests.people import NOW

TODAY = date(2026, 6, 9)
SAYS_NOTHING = {
    "goal", "plan", "safety-plan", "talked", "decision", "consent", "maintenance", "episodes", "goal-told",
}  # fmt: skip
"""Kinds of entries that are no fact the engine asks about: what she wants, what was agreed."""
NOT_BY_THE_RECORD = {("Medicine", "once"), ("Medicine", "supply_days")}
"""Fields that no entry and no order of ours can say: a medicine of one dose, and how much was dispensed."""


@dataclass(frozen=True)
class Case:
    told: list[tuple[said.Body, str]] = field(default_factory=list)
    """(entry, the day it is about), in the order they were told."""
    signed: list[dict[str, Any]] = field(default_factory=list)
    fhir: list[dict[str, Any]] = field(default_factory=list)
    her: dict[str, Any] = field(default_factory=dict)
    in_fhir: dict[str, Any] = field(default_factory=dict)


# --- the women --------------------------------------------------------------------------------------------------------

STEPS = [
    {"from": "2026-05-07", "until": "2026-05-13", "dose": "25 mg", "times_a_day": 1},
    {"from": "2026-05-14", "until": None, "dose": "50 mg", "times_a_day": 2},
]
DOWN = [{"from": "2026-05-07", "until": "2026-05-20", "dose": "50 mg", "times_a_day": 1}]
DEPOT = [{"from": "2026-05-07", "until": None, "dose": "300 mg", "times_a_day": 0.5}]
LAST = said.LifeStage
CASES = {
    "nothing but that everything was gone through": Case(),
    "a signed order at its second step": Case(
        signed=[{"steps": STEPS}],
        fhir=[ordered(1, "sertraline", "36437", "2026-05-07", dose="50 mg", a_day=2, route="oral")],
    ),
    "a signed order by its product": Case(
        signed=[{"steps": STEPS[1:], "product": "sertraline 100 MG Oral Tablet [Zoloft]", "rxcui": "208149"}],
        fhir=[ordered(1, "sertraline 100 MG Oral Tablet [Zoloft]", "208149", "2026-05-14", dose="50 mg", a_day=2,
                      route="oral")],
    ),
    "an order to taper off that is over": Case(
        signed=[{"steps": DOWN, "stops": True}],
        fhir=[ordered(1, "sertraline", "36437", "2026-05-07", status="completed", dose="50 mg", a_day=1,
                      until="2026-05-20", route="oral")],
    ),
    "an order that was ended": Case(
        signed=[{"steps": STEPS[1:], "ends": "2026-06-01"}],
        fhir=[ordered(1, "sertraline", "36437", "2026-05-14", status="stopped", dose="50 mg", a_day=2,
                      until="2026-05-31", route="oral")],
    ),
    "a depot": Case(
        signed=[{"steps": STEPS[1:], "medicine": "aripiprazole", "rxcui": "1602163", "route": "intramuscular",
                 "product": "1.5 ML aripiprazole 200 MG/ML Prefilled Syringe"}],
        fhir=[ordered(1, "1.5 ML aripiprazole 200 MG/ML Prefilled Syringe", "1602163", "2026-05-14", dose="50 mg",
                      a_day=2, route="intramuscular")],
    ),
    "from elsewhere, when needed": Case(
        told=[(said.Medicine(text="ibuprofen", medicine="ibuprofen", dose="400 mg", times_a_day=3, as_needed=True,
                             since=date(2026, 6, 5), running=True), "2026-06-05")],
        fhir=[ordered(1, "ibuprofen", "5640", "2026-06-05", dose="400 mg", a_day=3, as_needed=True)],
    ),
    "nobody knows whether she still takes it": Case(
        told=[(said.Medicine(text="lamotrigine", medicine="lamotrigine", since=date(2026, 1, 5)), "2026-06-05")],
        fhir=[ordered(1, "lamotrigine", "28439", "2026-01-05", status="on-hold")],
    ),
    "a past trial": Case(
        told=[(said.Medicine(text="lithium", medicine="lithium", since=date(2024, 1, 5), until=date(2025, 2, 1),
                             running=False, reached="900 mg", weeks=50, result="partly"), "2026-06-05")],
        fhir=[ordered(1, "lithium", "6448", "2024-01-05", status="stopped", until="2025-02-01", written="2026-06-09",
                      told=True)],
    ),
    "a medicine that stands in no table": Case(
        told=[(said.Medicine(text="a tea of her aunt", running=True), "2026-06-05")],
        fhir=[{k: v for k, v in ordered(1, "a tea of her aunt", "", "").items() if k != "authoredOn"}],
    ),
    "three days without the dose": Case(
        told=[(said.DoseTaken(medicine="sertraline", taken=False), f"2026-06-0{day}") for day in (7, 8, 9)],
        signed=[{"steps": STEPS[1:]}],
        fhir=[
            ordered(1, "sertraline", "36437", "2026-05-14", dose="50 mg", a_day=2, route="oral"),
            {"resourceType": "MedicationStatement", "id": "s", "status": "not-taken",
             "medicationCodeableConcept": {"coding": [{"system": RXNORM, "code": "36437"}]},
             "effectivePeriod": {"start": "2026-06-07", "end": "2026-06-09"}},
        ],
    ),
    "days without the dose that are over, and others after which she told of nothing": Case(
        told=[(said.DoseTaken(medicine="sertraline", taken=day == 5), f"2026-06-0{day}") for day in (3, 4, 5, 6, 7)],
        signed=[{"steps": STEPS[1:]}],
        fhir=[
            ordered(1, "sertraline", "36437", "2026-05-14", dose="50 mg", a_day=2, route="oral"),
            *({"resourceType": "MedicationStatement", "id": f"s{first}", "status": "not-taken", "dateAsserted": said_on,
               "medicationCodeableConcept": {"coding": [{"system": RXNORM, "code": "36437"}]},
               "effectivePeriod": {"start": first, "end": last}}
              for first, last, said_on in (("2026-06-06", "2026-06-07", "2026-06-07"),
                                           ("2026-06-03", "2026-06-04", "2026-06-05"))),
        ],
    ),
    "illnesses, sure and unsure": Case(
        told=[
            (said.Condition(text="Panic disorder", code="F41.0", certainty="ruled-out"), "2026-05-01"),
            (said.Condition(text="Anxiety", code="F41.1", certainty="differential"), "2026-05-02"),
            (said.Condition(text="Bipolar disorder", code="F31.9", certainty="provisional"), "2026-05-03"),
            (said.Condition(text="Depression", code="F33.1", since=date(2020, 1, 1)), "2026-05-04"),
        ],
        fhir=[
            ill(1, "Depression", "2020-01-01", "F33.1"),
            ill(2, "Bipolar disorder", "2026-05-03", "F31.9", sure="provisional"),
            ill(3, "Anxiety", "2026-05-02", "F41.1", sure="differential"),
            ill(4, "Panic disorder", "2026-05-01", "F41.0", sure="refuted"),
        ],
    ),
    "an illness that is over": Case(
        told=[(said.Condition(text="Depression", code="F32.1", status="resolved", until=date(2025, 1, 1)), "2024-01-01")],
        fhir=[ill(1, "Depression", "2024-01-01", "F32.1", "resolved", abatementDateTime="2025-01-01")],
    ),
    "an illness in words": Case(
        told=[(said.Condition(text="history of migraine"), "2026-05-04")],
        fhir=[ill(1, "history of migraine", "2026-05-04")],
    ),
    "an illness of her family": Case(
        told=[(said.Family(illness="bipolar-family-history", text="family history of bipolar disorder"), "2026-05-04")],
        fhir=[ill(1, "family history of bipolar disorder", "2026-05-04")],
    ),
    "allergies, coded and in words": Case(
        told=[(said.Allergy(text="sulfa antibiotics", reaction="rash"), "2026-05-04"),
              (said.Allergy(text="lamotrigine", rxcui="28439", reaction="a rash all over"), "2026-05-05")],
        fhir=[
            {"resourceType": "AllergyIntolerance", "id": "b", "reaction": [{"manifestation": [{"text": "a rash all over"}]}],
             "code": {"text": "lamotrigine", "coding": [{"system": RXNORM, "code": "28439"}]}},
            {"resourceType": "AllergyIntolerance", "id": "a", "code": {"text": "sulfa antibiotics"},
             "reaction": [{"manifestation": [{"text": "rash"}]}]},
        ],
    ),
    "results, one in another unit and one unreadable": Case(
        told=[
            (said.Result(measure="tsh", value=Decimal("2.1"), unit="mIU/L"), "2025-09-11"),
            (said.Result(measure="weight", value=Decimal("154"), unit="lb"), "2026-05-01"),
            (said.Result(measure="lithium-level", said="haemolysed"), "2026-06-01"),
        ],
        fhir=[
            seen(1, "14334-7", "2026-06-01", valueString="haemolysed"),
            seen(2, "29463-7", "2026-05-01", valueQuantity={"value": 154, "unit": "lb"}),
            seen(3, "3016-3", "2025-09-11", valueQuantity={"value": 2.1, "unit": "mIU/L"}),
        ],
    ),
    "scores, one whole, one in part and one without a code": Case(
        told=[
            (said.Score(scale="phq-9", total=13, items={"item 9": 0}), "2026-06-09"),
            (said.Score(scale="phq-9", items={"item 9": 1}), "2026-06-02"),
            (said.Score(scale="epds", total=14, items={"item 10": 2}), "2026-06-09"),
        ],
        fhir=[
            seen(1, "71354-5", "2026-06-09", valueInteger=14),
            seen(2, "EPDS item 10", "2026-06-09", valueInteger=2),
            seen(3, "44261-6", "2026-06-09", valueInteger=13),
            seen(4, "44260-8", "2026-06-09", valueInteger=0),
            seen(5, "44260-8", "2026-06-02", valueInteger=1),
        ],
    ),
    "a gene": Case(
        told=[(said.Gene(gene="CYP2C19", phenotype="poor metabolizer"), "2026-05-05")],
        fhir=[seen(1, "79714-2", "2026-05-05", **words("Poor metabolizer"))],
    ),
    "smokes": Case(
        told=[(said.Tobacco(status="current", cigarettes_a_day=10), "2026-05-05")],
        fhir=[seen(1, "72166-2", "2026-05-05", **words("Current smoker")),
              seen(2, "64218-1", "2026-05-05", valueQuantity={"value": 10, "unit": "/d"})],
    ),
    "has smoked": Case(
        told=[(said.Tobacco(status="current"), "2026-01-05"), (said.Tobacco(status="stopped"), "2026-05-05")],
        fhir=[seen(1, "72166-2", "2026-05-05", **words("Former smoker")),
              seen(2, "72166-2", "2026-01-05", **words("Current smoker"))],
    ),
    "never smoked": Case(
        told=[(said.Tobacco(status="never"), "2026-05-05")],
        fhir=[seen(1, "72166-2", "2026-05-05", **words("Never smoker"))],
    ),
    "says, and denies": Case(
        told=[(said.Symptom(words="no fever, but a rash since Monday"), "2026-06-09"),
              (said.SideEffect(what="headache", since=date(2026, 6, 1)), "2026-06-09")],
        fhir=[seen(1, "Symptom reported today", "2026-06-09", valueString="headache"),
              seen(2, "Symptom reported today", "2026-06-09", valueString="no fever, but a rash since Monday")],
    ),
    "says what nobody can read": Case(
        told=[(said.Symptom(words="xyzzy"), "2026-06-09")],
        fhir=[seen(1, "Symptom reported today", "2026-06-09", valueString="xyzzy")],
    ),
    "after a birth": Case(
        told=[
            (LAST(topic="planning", value="no"), "2026-05-19"),
            (LAST(topic="contraception", value="copper-iud"), "2026-05-19"),
            (LAST(topic="delivery", value="2026-04-07"), "2026-04-07"),
            (LAST(topic="infant", value="252"), "2026-04-07"),
            (LAST(topic="breastfeeding", value="yes"), "2026-06-02"),
            (LAST(topic="pregnancy", value="not pregnant"), "2026-06-02"),
            (LAST(topic="period", value="2026-06-01"), "2026-06-01"),
        ],
        fhir=[
            seen(1, "93857-1", "2026-04-07", valueDateTime="2026-04-07"),
            seen(2, "76516-4", "2026-04-07", valueQuantity={"value": 36, "unit": "wk"}),
            seen(3, "63895-7", "2026-06-02", valueBoolean=True),
            seen(4, "82810-3", "2026-06-02", **words("not pregnant")),
            seen(5, "86649-1", "2026-05-19", **words("copper IUD")),
            seen(6, "86645-9", "2026-05-19", valueBoolean=False),
        ],
    ),
    "pregnant": Case(
        told=[(LAST(topic="pregnancy", value="pregnant"), "2026-06-02"), (LAST(topic="gestation", value="70"), "2026-06-02"),
              (LAST(topic="due", value="2026-12-30"), "2026-05-20")],
        fhir=[seen(1, "82810-3", "2026-06-02", **words("pregnant")),
              seen(2, "18185-9", "2026-06-02", valueQuantity={"value": 10, "unit": "wk"}),
              seen(3, "11778-8", "2026-05-20", valueDateTime="2026-12-30")],
    ),
    "a pregnancy that ended early": Case(
        told=[(LAST(topic="pregnancy", value="pregnant"), "2026-05-02"), (LAST(topic="ended", value="2026-05-20"), "2026-05-22")],
        fhir=[seen(1, "82810-3", "2026-05-02", **words("pregnant")),
              seen(2, "Pregnancy ended early", "2026-05-22", valueDateTime="2026-05-20")],
    ),
    "two words on a pregnancy": Case(
        told=[(LAST(topic="pregnancy", value="pregnant"), "2026-06-01"),
              (LAST(topic="pregnancy", value="not pregnant"), "2026-06-05"),
              (LAST(topic="contraception", value=""), "2026-06-06")],
        fhir=[seen(1, "82810-3", "2026-06-05", **words("not pregnant")), seen(2, "82810-3", "2026-06-01", **words("pregnant")),
              seen(3, "86649-1", "2026-06-06", **words("none"))],
    ),
    "what she says is not known": Case(
        told=[(LAST(topic=one, value="unknown"), "2026-06-02") for one in ("contraception", "breastfeeding", "planning")],
        fhir=[seen(at, code, "2026-06-02", **words("unknown")) for at, code in enumerate(("86649-1", "63895-7", "86645-9"))],
    ),
    "around the menopause": Case(
        told=[(LAST(topic="menopause", value="peri"), "2026-05-01"), (LAST(topic="pregnancy", value="unknown"), "2026-05-01")],
        fhir=[ill(1, "perimenopause", "2026-05-01", "N95.9"),
              seen(1, "82810-3", "2026-05-01", valueCodeableConcept={"coding": [
                  {"system": "http://snomed.info/sct", "code": "261665006"}]})],
    ),
    "after the menopause": Case(
        told=[(LAST(topic="menopause", value="post"), "2026-05-01")],
        fhir=[ill(1, "postmenopausal", "2026-05-01", "Z78.0")],
    ),
    "a man": Case(her={"gender": "male"}, in_fhir={"gender": "male"}),
}  # fmt: skip


def by_the_record(people, case):
    her = people.maya
    Patient.objects.filter(pk=her.pk).update(**case.her)
    her.refresh_from_db()
    looked = [(said.Looked(topic=one), "2026-06-09") for one in engine.TOPICS]
    for body, on in [*looked, *case.told]:
        record.add(
            patient=her, body=body, on=date.fromisoformat(on), origin=Origin.CLINIC, by=people.marchetti.user, at=NOW
        )
    for number, order in enumerate(case.signed):
        by = people.marchetti.user
        begins = {key: value for key, value in order.items() if key != "ends"}
        signature = Signature.objects.create(signer=by, digest=str(number), method="totp", at=NOW)
        made = Order.objects.create(
            patient=her, drafted_by=by, drafted_at=NOW, signed_at=NOW, signature=signature,
            **{"medicine": "sertraline", **begins},
        )  # fmt: skip
        if "ends" in order:
            OrderEnd.objects.create(order=made, on=date.fromisoformat(order["ends"]), why="x", by=by, at=NOW)
    return facts_for(her, TODAY)


def by_fhir(case):
    """Her record as another system hands it over, every topic searched whole."""
    handed = {
        "patient": {"resourceType": "Patient", "id": "maya", "gender": "female", "birthDate": "1994-02-14"}
        | case.in_fhir
    }
    topics = {"AllergyIntolerance": "allergies", "Condition": "conditions", "Observation": "observations"}
    for topic in engine.TOPICS:
        rows = [one for one in case.fhir if topics.get(one["resourceType"], "medicines") == topic]
        handed[topic] = {"resourceType": "Bundle", "type": "searchset", "total": len(rows),
                         "entry": [{"resource": one} for one in rows]}  # fmt: skip
    return read(of_prefetch(handed, "maya"), TODAY, knowledge())


def plain(value):
    """What the facts say, without the references, which name where a fact stood."""
    if isinstance(value, msgspec.Struct):
        return {name: plain(getattr(value, name)) for name in value.__struct_fields__ if name != "ref"}
    if isinstance(value, dict) or hasattr(value, "items"):
        return {key: plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, tuple | list) else value


@pytest.mark.django_db
@pytest.mark.parametrize("name", CASES)
def test_the_record_and_fhir_make_the_same_facts(people, name):
    ours, theirs = by_the_record(people, CASES[name]), by_fhir(CASES[name])
    assert plain(ours) == plain(theirs)


def structs(value):
    """Every struct of the engine in these facts."""
    if isinstance(value, msgspec.Struct):
        yield value
        value = [getattr(value, name) for name in value.__struct_fields__]
    for one in value.values() if hasattr(value, "values") else value if isinstance(value, tuple | list) else ():
        yield from structs(one)


def test_every_field_of_the_facts_is_in_a_case():
    kinds = [one for one in vars(engine).values() if isinstance(one, type) and issubclass(one, msgspec.Struct)]
    wanted = {(kind.__name__, name) for kind in kinds if kind is not msgspec.Struct for name in kind.__struct_fields__}
    filled = set()
    for case in CASES.values():
        for one in structs(by_fhir(case)):
            empty = dict(zip(reversed(one.__struct_fields__), reversed(one.__struct_defaults__), strict=False))
            for name in one.__struct_fields__:
                value = getattr(one, name)
                if name not in empty or (value not in ((), {}) and value != empty[name]):
                    filled.add((type(one).__name__, name))
    assert sorted(wanted - filled - NOT_BY_THE_RECORD) == []
    assert filled.isdisjoint(NOT_BY_THE_RECORD)


def test_every_kind_of_entry_is_in_a_case_and_every_word_it_may_say():
    bodies = [body for case in CASES.values() for body, _ in case.told]
    assert {body.kind for body in bodies} | {"looked"} == set(said.KINDS) - SAYS_NOTHING
    for kind in {type(body) for body in bodies}:
        for name, of in kind.model_fields.items():
            told = {
                getattr(body, name)
                for body in bodies
                if isinstance(body, kind) and get_origin(of.annotation) is Literal
            }
            if told:
                assert told == set(get_args(of.annotation)), f"{kind.kind}: {name}"


@pytest.mark.django_db
def test_what_is_no_fact_changes_none(people):
    nothing = Case(told=[
        (said.Goal(words="Sleep"), "2026-06-09"),
        (said.GoalTold(goal="x", measure="nights", told="4 of 7"), "2026-06-09"), (said.Plan(therapy="CBT"), "2026-06-09"),
        (said.SafetyPlan(lines=["Sam"]), "2026-06-09"), (said.Talked(severity="moderate"), "2026-06-09"),
        (said.Decision(about="options", chosen="not-now", chosen_words="Not now", whose="hers"), "2026-06-09"),
        (said.Consent(decision="x", text="x", how="at the visit"), "2026-06-09"),
        (said.Maintenance(trial="x", review_on=TODAY), "2026-06-09"),
        (said.Episodes(illness="depression", number=3), "2026-06-09"),
    ])  # fmt: skip
    assert {body.kind for body, _ in nothing.told} == SAYS_NOTHING
    assert plain(by_the_record(people, nothing)) == plain(by_fhir(Case()))
