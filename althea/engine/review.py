"""Is this safe and sensible for this woman, today, and why?

`review` asks every rule that could speak, one person at a time, and keeps the loudest finding for each reason. A rule
that cannot be asked says what was missing; a rule that raises says so too: never silence.
"""

from __future__ import annotations

from operator import attrgetter

from msgspec.structs import replace

from althea.engine import who
from althea.engine.case import Case, Met, Said
from althea.engine.explain import Spoken, check_in_words, in_words
from althea.engine.facts import Condition, Facts, State
from althea.engine.finding import Finding, NotChecked, Review
from althea.engine.index import Entry, Plan, Rack, blind_of, index_of, keys_of
from althea.engine.order import ProposedOrder, apply
from althea.engine.rules import Hit, NotKnown
from althea.engine.taken import Taken, all_taken
from althea.knowledge import Knowledge
from althea.knowledge.schema.evidence import Level, Mark
from althea.knowledge.schema.rule import Pharmacogenomic, Rule
from althea.knowledge.schema.who import Who

PAIRWISE = ("interaction", "washout", "duplicate")
INFO, CRITICAL, UNVERIFIED = Level.INFO, Level.CRITICAL, Mark.UNVERIFIED
RANK = attrgetter("rank")
MOST_WAITS = 2000
"""Lists of what surely waits that are remembered."""
NOTED = (State.RUNNING, State.ORDERED, State.PERHAPS, State.STOPPING)
Unasked = dict[tuple[int, str, tuple[str, ...]], NotChecked]
"""Checks that could not be made, each once, by where it stands in order: loudest first, then by rule and medicine."""


def review(facts: Facts, order: ProposedOrder | None, knowledge: Knowledge, *, jurisdiction: str = "US") -> Review:
    """All that Althea's knowledge says of her today, with the order signed. Findings loudest first, one a reason."""
    if order is not None:
        facts = apply(facts, order)
    index, case = index_of(knowledge), case_of(facts, knowledge, jurisdiction)
    met, shelves = index.met, index.shelves
    spoken: list[Spoken] = []
    unasked: Unasked = {}
    waiting: list[Plan] = []
    for key, subject in case.taken.items():
        shelf = shelves.get(key)
        if shelf is None:
            continue
        if subject.running:
            _ask(shelf.taken, subject, case, spoken, unasked, waiting)
            if subject.ordered:
                _ask(shelf.ordered, subject, case, spoken, unasked, waiting)
        elif subject.stopping:
            _ask(shelf.stopping, subject, case, spoken, unasked, waiting)
        elif subject.perhaps:
            _ask(shelf.perhaps, subject, case, spoken, unasked, waiting)
    _ask(index.always, None, case, spoken, unasked, waiting)
    kept = [in_words(one, met.stamp) for one in _loudest(spoken)] if spoken else []
    if len(kept) > 1:
        kept.sort(key=_order_shown)
    not_checked = _in_order(unasked, waiting, kept, met) if unasked or waiting else ()
    return Review(findings=tuple(kept), not_checked=not_checked, notes=_notes(facts))


def case_of(facts: Facts, knowledge: Knowledge, jurisdiction: str) -> Case:
    """What every rule is asked of. Facts with no order left to apply."""
    met = index_of(knowledge).met
    taken = all_taken(facts, knowledge, met.methods, met.names)
    groups: dict[str, tuple[Condition, ...]] = {}
    for row in facts.conditions:
        for group in row.groups:
            groups[group] = (*groups.get(group, ()), row)
    blind = blind_of(facts)
    return Case(facts, knowledge, taken, groups, jurisdiction, blind, keys_of(facts, taken, groups, blind), met)


def for_certain(whom: Who, facts: Facts, knowledge: Knowledge, *, medicine: str, jurisdiction: str) -> bool:
    """Is she one of those this record speaks of?  Not known counts as no: for what is offered, never for a warning."""
    case = case_of(facts, knowledge, jurisdiction)
    return who.holds(who.compiled(whom), case, case.taken.get(medicine)).holds is True


def _ask(
    rack: Rack, subject: Taken | None, case: Case, spoken: list[Spoken], unasked: Unasked, waiting: list[Plan]
) -> None:
    plan = rack.plan_for(case.keys)
    if plan.waiting:
        if plan.waits is None:
            plan.waits = {}
            for entry, missing in plan.waiting:
                _not_asked(entry, subject, missing, case, plan.waits)
        waiting.append(plan)
    asked = plan.asked
    if rack.groups is not None and (found := rack.groups.may_speak(subject, case)):
        asked = (*asked, *found)
    for entry in asked:
        try:
            if entry.always or subject is None or _concerns(entry, subject):
                _ask_one(entry, subject, case, spoken, unasked)
        except Exception as error:  # a rule that breaks is reported, and the others still speak
            _not_asked(entry, subject, (), case, unasked, type(error).__name__)


def _concerns(entry: Entry, subject: Taken) -> bool:
    """Is this medicine in the state, and by the route, the rule speaks of?  The index has seen to the rest."""
    rule = entry.rule
    if (rule.state == "ordered" and not subject.ordered) or (rule.state == "starting" and not subject.starting):
        return False
    if rule.state == "running" and subject.ordered:
        return False
    return not rule.routes or any((row.route or "oral") in rule.routes for row in subject.lead)


def _ask_one(entry: Entry, subject: Taken | None, case: Case, spoken: list[Spoken], unasked: Unasked) -> None:
    missing: tuple[str, ...] = ()
    if entry.doses and subject is not None:
        dose, rule = subject.daily, entry.rule
        if dose is None:
            missing = (f"the dose of {subject.name}",)
        elif (rule.dose_from and dose < rule.dose_from) or (rule.dose_to and rule.dose_to < dose):
            return
    said = who.holds(entry.checks, case, subject) if entry.who_first else None
    if said is not None and said.holds is False:
        return
    hit = entry.evaluate(entry.rule, subject, case)
    if hit is None:
        return
    if said is None:
        said = who.holds(entry.checks, case, subject)
        if said.holds is False:
            return
    if isinstance(hit, NotKnown):
        missing = said.missing + hit.missing + missing
    elif said.holds is None or missing:
        missing = said.missing + missing
    else:
        spoken.append(_spoken(entry, subject, hit, said, case))
        return
    # one that waits for nothing nameable (an untested gene) is not worth a word
    missing = missing or _untested(entry.rule)
    if missing:
        _not_asked(entry, subject, missing, case, unasked)


def _untested(rule: Rule) -> tuple[str, ...]:
    if isinstance(rule, Pharmacogenomic) and rule.ask and rule.who.genes:
        return tuple(f"a {gene} test" for gene in rule.who.genes)
    return ()


def _not_asked(
    entry: Entry, subject: Taken | None, missing: tuple[str, ...], case: Case, unasked: Unasked, error: str = ""
) -> None:
    rule, name = entry.rule, subject.name if subject is not None else ""
    key = (rule.id, name)
    before = case.met.unasked.get(key)
    if before is not None and before[1].missing == missing and not error:
        unasked.setdefault(*before)  # most women's records lack the same things
        return
    title = case.met.words.get(key)
    if title is None:
        title = case.met.words[key] = check_in_words(rule, entry.kind, name, case.knowledge)
    medicines = (name,) if name else ()
    place = (-rule.level, rule.id, medicines)
    made = NotChecked(
        rule=rule.id,
        title=title,
        missing=tuple(dict.fromkeys(missing)),
        could_be=rule.level,
        medicines=medicines,
        error=error,
    )
    unasked.setdefault(place, made)
    if not error and not any("“" in one or any(letter.isdigit() for letter in one) for one in missing):
        case.met.unasked[key] = (place, made)  # never one that quotes her record


def _spoken(entry: Entry, subject: Taken | None, hit: Hit, said: Said, case: Case) -> Spoken:
    """How loud, about what, for which reason?"""
    rule = entry.rule
    level = INFO if rule.mark is UNVERIFIED else rule.level if hit.level is None else hit.level
    notes = hit.said
    if said.capped and level is CRITICAL:
        level = Level.WARNING
        notes += ("It rests on a line of text, not on a coded diagnosis: confirm it.",)
    if subject is not None and subject.perhaps and level is not INFO:
        level = INFO
        notes += (f"{subject.name} is perhaps still taken: its order is old and has no end. Ask her.",)
    about = subject is not None and (subject.ordered or subject.stopping)
    for one in hit.others if not about else ():
        about = about or (one in case.taken and case.taken[one].ordered)
    rank = (-level, not about, -len(hit.evidence) - len(said.evidence), rule.id)
    reason = hit.reason or _reason(entry, subject, hit)
    medicines = hit.others if subject is None else (subject.id, *hit.others)
    return Spoken(entry, subject, hit, said, level, notes, reason, about, rank, medicines)


def _reason(entry: Entry, subject: Taken | None, hit: Hit) -> tuple[str, ...]:
    """What makes two findings one?  A stated concept, or the pair of medicines, or the rule itself."""
    name = entry.rule.concept or (entry.rule.id if entry.kind not in PAIRWISE else "pair")
    if name == "pair" and subject is not None:
        return (name, *sorted((subject.id, *hit.others[:1])))
    return (name, subject.id if subject is not None else "")


def _loudest(spoken: list[Spoken]) -> list[Spoken]:
    """One a reason, and one a pair of medicines: the loudest; among equals the draft's own, then the better founded.
    What else was found at warning or above stands under it: nothing is lost by being one of several."""
    if len(spoken) == 1:
        return spoken
    kept: list[Spoken] = []
    met: dict[tuple[str, ...], int] = {}
    for one in sorted(spoken, key=RANK):
        reason = one.reason
        pair = _pair(one) if one.entry.kind in PAIRWISE else reason
        at = met.get(reason)
        if at is None and pair is not reason:
            at = met.get(pair)
        if at is None:
            at = len(kept)
            kept.append(one)
        elif one.level is not INFO and not _the_same(one, kept[at]):
            kept[at] = replace(kept[at], under=(*kept[at].under, one))
        met.setdefault(reason, at)
        if pair is not reason:
            met.setdefault(pair, at)
    return kept


def _pair(one: Spoken) -> tuple[str, ...]:
    """The pair of medicines that a rule about two of them names; of a duplicate among more its reason."""
    if one.entry.kind == "duplicate" and len(one.medicines) != 2:
        return one.reason
    return ("pair", *sorted(one.medicines[:2]))


def _the_same(one: Spoken, above: Spoken) -> bool:
    """Does it stand there already: by the same rule, of the same medicines, looked at from the other side?

    Of a check of one medicine that is due by two schedules, the louder says all there is to do."""
    if one.entry.kind == "monitoring" and above.entry.kind == "monitoring" and one.medicines == above.medicines:
        return True
    medicines = set(one.medicines)
    return any(
        known.entry is one.entry and medicines == set(known.medicines) and one.level <= known.level
        for known in (above, *above.under)
    )


def _order_shown(finding: Finding) -> tuple[int, bool, int, str, str]:
    return (-finding.level, not finding.about_order, -len(finding.because), finding.rule, finding.title)


def _in_order(
    unasked: Unasked, waiting: list[Plan], findings: list[Finding], met: Met
) -> tuple[NotChecked, ...]:  # fmt: skip
    """A rule that fired is not also reported as not asked of another reading of the same medicine."""
    alike = not unasked and not findings
    key = tuple(waiting)
    if alike and (known := met.waits.get(key)) is not None:
        return known
    for plan in waiting:
        unasked.update(plan.waits or {})
    fired = {(one.rule, one.medicines[:1]) for one in findings}
    found = tuple([unasked[place] for place in sorted(unasked) if place[1:] not in fired])
    if alike:
        if len(met.waits) >= MOST_WAITS:
            met.waits.clear()
        met.waits[key] = found
    return found


def _notes(facts: Facts) -> tuple[str, ...]:
    """Assumptions made in reading what she takes, and what could not be read."""
    rows = [row for row in facts.medicines if (row.said or row.id is None) and row.state in NOTED]
    if not rows:
        return tuple(dict.fromkeys(facts.unread)) if facts.unread else ()
    said = [f"{row.name}: {words}" for row in rows for words in row.said]
    said += [f"{row.name} is not in Althea's knowledge: not checked." for row in rows if row.id is None]
    return tuple(dict.fromkeys([*said, *facts.unread]))
