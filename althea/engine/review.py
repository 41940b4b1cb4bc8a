"""Is this safe and sensible for this woman, today, and why?

`review` asks every rule that could speak, one person at a time, and keeps the loudest finding for each reason. A rule
that cannot be asked says what was missing; a rule that raises says so too: never silence.
"""

from __future__ import annotations

from althea.engine import who
from althea.engine.case import Case, Said
from althea.engine.explain import Spoken, check_in_words, in_words
from althea.engine.facts import Condition, Facts, State
from althea.engine.finding import Finding, NotChecked, Review
from althea.engine.index import Entry, Rack, index_of, keys_of
from althea.engine.order import ProposedOrder, apply
from althea.engine.rules import Hit, NotKnown
from althea.engine.taken import Taken, all_taken
from althea.knowledge import Knowledge
from althea.knowledge.schema.evidence import Level, Mark
from althea.knowledge.schema.rule import Pharmacogenomic

PAIRWISE = ("interaction", "washout", "duplicate")
NOTED = (State.RUNNING, State.ORDERED, State.PERHAPS, State.STOPPING)


def review(facts: Facts, order: ProposedOrder | None, knowledge: Knowledge, *, jurisdiction: str = "US") -> Review:
    """All that Althea's knowledge says of her today, with the order signed. Findings loudest first, one a reason."""
    if order is not None:
        facts = apply(facts, order)
    index = index_of(knowledge)
    met = index.met
    taken = all_taken(facts, knowledge, met.methods, met.names)
    groups: dict[str, tuple[Condition, ...]] = {}
    for row in facts.conditions:
        for group in row.groups:
            groups[group] = (*groups.get(group, ()), row)
    seen_whole = facts.looked("observations").whole
    case = Case(facts, knowledge, taken, frozenset(taken), groups, jurisdiction, seen_whole, met)
    keys = keys_of(facts, taken, groups)
    spoken: list[Spoken] = []
    not_checked: list[NotChecked] = []
    for key, subject in taken.items():
        shelf = index.shelves.get(key)
        if shelf is None:
            continue
        if subject.running:
            _ask(shelf.taken, keys, subject, case, spoken, not_checked)
            if subject.ordered:
                _ask(shelf.ordered, keys, subject, case, spoken, not_checked)
        elif subject.stopping:
            _ask(shelf.stopping, keys, subject, case, spoken, not_checked)
        elif subject.perhaps:
            _ask(shelf.perhaps, keys, subject, case, spoken, not_checked)
    _ask(index.always, keys, None, case, spoken, not_checked)
    kept = sorted([in_words(one, met.stamp) for one in _loudest(spoken)], key=_order_shown)
    return Review(findings=tuple(kept), not_checked=_once(not_checked, kept), notes=_notes(facts))


def _ask(
    rack: Rack,
    keys: set[str],
    subject: Taken | None,
    case: Case,
    spoken: list[Spoken],
    not_checked: list[NotChecked],
) -> None:
    for entry in rack.to_ask(keys, subject, case):
        try:
            if subject is None or entry.always or _concerns(entry, subject):
                _ask_one(entry, subject, case, spoken, not_checked)
        except Exception as error:  # a rule that breaks is reported, and the others still speak
            not_checked.append(_not_asked(entry, subject, (), case, type(error).__name__))


def _concerns(entry: Entry, subject: Taken) -> bool:
    """Is this medicine in the state, and by the route, the rule speaks of?  The index has seen to the rest."""
    rule = entry.rule
    if (rule.state == "ordered" and not subject.ordered) or (rule.state == "starting" and not subject.starting):
        return False
    if rule.state == "running" and subject.ordered:
        return False
    return not rule.routes or any((row.route or "oral") in rule.routes for row in subject.lead)


def _ask_one(
    entry: Entry,
    subject: Taken | None,
    case: Case,
    spoken: list[Spoken],
    not_checked: list[NotChecked],
) -> None:
    rule = entry.rule
    missing: tuple[str, ...] = ()
    if entry.doses and subject is not None:
        dose = subject.daily
        if dose is None:
            missing = (f"the dose of {subject.name}",)
        elif (rule.dose_from and dose < rule.dose_from) or (rule.dose_to and rule.dose_to < dose):
            return
    said = who.holds(entry.checks, case, subject) if entry.who_first else None
    if said is not None and said.holds is False:
        return
    hit = entry.evaluate(rule, subject, case)
    if hit is None:
        return
    if said is None:
        said = who.holds(entry.checks, case, subject)
        if said.holds is False:
            return
    if isinstance(hit, NotKnown):
        _wait(entry, subject, (*said.missing, *hit.missing, *missing), case, not_checked)
    elif said.holds is None or missing:
        _wait(entry, subject, (*said.missing, *missing), case, not_checked)
    else:
        spoken.append(_spoken(entry, subject, hit, said, case))


def _wait(
    entry: Entry, subject: Taken | None, missing: tuple[str, ...], case: Case, not_checked: list[NotChecked]
) -> None:
    """A rule that could not be asked; one that waits for nothing nameable (an untested gene) is not worth a word."""
    rule = entry.rule
    if isinstance(rule, Pharmacogenomic) and rule.ask and not missing:
        missing = tuple(f"a {gene} test" for gene in rule.who.genes or ())
    if missing:
        not_checked.append(_not_asked(entry, subject, missing, case))


def _not_asked(
    entry: Entry, subject: Taken | None, missing: tuple[str, ...], case: Case, error: str = ""
) -> NotChecked:
    name = subject.name if subject else ""
    key = (entry.rule.id, name)
    before = case.met.unasked.get(key)
    if before is not None and before.missing == missing and not error:
        return before  # most women's records lack the same things
    title = case.met.words.get(key)
    if title is None:
        title = case.met.words[key] = check_in_words(entry.rule, entry.kind, name, case.knowledge)
    made = NotChecked(
        rule=entry.rule.id,
        title=title,
        missing=tuple(dict.fromkeys(missing)),
        could_be=entry.rule.level,
        medicines=(name,) if name else (),
        error=error,
    )
    if not error and not any("“" in one or any(letter.isdigit() for letter in one) for one in missing):
        case.met.unasked[key] = made  # never one that quotes her record
    return made


def _spoken(entry: Entry, subject: Taken | None, hit: Hit, said: Said, case: Case) -> Spoken:
    """How loud, about what, for which reason?"""
    rule = entry.rule
    level = Level.INFO if rule.mark is Mark.UNVERIFIED else rule.level if hit.level is None else hit.level
    notes = hit.said
    if said.capped and level is Level.CRITICAL:
        level = Level.WARNING
        notes += ("It rests on a line of text, not on a coded diagnosis: confirm it.",)
    if subject is not None and subject.perhaps and level is not Level.INFO:
        level = Level.INFO
        notes += (f"{subject.name} is perhaps still taken: its order is old and has no end. Ask her.",)
    about = subject is not None and (subject.ordered or subject.stopping)
    for one in hit.others if not about else ():
        about = about or (one in case.taken and case.taken[one].ordered)
    return Spoken(entry, subject, hit, said, level, notes, _reason(entry, subject, hit), about)


def _reason(entry: Entry, subject: Taken | None, hit: Hit) -> tuple[str, ...]:
    """What makes two findings one?  A stated concept, or the pair of medicines, or the rule itself."""
    if hit.reason:
        return hit.reason
    name = entry.rule.concept or (entry.rule.id if entry.kind not in PAIRWISE else "pair")
    if name == "pair" and subject is not None:
        return (name, *sorted((subject.id, *hit.others)))
    return (name, subject.id if subject else "")


def _loudest(spoken: list[Spoken]) -> list[Spoken]:
    """One a reason, and one a pair of medicines: the loudest; among equals the draft's own, then the better founded."""
    kept: list[Spoken] = []
    met: set[tuple[str, ...]] = set()
    for one in sorted(spoken, key=_rank):
        pair = one.reason
        if one.entry.kind in PAIRWISE and len(one.medicines) == 2:
            pair = ("pair", *sorted(one.medicines))
        if one.reason not in met and pair not in met:
            met.add(one.reason)
            met.add(pair)
            kept.append(one)
    return kept


def _rank(one: Spoken) -> tuple[int, bool, int, str]:
    founded = len(one.hit.evidence) + len(one.said.evidence)
    return (-one.level, not one.about_order, -founded, one.entry.rule.id)


def _order_shown(finding: Finding) -> tuple[int, bool, int, str, str]:
    return (-finding.level, not finding.about_order, -len(finding.because), finding.rule, finding.title)


def _once(not_checked: list[NotChecked], findings: list[Finding]) -> tuple[NotChecked, ...]:
    """A rule that fired is not also reported as not asked of another reading of the same medicine."""
    if not not_checked:
        return ()
    fired = {(one.rule, one.medicines[:1]) for one in findings}
    seen: dict[tuple[str, tuple[str, ...]], NotChecked] = {}
    for one in not_checked:
        if (one.rule, one.medicines) not in fired:
            seen.setdefault((one.rule, one.medicines), one)
    return tuple(sorted(seen.values(), key=lambda one: (-one.could_be, one.rule, one.medicines)))


def _notes(facts: Facts) -> tuple[str, ...]:
    """Assumptions made in reading what she takes, and what could not be read."""
    rows = [row for row in facts.medicines if (row.said or row.id is None) and row.state in NOTED]
    if not rows:
        return tuple(dict.fromkeys(facts.unread)) if facts.unread else ()
    said = [f"{row.name}: {words}" for row in rows for words in row.said]
    said += [f"{row.name} is not in Althea's knowledge: not checked." for row in rows if row.id is None]
    return tuple(dict.fromkeys([*said, *facts.unread]))
