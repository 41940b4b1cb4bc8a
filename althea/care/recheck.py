"""Does anything known of her today speak against what she takes?  The same question by night, and after every change.

Findings at warning or above become items of the worklist, one a reason; an item whose finding is gone is closed. What a
prescriber set aside with a reason is left alone until its day. Nothing is ever stopped or changed here.
"""

from __future__ import annotations

from datetime import date, datetime

from althea.care import entries as said
from althea.care import panel
from althea.care.actions import worklist
from althea.care.actions.trial import live
from althea.care.ahead import with_what_is_ahead
from althea.care.aside import Aside, aside_of
from althea.care.days import today
from althea.care.facts import Chart, chart_of, facts_of
from althea.care.known import jurisdiction_of, knowledge
from althea.care.left import unsure_to_begin_low
from althea.care.models import Patient, SweepWoman, WorklistItem
from althea.care.offers_again import look_at_offers
from althea.care.stage_words import stage_of
from althea.care.trial_words import review_address
from althea.engine.finding import Finding, Review
from althea.engine.review import review
from althea.knowledge.schema.evidence import Level
from althea.knowledge.schema.rule import ScoreRule

NO_LONGER = "No longer so."


def review_today(patient: Patient, at: datetime) -> Review:
    """Everything that can be said of her, without a new order."""
    return looked_at(chart_of(patient), today(patient, at))


def looked_at(chart: Chart, on: date) -> Review:
    """The same of a chart already fetched: what stands today, and what the days bring that are signed already."""
    jurisdiction = jurisdiction_of(chart.patient)
    now = review(facts_of(chart, on), None, knowledge(), jurisdiction=jurisdiction)
    return with_what_is_ahead(now, chart, on, jurisdiction=jurisdiction)


def recheck(patient: Patient, at: datetime, *, into: tuple[SweepWoman, panel.Since] | None = None) -> Review:
    """Review her, bring her items up to date, and her lines among those of everybody (`care/panel.py`). Call it inside
    the transaction of the change it follows. `into`: her row of a sweep under way; then only that one is written."""
    on, chart = today(patient, at), chart_of(patient)
    found = looked_at(chart, on)
    aside = aside_of(patient, on)
    loud = _loud(found, aside)
    trial = live(patient) if any(one.kind == "score" for one in loud) else None
    address = review_address(trial) if trial is not None else ""
    worse = any(_of_a_rise(one.rule) for one in loud)
    kept = {
        worklist.place_finding(
            patient=patient, finding=one, at=at, to=address if one.kind == "score" else "", worse=worse
        ).pk
        for one in loud
    }
    kept |= {
        worklist.place_unchecked(patient=patient, medicine=medicine, check=one, at=at).pk
        for medicine, one in unsure_to_begin_low(chart, on, found).items()
    }
    open_items = WorklistItem.objects.filter(patient=patient, reason__startswith="finding:", closed_at__isnull=True)
    for item in open_items.exclude(pk__in=kept).select_related("patient__clinic"):
        worklist.close(item=item, by=None, words=NO_LONGER, at=at)
    look_at_offers(chart, on, at)
    stage = stage_of([(entry.on, body) for entry, body in chart.of(said.LifeStage)], on).group
    if into is not None:
        panel.put(into[0], found, stage=stage, aside=aside, before=into[1], at=at)
    else:
        panel.keep(patient, found, stage=stage, aside=aside, at=at)
    return found


def still_so(patient: Patient, at: datetime) -> set[str]:
    """The reasons of all items that the next look would open again, if they were closed now."""
    on, chart = today(patient, at), chart_of(patient)
    found = looked_at(chart, on)
    loud = {worklist.reason_of(one) for one in _loud(found, aside_of(patient, on))}
    return loud | {worklist.gap_of(medicine) for medicine in unsure_to_begin_low(chart, on, found)}


def _loud(found: Review, aside: Aside) -> list[Finding]:
    return [one for one in aside.open_of(found.findings) if one.level >= Level.WARNING]


def _of_a_rise(rule_id: str) -> bool:
    """Does this rule speak of a score that has risen?  It needs two of them."""
    rule = knowledge().rules.get(rule_id)
    return isinstance(rule, ScoreRule) and rule.worse_by is not None
