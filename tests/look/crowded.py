"""Stories that are hard to draw: much at once, a long time, nothing, one point, words from anywhere."""

from datetime import date, timedelta

from althea.look.chart.lanes import Dose, Event, Medicine, Other, Reached, Stage
from althea.look.chart.panel import Goal, Score
from althea.look.chart.story import Story
from tests.look.maya import BANDS, PHQ_9, STAGES, STORY, TODAY

EMPTY = Story(date(2026, 4, 1), TODAY, TODAY)
ONE_POINT = Story(date(2026, 6, 1), TODAY, TODAY, scores=(Score("PHQ-9", "depression", 27, ((TODAY, 21),), BANDS),))
EIGHT_WEEKS = TODAY - timedelta(56)
MANY_SCORES = Story(
    EIGHT_WEEKS,
    TODAY + timedelta(14),
    TODAY,
    scores=(
        Score(
            "PHQ-9",
            "depression",
            27,
            tuple((EIGHT_WEEKS + timedelta(round(n * 56 / 29)), (n * 7) % 23 + 2) for n in range(30)),
            BANDS,
            Goal(10, "half of 20: response"),
        ),
    ),
)
START = TODAY - timedelta(12)
STEPS = (
    *(Dose(START + timedelta(n * 5 // 3), START + timedelta((n + 1) * 5 // 3 - 1), 12.5 * (n + 1)) for n in range(6)),
    Dose(START + timedelta(10), TODAY + timedelta(30), 100),
)
SIX_STEPS = Story(
    TODAY - timedelta(60),
    TODAY + timedelta(40),
    TODAY,
    medicines=(
        Medicine(
            "Lamotrigine",
            "mg",
            STEPS,
            reached=Reached(START + timedelta(10), ("Full trial dose", "reached, week 2")),
            plan="planned to week 6",
        ),
    ),
    events=tuple(Event(TODAY - timedelta(30 - n), f"Something happened on day {n}") for n in range(8)),
    stages=(Stage(TODAY - timedelta(90), None, "Perimenopause"),),
)
YEARS = (2023, 2024, 2025, 2026)
THREE_YEARS = Story(
    date(2023, 6, 9),
    TODAY,
    TODAY,
    stages=STAGES,
    medicines=(
        Medicine("Escitalopram", "mg", (Dose(date(2023, 3, 6), date(2025, 6, 15), 20),), past=True),
        Medicine(
            "Quetiapine prolonged release",
            "mg",
            (Dose(date(2023, 8, 1), date(2024, 1, 10), 300), Dose(date(2024, 1, 11), None, 12.5)),
        ),
    ),
    others=tuple(
        Other(f"Tablet {n}", date(2024, n, 1), date(2024, n + 3, 1), "for a reason that is long to tell")
        for n in (1, 2, 3)
    ),
    events=tuple(Event(date(year, month, 3), "Relapse", last=None) for year in (2024, 2025) for month in (2, 8)),
    scores=(
        Score(
            "PHQ-9",
            "depression",
            27,
            tuple((date(2023, 7, 1) + timedelta(30 * n), (n * 5) % 24) for n in range(35)),
            BANDS,
        ),
        Score("GAD-7", "anxiety", 21, tuple((date(2023, 7, 1) + timedelta(90 * n), (n * 3) % 21) for n in range(11))),
        Score("ISI", "sleep", 28, ((date(2024, 7, 1), 22), (date(2025, 7, 1), 7))),
        PHQ_9,
    ),
)
HOSTILE = Story(
    STORY.first,
    STORY.last,
    TODAY,
    now='<script>alert("now")</script>',
    stages=(Stage(STORY.first, None, 'מאיה <b onload="x">', begins="👩‍🍼 & co"),),
    medicines=(
        Medicine("</svg><script>x</script>", "mg", (Dose(TODAY - timedelta(20), None, 0.5),), plan='" onmouseover="x'),
    ),
    others=(
        Other(
            "A name of a medicine that is much longer than its place, 20 mg/12.5 mg", TODAY, None, "since <i>today</i>"
        ),
    ),
    events=(Event(TODAY - timedelta(3), "ناقصة <script>"),),
    scores=(Score("<b>PHQ</b>", "&amp;", 27, ((TODAY - timedelta(8), 12.5), (TODAY + timedelta(2), 3)), BANDS),),
)
