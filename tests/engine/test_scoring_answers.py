"""What do MDQ and C-SSRS say, which answers sort her, and what is refused?"""

from __future__ import annotations

from typing import Any

import pytest

from althea.engine.scoring import NotAnAnswer, Scored, triage
from tests.engine.scales import SCALES, ask

# --- MDQ and C-SSRS --------------------------------------------------------------------------------------------------


def mdq(part1: Any, same: Any = True, problem: Any = "moderate") -> Scored:
    return ask("mdq", {"part1_yes": part1, "part2_same_time": same, "part3_problem": problem})


def test_mdq_is_positive_only_with_all_three_parts() -> None:
    assert mdq(7).band == "positive"
    assert mdq(6).band == "negative"
    assert mdq(13, same=False).band == "negative"
    assert mdq(13, problem="minor").band == "negative"
    assert mdq(7, problem="serious").band == "positive"


def test_mdq_takes_a_count_or_thirteen_answers() -> None:
    assert mdq([True] * 7 + [False] * 6) == mdq(7)
    assert mdq(["Y"] * 7 + ["N"] * 6) == mdq(7)


def test_mdq_does_not_ask_on_when_at_most_one_was_yes() -> None:
    assert mdq(1, None, "no").complete
    assert mdq(0, None, None).band == "negative"
    assert not mdq(2, None, "no").complete
    assert not mdq(1, None, None).complete


def test_mdq_count_speaks_while_the_rest_is_missing() -> None:
    scored = mdq(9, None, None)
    assert scored.total is None
    assert scored.flags == {"ge7": True, "same_time": False, "problem": False, "positive": False}


@pytest.mark.parametrize("part1", [14, -1, True, "7", 7.0, [True] * 12, [1] * 14])
def test_mdq_refuses_what_is_no_count(part1: Any) -> None:
    with pytest.raises(NotAnAnswer, match="part1_yes"):
        mdq(part1)


def test_mdq_refuses_another_word_for_the_problem() -> None:
    with pytest.raises(NotAnAnswer, match=r"part3_problem: not one of its words\. Write no, minor, moderate, serious"):
        mdq(7, problem="some")


def cssrs(**yes: Any) -> Scored:
    names = ("q1", "q2", "q3", "q4", "q5", "q6_lifetime", "q6_3months")
    return ask("c-ssrs-screener", {name: yes.get(name, False) for name in names})


def test_cssrs_all_no_is_negative() -> None:
    scored = cssrs()
    assert (scored.total, scored.band, scored.complete) == (None, "negative (no risk reported)", True)
    assert not any(scored.flags.values())


@pytest.mark.parametrize(
    ("yes", "level"),
    [
        (("q1",), "low"),
        (("q1", "q2"), "low"),
        (("q2", "q3"), "moderate"),
        (("q6_lifetime",), "moderate"),
        (("q2", "q3", "q4"), "high"),
        (("q5",), "high"),
        (("q6_lifetime", "q6_3months"), "high"),
        (("q6_3months",), "high"),
    ],
)
def test_cssrs_goes_by_the_most_serious_yes(yes: tuple[str, ...], level: str) -> None:
    scored = cssrs(**dict.fromkeys(yes, True))
    assert scored.band == level
    assert {name for name in ("low", "moderate", "high") if scored.flags[name]} == {level}


def test_cssrs_skips_3_to_5_after_a_no_to_2_and_three_months_after_a_no_in_life() -> None:
    skipped = dict.fromkeys(("q3", "q4", "q5", "q6_3months"))
    assert cssrs(q1=True, **skipped).complete
    assert cssrs(q1=True, **skipped).band == "low"
    assert not cssrs(q2=True, **skipped).complete
    assert not cssrs(q6_lifetime=True, q6_3months=None).complete


def test_cssrs_incomplete_still_says_high() -> None:
    scored = cssrs(q2=None, q3=None, q4=True, q5=None)
    assert scored.band == "incomplete"
    assert scored.flags["high"]


def test_cssrs_a_yes_after_a_no_to_2_counts() -> None:
    assert cssrs(q2=False, q4=True).band == "high"


def test_cssrs_question_6_has_one_flag() -> None:
    assert cssrs(q6_lifetime=True).flags["item6_positive"]


# --- triage, from a record's answers ---------------------------------------------------------------------------------


def test_triage_reads_what_a_record_holds() -> None:
    scale = SCALES["c-ssrs-screener"]
    assert triage(scale, {"q6_3months": True}) == "high"
    assert triage(scale, {"q3": "yes"}) == "moderate"
    assert triage(scale, {"q1": 1, "q2": False}) == "low"
    assert triage(scale, {"q1": False, "q5": "perhaps", "item 9": 3}) == ""
    assert triage(SCALES["phq-9"], {"item 9": 3}) == ""


def test_triage_of_the_mdq_is_its_second_and_third_part() -> None:
    scale = SCALES["mdq"]
    assert triage(scale, {"co_occurring": True, "impairment": "moderate"}) == "high"
    assert triage(scale, {"co_occurring": "yes", "impairment": "Serious problem"}) == "high"
    assert triage(scale, {"co_occurring": True, "impairment": "minor"}) == ""
    assert triage(scale, {"co_occurring": True}) == ""


# --- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", [4, -1, True, False, 1.0, "1", [1], {}, 10**400])
def test_a_wrong_answer_names_its_item(bad: Any) -> None:
    with pytest.raises(NotAnAnswer) as wrong:
        ask("phq-9", [0, 0, 0, 0, bad, 0, 0, 0, 0])
    assert wrong.value.item == "item 5"


@pytest.mark.parametrize("bad", [4, -1, True, 1.0, "1"])
def test_a_wrong_option_names_its_item(bad: Any) -> None:
    with pytest.raises(NotAnAnswer) as wrong:
        ask("gad-7", {"option_index_top_to_bottom": [0, bad, 0, 0, 0, 0, 0]})
    assert wrong.value.item == "item 2"


@pytest.mark.parametrize("bad", [2, -1, 1.0, "maybe", [], 0.5])
def test_a_question_of_yes_or_no_takes_nothing_else(bad: Any) -> None:
    with pytest.raises(NotAnAnswer, match="q4"):
        cssrs(q4=bad)


def test_too_few_says_how_many_and_which_is_missing() -> None:
    with pytest.raises(NotAnAnswer) as wrong:
        ask("phq-9", [0] * 7)
    assert (
        str(wrong.value)
        == "item 8: missing: 7 answers, and the PHQ-9 has 9. Give them all in order, null where not answered."
    )


def test_too_many_says_so() -> None:
    with pytest.raises(NotAnAnswer, match="answer 8: too many: the GAD-7 has 7"):
        ask("gad-7", [0] * 8)


@pytest.mark.parametrize("answers", [None, 7, "0000", True, 0.5])
def test_neither_list_nor_object_is_refused(answers: Any) -> None:
    with pytest.raises(NotAnAnswer, match="neither a list nor an object"):
        ask("phq-9", answers)


@pytest.mark.parametrize("answers", [{}, {"q7": True}, {"q1": True, "": 1}])
def test_unknown_names_are_refused_and_the_known_ones_listed(answers: Any) -> None:
    with pytest.raises(NotAnAnswer, match="q1, q2, q3, q4, q5, q6_lifetime, q6_3months"):
        ask("c-ssrs-screener", answers)


def test_an_answer_given_under_two_names_is_refused() -> None:
    with pytest.raises(NotAnAnswer, match="twice"):
        ask("mdq", {"part1_yes": 3, "part2_same_time": True, "co_occurring": True, "part3_problem": "no"})


def test_options_stand_alone_and_are_a_list() -> None:
    with pytest.raises(NotAnAnswer, match="beside"):
        ask("epds", {"option_index_top_to_bottom": [0] * 10, "item 1": 1})
    with pytest.raises(NotAnAnswer, match="not a list"):
        ask("epds", {"option_index_top_to_bottom": 3})
    with pytest.raises(NotAnAnswer, match="no printed order"):
        ask("dast-10", {"option_index_top_to_bottom": [0] * 10})


def test_a_refusal_never_repeats_what_was_answered() -> None:
    with pytest.raises(NotAnAnswer) as wrong:
        ask("phq-9", [0, 0, 0, 0, "Maya", 0, 0, 0, 0])
    assert "Maya" not in str(wrong.value)
