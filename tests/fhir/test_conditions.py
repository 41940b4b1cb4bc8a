"""Diagnoses by code, history by phrase, negation first, and what is not known is named."""

import pytest

from althea.fhir.words import Phrases, heard
from tests.fhir.samples import ICD, SNOMED, coded, condition, day, facts, history

PHRASES = Phrases.of(
    [
        ("bipolar", ["bipolar"]),
        ("seizure", ["seizures"]),
        ("rash", ["rash"]),
        ("fever", ["fever"]),
        ("bipolar-family-history", ["family history of bipolar"]),
    ]
)


def groups(*resources):
    return [row.groups for row in facts(*resources).conditions]


@pytest.mark.parametrize("code", ["F31.9", "F319", "f31.81", "F31"])
def test_an_icd_code_belongs_to_every_group_whose_prefix_it_has(code):
    assert groups(condition(code)) == [("bipolar",)]


def test_a_prefix_left_out_is_left_out():
    assert groups(condition("K70.30")) == [("liver-disease",)]
    assert groups(condition("K70.0")) == []


def test_snomed_is_read():
    assert groups(condition("13746004", SNOMED)) == [("bipolar",)]


def test_the_same_condition_ninety_nine_times_is_one_and_the_newest():
    said = facts(*(condition(id=f"c{n}", onsetDateTime=day(-n)) for n in range(1, 100)))
    assert [row.on.isoformat() for row in said.conditions] == [day(-1)]


@pytest.mark.parametrize("status", ["inactive", "resolved", "remission"])
def test_what_is_over_is_not_used(status):
    assert groups(condition(clinicalStatus=coded("", status))) == []


def test_what_has_abated_is_over_whatever_its_status():
    assert groups(condition(abatementDateTime=day(-5))) == []


@pytest.mark.parametrize("status", ["refuted", "entered-in-error"])
def test_what_was_never_true_is_dropped(status):
    assert groups(condition(verificationStatus=coded("", status))) == []


def test_an_unknown_code_is_named():
    said = facts(condition("X99.9", ICD, "Something odd"))
    assert said.unread == ("Condition code X99.9 (Something odd) is not known to Althea.",)


def test_many_unknown_codes_are_counted():
    said = facts(*(condition(f"X{n}.9", ICD, f"Odd {n}") for n in range(10, 20)))
    assert len(said.unread) == 1
    assert said.unread[0].startswith("10 condition codes are not known to Althea: X10.9 (Odd 10);")
    assert said.unread[0].endswith("and 4 more.")


def test_a_code_that_is_known_and_matters_to_no_rule_is_silent():
    assert facts(condition("314529007", SNOMED, "Medication review due")).unread == ()


def test_a_line_of_history_is_matched_on_whole_phrases():
    row = facts(history("Child-Pugh class C")).conditions[0]
    assert (row.groups, row.as_text, row.text) == (("severe-hepatic-impairment",), True, "Child-Pugh class C")


def test_a_denied_line_says_nothing():
    said = facts(history("no bipolar history"))
    assert (said.conditions, said.unread) == ((), ())


def test_a_line_that_matches_nothing_is_shown_as_not_read():
    assert facts(history("25 mg from day -19 to -5")).unread == ("not read: “25 mg from day -19 to -5”",)


@pytest.mark.parametrize(
    ("text", "says", "denies"),
    [
        ("bipolar", ("bipolar",), ()),
        ("never had seizures", (), ("seizure",)),
        ("denies rash, fever", (), ("rash", "fever")),
        ("no rash, fever since Monday", ("fever",), ("rash",)),
        ("no rash but seizures", ("seizure",), ("rash",)),
        ("rash: absent", (), ("rash",)),
        ("without fever", (), ("fever",)),
        ("family history of bipolar", ("bipolar-family-history",), ()),
        ("rashes", (), ()),
        ("denies rash, has fever", ("fever",), ("rash",)),
    ],
)
def test_negation_is_read_first_and_within_its_clause(text, says, denies):
    line = heard(text, PHRASES)
    assert (line.says, line.denies) == (says, denies)


def test_what_is_said_of_a_relative_is_not_said_of_her():
    for words in ("mother has bipolar", "bipolar in her brother", "bipolar of sister"):
        line = heard(words, PHRASES)
        assert (line.says, line.of_relative) == ((), True), words


def test_two_illnesses_of_one_relative_are_neither_of_them_hers():
    line = heard("bipolar or seizures in her sister", PHRASES)
    assert (line.says, line.of_relative) == ((), True)
    assert heard("bipolar or seizures", PHRASES).says == ("bipolar", "seizure")
