"""The strip of her whole story, and what keeps a full timeline readable."""

from dataclasses import replace
from datetime import date, timedelta

from althea.look.chart.lanes import Dose, Medicine, Stage
from althea.look.chart.panel import Goal, Score
from althea.look.chart.story import Story, timeline
from althea.look.chart.strip import strip
from tests.look.drawings import drawn, written
from tests.look.maya import BANDS, STORY, TODAY

SHOWN = (date(2026, 3, 24), date(2026, 7, 7))


def past(name, first, last, story="up to 50 mg, did not help"):
    return Medicine(name, "mg", (Dose(first, last, 50),), story=story, past=True)


def of(*medicines, first=date(2022, 1, 1), **named):
    return strip(first, TODAY, SHOWN, medicines=medicines, **named)


def test_a_short_trial_has_its_words_beside_it():
    shown = of(past("Sertraline", date(2022, 4, 10), date(2022, 5, 1)))
    assert "Sertraline up to 50 mg, did not help" in written(shown.svg)


def test_two_trials_soon_after_each_other_stand_in_two_rows_each_with_its_words():
    one = past("Sertraline", date(2022, 4, 10), date(2022, 5, 1))
    other = past("Quetiapine", date(2022, 9, 1), date(2023, 1, 1))
    rows = {float(bar.get("y")) for bar in drawn(of(one, other).svg).iter("rect") if bar.get("class") == "dose past"}
    assert len(rows) == 2
    assert {f"{name} up to 50 mg, did not help" for name in ("Sertraline", "Quetiapine")} <= set(
        written(of(one, other).svg)
    )


def test_what_she_takes_is_named_where_its_bar_is_long_enough():
    long = Medicine("Lithium", "mg", (Dose(date(2023, 1, 1), None, 900),), story="900 mg")
    short = Medicine("Lithium", "mg", (Dose(date(2026, 5, 20), None, 900),), story="900 mg")
    assert "Lithium 900 mg" in written(of(long).svg)
    assert not [words for words in written(of(short).svg) if words.startswith("Lithium")]


def test_twenty_trials_are_drawn_and_all_stand_in_the_table():
    trials = [
        past(f"Medicine {n}", date(2022, 1, 1) + timedelta(60 * n), date(2022, 2, 20) + timedelta(60 * n))
        for n in range(20)
    ]
    shown = of(*trials)
    assert shown.svg.count('class="dose past"') == 20
    assert len(shown.table.rows) == 20
    bars = [
        (float(one.get("x")), float(one.get("y")))
        for one in drawn(shown.svg).iter("rect")
        if one.get("class") == "dose past"
    ]
    assert len(set(bars)) == 20


def test_no_words_lie_over_the_frame_around_what_is_shown():
    shown = of(
        past("Sertraline", date(2026, 4, 1), date(2026, 5, 1), "up to 50 mg, how it went is not known"),
        first=date(2025, 1, 1),
    )
    assert not [words for words in written(shown.svg) if "not known" in words]


def test_what_is_not_said_of_her_life_is_ground():
    shown = of(stages=(Stage(date(2025, 7, 1), date(2026, 4, 6), "Pregnant", "preg"),))
    assert [bar.get("class") for bar in drawn(shown.svg).iter("rect")][:2] == ["base", "preg"]
    assert "Pregnant from 1 July 2025. The chart below" in shown.words


def test_a_silence_is_said_in_words_too():
    shown = of(silences=[(date(2023, 1, 1), date(2024, 1, 1), "none on record")])
    assert "None on record from 1 Jan 2023 to 1 Jan 2024" in shown.words


def test_the_line_of_a_named_day_lies_behind_the_points_of_a_score():
    svg = timeline(replace(STORY, scores=STORY.scores[:1])).svg
    x = next(one for one in drawn(svg).iter("text") if one.text == "Start 7 May").get("x")
    assert svg.count(f'd="M{x} ') > 1, "through the panel too"
    assert svg.rindex(f'd="M{x} ') < svg.index('class="p1"'), "or a dot is struck through"


def test_a_value_does_not_lie_under_the_line_of_the_goal():
    points = tuple((TODAY - timedelta(60 - 10 * n), value) for n, value in enumerate((18, 12, 8, 6)))
    score = Score("PHQ-9", "", 27, points, BANDS, Goal(9, "half of 18: response"))
    root = drawn(timeline(Story(TODAY - timedelta(70), TODAY, TODAY, scores=(score,))).svg)
    eight = next(one for one in root.iter("text") if one.text == "8" and one.get("class") == "b m t1")
    goal = next(one for one in root.iter("path") if one.get("class") == "goal").get("d")
    y = float(goal.split(" ")[1].split("H")[0])
    assert not float(eight.get("y")) - 10 < y < float(eight.get("y")) + 2


def test_of_bars_that_are_mostly_too_narrow_there_is_one_label():
    steps = tuple(
        Dose(date(2026, 4, 1) + timedelta(7 * n), date(2026, 4, 7) + timedelta(7 * n), 25 * (n + 1)) for n in range(4)
    )
    year = Story(date(2022, 6, 9), TODAY, TODAY, medicines=(Medicine("Sertraline", "mg", steps),))
    assert "25 to 100" in written(timeline(year).svg)


def test_the_words_of_a_life_stage_never_lie_over_a_mark():
    stages = (Stage(date(2026, 2, 17), None, "Postpartum, breastfeeding", "post", begins="Birth 17 Feb"),)
    marks = ((date(2026, 3, 31), "week 6"), (date(2026, 5, 12), "week 12"))
    svg = timeline(replace(STORY, first=date(2026, 2, 3), last=date(2026, 6, 30), stages=stages, stage_marks=marks)).svg
    said = {one.text: float(one.get("x")) for one in drawn(svg).iter("text")}
    assert said["week 6"] < said["Postpartum, breastfeeding"] < said["week 12"]


def test_bars_of_what_is_over_are_called_so():
    over = Medicine("Sertraline", "mg", (Dose(date(2026, 4, 1), date(2026, 5, 1), 50),), past=True)
    words = [key.words for key in timeline(replace(STORY, medicines=(over,))).legend]
    assert "Taken before" in words
    assert "Dose taken" not in words
