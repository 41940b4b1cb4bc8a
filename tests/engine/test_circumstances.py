"""Of whom is a rule true?  Life stage, illness, allergy, tobacco, genes, what is missing; and not knowing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from althea.engine.facts import Known, Pregnancy
from althea.knowledge.schema.evidence import Level
from tests.cast import TODAY, ask, order, someone, waited


def life(who: str, of: str = "valproate", extra: str = "") -> str:
    return f'[[rule]]\nkind = "life-stage"\nid = "x"\nlevel = "critical"\nof = ["{of}"]\nwho = {{ {who} }}\n{extra}'


UNPROTECTED = life("protected = false")


@pytest.mark.parametrize(
    ("words", "fires"),
    [
        ({}, False),
        ({"contraception": "condoms"}, True),
        ({"contraception": "none"}, True),
        ({"contraception": None}, True),
        ({"contraception": "condoms", "pregnant": None}, True),
        ({"contraception": "condoms", "cannot": "after the menopause"}, False),
        ({"contraception": "condoms", "sex": "male"}, False),
        ({"pregnant": True}, True),
        ({"pregnant": "contradictory"}, True),
    ],
)
def test_a_teratogen_asks_unless_a_pregnancy_is_known_to_be_prevented(knows, words, fires):
    assert (ask("x", someone(**words), knows(UNPROTECTED), order("valproate 500 mg")) is not None) is fires


def test_pregnant_is_yes_no_or_not_known(knows):
    knowledge = knows(life("pregnant = true", of="lithium"))
    assert ask("x", someone(pregnant=True), knowledge, order("lithium 600 mg")) is not None
    assert ask("x", someone(pregnant=False), knowledge, order("lithium 600 mg")) is None
    for unsure in (None, "unknown", "contradictory"):
        assert waited("x", someone(pregnant=unsure), knowledge, order("lithium 600 mg")) == ("whether she is pregnant",)


@pytest.mark.parametrize(
    ("days", "medicine", "known"),
    [(30, "lithium", True), (31, "lithium", False), (7, "valproate", True), (8, "valproate", False)],
)
def test_not_pregnant_grows_old_and_sooner_before_a_teratogen(knows, days, medicine, known):
    knowledge = knows(life("pregnant = true", of=medicine))
    facts = someone()
    said = Pregnancy(status="not pregnant", on=TODAY - timedelta(days))
    facts = replace(facts, stage=replace(facts.stage, pregnancy=said))
    assert (waited("x", facts, knowledge, order(f"{medicine} 500 mg")) is None) is known


def test_gestation_and_the_days_after_birth_have_edges(knows):
    late = knows(life("gestation_from = 34", of="lithium"))
    assert ask("x", someone(pregnant=True, weeks=34), late, order("lithium 600 mg")) is not None
    assert ask("x", someone(pregnant=True, weeks=33), late, order("lithium 600 mg")) is None
    assert waited("x", someone(pregnant=True), late, order("lithium 600 mg")) == ("the gestational age",)


def test_after_birth(knows):
    knowledge = knows(life("postpartum_to_days = 14", of="lithium"))
    assert ask("x", someone(born_days_ago=14), knowledge, order("lithium 600 mg")) is not None
    assert ask("x", someone(born_days_ago=15), knowledge, order("lithium 600 mg")) is None
    assert ask("x", someone(), knowledge, order("lithium 600 mg")) is None
    assert waited("x", someone(unknown="observations"), knowledge, order("lithium 600 mg")) is not None


def test_breastfeeding_that_nobody_asked_about_after_a_birth_is_not_no(knows):
    knowledge = knows(life("breastfeeding = true", of="lithium"))
    assert waited("x", someone(breastfeeding=None, born_days_ago=60), knowledge, order("lithium 600 mg")) is not None
    assert waited("x", someone(breastfeeding=None), knowledge, order("lithium 600 mg")) is None
    assert ask("x", someone(breastfeeding=True), knowledge, order("lithium 600 mg")) is not None


LIVER = '[[rule]]\nkind = "condition"\nid = "liver"\nlevel = "critical"\nof = ["valproate"]\nwho = { conditions = ["liver-disease"] }\n'


def test_an_illness_speaks_when_it_is_there_and_waits_when_nobody_knows(knows):
    knowledge = knows(LIVER)
    assert ask("liver", someone(has="liver-disease"), knowledge, order("valproate 500 mg")) is not None
    assert ask("liver", someone(), knowledge, order("valproate 500 mg")) is None
    assert waited("liver", someone(unknown="conditions"), knowledge, order("valproate 500 mg")) == (
        "whether she has liver disease",
    )
    part = someone(known={"conditions": Known.INCOMPLETE})
    assert waited("liver", part, knowledge, order("valproate 500 mg")) is not None


def test_a_line_of_history_raises_at_most_a_warning(knows):
    finding = ask("liver", someone(history={"liver-disease": "liver trouble"}), knows(LIVER), order("valproate 500 mg"))
    assert finding is not None
    assert finding.level is Level.WARNING
    assert finding.said == ("It rests on a line of text, not on a coded diagnosis: confirm it.",)


ALLERGY = '[[rule]]\nkind = "allergy"\nid = "allergy"\nlevel = "critical"\nof = ["lamotrigine"]\nto = ["valproate"]\n'


def test_an_allergy_to_it_or_a_relative(knows):
    knowledge = knows(ALLERGY)
    assert ask("allergy", someone(allergic="lamotrigine"), knowledge, order("lamotrigine 25 mg")) is not None
    assert ask("allergy", someone(allergic="valproate"), knowledge, order("lamotrigine 25 mg")) is not None
    assert ask("allergy", someone(allergic="naproxen"), knowledge, order("lamotrigine 25 mg")) is None
    assert waited("allergy", someone(unknown="allergies"), knowledge, order("lamotrigine 25 mg")) == ("her allergies",)


def test_tobacco_that_was_stopped_lately(knows):
    rule = '[[rule]]\nkind = "exposure"\nid = "smoke"\nof = ["olanzapine"]\nwho = { tobacco = ["stopped"], tobacco_changed_within_days = 56 }\n'
    knowledge = knows(rule)
    taking = "olanzapine 10 mg since 2026-01-01"
    assert ask("smoke", someone(taking=taking, tobacco="stopped", tobacco_days=56), knowledge) is not None
    assert ask("smoke", someone(taking=taking, tobacco="stopped", tobacco_days=57), knowledge) is None
    assert waited("smoke", someone(taking=taking), knowledge) == ("whether she smokes",)


def test_a_gene_nobody_tested_is_silent_unless_the_rule_asks(knows):
    rule = '[[rule]]\nkind = "pharmacogenomic"\nid = "gene"\nof = ["sertraline"]\nwho = { genes = { CYP2C19 = ["poor metabolizer"] } }\n'
    taking = order("sertraline 50 mg")
    knowledge = knows(rule)
    assert ask("gene", someone(genes={"CYP2C19": "poor metabolizer"}), knowledge, taking) is not None
    assert ask("gene", someone(genes={"CYP2C19": "normal metabolizer"}), knowledge, taking) is None
    assert waited("gene", someone(), knowledge, taking) is None


def test_a_gene_the_rule_asks_for_is_named(knows):
    rule = '[[rule]]\nkind = "pharmacogenomic"\nid = "gene"\nof = ["sertraline"]\nask = true\nwho = { genes = { CYP2C19 = ["poor metabolizer"] } }\n'
    assert waited("gene", someone(), knows(rule), order("sertraline 50 mg")) == ("a CYP2C19 test",)


FOLIC = '[[rule]]\nkind = "missing"\nid = "folic"\nof = ["valproate"]\nwithout = ["folic-acid"]\nwithout_dose_from = "4 mg"\n'


def test_a_companion_that_is_absent_or_too_small(knows):
    knowledge = knows(FOLIC)
    assert ask("folic", someone(), knowledge, order("valproate 500 mg")) is not None
    assert (
        ask("folic", someone(taking="folic-acid 0.4 mg since 2026-01-01"), knowledge, order("valproate 500 mg"))
        is not None
    )
    assert (
        ask("folic", someone(taking="folic-acid 5 mg since 2026-01-01"), knowledge, order("valproate 500 mg")) is None
    )
    assert waited("folic", someone(unknown="medicines"), knowledge, order("valproate 500 mg")) == (
        "her other medicines",
    )


def test_one_no_settles_it_whatever_else_is_unknown(knows):
    knowledge = knows(life('pregnant = true, conditions = ["liver-disease"]'))
    assert waited("x", someone(pregnant=False, unknown="conditions"), knowledge, order("valproate 500 mg")) is None


def test_age_has_both_ends(knows):
    knowledge = knows(
        '[[rule]]\nkind = "condition"\nid = "old"\nof = ["lithium"]\nwho = { age_from = 65, age_to = 80 }\n'
    )
    for age, fires in ((64, False), (65, True), (80, True), (81, False)):
        assert (ask("old", someone(age=age), knowledge, order("lithium 300 mg")) is not None) is fires
    assert waited("old", someone(age=None), knowledge, order("lithium 300 mg")) == ("her age",)


def test_a_place_that_is_not_ours_is_quiet(knows):
    knowledge = knows(life('jurisdiction = ["UK"]'))
    assert ask("x", someone(), knowledge, order("valproate 500 mg")) is None
    assert ask("x", someone(), knowledge, order("valproate 500 mg"), jurisdiction="UK") is not None


def test_a_gene_never_tested_is_asked_for_and_a_result_of_any_kind_settles_it(knows):
    knowledge = knows(
        '[[rule]]\nkind = "condition"\nid = "untested"\nof = ["sertraline"]\nwho = { untested_genes = ["CYP2C19"] }\n'
    )
    draft = order("sertraline 50 mg")
    assert ask("untested", someone(), knowledge, draft) is not None
    assert ask("untested", someone(genes={"CYP2C19": "normal metabolizer"}), knowledge, draft) is None
    assert waited("untested", someone(unknown="observations"), knowledge, draft) == ("a CYP2C19 test",)
