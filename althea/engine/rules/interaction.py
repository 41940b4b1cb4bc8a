"""Does she take both?  Either may be in the draft; one that is perhaps still taken only informs."""

from __future__ import annotations

from althea.engine.case import Case
from althea.engine.finding import Evidence
from althea.engine.rules import Hit, NotKnown
from althea.engine.taken import Taken
from althea.knowledge.schema.evidence import Level
from althea.knowledge.schema.rule import Interaction


def evaluate(rule: Interaction, subject: Taken | None, case: Case) -> Hit | NotKnown | None:
    if subject is None or subject.stopping or (rule.lasting and not subject.lasting):
        return None
    unsure: NotKnown | None = None
    loud: list[Hit] = []
    quiet: list[Hit] = []
    members = case.members(rule.meets)
    without = case.members(rule.except_) if rule.except_ else ()
    for key, other in case.taken.items():
        if key not in members or other is subject or key in without:
            continue
        met = _meets(rule, other, case)
        if isinstance(met, NotKnown):
            unsure = met
        elif met is not None:
            hits = quiet if met.level is Level.INFO else loud
            hits.insert(0 if other.ordered else len(hits), met)
    if loud or quiet:
        return _together(loud or quiet, subject)
    if unsure is None and "medicines" in case.blind:
        return NotKnown(("her other medicines",))
    return unsure


def _together(hits: list[Hit], subject: Taken) -> Hit:
    """One finding for all the others that count alike: the first names it, one in the draft before the rest; it is
    about all of them, and all are in its evidence."""
    first = hits[0]
    if len(hits) == 1 and not subject.perhaps:
        return first
    level, said = first.level, first.said
    if subject.perhaps and level is None:
        level, said = Level.INFO, (_perhaps(subject),)
    evidence = tuple(fact for hit in hits for fact in hit.evidence)
    others = tuple(one for hit in hits for one in hit.others)
    return Hit(evidence=evidence, fill=first.fill, others=others, level=level, said=said)


def _meets(rule: Interaction, other: Taken, case: Case) -> Hit | NotKnown | None:
    past = not other.running and not other.perhaps
    ended_on = other.ended_on if past else None
    days = None if ended_on is None else (case.facts.on - ended_on).days
    if past and (rule.meets_within_days is None or days is None or days >= rule.meets_within_days):
        return None
    if rule.lasting and not other.lasting:
        return None
    if rule.meets_routes and not any((row.route or "oral") in rule.meets_routes for row in other.lead or other.rows):
        return None
    if rule.meets_dose_from is not None or rule.meets_dose_to is not None:
        daily = other.daily
        if daily is None:
            return NotKnown((f"the dose of {other.name}",))
        if rule.meets_dose_from is not None and daily < rule.meets_dose_from:
            return None
        if rule.meets_dose_to is not None and rule.meets_dose_to < daily:
            return None
    if other.method:
        words = f"contraception: {other.name}"
    elif past:
        words = f"took {other.name} until {ended_on}"
    else:
        words = f"{'ordered now:' if other.ordered else 'takes'} {other.in_words()}"
    evidence = Evidence(words, None if past or other.ordered else other.since, other.rows[-1].ref)
    fill = {"other": other.name, "days": str(days or 0)}
    if other.perhaps:
        return Hit(evidence=(evidence,), fill=fill, others=(other.id,), level=Level.INFO, said=(_perhaps(other),))
    return Hit(evidence=(evidence,), fill=fill, others=(other.id,))


def _perhaps(one: Taken) -> str:
    return f"{one.name} is perhaps still taken: its order is old and has no end. Ask her."
