"""What scores does the engine give?  Complete, incomplete, top scores, flags, domains, and what it refuses."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from althea.engine.scoring import INCOMPLETE, NotAnAnswer, Scored, score, triage
from althea.knowledge.scales import load_scales
from althea.knowledge.schema.scale import Item, Scale

SCALES = load_scales()
EVERY = pytest.mark.parametrize("scale", SCALES.values(), ids=list(SCALES))


def ask(name: str, answers: Any) -> Scored:
    return score(SCALES[name], answers)


def highest(scale: Scale) -> list[int]:
    return [item.high for item in scale.items]


def lowest(scale: Scale) -> list[int]:
    return [item.low for item in scale.items]


# --- every scale -----------------------------------------------------------------------------------------------------


@EVERY
def test_the_lowest_answers_raise_no_flag(scale: Scale) -> None:
    scored = score(scale, lowest(scale))
    assert scored.complete
    assert scored.total in (0, None)
    assert not any(scored.flags.values())


@EVERY
def test_the_highest_answers_give_the_highest_total_and_every_cut(scale: Scale) -> None:
    scored = score(scale, highest(scale))
    assert scored.complete
    assert scored.total == (scale.highest or None)
    assert all(scored.flags[f"ge{cut}"] for cut in scale.cuts)
    assert scored.band not in ("", INCOMPLETE)


@EVERY
def test_one_answer_missing_is_incomplete_and_has_no_total(scale: Scale) -> None:
    for place, item in enumerate(scale.items):
        if item.optional or any(item.id in group for group in scale.either):
            continue
        answers: list[int | None] = list(highest(scale))
        answers[place] = None
        scored = score(scale, answers)
        assert (scored.complete, scored.total, scored.band) == (False, None, INCOMPLETE), item.id


@EVERY
def test_nothing_answered_is_incomplete_and_silent(scale: Scale) -> None:
    scored = score(scale, [None] * len(scale.items))
    assert (scored.complete, scored.total, scored.band) == (False, None, INCOMPLETE)
    assert not any(scored.flags.values())


@EVERY
def test_flags_are_the_same_names_whatever_was_answered(scale: Scale) -> None:
    assert list(score(scale, lowest(scale)).flags) == list(score(scale, [None] * len(scale.items)).flags)


@EVERY
def test_every_total_falls_in_its_band(scale: Scale) -> None:
    for band in scale.bands:
        for total in {band.low, band.high}:
            assert score(scale, _adding_up_to(scale, total)).band == band.name


@EVERY
def test_a_cut_fires_at_its_number_and_not_below(scale: Scale) -> None:
    for cut in scale.cuts:
        assert score(scale, _adding_up_to(scale, cut)).flags[f"ge{cut}"]
        assert not score(scale, _adding_up_to(scale, cut - 1)).flags[f"ge{cut}"]


def _adding_up_to(scale: Scale, total: int) -> list[int]:
    """Answers with this total, raised item by item."""
    answers = lowest(scale)
    for place, item in enumerate(scale.items):
        while answers[place] < item.high and (score(scale, answers).total or 0) < total:
            answers[place] += 1
    assert score(scale, answers).total == total
    return answers


def _answer(item: Item) -> st.SearchStrategy[int]:
    return st.integers(item.low, item.high)


@st.composite
def _answered(draw: st.DrawFn, missing: bool = False) -> tuple[Scale, list[int | None]]:
    scale = draw(st.sampled_from(list(SCALES.values())))
    one: st.SearchStrategy[int | None] = st.none() if missing else st.nothing()
    return scale, [draw(_answer(item) | one) for item in scale.items]


@given(_answered(missing=True))
def test_any_answers_score_within_range(given_: tuple[Scale, list[int | None]]) -> None:
    scale, answers = given_
    scored = score(scale, answers)
    if scored.total is not None:
        assert 0 <= scored.total <= scale.highest
        assert scored.complete
    assert scored.band
    assert (scored.band == INCOMPLETE) is not scored.complete


@given(_answered(), st.data())
def test_raising_one_answer_never_lowers_the_total_nor_clears_a_flag(
    given_: tuple[Scale, list[int | None]], data: st.DataObject
) -> None:
    scale, answers = given_
    place = data.draw(st.integers(0, len(answers) - 1))
    more = list(answers)
    more[place] = data.draw(st.integers(answers[place] or 0, scale.items[place].high))
    before, after = score(scale, answers), score(scale, more)
    assert (before.total or 0) <= (after.total or 0)
    levels = {flag.name for flag in scale.levels}
    assert not [name for name, fires in before.flags.items() if fires and not after.flags[name] and name not in levels]


@given(_answered(missing=True))
def test_what_the_answers_given_prove_the_whole_proves(given_: tuple[Scale, list[int | None]]) -> None:
    scale, answers = given_
    whole = [scale.items[place].high if answer is None else answer for place, answer in enumerate(answers)]
    levels = {flag.name for flag in scale.levels}
    part, full = score(scale, answers).flags, score(scale, whole).flags
    assert not [name for name, fires in part.items() if fires and not full[name] and name not in levels]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=35) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=40,
)


@given(st.sampled_from(list(SCALES.values())), ANYTHING)
def test_anything_at_all_is_scored_or_refused(scale: Scale, answers: object) -> None:
    with suppress(NotAnAnswer):
        assert score(scale, answers).band


# --- one by one ------------------------------------------------------------------------------------------------------


def test_phq_9_adds_up_and_watches_item_9() -> None:
    scored = ask("phq-9", [2, 2, 1, 2, 1, 1, 1, 1, 0])
    assert (scored.total, scored.band) == (11, "moderate")
    assert scored.flags == {"item9_positive": False, "ge5": True, "ge10": True, "ge15": False, "ge20": False}


def test_phq_9_item_9_speaks_when_the_rest_is_missing() -> None:
    scored = ask("phq-9", [None] * 8 + [1])
    assert scored.total is None
    assert scored.band == "incomplete"
    assert scored.flags["item9_positive"]


def test_answers_given_prove_a_cut_before_the_total_is_known() -> None:
    flags = ask("phq-9", [3, 3, 3, 1, None, None, None, None, None]).flags
    assert flags["ge10"]
    assert not flags["ge15"]


def test_epds_options_are_turned_round_where_it_prints_them_from_the_top() -> None:
    scored = ask("epds", {"option_index_top_to_bottom": [0, 0, 3, 0, 3, 3, 3, 3, 3, 2]})
    assert (scored.total, scored.band) == (1, "negative screen (<10)")
    assert scored.flags == {"item10_positive": True, "ge10": False, "ge13": False}


def test_epds_top_of_every_page_is_not_the_top_score() -> None:
    assert ask("epds", {"option_index_top_to_bottom": [0] * 10}).total == 21


def test_epds_13_is_likely_depression_and_12_is_possible() -> None:
    assert ask("epds", [2, 2, 2, 2, 2, 2, 1, 0, 0, 0]).band == "likely depression (>=13)"
    assert ask("epds", [2, 2, 2, 2, 2, 2, 0, 0, 0, 0]).band == "possible depression (>=10)"


def test_qids_takes_the_highest_of_sleep_of_appetite_and_of_restlessness() -> None:
    scored = ask("qids-sr16", [1, 0, 2, 0, 2, 0, 1, 0, 3, 1, 1, 0, 1, 1, 0, 2])
    assert scored.domains == (2, 2, 3, 1, 1, 0, 1, 1, 2)
    assert (scored.total, scored.band) == (13, "moderate")


def test_qids_asks_for_one_of_6_and_7_and_one_of_8_and_9() -> None:
    answers: list[int | None] = [1, 0, 2, 0, 2, None, 1, 0, None, 1, 1, 0, 1, 1, 0, 2]
    assert ask("qids-sr16", answers).total == 11
    answers[6] = None
    scored = ask("qids-sr16", answers)
    assert scored.total is None
    assert scored.domains[2] is None


def test_asrs_counts_answers_in_the_shaded_boxes() -> None:
    assert ask("asrs-v1.1-part-a", [2, 2, 2, 2, 2, 2]).total == 3
    scored = ask("asrs-v1.1-part-a", [2, 2, 2, 3, 2, 2])
    assert (scored.total, scored.flags["ge4"]) == (4, True)
    assert scored.band.startswith("positive")


def test_pcl_5_has_four_clusters_and_a_provisional_rule() -> None:
    answers = [2, 0, 0, 0, 0, *(2, 0), *(2, 2, 0, 0, 0, 0, 0), *(2, 2, 0, 0, 0, 0)]
    scored = ask("pcl-5", answers)
    assert scored.domains == (2, 2, 4, 4)
    assert scored.flags == {"ge31": False, "ge33": False, "provisional": True}
    answers[15] = 1
    assert not ask("pcl-5", answers).flags["provisional"]


@pytest.mark.parametrize(
    ("total", "ge31", "ge33"), [(30, False, False), (31, True, False), (32, True, False), (33, True, True)]
)
def test_pcl_5_has_a_flag_at_both_ends_of_its_cut(total: int, ge31: bool, ge33: bool) -> None:
    flags = score(SCALES["pcl-5"], _adding_up_to(SCALES["pcl-5"], total)).flags
    assert (flags["ge31"], flags["ge33"]) == (ge31, ge33)


def test_ymrs_prints_every_second_score_of_its_double_items() -> None:
    assert ask("ymrs", {"option_index_top_to_bottom": [4] * 11}).total == 60
    assert ask("ymrs", [0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0]).total == 7
    with pytest.raises(NotAnAnswer, match="item 1: out of range"):
        ask("ymrs", [5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])


def test_ybocs_has_obsessions_and_compulsions() -> None:
    scored = ask("y-bocs", [2, 2, 2, 2, 2, 1, 1, 1, 1, 1])
    assert (scored.total, scored.domains, scored.band) == (15, (10, 5), "mild")


def test_pdss_gives_both_readings_where_agoraphobia_would_change_it() -> None:
    assert ask("pdss", [1, 1, 1, 1, 1, 1, 0]).band == "slightly ill (borderline with agoraphobia)"


def test_dast_turns_item_3_round_when_answered_in_words() -> None:
    assert ask("dast-10", ["N", "N", "Y", "N", "N", "N", "N", "N", "N", "N"]).total == 0
    assert ask("dast-10", ["Y", "N", "N", "n", "no", False, "N", "N", "N", "N"]).total == 2
    assert ask("dast-10", [1, 0, 1, 0, 0, 0, 0, 0, 0, 0]).total == 2


def test_audit_c_of_a_woman_who_never_drinks_is_complete_with_one_answer() -> None:
    scored = ask("audit-c", [0, None, None])
    assert (scored.total, scored.complete) == (0, True)
    assert ask("audit-c", [1, None, None]).total is None


def test_audit_c_3_is_positive_for_women_only() -> None:
    scored = ask("audit-c", [1, 1, 1])
    assert scored.band == "positive (women)"
    assert (scored.flags["ge3"], scored.flags["ge4"]) == (True, False)


def test_aims_is_positive_by_areas_and_not_by_its_total() -> None:
    assert ask("aims", [1, 1, 1, 1, 1, 1, 1]).band == "negative"
    assert ask("aims", [2, 0, 0, 0, 2, 0, 0]).flags["two_areas_ge2"]
    one = ask("aims", [0, 0, 3, 0, 0, 0, 0, 3, 2, 1, 1, 0])
    assert (one.total, one.band, one.flags["one_area_ge3"], one.flags["item9_positive"]) == (3, "positive", True, True)


def test_bars_goes_by_its_global_rating() -> None:
    answers = {"objective": 1, "subjective_awareness": 2, "subjective_distress": 2, "global": 2}
    scored = ask("bars", answers)
    assert (scored.total, scored.band, scored.flags) == (2, "mild akathisia", {"ge2": True})
    assert ask("bars", [3, 3, 3, 1]).band == "questionable"


@pytest.mark.parametrize(
    ("burden", "word"), [(0, "none"), (2, "none"), (3, "moderate"), (4, "moderate"), (5, "severe"), (6, "severe")]
)
def test_fibser_goes_by_the_burden(burden: int, word: str) -> None:
    scored = ask("fibser", {"frequency": 6, "intensity": 6, "burden": burden})
    assert scored.total == burden
    assert scored.band.startswith(word)


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
