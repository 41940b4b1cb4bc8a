"""What every rule shares: states, marks, merging, and never silence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from althea.engine import index
from althea.knowledge.schema.evidence import Level
from tests.cast import answer, ask, order, someone, waited

PLAIN = '[[rule]]\nkind = "condition"\nid = "plain"\nof = ["lithium"]\nwho = { conditions = ["liver-disease"] }\n'


@pytest.mark.parametrize(
    ("state", "taking", "draft", "fires"),
    [
        ("any", "lithium 300 mg since 2026-01-01", None, True),
        ("any", [], "lithium 300 mg", True),
        ("ordered", "lithium 300 mg since 2026-01-01", None, False),
        ("ordered", "lithium 300 mg since 2026-01-01", "lithium 600 mg", True),
        ("starting", "lithium 300 mg since 2026-01-01", "lithium 600 mg", False),
        ("starting", [], "lithium 600 mg", True),
        ("running", "lithium 300 mg since 2026-01-01", None, True),
        ("running", "lithium 300 mg since 2026-01-01", "lithium 600 mg", False),
    ],
)
def test_the_state_a_rule_speaks_of(knows, state, taking, draft, fires):
    knowledge = knows(PLAIN + f'state = "{state}"\n')
    facts = someone(taking=taking, has="liver-disease")
    assert (ask("plain", facts, knowledge, order(draft) if draft else None) is not None) is fires


def test_a_rule_that_raises_is_reported_and_the_others_still_speak(knows, monkeypatch):
    knowledge = knows(PLAIN + '[[rule]]\nkind = "dose"\nid = "max"\nof = ["lithium"]\nmax_daily = "300 mg"\n')

    def broken(*_: object) -> None:
        raise ZeroDivisionError("her name is in here")

    monkeypatch.setitem(index.EVALUATE, "dose", broken)
    review = answer(someone(has="liver-disease"), replace(knowledge), order("lithium 600 mg"))
    assert [one.rule for one in review.findings] == ["plain"]
    assert [(one.rule, one.error) for one in review.not_checked] == [("max", "ZeroDivisionError")]
    assert "her name" not in repr(review)


def test_an_unverified_rule_informs_and_never_warns(knows):
    finding = ask(
        "plain",
        someone(has="liver-disease"),
        knows(PLAIN + 'level = "critical"\nmark = "unverified"\n'),
        order("lithium 300 mg"),
    )
    assert finding is not None
    assert finding.level is Level.INFO


def test_a_critical_swallows_a_warning_on_the_same_concept(knows):
    other = PLAIN.replace('"plain"', '"loud"') + 'level = "critical"\nconcept = "liver"\n'
    findings = answer(
        someone(has="liver-disease"), knows(PLAIN + 'concept = "liver"\n' + other), order("lithium 300 mg")
    ).findings
    assert [one.rule for one in findings] == ["loud"]


def test_the_draft_s_own_findings_stand_before_the_rest(knows):
    rules = PLAIN + PLAIN.replace("lithium", "valproate").replace('"plain"', '"another"')
    findings = answer(
        someone(taking="lithium 300 mg since 2026-01-01", has="liver-disease"), knows(rules), order("valproate 500 mg")
    ).findings
    assert [one.rule for one in findings] == ["another", "plain"]


def test_the_dose_a_rule_speaks_of_includes_both_ends(knows):
    knowledge = knows(PLAIN + 'dose_from = "600 mg"\ndose_to = "900 mg"\n')
    facts = someone(has="liver-disease")
    for dose, fires in (("599 mg", False), ("600 mg", True), ("900 mg", True), ("901 mg", False)):
        assert (ask("plain", facts, knowledge, order(f"lithium {dose}")) is not None) is fires
    assert waited("plain", facts, knowledge, order("lithium")) == ("the dose of lithium",)


def test_a_long_title_is_cut_at_a_word_and_never_over_139(knows):
    knowledge = knows(PLAIN + f'title = "{"word " * 60}end."\n')
    finding = ask("plain", someone(has="liver-disease"), knowledge, order("lithium 300 mg"))
    assert finding is not None
    assert len(finding.title) <= 139
    assert finding.title.endswith("…")


def test_every_finding_carries_the_knowledge_that_said_so(knows):
    finding = ask("plain", someone(has="liver-disease"), knows(PLAIN), order("lithium 300 mg"))
    assert finding is not None
    assert finding.knowledge == "2026.11+test00"


def test_the_same_facts_give_the_same_answer(knows):
    knowledge = knows(PLAIN)
    facts = someone(has="liver-disease", unknown="allergies")
    assert answer(facts, knowledge, order("lithium 300 mg")) == answer(facts, knowledge, order("lithium 300 mg"))


def test_a_depot_beside_tablets_both_stay(knows):
    knowledge = knows('[[rule]]\nkind = "dose"\nid = "max"\nof = ["olanzapine"]\nmax_daily = "20 mg"\n')
    facts = someone(taking="olanzapine 15 mg depot intramuscular since 2026-01-01")
    review = answer(facts, knowledge, order("olanzapine 10 mg"))
    assert review.findings == ()
    assert ask("max", facts, knowledge, order("olanzapine 21 mg")) is not None
