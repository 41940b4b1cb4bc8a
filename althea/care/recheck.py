"""Does anything known of her today speak against what she takes?  The same question by night, and after every change.

Findings at warning or above become items of the worklist, one a reason; an item whose finding is gone is closed. What a
prescriber set aside with a reason is left alone until its day. Nothing is ever stopped or changed here.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from althea.care import entries as said
from althea.care import panel
from althea.care.actions import worklist
from althea.care.actions.trial import live
from althea.care.aside import aside_of
from althea.care.days import today
from althea.care.facts import chart_of, facts_for, facts_of
from althea.care.known import knowledge
from althea.care.models import Patient, SweepWoman, WorklistItem
from althea.care.stage_words import stage_of
from althea.care.trial_words import review_address
from althea.engine.finding import Review
from althea.engine.review import review
from althea.knowledge.schema.evidence import Level
from althea.knowledge.schema.rule import ScoreRule


def jurisdiction_of(patient: Patient) -> str:
    """Whose rules warn where sources differ: those of her clinic's country."""
    return patient.clinic.country or str(settings.ALTHEA_JURISDICTION)


def review_today(patient: Patient, at: datetime) -> Review:
    """Everything that can be said of her, without a new order."""
    on = today(patient, at)
    return review(facts_for(patient, on), None, knowledge(), jurisdiction=jurisdiction_of(patient))


def recheck(patient: Patient, at: datetime, *, into: tuple[SweepWoman, panel.Since] | None = None) -> Review:
    """Review her, bring her items up to date, and her lines among those of everybody (`care/panel.py`). Call it inside
    the transaction of the change it follows. `into`: her row of a sweep under way; then only that one is written."""
    on, chart = today(patient, at), chart_of(patient)
    found = review(facts_of(chart, on), None, knowledge(), jurisdiction=jurisdiction_of(patient))
    aside = aside_of(patient, on)
    loud = [one for one in found.findings if one.level >= Level.WARNING and not aside.covers(one)]
    trial = live(patient) if any(one.kind == "score" for one in loud) else None
    address = review_address(trial) if trial is not None else ""
    worse = any(_of_a_rise(one.rule) for one in loud)
    kept = {
        worklist.place_finding(
            patient=patient, finding=one, at=at, to=address if one.kind == "score" else "", worse=worse
        ).pk
        for one in loud
    }
    open_items = WorklistItem.objects.filter(patient=patient, reason__startswith="finding:", closed_at__isnull=True)
    for item in open_items.exclude(pk__in=kept).select_related("patient__clinic"):
        worklist.close(item=item, by=None, words="No longer so.", at=at)
    stage = stage_of([(entry.on, body) for entry, body in chart.of(said.LifeStage)], on).group
    if into is not None:
        panel.put(into[0], found, stage=stage, aside=aside, before=into[1], at=at)
    else:
        panel.keep(patient, found, stage=stage, aside=aside, at=at)
    return found


def _of_a_rise(rule_id: str) -> bool:
    """Does this rule speak of a score that has risen?  It needs two of them."""
    rule = knowledge().rules.get(rule_id)
    return isinstance(rule, ScoreRule) and rule.worse_by is not None
