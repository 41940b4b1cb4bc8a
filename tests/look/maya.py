"""Maya's story, as it is drawn on the screens: labels, dates and numbers only."""

from datetime import date

from althea.look.chart.lanes import Dose, Event, Medicine, Other, Reached, Stage
from althea.look.chart.panel import Band, Goal, Score
from althea.look.chart.story import Story

TODAY = date(2026, 6, 9)
BANDS = (
    Band(0, 5, "few signs", 1),
    Band(5, 10, "mild", 2),
    Band(10, 15, "moderate", 3),
    Band(15, 20, "mod. severe", 4),
    Band(20, 27, "severe", 5),
)
PHQ_9 = Score(
    "PHQ-9",
    "depression",
    27,
    (
        (date(2026, 3, 24), 12),
        (date(2026, 4, 21), 17),
        (date(2026, 5, 5), 21),
        (date(2026, 5, 14), 20),
        (date(2026, 5, 21), 18),
        (date(2026, 5, 28), 16),
        (date(2026, 6, 4), 14),
        (TODAY, 13),
    ),
    BANDS,
    Goal(10.5, "half of 21: response", date(2026, 5, 5)),
)
EPDS = Score(
    "EPDS",
    "perinatal mood",
    30,
    ((date(2026, 4, 21), 15), (date(2026, 5, 5), 19), (date(2026, 5, 21), 17), (date(2026, 6, 4), 14)),
    (Band(0, 13, "under 13", 1), Band(13, 30, "13 or more", 3)),
)
SERTRALINE = Medicine(
    "Sertraline",
    "mg",
    (
        Dose(date(2026, 5, 7), date(2026, 5, 13), 25),
        Dose(date(2026, 5, 14), date(2026, 5, 27), 50),
        Dose(date(2026, 5, 28), date(2026, 7, 1), 75),
    ),
    about="mg each morning",
    reached=Reached(date(2026, 5, 14), ("Full trial dose", "reached, week 2")),
    plan="planned to week 8",
)
ESCITALOPRAM = Medicine(
    "Escitalopram",
    "mg",
    (
        Dose(date(2023, 3, 6), date(2023, 8, 31), 10),
        Dose(date(2023, 9, 1), date(2025, 4, 19), 20),
        Dose(date(2025, 4, 20), date(2025, 6, 15), 8),
    ),
    story="10 to 20 mg, part response",
    past=True,
)
STAGES = (
    Stage(date(2023, 1, 1), date(2025, 6, 30), "Cycle", "base"),
    Stage(date(2025, 7, 1), date(2026, 4, 6), "Pregnant", "preg"),
    Stage(date(2026, 4, 7), None, "Postpartum, breastfeeding", "post", begins="Birth 7 April"),
)
EVENTS = (
    Event(date(2026, 4, 21), "Sleep under 4 hours"),
    Event(date(2026, 5, 9), "Nausea", "effect", last=date(2026, 5, 20)),
    Event(date(2026, 5, 23), "", "missed", last=date(2026, 5, 24), count=2),
)
IBUPROFEN = Other("Ibuprofen", date(2026, 6, 5), None, "for mastitis, as needed, since 5 June", warn=True)
STORY = Story(
    date(2026, 3, 24),
    date(2026, 7, 7),
    TODAY,
    now="Today, week 5",
    stages=STAGES[1:],
    stage_marks=((date(2026, 5, 19), "week 6"), (date(2026, 6, 30), "week 12")),
    medicines=(SERTRALINE,),
    others=(IBUPROFEN,),
    events=EVENTS,
    scores=(PHQ_9, EPDS),
    marks=((date(2026, 5, 7), "Start 7 May"), (date(2026, 7, 2), "Week 8")),
)
