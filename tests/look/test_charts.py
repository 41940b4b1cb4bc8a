"""Drawings: the words and the table equal the data, nothing from outside becomes markup, and crowds stay readable."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from althea.look.chart.axis import DESK, PHONE, Scale, TimeAxis, tidy_top
from althea.look.chart.heat import step
from althea.look.chart.labels import Room, box_of, lines, shorten, spread, width
from althea.look.chart.lanes import Dose, Event, Medicine
from althea.look.chart.panel import Band, Score
from althea.look.chart.people import people
from althea.look.chart.small import progress
from althea.look.chart.spark import spark
from althea.look.chart.story import Story, timeline
from tests.look import crowded
from tests.look.drawings import FRAMES, drawn, written
from tests.look.given import HERS, her_strip
from tests.look.maya import PHQ_9, SERTRALINE, STORY, TODAY

EVERY = {
    "maya": STORY,
    "many scores": crowded.MANY_SCORES,
    "six steps": crowded.SIX_STEPS,
    "three years": crowded.THREE_YEARS,
    "empty": crowded.EMPTY,
    "one point": crowded.ONE_POINT,
    "hostile": crowded.HOSTILE,
}


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("story", EVERY)
def test_every_story_is_well_formed_named_and_drawn_at_its_own_width(story, frame):
    shown = timeline(EVERY[story], FRAMES[frame])
    root = drawn(shown.svg)
    assert root.get("role") == "img"
    assert root.get("viewBox").split()[2] == {"desk": "880", "phone": "326"}[frame]
    assert (root.find("title").text, root.find("desc").text) == (shown.title, shown.words)
    assert root.get("aria-labelledby") == root.find("title").get("id")
    assert root.get("aria-describedby") == root.find("desc").get("id")
    assert "style=" not in shown.svg
    assert not re.search(r'="[^"]*(nan|inf)\b', shown.svg), "every coordinate is a number"


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
def test_what_comes_from_outside_stays_words(frame):
    shown = timeline(crowded.HOSTILE, frame)
    root = drawn(shown.svg)
    allowed = {"svg", "title", "desc", "text", "rect", "path", "circle"}
    assert {one.tag for one in root.iter()} <= allowed
    assert {name for one in root.iter() for name in one.attrib if name.startswith("on")} == set()


def test_the_table_holds_every_score_and_the_dose_of_that_day():
    table = timeline(STORY).table
    assert table.head == ("Date", "PHQ-9", "EPDS", "Sertraline", "What happened")
    by_day = {row[0]: row for row in table.rows}
    for score, column in zip(STORY.scores, (1, 2), strict=True):
        held = [row[column] for row in table.rows if row[column]]
        assert held == [str(value) for _, value in score.points]
    assert by_day["14 May"] == ("14 May", "20", "", "50 mg", "Dose changed. Full trial dose reached, week 2")
    assert by_day["21 April"] == ("21 April", "17", "15", "", "Sleep under 4 hours")
    assert by_day["9 June"] == ("9 June", "13", "", "75 mg", "Today")
    assert by_day["7 May"][4] == "Sertraline start"
    assert by_day["23 May"][4] == "2 missed 23 May to 24 May"
    assert by_day["5 June"][4] == "Ibuprofen since 5 June, for mastitis, as needed, since 5 June"
    assert by_day["1 July"][4] == "Sertraline planned to here"
    assert all(len(row) == len(table.head) for row in table.rows)


def test_the_words_say_what_the_drawing_shows():
    words = timeline(replace(STORY, words="PHQ-9 fell from 21 to 13")).words
    assert words.startswith("PHQ-9 fell from 21 to 13. ")
    assert "Birth 7 April. Postpartum, breastfeeding from 7 April" in words
    assert "Sertraline: 25 mg from 7 May to 13 May, 50 mg from 14 May to 27 May, 75 mg from 28 May to 1 July" in words
    assert "EPDS: 15 on 21 April, 19 on 5 May, 17 on 21 May, 14 on 4 June" in words
    assert "Nausea 9 May to 20 May" in words


def test_of_many_scores_the_words_name_the_ends_and_the_table_has_all():
    shown = timeline(crowded.MANY_SCORES)
    points = crowded.MANY_SCORES.scores[0].points
    assert f"PHQ-9, 30 scores: first {points[0][1]} on 14 April" in shown.words
    assert len([row for row in shown.table.rows if row[1]]) == 30


def test_every_value_stands_above_its_point_where_there_is_room():
    assert {"12", "17", "21", "20", "18", "16", "14", "13", "15", "19"} <= set(written(timeline(STORY).svg))


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
@pytest.mark.parametrize("story", [STORY, crowded.MANY_SCORES, crowded.THREE_YEARS], ids=["maya", "many", "years"])
def test_a_value_stands_beside_its_own_point(story, frame):
    root = drawn(timeline(story, frame).svg)
    points = [(float(one.get("cx")), float(one.get("cy"))) for one in root.iter("circle") if one.get("class") == "p1"]
    values = [one for one in root.iter("text") if one.get("class") == "b m t1"]
    assert values
    for value in values:
        x, y = float(value.get("x")), float(value.get("y"))
        assert any(abs(x - px) <= 12 and abs(y - py) <= 20 for px, py in points), value.text


def test_in_a_crowd_the_last_first_highest_and_lowest_values_are_kept():
    points = tuple((TODAY - timedelta(56 - n * 2), 3 + (n * 11) % 20) for n in range(29))
    shown = timeline(Story(TODAY - timedelta(56), TODAY, TODAY, scores=(Score("PHQ-9", "", 27, points),)), PHONE)
    values = [value for _, value in points]
    texts = written(shown.svg)
    assert {str(values[0]), str(values[-1]), str(max(values)), str(min(values))} <= set(texts)


def test_after_today_stand_only_plans():
    late = Score("PHQ-9", "", 27, ((TODAY, 13), (TODAY + timedelta(3), 25)))
    shown = timeline(replace(STORY, scores=(late,)))
    assert "25" not in written(timeline(replace(STORY, scores=(late,), medicines=())).svg)
    row = next(row for row in shown.table.rows if row[1] == "25")
    assert "Dated after today" in row[-1]


def test_a_planned_last_step_that_goes_on_runs_to_the_end_of_the_axis_and_does_not_fall_to_none():
    steps = (Dose(TODAY, TODAY + timedelta(6), 25), Dose(TODAY + timedelta(7), None, 50))
    shown = timeline(Story(TODAY, TODAY + timedelta(28), TODAY, medicines=(Medicine("Sertraline", "mg", steps),)))
    (plan,) = re.findall(r'd="([^"]+)" class="plan"', shown.svg)
    left, right = DESK.left, DESK.right
    assert plan.split("V")[0] == f"M{left} 112"
    assert [float(one) for one in re.findall(r"H([\d.]+)", plan)] == [left + (right - left) / 4, right]
    assert plan.endswith(f"H{right}")
    over = Medicine("Sertraline", "mg", (Dose(TODAY + timedelta(7), TODAY + timedelta(14), 50),))
    (plan,) = re.findall(r'd="([^"]+)" class="plan"', timeline(replace(STORY, medicines=(over,))).svg)
    assert re.search(r"V[\d.]+$", plan)


def test_what_is_planned_is_an_outline_and_said_to_be_planned():
    planned = Medicine("Sertraline", "mg", (Dose(TODAY + timedelta(2), TODAY + timedelta(9), 50),))
    shown = timeline(Story(TODAY, TODAY + timedelta(14), TODAY, medicines=(planned,)))
    assert 'class="plan"' in shown.svg
    assert 'class="dose"' not in shown.svg
    assert "planned 50 mg from 11 June" in shown.words
    assert [key.words for key in shown.legend] == ["Planned"]


def test_doses_that_are_too_short_for_their_numbers_are_said_together():
    assert "12.5 to 100" in written(timeline(crowded.SIX_STEPS).svg)
    assert {"25", "50", "75"} <= set(written(timeline(STORY).svg))


def test_events_without_room_are_counted_and_stand_in_the_table():
    shown = timeline(crowded.SIX_STEPS)
    assert any(re.fullmatch(r"\d more, in the table", words) for words in written(shown.svg))
    happened = " ".join(row[-1] for row in shown.table.rows)
    assert all(f"Something happened on day {n}" in happened for n in range(8))


def test_an_empty_record_says_so():
    shown = timeline(crowded.EMPTY)
    assert "Nothing recorded in this time." in written(shown.svg)
    assert shown.words == "Nothing recorded in this time."
    assert shown.table.rows == ()


def test_one_point_is_a_point_and_no_line():
    svg = timeline(crowded.ONE_POINT).svg
    assert svg.count('class="p1"') == 1
    assert 'class="s1"' not in svg


def test_each_series_has_its_own_line_and_its_own_mark():
    keys = timeline(crowded.THREE_YEARS).legend
    assert [("circle" in key.svg, "rect" in key.svg and "p2" in key.svg, "p3" in key.svg) for key in keys[:3]] == [
        (True, False, False),
        (False, True, False),
        (False, False, True),
    ]


def test_the_legend_explains_only_what_is_drawn():
    assert [key.words for key in timeline(STORY).legend] == [
        "PHQ-9", "EPDS", "Dose taken", "Planned", "Event", "Side effect", "Missed dose",
        "half of 21: response",
    ]  # fmt: skip
    assert timeline(crowded.EMPTY).legend == ()


def test_a_medicine_that_still_runs_ends_at_today():
    svg = timeline(replace(STORY, medicines=(Medicine("Lithium", "mg", (Dose(date(2026, 5, 1), None, 600),)),))).svg
    axis = TimeAxis(STORY.first, STORY.last, DESK.left, DESK.right)
    bar = next(one for one in drawn(svg).iter("rect") if one.get("class") == "dose")
    assert float(bar.get("x")) + float(bar.get("width")) == pytest.approx(axis.x(TODAY), abs=0.2)


def test_a_dose_without_an_end_gives_way_to_the_next():
    steps = (Dose(date(2026, 5, 1), None, 25), Dose(date(2026, 5, 15), None, 50))
    table = timeline(Story(STORY.first, TODAY, TODAY, medicines=(Medicine("S", "mg", steps),))).table
    assert [row[1] for row in table.rows] == ["25 mg", "50 mg", "50 mg"]


def test_the_order_in_which_a_record_is_given_changes_nothing():
    upside_down = replace(
        STORY,
        scores=tuple(replace(one, points=one.points[::-1]) for one in STORY.scores),
        medicines=(replace(SERTRALINE, doses=SERTRALINE.doses[::-1]),),
        events=STORY.events[::-1],
    )
    one, other = timeline(STORY), timeline(upside_down)
    assert (one.svg.split("</desc>")[1], one.table) == (other.svg.split("</desc>")[1], other.table)


def test_missed_doses_are_crossed_rings_and_counted():
    shown = timeline(Story(STORY.first, TODAY, TODAY, events=(Event(date(2026, 5, 23), "", "missed", count=5),)))
    assert "5 missed" in written(shown.svg)
    assert shown.svg.count("<circle") == 2


def test_the_strip_frames_what_is_shown_below_and_says_it():
    shown = her_strip()
    assert "Escitalopram 10 to 20 mg, part response" in written(shown.svg)
    assert "The chart below shows 24 March 2026 to 7 July 2026." in shown.words
    assert ("6 March 2023", "Escitalopram 10 to 20 mg, part response", "15 June 2025") in shown.table.rows


def test_her_progress_says_which_way_is_better():
    shown = progress(HERS, date(2026, 5, 7))
    assert shown.note == "Lower is better."
    assert shown.words.endswith("Lower is better.")
    assert "21 at the start, 20 in week 1" in shown.words
    assert shown.table.rows[0] == ("7 May", "start", "21")
    assert shown.table.rows[-1] == ("11 June", "week 5", "13")
    assert {"start", "1", "2", "3", "4", "week 5"} <= set(written(shown.svg))
    assert drawn(shown.svg).get("viewBox") == "0 0 326 236"


def test_her_progress_without_answers_or_with_one_is_still_a_chart():
    none = progress(Score("Mood", "", 27, ()), TODAY)
    assert "no answers yet" in none.words
    assert progress(Score("Mood", "", 27, ((TODAY, 13),)), TODAY).svg.count("<circle") == 1


def test_a_spark_line_says_its_numbers():
    shown = spark("PHQ-9", [21, 20, 18, 16, 14, 13])
    assert drawn(shown.svg).get("aria-label") == "PHQ-9 21, 20, 18, 16, 14, 13"
    assert spark("PHQ-9", []).title == "PHQ-9 no scores yet"
    assert spark("PHQ-9", [7]).svg.count("<circle") == 1


def test_a_spark_line_that_hardly_moves_is_no_mountain():
    flat = re.search(r'd="M4 ([\d.]+)L72 ([\d.]+)"', spark("PHQ-9", [10, 11]).svg)
    assert abs(float(flat[1]) - float(flat[2])) < 6


def test_a_hundred_people_are_a_hundred():
    shown = people("Sertraline", 43, 12)
    assert shown.words == (
        "Sertraline: 43 of 100 better with time and support, 12 of 100 better because of the medicine, 45 of 100 not yet better."
    )
    assert shown.svg.count("z") == 200, "a head and shoulders each"
    assert len(shown.svg) < 6000, "a hundred people weigh little on a slow line"
    assert [row[1] for row in shown.table.rows] == ["43", "12", "45"]
    assert len(shown.legend) == 3


def test_nobody_of_a_kind_is_not_said_and_not_drawn():
    shown = people("No medicine now", 43, 0)
    assert "0 of 100" not in shown.words
    assert 'class="y"' not in shown.svg
    with pytest.raises(ValueError, match="cannot be"):
        people("Too many", 60, 41)


def test_a_count_is_the_darker_the_more_it_is_and_nobody_has_no_tint():
    assert [step(count, 12) for count in (0, 1, 3, 6, 12, 13)] == [0, 1, 3, 5, 8, 8]
    assert (step(1, 1), step(1, 2), step(2, 2), step(1, 900)) == (1, 1, 2, 1), "one alone is cool"


def test_the_axis_names_the_finest_days_that_fit():
    def named(days, frame=DESK):
        return [words for _, words in TimeAxis(TODAY - timedelta(days), TODAY, frame.left, frame.right).ticks()]

    assert named(21)[0] == "25 May"
    assert named(100) == ["March", "April", "May", "June"][-len(named(100)) :]
    assert "January 2026" in named(300)
    assert named(3650)[0] in ("2017", "2018")
    assert len(named(1095, PHONE)) >= 2


def test_a_day_outside_the_window_stands_at_its_edge():
    axis = TimeAxis(TODAY, TODAY + timedelta(10), 100, 200)
    assert axis.x(TODAY - timedelta(5)) == 100
    assert axis.x(TODAY + timedelta(99)) == 200
    assert TimeAxis(TODAY, TODAY, 100, 200).x(TODAY) == 100


def test_a_scale_is_never_left_by_a_number_that_is_too_high():
    assert Scale(0, 27, 10, 110).y(99) == 10
    assert Scale(0, 0, 10, 110).y(0) == 110


@pytest.mark.parametrize(
    ("highest", "top"), [(75, 100), (100, 100), (225, 300), (0.5, 0.6), (12.5, 20), (900, 1000), (0, 1)]
)
def test_a_dose_scale_ends_at_a_tidy_number(highest, top):
    assert tidy_top(highest) == pytest.approx(top)


def test_words_are_shortened_or_broken_but_never_to_a_stump():
    assert shorten("Sertraline", 200) == "Sertraline"
    assert shorten("Sertraline", 40).endswith("…")
    assert shorten("Sertraline", 10) == ""
    assert lines("mg each morning with food", 80, 2)[0] == "mg each"
    assert width("e\u0301") == width("e"), "an accent of its own takes no place"


def test_names_of_bands_are_moved_apart_within_their_panel():
    assert spread([10, 12, 14], 13, 0, 100) == [10, 23, 36]
    assert spread([98, 99, 100], 13, 0, 100) == [74, 87, 100]
    assert spread([], 13, 0, 100) == []
    crowd = spread([50] * 20, 13, 0, 100)
    assert (crowd[0], crowd[-1]) == pytest.approx((0, 100))


def test_a_place_is_taken_once():
    room = Room(0, 100)
    assert room.first_free([box_of(10, 10, "12")]) == 0
    assert room.first_free([box_of(10, 10, "13"), box_of(40, 10, "13")]) == 1
    assert room.first_free([box_of(95, 10, "wide words")]) is None


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
@pytest.mark.parametrize("story", [STORY, crowded.MANY_SCORES, crowded.THREE_YEARS], ids=["maya", "many", "years"])
def test_a_goal_is_never_a_line_without_words(story, frame):
    goal = next(one.goal for one in story.scores if one.goal)
    shown = timeline(story, frame)
    assert goal.words in [key.words for key in shown.legend]
    if story is not crowded.MANY_SCORES or frame is DESK:
        assert goal.words in written(shown.svg), "beside its line, but for the fullest of drawings"


def test_goals_and_bands_are_written_in_words():
    texts = written(timeline(STORY).svg)
    assert "half of 21: response" in texts
    assert {"few signs", "mild", "moderate", "mod. severe", "severe"} <= set(texts)
    assert (PHQ_9.goal.value, SERTRALINE.plan) == (10.5, "planned to week 8")


def test_a_long_name_of_a_band_stands_on_two_lines_rather_than_cut_off():

    bands = (Band(0, 9, "minimal", 1), Band(9, 19, "possible depression", 3), Band(19, 30, "likely depression", 4))
    drawn = progress(Score("EPDS", "", 30, ((date(2026, 6, 2), 14.0),), bands), date(2026, 6, 2)).svg
    assert [word in drawn for word in (">possible<", ">likely<", ">depression<", "…")] == [True, True, True, False]


def test_where_two_lines_have_no_place_the_name_is_cut_off_and_said_so():

    bands = tuple(Band(low, low + 3, "possible depression", 3) for low in range(0, 30, 3))
    assert "…" in progress(Score("EPDS", "", 30, (), bands), date(2026, 6, 2), high=150).svg
