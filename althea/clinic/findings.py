"""How is a finding of her record shown on a page?  What to do first, the rest and its sources behind a fold, and what a
prescriber signed or set aside about it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.urls import reverse

from althea.care.aside import mark_of
from althea.care.days import today
from althea.care.known import knowledge
from althea.care.models import FindingSeen, Patient
from althea.clinic.words import cited, marked
from althea.engine.finding import Finding
from althea.fhir.cards import OVERRIDE_REASONS
from althea.knowledge.schema.evidence import Level
from althea.look.words import day

MOST_SENTENCES = 2
A_SENTENCE = re.compile(r"(?<=[.?])\s+(?=[A-Z])")
REASONS = [(one["code"], one["display"]) for one in OVERRIDE_REASONS]


def shown(one: Finding) -> dict[str, Any]:
    """A finding as `_finding.html` takes it."""
    source = next(iter(cited(one.sources, knowledge())), None)
    place = f", {', '.join(source['places'])}" if source and source["places"] else ""
    return {
        "level": one.level.name.lower(),
        "title": one.title,
        "facts": [(fact.what, f"{fact.on:%-d %b %Y}" if fact.on else "") for fact in one.because],
        "words": [one.why, *one.beside, *one.said, *one.do],
        "source": f"{source['title']}{place}" if source else "",
        "url": source["url"] if source else "",
        "rule": one.rule,
        "mark_of": mark_of(one),
        "rule_url": reverse("rule", kwargs={"rule_id": one.rule}),
        "may_override": one.level.name != "INFO",
    }


def brief(one: Finding, on: date) -> dict[str, Any]:
    """The same as it stands on her chart: what to do first, the rest and every source behind a fold.

    Of a critical one all that is to be done stays in the open; of the others two sentences.
    """
    if one.level is Level.CRITICAL:
        words, rest = [*one.do, *one.beside, *one.said], [one.why]
    else:
        said_first = [part for line in (one.do or (one.why,)) for part in A_SENTENCE.split(line)]
        words, rest = [*said_first[:MOST_SENTENCES], *one.beside], [one.why] if one.do else []
        rest += [" ".join(said_first[MOST_SENTENCES:]), *one.said]
    rule = knowledge().rules.get(one.rule)
    return {
        **shown(one),
        "facts": [(fact.what, day(fact.on, on) if fact.on else "") for fact in one.because],
        "words": words,
        "more": [line for line in rest if line],
        "more_sources": cited(one.sources, knowledge())[1:],
        "mark": marked(rule) if rule is not None else "",
    }


def signed_to_do(shown: dict[str, Any], row: FindingSeen | None, her: Patient, on: date) -> dict[str, Any]:
    """The same, with what was signed to do about it first, on the day that it was for her."""
    if row is None:
        return shown
    return shown | {"words": [f"{row.by} on {signed_on(row, her, on)}: we will do this. {row.words}", *shown["words"]]}


def acts(one: Finding, her: Patient) -> list[tuple[str, str]]:
    """What can be done about it from here, before it is set aside: (words, where)."""
    at = {"patient": her.pk}
    rule = knowledge().rules.get(one.rule)
    if one.level is not Level.INFO and rule is not None and rule.concept == "suicide-risk":
        number = (f"Call {her.first_name}: {her.phone}", f"tel:{her.phone}")
        none = ("No phone number of hers: write it down", reverse("reach", kwargs=at))
        return [number if her.phone else none, ("Her safety plan", reverse("safety-plan", kwargs=at))]
    if one.kind in ("monitoring", "result"):
        return [("Her labs", reverse("labs", kwargs=at))]
    if one.level is Level.INFO:
        return []
    if one.kind == "score":
        return [("Her progress", reverse("progress-of", kwargs=at))]
    return [("Her medicines", reverse("medicines-of", kwargs=at))] if one.medicines else []


def signed_on(row: FindingSeen, her: Patient, on: date) -> str:
    """Which day was it for her?  With its year where that is another than this one."""
    when = today(her, row.at)
    return f"{when:%-d %B}" if when.year == on.year else f"{when:%-d %B %Y}"


def shown_aside(row: FindingSeen, her: Patient, on: date) -> dict[str, Any]:
    """What was set aside, by whom and why, as `_finding.html` takes it."""
    reason = dict(REASONS).get(row.code, row.code)
    return {
        "pk": row.pk,
        "finding": {
            "level": "overridden",
            "title": row.title,
            "by": f"{row.by}, {signed_on(row, her, on)}",
            "reason": f"{reason}. {row.words}".strip(),
        },
    }
