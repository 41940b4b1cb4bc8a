"""Whatever a record holds, there is a drawing and a table of it."""

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from althea.look.chart.axis import DESK, PHONE
from althea.look.chart.lanes import Dose, Event, Medicine, Other, Reached, Stage
from althea.look.chart.panel import Goal, Score
from althea.look.chart.story import Story, timeline
from althea.look.chart.strip import strip
from tests.look.drawings import drawn
from tests.look.maya import BANDS

DAYS = st.dates(date(2025, 1, 1), date(2027, 1, 1))
NUMBERS = st.floats(0, 2000, allow_nan=False) | st.integers(0, 30)
WORDS = st.text(st.characters(exclude_categories=["C"]), max_size=40)


@st.composite
def stories(draw):
    ends = st.none() | DAYS
    return Story(
        draw(DAYS),
        draw(DAYS),
        draw(DAYS),
        now=draw(WORDS),
        stages=tuple(draw(st.lists(st.builds(Stage, DAYS, ends, WORDS, begins=WORDS), max_size=3))),
        stage_marks=tuple(draw(st.lists(st.tuples(DAYS, WORDS), max_size=3))),
        medicines=tuple(
            Medicine(
                draw(WORDS),
                "mg",
                tuple(doses),
                plan=draw(WORDS),
                reached=draw(st.none() | st.builds(Reached, DAYS, st.tuples(WORDS, WORDS))),
            )
            for doses in draw(st.lists(st.lists(st.builds(Dose, DAYS, ends, NUMBERS), max_size=6), max_size=3))
        ),
        others=tuple(draw(st.lists(st.builds(Other, WORDS, DAYS, ends, WORDS, st.booleans()), max_size=3))),
        events=tuple(
            draw(
                st.lists(
                    st.builds(
                        Event, DAYS, WORDS, st.sampled_from(["event", "effect", "missed"]), ends, st.integers(1, 9)
                    ),
                    max_size=12,
                )
            )
        ),
        scores=tuple(
            Score(
                draw(WORDS),
                draw(WORDS),
                27,
                tuple(points),
                BANDS,
                draw(st.none() | st.builds(Goal, NUMBERS, WORDS, ends)),
            )
            for points in draw(st.lists(st.lists(st.tuples(DAYS, NUMBERS), max_size=20), max_size=3))
        ),
        marks=tuple(draw(st.lists(st.tuples(DAYS, WORDS), max_size=3))),
    )


@given(stories(), st.sampled_from([DESK, PHONE]))
@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_a_record_holds_there_is_a_drawing_and_a_table(story, frame):
    """Dates in any order, ends before beginnings, doses of nothing: a page with such a record must still open."""
    shown = timeline(story, frame)
    root = drawn(shown.svg)
    numbers = [
        float(one.get(name))
        for one in root.iter()
        for name in ("x", "y", "width", "height")
        if one.get(name) and one is not root
    ]
    assert all(-2000 < number < 4000 for number in numbers)
    assert all(len(row) == len(shown.table.head) for row in shown.table.rows)
    assert sum(1 for row in shown.table.rows for cell in row[1 : 1 + len(story.scores)] if cell) <= sum(
        len(one.points) for one in story.scores
    )
    strip(
        story.first, story.today, (story.first, story.last), stages=story.stages, medicines=story.medicines, frame=frame
    )
