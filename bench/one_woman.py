"""One woman: from a Bundle to cards, and the review alone, against the baseline. CPU time, best of five."""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from althea.engine.facts import Facts
from althea.engine.order import ProposedOrder
from althea.engine.review import review
from althea.fhir.cds import answer_bundle
from althea.fhir.parse import parse
from althea.fhir.read import read
from althea.fhir.record import of_bundle
from althea.knowledge import Knowledge, load
from bench.baseline import check

TODAY = date(2026, 11, 22)
WOMAN = Path(__file__).with_name("woman.json")


def cpu_of(calls: dict[str, Callable[[], Any]], *, best_of: int = 5, seconds: float = 0.15) -> dict[str, float]:
    """Seconds of CPU for one call of each: the best of some rounds, all of them measured in each round."""
    best: dict[str, float] = {}
    times = {}
    for name, call in calls.items():
        call()
        began = time.process_time()
        call()
        times[name] = max(3, int(seconds / 3 / max(time.process_time() - began, 1e-6)))
    for _ in range(best_of * 3):
        for name, call in calls.items():
            began = time.process_time()
            for _ in range(times[name]):
                call()
            took = (time.process_time() - began) / times[name]
            best[name] = min(best.get(name, took), took)
    return best


def busy_facts() -> tuple[Facts, ProposedOrder]:
    """A busy woman: six running medicines, four illnesses, a new order, and six to eight findings."""
    from tests.cast import order, someone

    facts = someone(
        taking=[
            "lithium 900 mg since 2026-01-05", "quetiapine 300 mg since 2026-05-01", "lamotrigine 200 mg since 2025-03-01",
            "losartan 50 mg since 2026-02-01", "omeprazole 20 mg since 2026-01-01", "levothyroxine 0.1 mg since 2026-01-01",
        ],
        has=["bipolar", "hypertension", "gad", "migraine"],
        results={
            "lithium-level": [(1.1, 120), (0.7, 210)], "creatinine": (0.8, 40), "egfr": (95, 40), "tsh": (2.1, 40),
            "calcium": (9.4, 40), "weight": [(71, 20), (70, 220)], "a1c": (5.3, 60), "fasting-glucose": (90, 60),
            "ldl": (100, 60),
        },
        scores={"phq-9": [(18, 10), (9, 40)]},
        contraception="copper-iud", age=37,
    )  # fmt: skip
    return facts, order(["naproxen 1000 mg"])


def crowded_facts() -> tuple[Facts, ProposedOrder]:
    """A woman with eight medicines, five illnesses and a new order, about whom more than twenty rules speak."""
    from tests.cast import order, someone

    facts = someone(
        taking=[
            "lithium 1200 mg since 2026-01-05", "quetiapine 300 mg since 2026-05-01", "sertraline 150 mg since 2025-03-01",
            "lorazepam 2 mg since 2026-08-01", "losartan 50 mg since 2026-02-01", "norethindrone 0.35 mg since 2026-01-01",
            "ibuprofen 1200 mg since 2026-10-01", "omeprazole 20 mg since 2026-01-01",
        ],
        has=["bipolar", "hypertension", "gad", "liver-disease", "migraine"],
        results={"lithium-level": [(1.1, 100), (0.8, 200)], "creatinine": (0.9, 200), "weight": [(80, 5), (70, 220)], "egfr": (55, 30)},
        scores={"phq-9": [(18, 3), (9, 40)], "epds": ({"item 10": 1}, 1)},
        contraception="progestogen-only-pill", born_days_ago=60, breastfeeding=True, infant_weeks=35, age=37,
    )  # fmt: skip
    return facts, order(["oxcarbazepine 600 mg"])


def fewer_rules(knowledge: Knowledge, count: int) -> Knowledge:
    """The same knowledge with about so many rules, spread evenly."""
    rules = list(knowledge.rules.items())
    step = max(1, len(rules) // count)
    return replace(knowledge, rules=dict(rules[::step][:count]))


def measure() -> dict[str, float]:
    """Ratios by name."""
    text = WOMAN.read_text(encoding="utf-8")
    body = text.encode()
    knowledge = load()
    facts = read(of_bundle(json.loads(text)), TODAY, knowledge)
    busy, order = busy_facts()
    crowded, crowded_order = crowded_facts()
    fifty, five_hundred = fewer_rules(knowledge, 50), fewer_rules(knowledge, 500)
    gc.collect()
    gc.freeze()
    took = cpu_of(
        {
            "baseline": lambda: check(text),
            "cards": lambda: answer_bundle(parse(body), TODAY, knowledge),
            "quiet": lambda: review(facts, None, knowledge),
            "busy": lambda: review(busy, order, knowledge),
            "crowded": lambda: review(crowded, crowded_order, knowledge),
            "fifty": lambda: review(facts, None, fifty),
            "five hundred": lambda: review(facts, None, five_hundred),
        }
    )
    floor = took["baseline"]
    return {
        "baseline, microseconds": floor * 1e6,
        "Bundle to cards": took["cards"] / floor,
        "review, quiet woman": took["quiet"] / floor,
        "review, busy woman": took["busy"] / floor,
        "review, very crowded woman": took["crowded"] / floor,
        "500 rules against 50": took["five hundred"] / took["fifty"],
    }


if __name__ == "__main__":
    for name, value in measure().items():
        print(f"{name:32} {value:8.2f}")
