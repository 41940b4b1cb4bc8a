"""Which findings of whom does this member see, in which order and how many?  The questions behind the safety page.

Every one begins with `hers_to_see`: a count, a cell, a line of the file or of the list is of her own patients or it is
not there. Each function is one query, however many women there are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery

from althea.care.access import hers_to_see, places_today
from althea.care.days import age, moment
from althea.care.known import knowledge
from althea.care.models import Member, Message, Patient, Role, Sweep, SweepFinding, SweepWoman, TeamPlace, Visit
from althea.clinic.words import days_in_words
from althea.engine.explain import title_in_general
from althea.look.chart.heat import step

STAGES = {
    "cycle": "Cycle",
    "trying": "Trying",
    "pregnant": "Pregnant",
    "postpartum": "Post\u00adpartum",
    "perimenopause": "Peri\u00admeno.",
    "after": "After",
    "not asked": "Not asked",
}
"""The life stages of `stage_words`, and what stands above their columns; a word may break where it has to."""
LEVELS = SweepFinding.LEVELS
LOUD = ("critical", "warning")
"""Shown unless something else is asked for: information never interrupts."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What to show, as the address says it. `finding`: the key of a rule; `stage`: of STAGES, empty: all of them."""

    levels: tuple[str, ...] = LOUD
    open: bool = False  # not yet overridden
    mine: bool = False  # only women whose prescriber I am
    new: bool = False  # not there in the sweep before
    finding: str = ""
    stage: str = ""

    @classmethod
    def of(cls, sent: Any) -> Asked:
        """From the address; what is not understood is left out."""
        levels = tuple(one for one in LEVELS if one in sent.getlist("level"))
        stage = sent.get("stage", "")
        return cls(
            levels=levels or LOUD,
            **{name: sent.get(name) == "1" for name in ("open", "mine", "new")},
            finding=sent.get("finding", "")[:8],
            stage=stage if stage in STAGES else "",
        )

    def address(self, **other: Any) -> str:
        """`?level=critical&open=1`, with these things otherwise."""
        now = {name: getattr(self, name) for name in self.__slots__} | other
        pairs = [("level", one) for one in now["levels"]] if set(now["levels"]) != set(LOUD) else []
        pairs += [(name, "1") for name in ("open", "mine", "new") if now[name]]
        pairs += [(name, now[name]) for name in ("finding", "stage") if now[name]]
        return "?" + urlencode(pairs)


def in_full(stage: str) -> str:
    """A life stage as a line says it."""
    return {"perimenopause": "Perimenopause", "after": "After menopause"}.get(stage, stage.capitalize())


def key_of(rule: str) -> str:
    """How an address names a rule: not by its name, for that names a medicine."""
    return sha256(rule.encode()).hexdigest()[:8]


def patients(member: Member, asked: Asked) -> QuerySet[Patient]:
    """Whose findings are counted."""
    whole: QuerySet[Patient] = hers_to_see(member)
    if not asked.mine:
        return whole
    return whole.annotate(lead=Subquery(prescriber("pk").values("member")[:1])).filter(lead=member.pk)


def prescriber(patient: str) -> QuerySet[TeamPlace]:
    """Her prescriber: of those on her team, the one who has been there longest."""
    places = places_today().filter(patient=OuterRef(patient), member__role=Role.PRESCRIBER)
    found: QuerySet[TeamPlace] = places.order_by("since", "pk")
    return found


def findings(sweep: Sweep, member: Member, asked: Asked, *, every_level: bool = False) -> QuerySet[SweepFinding]:
    """Those that were asked for, of her own patients."""
    rows = SweepFinding.objects.filter(sweep=sweep, patient__in=patients(member, asked))
    if not every_level:
        rows = rows.filter(rank__in=[LEVELS.index(one) for one in asked.levels])
    if asked.open:
        rows = rows.filter(aside=False)
    if asked.new:
        rows = rows.filter(since__gte=sweep.asked_at)
    return rows


def counts(sweep: Sweep, member: Member, asked: Asked) -> dict[str, int]:
    """How many women each filter would show, beside what is chosen of the others."""
    rows = findings(sweep, member, asked, every_level=True)
    chosen = Q(rank__in=[LEVELS.index(one) for one in asked.levels])

    def women(which: Q) -> Count:
        return Count("patient", filter=which, distinct=True)

    return rows.aggregate(
        **{level: women(Q(rank=rank)) for rank, level in enumerate(LEVELS)},
        open=women(chosen & Q(aside=False)),
        new=women(chosen & Q(since__gte=sweep.asked_at)),
        shown=women(chosen),
    )


def heat(rows: QuerySet[SweepFinding], asked: Asked) -> tuple[list[str], list[dict[str, Any]]]:
    """(the life stages of its columns, women by rule, the most urgent rule first), as `_heat.html` takes them. Whose
    life stage nobody asked for has a column only where there is such a woman."""
    cells = rows.values("rule", "stage").annotate(women=Count("patient", distinct=True), rank=Max("rank"))
    rules: dict[str, dict[str, Any]] = {}
    for cell in cells.order_by("rule"):
        rule = rules.setdefault(cell["rule"], {"rank": 0, "women": 0, "by": {}})
        rule["rank"] = max(rule["rank"], cell["rank"])
        rule["women"] += cell["women"]
        rule["by"][cell["stage"]] = cell["women"]
    stages = [one for one in STAGES if one != "not asked" or any(one in rule["by"] for rule in rules.values())]
    most = max((count for rule in rules.values() for count in rule["by"].values()), default=0)
    loudest = sorted(rules.items(), key=lambda pair: (-pair[1]["rank"], -pair[1]["women"], pair[0]))
    return stages, [
        {
            "rule": rule_id,
            "key": key_of(rule_id),
            "level": LEVELS[rule["rank"]],
            "title": in_general(rule_id),
            "women": rule["women"],
            "by": rule["by"],
            "cells": [_cell(rule["by"].get(stage, 0), most, asked, key_of(rule_id), stage) for stage in stages],
        }
        for rule_id, rule in loudest
    ]


def _cell(count: int, most: int, asked: Asked, key: str, stage: str) -> dict[str, Any]:
    """One number; where there is nobody it leads nowhere."""
    return {
        "count": count,
        "step": step(count, most),
        "url": asked.address(finding=key, stage=stage) + "#women" if count else "",
        "current": asked.finding == key and asked.stage == stage,
    }


def in_general(rule_id: str) -> str:
    """What a rule says of anybody. One that has left the knowledge since is named by its id."""
    rule = knowledge().rules.get(rule_id)
    if rule is None:
        return rule_id
    return title_in_general(rule, knowledge().name_of(rule.of[0]) if len(rule.of) == 1 else "the medicine", knowledge())


def women(rows: QuerySet[SweepFinding], on: date, member: Member) -> QuerySet[SweepFinding]:
    """The rows with what a line shows: her prescriber, and what was done since it was found."""
    start = moment(member.clinic, on, time(0))
    visits = Visit.objects.filter(patient=OuterRef("patient"), at__gte=start, at__lt=start + timedelta(days=1))
    told = Message.objects.filter(patient=OuterRef("patient"), from_her=False, at__gte=OuterRef("since"))
    return (
        rows.select_related("patient")
        .annotate(
            seen_by=Subquery(prescriber("patient").values("member__user__name")[:1]),
            today=Exists(visits.filter(done_at__isnull=True)),
            told=Exists(told),
        )
        .order_by("-rank", "aside", "patient__name", "rule", "pk")
    )


def line(row: Any, sweep: Sweep, on: date) -> dict[str, Any]:
    """One woman of a cell. What was done about her stands before how old it is."""
    return {
        "patient": row.patient,
        "age": age(row.patient.born_on, on),
        "stage": in_full(row.stage),
        "level": row.level,
        "title": days_in_words(row.title),
        "why": days_in_words(row.why[:1].upper() + row.why[1:]),
        "seen_by": row.seen_by or "",
        "since": row.since,
        **status(row, sweep),
    }


def status(row: Any, sweep: Sweep) -> dict[str, str]:
    """The word, and the kind and icon of its chip."""
    if row.aside:
        return {"status": "Overridden", "kind": "", "icon": "check"}
    if row.today and row.rank:
        return {"status": "Plan today", "kind": "crit" if row.level == "critical" else "warn", "icon": "calendar"}
    if row.told:
        return {"status": "Message sent", "kind": "info", "icon": "message-circle"}
    if row.since >= sweep.asked_at:
        return {"status": "New", "kind": "warn", "icon": "clock"}
    return {"status": "Open", "kind": "line", "icon": ""}


@dataclass(frozen=True, slots=True)
class Looked:
    """Of whom was what not known?  `missing`: (words, women, checks, loudest level), the most women first."""

    women: int
    waiting: int
    missing: list[tuple[str, int, int, str]]
    failed: list[tuple[Any, str]]  # (id, name)


def looked(sweep: Sweep, member: Member, asked: Asked) -> Looked:
    """Everybody she may see of this sweep, and what could not be checked."""
    rows = SweepWoman.objects.filter(sweep=sweep, patient__in=patients(member, asked))
    tally: dict[str, list[int]] = {}
    women = waiting = 0
    failed = []
    for missing, wrong, pk, name in rows.values_list("missing", "failed", "patient_id", "patient__name"):
        women += 1
        waiting += bool(missing)
        if wrong:
            failed.append((pk, name))
        for words, (checks, rank) in missing.items():
            one = tally.setdefault(words, [0, 0, 0])
            one[0] += 1
            one[1] += checks
            one[2] = max(one[2], rank)
    order: Mapping[str, list[int]] = dict(sorted(tally.items(), key=lambda pair: (-pair[1][2], -pair[1][0], pair[0])))
    return Looked(
        women=women,
        waiting=waiting,
        missing=[(words, women_, checks, LEVELS[rank]) for words, (women_, checks, rank) in order.items()],
        failed=failed,
    )
