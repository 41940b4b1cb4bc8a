"""What is a step of a review judged by, in one line?  Documents and places: verified, not yet verified, or our own.

A number that no document settles is the project's own rule, and its line says so in plain words.
"""

from __future__ import annotations

from collections.abc import Iterable

from althea.care.known import knowledge
from althea.clinic.evidence import fair_dose
from althea.clinic.support import AUGMENT, SWITCHES, THERAPY, tried_fairly
from althea.clinic.words import cited
from althea.engine.course import Course
from althea.knowledge.schema.evidence import Mark

LINES = {
    "continue_and_recheck": ("full-trial-from-days",),
    "continue_maintain": ("maintenance-months-from", "maintenance-months-to"),
    "augment": ("partial-percent",), "switch": ("nonresponse-percent",), "switch_to_clozapine": ("trd-failures",),
    "measure_first": ("score-fresh-days",), "check_adherence": ("adherence-adequate-percent",),
    "address_side_effects": ("fibser-address", "fibser-change"), "reassess_diagnosis": ("mdq-positive",),
}  # fmt: skip
"""The numbers of the knowledge by which each step is judged."""
HOW_SOON = "early-improvement-to-days"
"""What a guideline says of how soon an antidepressant shows, beside our own rule of how soon one may judge."""
OURS, OUR_RULE = "Althea", "Our own rule, not a guideline's"
NO_SOURCE = "No guideline is cited for this step"
NOT_VERIFIED = "not yet verified"


def of_step(code: str, course: Course, sources: Iterable[str], *, verified: bool) -> str:
    """`sources`: those its own lines were written from, `verified` in their documents or not."""
    read: list[str] = []
    not_read: list[str] = []
    (read if verified else not_read).extend(sources)
    if code in (AUGMENT, *SWITCHES) and not tried_fairly(course):
        (read if fair_dose(course)[1] else not_read).extend(course.sources)
        keys: tuple[str, ...] = ()
    elif code == "continue_and_recheck" and course.days_at_dose < course.number("min-days-at-dose"):
        shows = course.is_antidepressant and course.has("depression")
        keys = ("min-days-at-dose", *((HOW_SOON,) if shows else ()))
    else:
        keys = LINES.get(code, ())
    for number in (knowledge().numbers[key] for key in keys if key in knowledge().numbers):
        for source in number.sources:
            unseen = number.mark is Mark.UNVERIFIED or source.endswith("#not-read")
            (not_read if unseen else read).append(source)
    ours = OUR_RULE if any(_is_ours(one) for one in (*read, *not_read)) else ""
    unread = in_line(one for one in not_read if not _is_ours(one))
    lines = (ours, in_line(one for one in read if not _is_ours(one)), f"{unread} ({NOT_VERIFIED})" if unread else "")
    return ". ".join(filter(None, lines)) or (NO_SOURCE if code == THERAPY else "")


def in_line(sources: Iterable[str]) -> str:
    """The documents and places of a claim, in one line."""
    rows = cited(dict.fromkeys(sources), knowledge())
    return ". ".join(", ".join([row["title"], *_places(row["places"])]) for row in rows)


def _places(places: Iterable[str]) -> list[str]:
    """The sections of a document; a heading in words, without its dashes."""
    return [one.replace("-", " ") if one[:1].isalpha() else one for one in places if one != "not-read"]


def _is_ours(source: str) -> bool:
    record = knowledge().sources.get(source.partition("#")[0])
    return record is not None and record.publisher == OURS
