"""Rules that are passed over many at once would have said nothing: asked one by one, the answer is the same."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from althea.engine import quiet
from althea.engine.index import _build
from althea.engine.index import index_of as _index
from althea.engine.review import review
from althea.knowledge import Knowledge, load
from tests.cast import TODAY, order, someone

MEDICINES = ("lithium 900 mg", "quetiapine 300 mg", "sertraline 100 mg", "lamotrigine 200 mg", "valproate 1000 mg",
             "clozapine 300 mg", "lorazepam 2 mg", "escitalopram 30 mg", "naproxen 1000 mg")  # fmt: skip
RESULTS = {"lithium-level": (0.3, 0.7, 1.6), "sodium": (120, 134, 139), "weight": (60, 70, 85), "egfr": (25, 55, 95),
           "creatinine": (0.8, 2.1), "tsh": (2.1, 9), "neutrophils": (0.4, 1.2, 3), "qtc": (440, 480, 520)}  # fmt: skip


def women(count: int) -> list[tuple[Any, Any]]:
    """Women of all sorts, the same ones every time."""
    chance = random.Random(11)
    made = []
    for _ in range(count):
        taking = [
            f"{one} since {TODAY - timedelta(chance.choice((0, 3, 10, 14, 15, 27, 28, 29, 90, 91, 180, 365, 366, 900)))}"
            for one in chance.sample(MEDICINES, chance.randint(1, 4))
        ]
        results: dict[str, Any] = {
            name: [(chance.choice(values), ago), (chance.choice(values), ago + chance.randint(1, 200))]
            for name, values in RESULTS.items()
            if chance.random() < 0.6 and (ago := chance.choice((0, 1, 27, 28, 29, 90, 91, 180, 365, 366, 800))) >= 0
        }
        facts = someone(
            taking=taking,
            results=results,
            scores={"phq-9": [(chance.randint(0, 27), chance.randint(0, 60))]} if chance.random() < 0.5 else {},
            has=chance.sample(("bipolar", "hypertension", "migraine", "liver-disease"), chance.randint(0, 2)),
            pregnant=chance.choice((False, False, True, None)),
            unknown=[one for one in ("observations", "conditions", "medicines") if chance.random() < 0.15],
            age=chance.choice((19, 33, 47, 66, None)),
        )
        if chance.random() < 0.2:
            facts = replace(facts, medicines=tuple(replace(one, daily=None) for one in facts.medicines))
        drafts = (chance.choice(MEDICINES), f"{taking[0].split()[0]} 1200 mg since {TODAY}")
        draft = order([chance.choice(drafts)]) if chance.random() < 0.5 else None
        made.append((facts, draft))
    return made


def well_watched(knowledge: Knowledge) -> list[tuple[Any, Any]]:
    """Women whose every check was made yesterday, but for one that was made a shorter or a longer while ago."""
    made = []
    for medicine in ("lithium 900 mg", "clozapine 300 mg", "quetiapine 300 mg", "valproate 1000 mg"):
        groups = _index(knowledge).shelves[medicine.split()[0]].taken.groups
        assert groups is not None
        measures = [one.measures[0] for one in groups.checks]
        for since, changed in ((2, 2), (100, 100), (400, 20), (900, 900)):
            taking = [f"{medicine} since {TODAY - timedelta(changed)}"]
            if changed < since:
                taking.append(f"{medicine} since {TODAY - timedelta(since)} until {TODAY - timedelta(changed)}")
            for late in measures:
                for ago in (0, 2, 7, 8, 9, 14, 27, 25, 29, 89, 91, 92, 96, 181, 183, 200, 364, 366, 400, 800):
                    results = {one: [(Decimal(1), ago if one == late else 1)] for one in measures}
                    made.append((someone(taking=taking, results=results, pregnant=False), None))
    return made


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load()


def test_what_is_passed_over_would_have_been_silent(knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    all_women = women(400) + well_watched(knowledge)
    quickly = [review(facts, draft, knowledge) for facts, draft in all_women]
    monkeypatch.setattr(quiet, "grouped", lambda entries, rule_of: (None, entries))
    monkeypatch.setattr("althea.engine.index.watched", lambda rule, knowledge: None)
    one_by_one = _build(knowledge)
    assert not any(shelf.taken.groups for shelf in one_by_one.shelves.values())
    assert not any(plan.waiting for shelf in one_by_one.shelves.values() for plan in shelf.taken.plans.values())
    monkeypatch.setattr("althea.engine.review.index_of", lambda _: one_by_one)
    slowly = [review(facts, draft, knowledge) for facts, draft in all_women]
    assert quickly == slowly
    assert sum(len(one.findings) for one in quickly) > 400
    assert sum(len(one.not_checked) for one in quickly) > 400


def test_what_surely_waits_is_told_without_asking_it(knowledge: Knowledge) -> None:
    facts = someone(taking="lithium 900 mg since 2026-01-05", unknown=["allergies"], planning=None)
    told = {one.rule: one.missing for one in review(facts, None, knowledge).not_checked}
    assert told["lithium-allergy"] == ("her allergies",)
    assert told["lithium-planning"] == ("whether she plans a pregnancy",)
    (plan,) = [
        one
        for one in _index(knowledge).shelves["lithium"].taken.plans.values()
        if {entry.rule.id for entry, _ in one.waiting} >= {"lithium-allergy", "lithium-planning"}
    ][:1]
    assert not {entry.rule.id for entry in plan.asked} & {"lithium-allergy", "lithium-planning"}


def test_a_companion_that_was_stopped_is_asked_about_and_not_guessed(knowledge: Knowledge) -> None:
    def waits(*taking: str) -> bool:
        facts = someone(taking=["lithium 900 mg since 2026-01-05", *taking], planning=None)
        return any(one.rule == "folate-planning" for one in review(facts, None, knowledge).not_checked)

    assert waits()
    assert waits("folic-acid 0.4 mg since 2026-01-01 until 2026-03-01")
    assert not waits("folic-acid 0.4 mg since 2026-01-01")


def test_most_rules_of_a_quiet_woman_are_passed_over(knowledge: Knowledge) -> None:
    groups = _build(knowledge).shelves["lithium"].taken.groups
    assert groups is not None
    assert groups.checks
    assert groups.bounds
    assert groups.doses


def test_a_group_that_cannot_tell_asks_each_of_its_rules(knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> bool:
        raise ZeroDivisionError

    facts = someone(taking="lithium 900 mg since 2026-01-05", results={"lithium-level": (1.9, 2)})
    before = review(facts, None, knowledge)
    monkeypatch.setattr(quiet, "_checks_due", broken)
    assert review(facts, None, knowledge) == before
