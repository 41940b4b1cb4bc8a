"""Of whom a rule speaks, what it asks and how it was read: in words, from its own fields."""

from dataclasses import fields
from datetime import date
from decimal import Decimal

import pytest

from althea.care.known import knowledge
from althea.clinic.whom import whom
from althea.clinic.words import KIND_WORDS, asks, days_in_words, listed, marked, span
from althea.knowledge.quantity import Dose
from althea.knowledge.schema.evidence import Level, Mark
from althea.knowledge.schema.rule import KINDS, DoseLimit, Interaction, Monitoring, Titration, TitrationStep
from althea.knowledge.schema.who import ResultIs, ScoreIs, Who
from tests.little import little

READ = {"level": Level.WARNING, "title": "x", "why": "x", "sources": ("label#7",), "mark": Mark.READ, "id": "x"}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return little(tmp_path_factory.mktemp("knowledge"), "")


@pytest.mark.parametrize(
    ("who", "words"),
    [
        (Who(), ()),
        (Who(age_from=65), ("aged 65 or over",)),
        (Who(age_to=24), ("aged 24 or under",)),
        (Who(age_from=18, age_to=24), ("aged 18 to 24",)),
        (Who(pregnant=True), ("pregnant",)),
        (Who(pregnant=False), ("not pregnant",)),
        (Who(could_be_pregnant=True), ("pregnant, or nobody knows that she is not",)),
        (Who(could_be_pregnant=False), ("known not to be pregnant",)),
        (Who(protected=False), ("in whom a pregnancy is not known to be prevented or impossible",)),
        (Who(protected=True), ("in whom a pregnancy is known to be prevented or impossible",)),
        (Who(can_conceive=True), ("in whom a pregnancy is not known to be impossible",)),
        (Who(can_conceive=False), ("in whom a pregnancy is known to be impossible",)),
        (Who(planning=True), ("planning a pregnancy",)),
        (Who(gestation_from=20), ("from week 20 of a pregnancy on",)),
        (Who(gestation_to=13), ("up to week 13 of a pregnancy",)),
        (Who(gestation_from=14, gestation_to=27), ("in week 14 to 27 of a pregnancy",)),
        (Who(postpartum_to_days=84), ("in the first 12 weeks after a birth",)),
        (Who(postpartum_from_days=10), ("10 days or more after a birth",)),
        (Who(postpartum_from_days=1, postpartum_to_days=7), ("1 to 7 days after a birth",)),
        (Who(breastfeeding=True), ("breastfeeding",)),
        (Who(infant_preterm=True), ("whose baby was born before 37 weeks",)),
        (Who(infant_younger_than_days=56), ("whose baby is younger than 8 weeks",)),
        (Who(menopause=("peri", "post")), ("in the perimenopause or after the menopause",)),
        (Who(contraception=("condoms", "copper-iud")), ("whose contraception is condoms or copper IUD",)),
        (Who(conditions=("liver-disease",)), ("with liver disease",)),
        (Who(without_conditions=("birth-plan",)), ("without a birth plan on record",)),
        (Who(taking=("nsaid",)), ("also taking NSAIDs",)),
        (Who(not_taking=("folic-acid",)), ("not taking folic-acid",)),
        (Who(tobacco=("current", "stopped")), ("who smokes or who has stopped smoking",)),
        (Who(tobacco_changed_within_days=28), ("whose smoking changed in the last 4 weeks",)),
        (Who(genes={"CYP2D6": ("poor metabolizer",)}), ("with a CYP2D6 result of poor metabolizer",)),
        (
            Who(results=(ResultIs(measure="egfr", at_least=Decimal(30), below=Decimal(90), within_days=90),)),
            ("with the latest eGFR at least 30 and below 90 mL/min/1.73m2, not older than 90 days",),
        ),
        (Who(scores=(ScoreIs(scale="phq-9", at_least=Decimal(20)),)), ("with the latest phq-9 at least 20",)),
        (Who(jurisdiction=("UK",)), ("in UK",)),
        (Who(age_from=65, pregnant=False), ("aged 65 or over", "not pregnant")),
    ],
)
def test_of_whom_in_words(who, words, small):
    assert whom(who, small) == words


def test_no_field_of_whom_is_left_unsaid():
    """Each field that a rule of the real knowledge uses makes a phrase."""
    known = knowledge()
    for rule in known.rules.values():
        used = [one.name for one in fields(Who) if getattr(rule.who, one.name) not in (None, ())]
        pairs = [
            ("age_from", "age_to"),
            ("gestation_from", "gestation_to"),
            ("postpartum_from_days", "postpartum_to_days"),
        ]
        expected = len(used) - sum(set(pair) <= set(used) for pair in pairs)
        expected += sum(max(len(many) - 1, 0) for many in (rule.who.results, rule.who.scores, rule.who.genes or ()))
        assert len(whom(rule.who, known)) == expected, rule.id


def test_every_kind_of_rule_has_words():
    assert set(KIND_WORDS) == set(KINDS)


def test_what_two_medicines_ask(small):
    rule = Interaction(**READ, of=("lithium",), meets=("nsaid",), except_=("aspirin",), lasting=True)
    assert asks(rule, small) == (
        "Taken together with NSAIDs.",
        "Not with aspirin.",
        "Single doses, and doses only when needed, do not count.",
    )


def test_what_a_dose_asks(small):
    rule = DoseLimit(**READ, of=("sertraline",), max_daily=Dose.parse("200 mg"), critical_above=Dose.parse("300 mg"))
    assert asks(rule, small) == ("More a day than 200 mg.", "Critical above 300 mg.")


def test_what_a_schedule_asks(small):
    steps = (
        TitrationStep(from_day=0, max_daily=Dose.parse("25 mg")),
        TitrationStep(from_day=14, max_daily=Dose.parse("50 mg")),
    )
    assert asks(Titration(**READ, steps=steps), small) == (
        "From day 0 of the course at most 25 mg a day.",
        "From day 14 of the course at most 50 mg a day.",
    )


def test_what_a_check_asks(small):
    rule = Monitoring(**READ, measures=("lithium-level",), every_days=28, grace_days=3, dose_from=Dose.parse("300 mg"))
    assert asks(rule, small) == (
        "Looks for lithium level.",
        "Every 4 weeks.",
        "Quiet for 3 days after it falls due.",
        "Only at a dose of 300 mg a day or more.",
    )


def test_every_rule_that_holds_says_what_it_asks_or_of_whom():
    known = knowledge()
    silent = [rule.id for rule in known.rules.values() if not asks(rule, known) and not whom(rule.who, known)]
    assert silent == []


def test_marks_in_words():
    claim = {**READ, "of": ("lithium",), "meets": ("nsaid",), "read_on": date(2026, 11, 1)}
    assert marked(Interaction(**claim)) == "Read in the primary document on 1 November 2026, not read a second time"
    twice = Interaction(**{**claim, "mark": Mark.READ_TWICE}, checked_on=date(2026, 11, 8))
    assert marked(twice) == (
        "Read in the primary document on 1 November 2026, and read a second time on 8 November 2026"
    )
    assert marked(Interaction(**{**claim, "mark": Mark.UNVERIFIED})).startswith("Unverified")


@pytest.mark.parametrize(
    ("days", "words"), [(1, "1 day"), (10, "10 days"), (7, "1 week"), (28, "4 weeks"), (730, "2 years")]
)
def test_spans(days, words):
    assert span(days) == words


def test_lists_and_days():
    assert listed(["a", "b", "c"]) == "a, b or c"
    assert listed(["a"]) == "a"
    assert listed([]) == ""
    assert days_in_words("stated 2026-11-08, and 2026-99-99") == "stated 8 November 2026, and 2026-99-99"
