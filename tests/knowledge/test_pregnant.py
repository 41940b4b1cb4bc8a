"""What is said of her pain medicine and of folic acid while she is pregnant, and what no longer is."""

import pytest
from msgspec.structs import replace

from althea.engine.order import ProposedOrder
from althea.engine.review import review
from althea.knowledge import load
from althea.knowledge.schema.evidence import Level
from tests.cast import ask, medicine, order, someone, waited
from tests.fhir.samples import SNOMED, coded, day, quantity, seen
from tests.fhir.samples import facts as read

KNOWLEDGE = load()
IBUPROFEN = "ibuprofen 1200 mg since 2026-11-01"
EARLY, LATE = "nsaid-pregnancy-20-weeks", "nsaid-pregnancy-30-weeks"


def said(her, draft: ProposedOrder | None = None) -> dict[str, Level]:
    """What is said of a pain medicine in pregnancy: rule and level."""
    found = review(her, draft, KNOWLEDGE).findings
    return {one.rule: one.level for one in found if one.reason[0] == "nsaid-pregnancy"}


def pregnant(days: int | None, *taking: str):
    her = someone(taking=list(taking), pregnant=True, contraception="none")
    return replace(her, stage=replace(her.stage, gestation_days=days))


# --- an NSAID -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "rule"),
    [(139, None), (140, EARLY), (20 * 7 + 3, EARLY), (29 * 7 + 6, EARLY), (210, LATE), (280, LATE)],
)
def test_an_nsaid_speaks_from_week_20_and_otherwise_from_week_30(days, rule):
    assert said(pregnant(days, IBUPROFEN)) == ({rule: Level.WARNING} if rule else {})


@pytest.mark.parametrize("name", sorted(KNOWLEDGE.members(("nsaid",))))
def test_every_nsaid_speaks_as_needed_too(name):
    assert said(pregnant(22 * 7, f"{name} since 2026-11-20 as needed")) == {EARLY: Level.WARNING}


def test_an_nsaid_that_is_about_to_be_ordered_speaks_and_one_that_ended_does_not():
    assert said(pregnant(22 * 7), order("naproxen 500 mg")) == {EARLY: Level.WARNING}
    assert said(pregnant(22 * 7, "naproxen 500 mg since 2026-10-01 until 2026-11-10")) == {}


def test_weeks_that_nobody_knows_are_said_to_be_missing_and_are_no_silence():
    her = pregnant(None, IBUPROFEN)
    assert said(her) == {}
    assert waited(EARLY, her, KNOWLEDGE) == waited(LATE, her, KNOWLEDGE) == ("the gestational age",)


def test_whether_she_is_pregnant_is_asked_where_nobody_knows():
    her = someone(taking=IBUPROFEN, pregnant=None, contraception="none")
    assert waited(EARLY, her, KNOWLEDGE) == ("whether she is pregnant",)


@pytest.mark.parametrize("about", [{}, {"menopause": "post", "cannot": "after the menopause"}, {"sex": "male"}])
def test_who_is_not_pregnant_hears_nothing_of_it(about):
    her = someone(taking=IBUPROFEN, **about)
    assert said(her) == {}
    assert waited(EARLY, her, KNOWLEDGE) is None


def test_what_to_do_is_the_labels_and_hers_comes_first():
    found = ask(EARLY, pregnant(22 * 7, IBUPROFEN), KNOWLEDGE)
    assert found is not None
    words = " ".join(found.do)
    assert "acetaminophen" in words
    assert "lowest effective dose" in words
    assert "48 hours" in words
    assert found.sources[0].startswith("ibuprofen-")


@pytest.mark.parametrize(("route", "speaks"), [("topical", True), ("intramuscular", True), ("ophthalmic", False)])
def test_what_is_given_into_the_eye_is_left_out_as_fda_leaves_it_out(route, speaks):
    row = replace(medicine("diclofenac since 2026-11-01"), route=route)
    assert bool(said(replace(pregnant(22 * 7), medicines=(row,)))) is speaks


@pytest.mark.parametrize(
    ("dose", "rule", "level"),
    [
        ("81 mg", None, None),
        ("162 mg", "aspirin-pregnancy-above-low-dose", Level.INFO),
        ("325 mg", "aspirin-pregnancy-20-weeks", Level.WARNING),
        ("2600 mg", "aspirin-pregnancy-20-weeks", Level.WARNING),
    ],
)
def test_low_dose_aspirin_is_quiet_and_a_pain_relievers_dose_is_not(dose, rule, level):
    assert said(pregnant(22 * 7, f"aspirin {dose} since 2026-10-01")) == ({rule: level} if rule else {})
    assert said(pregnant(139, f"aspirin {dose} since 2026-10-01")) == {}


# --- a plan that came true, and folic acid ------------------------------------------------------------------


def folate(her) -> list[str]:
    return [one.rule for one in review(her, None, KNOWLEDGE).findings if one.rule.startswith("folate-")]


@pytest.mark.parametrize("taking", [[], ["carbamazepine 400 mg since 2026-01-05"]])
def test_a_plan_does_not_speak_of_her_who_is_pregnant_nor_is_she_asked(taking):
    for planning in (True, None):
        her = someone(taking=taking, pregnant=True, weeks=22, planning=planning, contraception="none")
        found = review(her, None, KNOWLEDGE)
        assert [one.rule for one in found.findings if "planning" in one.rule] == []
        assert [one.rule for one in found.not_checked if "whether she plans a pregnancy" in one.missing] == []


def test_a_plan_speaks_of_her_who_is_not_pregnant_or_perhaps_is():
    assert folate(someone(planning=True)) == ["folate-planning"]
    assert folate(someone(planning=True, pregnant=None)) == ["folate-planning"]


@pytest.mark.parametrize(("weeks", "taking", "found"), [(6, [], True), (13, [], True), (14, [], False)])
def test_folic_acid_is_advised_in_the_first_three_months(weeks, taking, found):
    her = someone(taking=taking, pregnant=True, weeks=weeks, contraception="none")
    assert folate(her) == (["folate-early-pregnancy"] if found else [])


def test_folic_acid_that_she_takes_is_enough():
    her = someone(taking="folic-acid 0.4 mg since 2026-10-01", pregnant=True, weeks=8, contraception="none")
    assert folate(her) == []


WANTS = {"text": "wants to become pregnant"}


def test_a_record_with_an_older_plan_and_22_weeks_speaks_of_the_ibuprofen_only():
    her = read(
        seen("86645-9", -200, valueCodeableConcept=WANTS),
        seen("82810-3", 0, valueCodeableConcept=coded(SNOMED, "77386006")),
        seen("18185-9", 0, **quantity(22, "wk")),
    )
    her = replace(her, medicines=(medicine(IBUPROFEN),))
    assert her.stage.planning is None
    assert folate(her) == []
    assert said(her) == {EARLY: Level.WARNING}


@pytest.mark.parametrize(("asked", "planning"), [(-300, None), (-20, True)])
def test_after_a_birth_a_plan_counts_only_if_it_was_told_since(asked, planning):
    born = seen("93857-1", -40, valueDateTime=day(-40))
    pregnant_then = seen("82810-3", -200, valueCodeableConcept=coded(SNOMED, "77386006"))
    assert read(seen("86645-9", asked, valueCodeableConcept=WANTS), pregnant_then, born).stage.planning is planning
