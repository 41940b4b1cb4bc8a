"""What the test pages are given: the made-up women of the drawn screens."""

from datetime import date, timedelta

from django import forms

from althea.look.calendar import Step, by_day
from althea.look.chart.axis import PHONE
from althea.look.chart.panel import Band, Goal, Score
from althea.look.chart.people import people
from althea.look.chart.small import progress
from althea.look.chart.spark import spark
from althea.look.chart.story import timeline
from althea.look.chart.strip import strip
from tests.look import crowded, maya

TODAY = date(2026, 6, 9)
NASTY = '<script>alert("1")</script> & "quotes"'
HEBREW = "מאיה אוקפור"
EMOJI = "Ada 👩‍🍼🌿"


class Order(forms.Form):
    dose = forms.CharField(help_text="Number and unit, for example 75 mg")
    start = forms.DateField(label="Start date", error_messages={"invalid": "This is no date. Write it as 2026-06-09."})
    often = forms.ChoiceField(label="How often", choices=[("od", "Once a day, morning"), ("bd", "Twice a day")])
    why = forms.CharField(label="Reason", required=False, widget=forms.Textarea)
    talked = forms.BooleanField(label="Talked about other options, and none")
    whose = forms.ChoiceField(
        label="This choice was mostly",
        choices=[("hers", "Hers"), ("shared", "Shared"), ("mine", "Mine")],
        widget=forms.RadioSelect,
        help_text="As she would say it",
    )


class DoseStep(forms.Form):
    dose = forms.CharField(initial="50 mg")
    often = forms.ChoiceField(choices=[("od", "Once a day, evening")])
    lasting = forms.ChoiceField(choices=[("2", "2 weeks"), ("", "then review")])


def schedule():
    steps = [DoseStep(prefix=f"s{n}", initial={"dose": f"{n * 50} mg"}) for n in (1, 2, 3)]
    starts = ("10 June", "24 June", "8 July")
    return [
        {"cells": [one["dose"], one["often"], one["lasting"]], "start": start, "remove": str(at), "error": ""}
        for at, (one, start) in enumerate(zip(steps, starts, strict=True))
    ]


def calendar():
    steps = [
        Step(date(2026, 5, 14), date(2026, 5, 27), 50),
        Step(date(2026, 5, 28), date(2026, 7, 2), 75),
    ]
    return by_day(steps, unit="mg", today=TODAY, first=date(2026, 5, 25), last=date(2026, 6, 21))


MAYA = {
    "icon": "scale",
    "said": "Trial review",
    "css": "plum",
    "name": "Maya Okafor-Lind",
    "url": "#maya",
    "age": 32,
    "stage": {"label": "Postpartum, 9 weeks", "css": "", "icon": ""},
    "when": "Visit 10:20",
    "why": "Sertraline week 5 of 8. PHQ-9 21 to 13, down 38%. Better, but not there yet.",
    "score": "PHQ-9",
    "action": {"label": "Review trial", "url": "#review"},
}
TESS = {
    "level": "critical",
    "name": "Tess Nguyen",
    "url": "#tess",
    "age": 29,
    "stage": {"label": "Pregnant, 5 weeks", "css": "preg"},
    "when": "Told us yesterday",
    "why": "Positive test while taking valproate 500 mg. Needs a safe plan today.",
    "action": {"label": "Make a plan", "url": "#plan", "primary": True},
}
HEBREW_ROW = {"level": "warning", "name": HEBREW, "url": "#h", "age": 31, "why": f"Wrote: {EMOJI}", "when": "Sunday"}
FINDINGS = [
    {
        "level": "critical",
        "title": "Tamoxifen with paroxetine",
        "facts": [("Tamoxifen 20 mg", "since 2 June")],
        "words": ["Paroxetine can weaken tamoxifen."],
        "source": "Paroxetine label, section 7",
        "rule": "PAROX-TAM",
        "rule_url": "#rule",
    },
    {
        "level": "warning",
        "title": "Lithium level 23 days late",
        "source": "Lithium label",
        "url": "https://example.org/",
    },
    {"level": "info", "title": "No thyroid test since birth"},
    {
        "level": "overridden",
        "title": "Sertraline above 100 mg at week 3",
        "by": "Dr Marchetti, 2 June",
        "reason": "Same plan worked in 2021.",
    },
]
STEPS = [
    {
        "title": "Increase sertraline to 100 mg",
        "words": "Part response after 3 weeks at a working dose, no side effects, room up to 200 mg.",
        "support": {"label": "Strong support", "kind": "ok", "icon": "badge-check"},
        "in_favour": ["Same medicine she trusts", "Low level in milk at this dose too"],
        "against": ["Nausea may come back for some days"],
        "source": "CANMAT 2023, part response: raise the dose",
        "on": True,
    },
    {
        "title": "Stop with a taper",
        "words": "Plan it with her.",
        "support": {"label": "Not advised now", "icon": "circle-stop"},
    },
]
OPTIONS = [
    {
        "name": "med",
        "value": "ltg",
        "title": "Lamotrigine",
        "fit": {"label": "Keeps weight", "kind": "ok"},
        "words": "Guards against lows.",
        "small": "Slow start, 6 weeks.",
    },
    {
        "name": "med",
        "value": "none",
        "title": "No medicine now",
        "words": "Therapy first, review in 2 weeks.",
        "fit": {"label": "Her choice too", "icon": "leaf"},
    },
]
HEAT = [
    {
        "level": "critical",
        "title": "Valproate, can become pregnant",
        "cells": [
            {"count": 6, "step": 4, "url": "#rows"},
            {"count": 1, "step": 1, "url": "#rows", "current": True},
            {"count": 0},
        ],
    },
    {
        "level": "warning",
        "title": "Lithium level overdue",
        "cells": [{"count": 12, "step": 8}, {"count": 3, "step": 2}, {"count": 1, "step": 1}],
    },
]
HUNDREDS = [
    ("Sertraline", "after about 6 weeks", 43, 12),
    ("No medicine now", "close follow-up; therapy can add to this", 43, 0),
]
CLINIC_NAV = [
    ("Today", "/today/", "list-checks", True),
    ("Patients", "#p", "users", False),
    ("Safety", "#s", "shield-check", False),
    ("Messages", "#m", "message-circle", False),
    ("Sources", "#b", "book-open", False),
]
PHONE_NAV = [
    ("Home", "/home/", "house", True),
    ("Medicine", "#me", "pill", False),
    ("Options", "#o", "scale", False),
    ("Progress", "#pr", "chart-line", False),
    ("Help now", "#h", "life-buoy", False),
]


HERS = Score(
    "How heavy low mood felt",
    "",
    27,
    tuple((date(2026, 5, 7) + timedelta(7 * n), value) for n, value in enumerate((21, 20, 18, 16, 14, 13))),
    tuple(
        Band(band.low, band.high, name, band.tint)
        for band, name in zip(maya.BANDS, ("few signs", "mild", "medium", "strong", "very strong"), strict=True)
    ),
    Goal(10.5, "first goal: half as heavy"),
)
CROWDED = [
    crowded.MANY_SCORES,
    crowded.SIX_STEPS,
    crowded.THREE_YEARS,
    crowded.EMPTY,
    crowded.ONE_POINT,
    crowded.HOSTILE,
]


def her_strip(**how):
    return strip(
        date(2023, 1, 1),
        TODAY,
        (maya.STORY.first, maya.STORY.last),
        stages=maya.STAGES,
        medicines=(maya.ESCITALOPRAM, maya.SERTRALINE),
        silences=((date(2025, 6, 16), date(2026, 3, 1), "no medicine"),),
        **how,
    )


def EVERYTHING():
    wrong = Order({"dose": "75 mg", "start": "10 May", "often": "od"})
    return {
        "today": TODAY,
        "last_week": TODAY - timedelta(7),
        "nasty": NASTY,
        "hebrew": HEBREW,
        "emoji": EMOJI,
        "who": {"name": "Dr Marchetti", "url": "#me"},
        "clinic_nav": CLINIC_NAV,
        "phone_nav": PHONE_NAV,
        "rows": [TESS, {**MAYA, "spark": spark("PHQ-9", [21, 20, 18, 16, 14, 13])}, HEBREW_ROW],
        "findings": FINDINGS,
        "form": Order(),
        "wrong": wrong,
        "dose_columns": ["Dose", "How often", "For"],
        "stages": ["Cycle", "Trying", "Pregnant"],
        "schedule": schedule(),
        "schedule_wrong": [schedule()[0] | {"error": "Step 1 starts above the label's 25 mg."}, *schedule()[1:]],
        "calendar": calendar(),
        "steps": STEPS,
        "options": OPTIONS,
        "heat": HEAT,
        "hundreds": [
            {
                "title": title,
                "after": after,
                "better": anyway + more,
                "words": "feel much better",
                "drawing": people(title, anyway, more),
            }
            for title, after, anyway, more in HUNDREDS
        ],
        "answers": [
            ("0", "Not at all", ""),
            ("1", "Several days", ""),
            ("2", "More than half the days", "of two weeks"),
            ("3", "Nearly every day", ""),
        ],
        "filters": [
            {"label": "Critical", "value": "crit", "icon": "octagon-alert", "count": 14, "checked": True},
            {"label": "New", "value": "new"},
        ],
        "links": [
            {"label": "All", "url": "?", "count": 11, "current": True},
            {"label": "Visit today", "url": "?v", "count": 0},
        ],
        "tabs": [("This trial", "?t", False), ("Since birth", "?b", True)],
        "timeline": timeline(maya.STORY),
        "strip": her_strip(),
        "crowded": [timeline(one, name=f"crowded-{n}") for n, one in enumerate(CROWDED)],
        "phone_timeline": timeline(maya.STORY, PHONE),
        "phone_strip": her_strip(frame=PHONE),
        "phone_crowded": [timeline(one, PHONE, name=f"crowded-{n}") for n, one in enumerate(CROWDED)],
        "progress": {
            "title": HERS.name,
            "words": "From your weekly check-ins.",
            "drawing": progress(HERS, date(2026, 5, 7)),
        },
        "done": {"words": "Dose changed to 100 mg.", "undo": "/undo/"},
    }
