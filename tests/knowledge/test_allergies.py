"""An allergy on record to a stimulant or to atomoxetine (the labels' section 4) stops it, and only it and its kin."""

from __future__ import annotations

import pytest

from althea.knowledge.load import load
from althea.knowledge.schema.evidence import Level
from tests.cast import ask, order, someone


@pytest.mark.parametrize(
    ("rule", "allergic", "ordered"),
    [
        ("lisdexamfetamine-allergy", "amphetamine", "lisdexamfetamine 30 mg"),
        ("lisdexamfetamine-allergy", "lisdexamfetamine", "dextroamphetamine 5 mg"),
        ("methylphenidate-allergy", "dexmethylphenidate", "methylphenidate 18 mg"),
        ("atomoxetine-allergy", "atomoxetine", "atomoxetine 40 mg"),
    ],
)
def test_an_allergy_to_it_or_its_kin_is_critical(rule: str, allergic: str, ordered: str) -> None:
    finding = ask(rule, someone(allergic=allergic), load(), order(ordered))
    assert finding is not None
    assert finding.level is Level.CRITICAL


def test_an_allergy_to_another_stimulant_says_nothing() -> None:
    assert ask("lisdexamfetamine-allergy", someone(allergic="methylphenidate"), load(), order("lisdexamfetamine 30 mg")) is None  # fmt: skip
