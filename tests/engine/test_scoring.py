"""What scores does the engine give?  Complete, incomplete, top scores, flags and domains of every scale."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from althea.engine.scoring import INCOMPLETE, NotAnAnswer, score
from althea.knowledge.schema.scale import Item, Scale
from tests.engine.scales import EVERY, SCALES, ask, highest, lowest

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
