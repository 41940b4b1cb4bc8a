"""Good regimens stay quiet, and patients who must be found are found: one test for each written in regimens_*.toml."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from althea.engine.facts import (
    Condition,
    Facts,
    Gene,
    Known,
    LifeStage,
    Medicine,
    Pregnancy,
    Result,
    Score,
    State,
    Symptom,
    Tobacco,
)
from althea.engine.finding import Finding
from althea.engine.order import Draft, ProposedOrder
from althea.engine.review import review
from althea.knowledge import Knowledge, load
from althea.knowledge.quantity import Dose
from althea.knowledge.schema.evidence import Level, Mark
from tests.cast import TODAY, WHOLE

KNOWLEDGE = load()
FILES = sorted(Path(__file__).parent.glob("good_regimens_*.toml"))
KEYS = {
    "title", "age", "sex", "conditions", "medicines", "order", "results", "life_stage", "expect", "must_find", "symptoms",
    "jurisdiction", "tobacco", "tobacco_days_ago", "genes", "scores", "history",
}  # fmt: skip


def _written(kind: str) -> list[Any]:
    found = []
    for path in FILES:
        for row in tomllib.loads(path.read_text(), parse_float=Decimal).get(kind, []):
            found.append(pytest.param(row, id=f"{path.stem.removeprefix('good_regimens_')}: {row['title']}"))
    return found


@pytest.mark.parametrize("row", _written("regimen"))
def test_a_good_regimen_stays_quiet(row: dict[str, Any]) -> None:
    loud = [f"{one.level.word}: {one.rule}: {one.title}" for one in _findings(row) if one.level > Level.INFO]
    assert loud == []


@pytest.mark.parametrize("row", _written("patient"))
def test_a_patient_who_must_be_found_is_found(row: dict[str, Any]) -> None:
    rule, level = row["must_find"]["rule"], row["must_find"]["level"]
    assert rule in KNOWLEDGE.rules
    found = {one.rule: one.level.word for one in _findings(row)}
    assert found.get(rule) == level, found


@pytest.mark.parametrize(
    ("illness", "beside", "spoken"),
    [
        ("F31.32", "", True),
        ("F31.4", "", True),
        ("F31.32", "fluoxetine", False),
        ("F31.12", "", False),
        ("F31.9", "", False),
        ("F33.1", "", False),
        ("F20.9", "", False),
    ],
)
def test_olanzapine_alone_is_spoken_of_in_a_bipolar_depression_only(illness: str, beside: str, spoken: bool) -> None:
    row = {
        "age": 38,
        "sex": "female",
        "conditions": [illness],
        "medicines": [{"name": beside, "dose": "20 mg", "since_days": 60}] if beside else [],
        "order": {"name": "olanzapine", "rxcui": "61381", "dose": "5 mg"},
    }
    assert ("olanzapine-bipolar-depression-alone" in {one.rule for one in _findings(row)}) is spoken


@pytest.mark.parametrize(
    ("cyp2c19", "rule"),
    [
        ("", "sertraline-cyp2b6-poor"),
        ("normal metabolizer", "sertraline-cyp2b6-poor"),
        ("intermediate metabolizer", "sertraline-cyp2b6-poor-cyp2c19-intermediate"),
        ("rapid metabolizer", "sertraline-cyp2b6-poor-cyp2c19-rapid"),
        ("ultrarapid metabolizer", "sertraline-cyp2b6-poor-cyp2c19-rapid"),
        ("poor metabolizer", "sertraline-cyp2c19-cyp2b6-poor-running"),
    ],
)
def test_two_slow_genes_are_told_as_one_and_a_fast_one_keeps_the_usual_start(cyp2c19: str, rule: str) -> None:
    row = {
        "age": 31,
        "sex": "female",
        "medicines": [{"name": "sertraline", "dose": "50 mg", "since_days": 60}],
        "genes": {"CYP2B6": "poor metabolizer", **({"CYP2C19": cyp2c19} if cyp2c19 else {})},
    }
    told = [one.rule for one in _findings(row) if "-cyp2" in one.rule]
    assert told == [rule]


@pytest.mark.parametrize("phenotype", ["intermediate metabolizer", "ultrarapid metabolizer"])
def test_paroxetine_that_runs_says_nothing_of_a_gene_that_matters_at_its_start(phenotype: str) -> None:
    row = {"age": 44, "sex": "female", "genes": {"CYP2D6": phenotype}}
    runs = {**row, "medicines": [{"name": "paroxetine", "dose": "20 mg", "since_days": 400}]}
    starts = {**row, "order": {"name": "paroxetine", "dose": "20 mg"}}
    assert [one.rule for one in _findings(runs) if "cyp2d6" in one.rule] == []
    assert [one.rule for one in _findings(starts) if "cyp2d6" in one.rule]


def test_isocarboxazid_beside_an_antihypertensive_warns_and_phenelzine_informs() -> None:
    row = {
        "age": 52,
        "sex": "female",
        "medicines": [{"name": "hydrochlorothiazide", "dose": "25 mg", "since_days": 300}],
    }
    levels = {}
    for name in ("isocarboxazid", "phenelzine"):
        for one in _findings({**row, "order": {"name": name, "dose": "15 mg"}}):
            if one.rule.endswith("-antihypertensive"):
                levels[one.rule] = one.level.word
    assert levels == {"isocarboxazid-antihypertensive": "warning", "maoi-antihypertensive": "info"}


@pytest.mark.parametrize("drafted", [True, False])
def test_regular_ibuprofen_is_never_called_harmless_where_her_medicines_are_not_known(drafted: bool) -> None:
    ibuprofen = {"name": "ibuprofen", "dose": "400 mg", "times_a_day": 3, "since_days": 30}
    sertraline = {"name": "sertraline", "dose": "100 mg", "since_days": 400}
    row = {"age": 34, "sex": "female", "medicines": [sertraline] if drafted else [sertraline, ibuprofen]}
    her = replace(facts(row, KNOWLEDGE), known={**WHOLE, "medicines": Known.UNKNOWN})
    found = review(her, _order(ibuprofen) if drafted else None, KNOWLEDGE)
    told = [one for one in found.findings if one.rule.startswith("ssri-snri-nsaid")]
    assert [one.rule for one in told] == ["ssri-snri-nsaid-as-needed"]
    words = " ".join((told[0].title, told[0].why, *told[0].do))
    assert "now and then" not in words
    assert "whether she takes a proton pump inhibitor" in words
    waits = {one.rule: one.missing for one in found.not_checked}
    assert waits["ssri-snri-nsaid"] == ("her other medicines",)


def _findings(row: dict[str, Any]) -> tuple[Finding, ...]:
    assert set(row) <= KEYS, set(row) - KEYS
    return review(
        facts(row, KNOWLEDGE), _order(row.get("order")), KNOWLEDGE, jurisdiction=row.get("jurisdiction", "US")
    ).findings


def facts(row: dict[str, Any], knowledge: Knowledge) -> Facts:
    """A whole record: what is not written is not there."""
    stage = row.get("life_stage", {})
    results: dict[str, list[Result]] = {}
    for one in sorted(row.get("results", []), key=lambda one: one["days_ago"]):
        on = TODAY - timedelta(one["days_ago"])
        results.setdefault(one["measure"], []).append(
            Result(measure=one["measure"], value=Decimal(one["value"]), on=on)
        )
    scores: dict[str, list[Score]] = {}
    for one in sorted(row.get("scores", []), key=lambda one: one.get("days_ago", 0)):
        total = None if one.get("value") is None else Decimal(one["value"])
        score = Score(
            scale=one["scale"], on=TODAY - timedelta(one.get("days_ago", 0)), total=total, items=one.get("items", {})
        )
        scores.setdefault(one["scale"], []).append(score)
    tobacco = row.get("tobacco")
    return Facts(
        on=TODAY,
        sex=row["sex"],
        age=row["age"],
        medicines=tuple(_medicine(one) for one in row.get("medicines", [])),
        conditions=tuple(_condition(code, knowledge) for code in row.get("conditions", [])),
        results={key: tuple(rows) for key, rows in results.items()},
        scores={key: tuple(rows) for key, rows in scores.items()},
        symptoms=tuple(Symptom(groups=_said(line, knowledge), text=line, on=TODAY) for line in row.get("symptoms", [])),
        genes={gene: Gene(gene=gene, phenotype=value) for gene, value in row.get("genes", {}).items()},
        tobacco=None
        if tobacco is None
        else Tobacco(status=tobacco, on=TODAY - timedelta(row.get("tobacco_days_ago", 0))),
        stage=_stage(row, stage),
        known=WHOLE,
    )


def _stage(row: dict[str, Any], stage: dict[str, Any]) -> LifeStage:
    status = {"pregnant": "pregnant", "not_pregnant": "not pregnant"}.get(stage.get("pregnancy", ""))
    method = stage.get("contraception")
    born = stage.get("postpartum_days")
    cannot = (
        "after the menopause" if stage.get("menopause") == "post" else "sterilised" if method == "sterilised" else ""
    )
    return LifeStage(
        applies=row["sex"] != "male" and 12 <= row["age"] <= 60,
        pregnancy=None if status is None else Pregnancy(status=status, on=TODAY),
        gestation_days=None if stage.get("gestational_weeks") is None else stage["gestational_weeks"] * 7,
        delivered_on=None if born is None else TODAY - timedelta(born),
        breastfeeding=stage.get("lactating"),
        infant_gestation_weeks=stage.get("infant_gestation_at_birth_weeks"),
        methods=None if method in (None, "not_applicable") else tuple(one for one in [method] if one != "none"),
        methods_on=TODAY,
        planning=stage.get("planning", False),
        menopause=stage.get("menopause"),
        cannot=cannot,
    )


def _medicine(one: dict[str, Any], state: State = State.RUNNING) -> Medicine:
    key = next(
        (key for key, known in KNOWLEDGE.medicines.items() if one.get("rxcui") in (known.rxcui, *known.also_rxcui)),
        None,
    )
    key = key or next(
        (key for key, known in KNOWLEDGE.medicines.items() if one["name"].lower() in (key, known.name.lower())), None
    )
    assert key is not None, one["name"]
    dose = Dose.parse(one["dose"]) if "dose" in one else None
    times = one.get("times_a_day", 1)
    until = one.get("until_days")
    return Medicine(
        id=key,
        name=one["name"],
        state=state if until is None else State.STOPPED,
        daily=None if dose is None else dose * times,
        single=dose,
        as_needed=one.get("as_needed", False),
        once=one.get("once", False),
        route=one.get("route", ""),
        form=one.get("form", ""),
        depot=one.get("depot", False),
        started_on=TODAY - timedelta(one.get("since_days", 0)),
        ended_on=None if until is None else TODAY - timedelta(until),
        supply_days=one.get("supply_days") or one.get("days_supply"),
    )


def _order(one: dict[str, Any] | None) -> ProposedOrder | None:
    if one is None:
        return None
    return ProposedOrder(drafts=(Draft(medicine=_medicine(one, State.ORDERED), stop=one.get("stop", False)),))


def _condition(code: str, knowledge: Knowledge) -> Condition:
    groups = tuple(
        key
        for key, group in knowledge.conditions.items()
        if key == code
        or (any(code.startswith(c) for c in group.icd10cm) and not any(code.startswith(c) for c in group.not_icd10cm))
    )
    return Condition(groups=groups, text=code, code=code)


def _said(line: str, knowledge: Knowledge) -> tuple[str, ...]:
    groups = tuple(
        key
        for key, one in knowledge.symptoms.items()
        if key == line or any(phrase in line.lower() for phrase in one.phrases)
    )
    assert groups, f"{line!r} is no symptom of ours"
    return groups


def test_every_whole_medicine_has_a_good_regimen() -> None:
    quiet = {
        _medicine(one).id
        for row in _written("regimen")
        for one in [*row.values[0].get("medicines", []), *filter(None, [row.values[0].get("order")])]
    }
    assert set(KNOWLEDGE.monographs) - quiet == set()


def test_what_is_unverified_never_warns() -> None:
    assert [one.id for one in KNOWLEDGE.rules.values() if one.mark is Mark.UNVERIFIED and one.level > Level.INFO] == []
