"""What a diagnosis says of a pregnancy: the same as the reader of her record knows, and nothing of what was ruled out."""

from datetime import date

import pytest

from althea.care import entries as said
from althea.care.known import knowledge
from althea.care.stage_said import ByDiagnosis, by_diagnosis, of_stage

ON = date(2026, 6, 9)
DAY = date(2026, 5, 20)


def of(code, text="As written", **named):
    return by_diagnosis(ON, said.Condition(code=code, text=text, **named))


def test_every_code_that_the_knowledge_says_ends_a_pregnancy_ends_one_on_its_own_day():
    codes = knowledge().conditions["pregnancy-ended"].icd10cm
    assert len(codes) > 0
    assert {of(code, since=DAY) for code in codes} == {ByDiagnosis("ended", "2026-05-20")}


def test_without_a_day_of_its_own_it_is_of_the_day_it_was_written_down():
    assert of("O03.9") == ByDiagnosis("ended", "2026-06-09")


@pytest.mark.parametrize(("code", "topic"), [("O80", "delivery"), ("Z37.0", "delivery"), ("Z39.2", "over by")])
def test_a_code_of_the_day_of_birth_is_a_birth_and_one_of_the_weeks_after_only_an_end(code, topic):
    assert of(code, since=DAY) == ByDiagnosis(topic, "2026-05-20")


@pytest.mark.parametrize("code", ["F33.1", "O09.9", "Z34", "N96", "none such", ""])
def test_what_ends_no_pregnancy_says_nothing(code):
    assert of(code, since=DAY) is None


def test_what_was_ruled_out_says_nothing_with_a_code_or_in_words():
    assert of("O03", since=DAY, certainty="ruled-out") is None
    assert of("", "Miscarriage", until=DAY, certainty="ruled-out") is None


def test_words_without_a_code_are_for_a_drawing_and_only_with_the_day_of_the_end():
    assert of("", "Pregnancy loss, told by her", since=DAY, until=DAY) == ByDiagnosis("ended, in words", "2026-05-20")
    assert of("", "Miscarriage in her sister", until=DAY) is None
    assert of("", "Miscarriage", since=DAY) is None


def test_a_row_is_read_by_its_kind():
    assert of_stage("condition", ON, {"text": "Loss", "code": "O03"}) == ByDiagnosis("ended", "2026-06-09")
    assert of_stage("life-stage", ON, {"topic": "planning", "value": "yes"}).topic == "planning"
    assert of_stage("symptom", ON, {"words": "A miscarriage"}) is None
