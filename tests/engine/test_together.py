"""Two medicines at once, or one too soon after the other: interaction, duplicate, washout."""

from __future__ import annotations

from althea.knowledge.schema.evidence import Level
from tests.cast import answer, ask, order, someone, waited

NSAID = """
[[rule]]
kind = "interaction"
id = "lithium-nsaid"
title = "{other} can raise the lithium level."
of = ["lithium"]
meets = ["nsaid"]
except = ["aspirin"]
"""
LITHIUM = "lithium 900 mg since 2026-07-25"


def test_an_interaction_speaks_whichever_side_is_ordered(knows):
    knowledge = knows(NSAID)
    ordered = ask("lithium-nsaid", someone(taking=LITHIUM), knowledge, order("naproxen 1000 mg"))
    reverse = ask(
        "lithium-nsaid", someone(taking="naproxen 1000 mg since 2026-07-25"), knowledge, order("lithium 900 mg")
    )
    running = ask("lithium-nsaid", someone(taking=[LITHIUM, "naproxen 1000 mg since 2026-11-01"]), knowledge)
    assert ordered is not None
    assert reverse is not None
    assert running is not None
    assert ordered.title == "Naproxen can raise the lithium level."
    assert [one.what for one in ordered.because] == [
        "takes lithium 900 mg a day",
        "ordered now: naproxen 1000 mg a day",
    ]
    assert ordered.about_order
    assert not running.about_order


def test_of_the_labels_that_a_class_cites_hers_comes_first(knows):
    """A woman on sertraline was shown the label of another medicine of its class, as if nobody had read hers."""
    labels = ("paroxetine-label#5.7", "sertraline-label#5.3", "naproxen-label#7")
    rule = '[[rule]]\nkind = "interaction"\nid = "bleeding"\nof = ["ssri"]\nmeets = ["nsaid"]\n'
    knowledge = knows(f"{rule}sources = {list(labels)}\n")
    both = someone(taking=["sertraline 50 mg since 2026-05-01", "aspirin 500 mg since 2026-11-01"])
    hers = ask("bleeding", both, knowledge)
    assert hers is not None
    assert hers.sources == ("sertraline-label#5.3", "paroxetine-label#5.7", "naproxen-label#7")
    foreign = knows(f'{rule}sources = ["escitalopram-label#5.7", "fluoxetine-label#5.7"]\n')
    other = ask("bleeding", both, foreign)
    assert other is not None
    assert other.sources == ("escitalopram-label#5.7", "fluoxetine-label#5.7"), "none is hers: as they stand"


def test_the_exception_of_a_class_is_quiet(knows):
    assert ask("lithium-nsaid", someone(taking=LITHIUM), knows(NSAID), order("aspirin 81 mg")) is None


def test_a_medicine_that_ended_is_not_taken(knows):
    facts = someone(taking=[LITHIUM, "naproxen 1000 mg since 2026-10-01 until 2026-11-21"])
    assert ask("lithium-nsaid", facts, knows(NSAID)) is None


def test_a_long_half_life_counts_until_the_day_it_says(knows):
    rule = NSAID + "meets_within_days = 35\n"
    facts = someone(taking=[LITHIUM, "naproxen 1000 mg since 2026-01-01 until 2026-10-19"])
    assert ask("lithium-nsaid", facts, knows(rule)) is not None
    facts = someone(taking=[LITHIUM, "naproxen 1000 mg since 2026-01-01 until 2026-10-18"])
    assert ask("lithium-nsaid", facts, knows(rule)) is None


def test_what_is_perhaps_still_taken_only_informs_and_says_so(knows):
    finding = ask("lithium-nsaid", someone(taking=LITHIUM, perhaps="naproxen since 2024-01-01"), knows(NSAID))
    assert finding is not None
    assert finding.level is Level.INFO
    assert finding.said == ("naproxen is perhaps still taken: its order is old and has no end. Ask her.",)


def test_an_unknown_medicine_list_is_not_an_empty_one(knows):
    knowledge = knows(NSAID)
    facts = someone(unknown="medicines")
    assert waited("lithium-nsaid", facts, knowledge, order(LITHIUM)) == ("her other medicines",)
    assert waited("lithium-nsaid", someone(), knowledge, order(LITHIUM)) is None


def test_as_needed_does_not_count_where_the_rule_says_lasting(knows):
    knowledge = knows(NSAID + "lasting = true\n")
    assert ask("lithium-nsaid", someone(taking=LITHIUM), knowledge, order("naproxen 500 mg as needed")) is None
    assert ask("lithium-nsaid", someone(taking=LITHIUM), knowledge, order("naproxen 500 mg once")) is None
    assert ask("lithium-nsaid", someone(taking=LITHIUM), knowledge, order("naproxen 500 mg")) is not None


def test_the_dose_of_the_other_can_matter_and_unknown_is_said(knows):
    knowledge = knows(NSAID + 'meets_dose_from = "500 mg"\n')
    assert ask("lithium-nsaid", someone(taking=LITHIUM), knowledge, order("naproxen 500 mg")) is not None
    assert ask("lithium-nsaid", someone(taking=LITHIUM), knowledge, order("naproxen 499 mg")) is None
    assert waited("lithium-nsaid", someone(taking=LITHIUM), knowledge, order("naproxen")) == ("the dose of naproxen",)


def test_a_contraceptive_method_without_an_order_is_found(knows):
    knowledge = knows('[[rule]]\nkind = "interaction"\nid = "x-pill"\nof = ["lamotrigine"]\nmeets = ["pill"]\n')
    facts = someone(contraception="progestogen-only-pill")
    finding = ask("x-pill", facts, knowledge, order("lamotrigine 25 mg"))
    assert finding is not None
    assert "contraception: progestogen-only pill" in [one.what for one in finding.because]


def test_one_pair_is_one_finding_the_loudest(knows):
    loud = '[[rule]]\nkind = "interaction"\nid = "loud"\nlevel = "critical"\nof = ["ssri"]\nmeets = ["phenelzine"]\n'
    quiet = '[[rule]]\nkind = "interaction"\nid = "quiet"\nof = ["phenelzine"]\nmeets = ["ssri"]\n'
    findings = answer(
        someone(taking="sertraline 50 mg since 2026-01-01"), knows(quiet + loud), order("phenelzine 15 mg")
    ).findings
    assert [one.rule for one in findings] == ["loud"]


def test_an_order_that_stops_the_other_settles_an_interaction(knows):
    facts = someone(taking=[LITHIUM, "naproxen 500 mg since 2026-10-01"])
    assert ask("lithium-nsaid", facts, knows(NSAID), order(stop="naproxen")) is None


TWO = '[[rule]]\nkind = "duplicate"\nid = "two-ssris"\nof = ["ssri"]\n'


def test_two_of_a_class_are_one_finding(knows):
    findings = answer(
        someone(taking="sertraline 50 mg since 2026-01-01"), knows(TWO), order("paroxetine 20 mg")
    ).findings
    assert [one.rule for one in findings] == ["two-ssris"]


def test_a_planned_cross_taper_is_quiet(knows):
    facts = someone(taking="sertraline 50 mg since 2026-01-01 until 2026-12-10")
    from msgspec.structs import replace

    from althea.engine.facts import State

    row = replace(facts.medicines[0], state=State.RUNNING)
    assert ask("two-ssris", replace(facts, medicines=(row,)), knows(TWO), order("paroxetine 20 mg")) is None


def test_replacing_a_medicine_is_not_taking_it_twice(knows):
    assert (
        ask("two-ssris", someone(taking="sertraline 50 mg since 2026-01-01"), knows(TWO), order("sertraline 100 mg"))
        is None
    )


WASHOUT = '[[rule]]\nkind = "washout"\nid = "maoi-after-ssri"\nlevel = "critical"\nof = ["phenelzine"]\nafter = ["ssri"]\ndays = 14\n'


def test_a_washout_holds_to_the_day_before_and_not_on_the_day(knows):
    knowledge = knows(WASHOUT)
    for until, quiet in (("2026-11-22", False), ("2026-11-09", False), ("2026-11-08", True)):
        facts = someone(taking=f"sertraline 100 mg since 2026-01-01 until {until}")
        assert (ask("maoi-after-ssri", facts, knowledge, order("phenelzine 30 mg")) is None) is quiet, until


def test_a_washout_says_when_the_other_ended(knows):
    facts = someone(taking="sertraline 100 mg since 2026-01-01 until 2026-11-15")
    finding = ask("maoi-after-ssri", facts, knows(WASHOUT), order("phenelzine 30 mg"))
    assert finding is not None
    assert "sertraline was stopped 7 days ago" in [one.what for one in finding.because]


def test_stopping_the_other_in_the_same_order_is_today(knows):
    facts = someone(taking="sertraline 100 mg since 2026-01-01")
    assert ask("maoi-after-ssri", facts, knows(WASHOUT), order("phenelzine 30 mg", stop="sertraline")) is not None


def test_not_knowing_what_she_took_before_is_said(knows):
    assert waited("maoi-after-ssri", someone(unknown="medicines"), knows(WASHOUT), order("phenelzine 30 mg")) == (
        "what she took before",
    )


def test_an_end_that_nobody_recorded_is_asked_for(knows):
    facts = someone(taking="sertraline 100 mg since 2026-01-01 until 2026-11-15")
    from msgspec.structs import replace

    row = replace(facts.medicines[0], ended_on=None)
    knowledge = knows(WASHOUT)
    assert waited("maoi-after-ssri", replace(facts, medicines=(row,)), knowledge, order("phenelzine 30 mg")) == (
        "when sertraline was stopped",
    )


def test_all_the_others_stand_in_the_evidence(knows):
    knowledge = knows(NSAID.replace('except = ["aspirin"]\n', ""))
    facts = someone(taking=[LITHIUM, "naproxen 500 mg since 2026-10-01", "aspirin 500 mg since 2026-10-01"])
    finding = ask("lithium-nsaid", facts, knowledge)
    assert finding is not None
    assert {"takes naproxen 500 mg a day", "takes aspirin 500 mg a day"} <= {one.what for one in finding.because}


def test_a_washout_is_not_hidden_by_something_perhaps_still_taken(knows):
    facts = someone(taking="sertraline 100 mg since 2026-01-01 until 2026-11-15", perhaps="paroxetine since 2020-01-01")
    finding = ask("maoi-after-ssri", facts, knows(WASHOUT), order("phenelzine 30 mg"))
    assert finding is not None
    assert finding.level is Level.CRITICAL
