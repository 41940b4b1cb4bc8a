"""Is this safe and sensible for this woman, today, and why?

`review` asks every rule that could speak, one person at a time, and keeps the loudest finding for each reason. A rule
that cannot be asked says what was missing; a rule that raises says so too: never silence.
"""

from __future__ import annotations

from collections.abc import Iterable

from althea.engine import who
from althea.engine.facts import Condition, Facts, State
from althea.engine.finding import Evidence, Finding, NotChecked, Review
from althea.engine.index import Entry, index_of, keys_of
from althea.engine.order import ProposedOrder, apply
from althea.engine.rules import Hit, NotKnown
from althea.engine.taken import Taken, all_taken
from althea.knowledge import Knowledge
from althea.knowledge.schema.evidence import Level, Mark
from althea.knowledge.schema.rule import Pharmacogenomic, Rule

LONGEST_TITLE = 139
IN_GENERAL = {
    "other": "another medicine",
    "dose": "the dose",
    "limit": "the limit",
    "value": "the result",
    "measure": "the measure",
    "on": "the day",
    "days": "some",
    "weeks": "some",
    "scale": "the scale",
}
"""What a title says where there is no case in hand."""
PAIRWISE = ("interaction", "washout", "duplicate")


def review(facts: Facts, order: ProposedOrder | None, knowledge: Knowledge, *, jurisdiction: str = "US") -> Review:
    """All that Althea's knowledge says of her today, with the order signed. Findings loudest first, one a reason."""
    if order is not None:
        facts = apply(facts, order)
    index = index_of(knowledge)
    taken = all_taken(facts, knowledge)
    groups: dict[str, tuple[Condition, ...]] = {}
    for row in facts.conditions:
        for group in row.groups:
            groups[group] = (*groups.get(group, ()), row)
    case = who.Case(facts, knowledge, taken, groups, jurisdiction, index.teratogens)
    keys = keys_of(facts, taken, groups)
    findings: list[Finding] = []
    not_checked: list[NotChecked] = []
    for key, subject in taken.items():
        if subject.running or subject.stopping or subject.perhaps:
            _ask(index.by_medicine.get(key, ()), subject, case, keys, findings, not_checked)
    _ask(index.always, None, case, keys, findings, not_checked)
    kept = _merged(findings)
    return Review(findings=tuple(kept), not_checked=tuple(_once(not_checked, kept)), notes=_notes(facts))


def _ask(
    entries: Iterable[Entry],
    subject: Taken | None,
    case: who.Case,
    keys: set[str],
    findings: list[Finding],
    not_checked: list[NotChecked],
) -> None:
    for entry in entries:
        for gate in entry.gates:
            if gate.isdisjoint(keys):
                break
        else:
            try:
                _ask_one(entry, subject, case, findings, not_checked)
            except Exception as error:  # a rule that breaks is reported, and the others still speak
                medicines = (subject.name,) if subject else ()
                not_checked.append(
                    NotChecked(
                        rule=entry.rule.id,
                        title=_title(entry.rule.title, subject, IN_GENERAL),
                        missing=(),
                        could_be=entry.rule.level,
                        medicines=medicines,
                        error=type(error).__name__,
                    )
                )


def _ask_one(
    entry: Entry, subject: Taken | None, case: who.Case, findings: list[Finding], not_checked: list[NotChecked]
) -> None:
    rule = entry.rule
    if subject is not None and not _concerns(entry, subject):
        return
    hit = entry.evaluate(rule, subject, case)
    if hit is None:
        return
    said = who.holds(entry.checks, case, subject)
    if said.holds is False:
        return
    missing = said.missing + (hit.missing if isinstance(hit, NotKnown) else ())
    if subject is not None and (rule.dose_from is not None or rule.dose_to is not None):
        dose = subject.daily
        if dose is None:
            missing += (f"the dose of {subject.name}",)
            said = who.Said(None, said.evidence)
        elif (rule.dose_from and dose < rule.dose_from) or (rule.dose_to and rule.dose_to < dose):
            return
    if isinstance(hit, NotKnown) or said.holds is None:
        if isinstance(rule, Pharmacogenomic) and rule.ask and not missing:
            missing = tuple(f"a {gene} test" for gene in rule.who.genes or ())
        if missing:
            names = (subject.name,) if subject else ()
            fill = {**IN_GENERAL, **(hit.fill if isinstance(hit, Hit) else {})}
            not_checked.append(
                NotChecked(
                    rule=rule.id,
                    title=_title(rule.title, subject, fill),
                    missing=tuple(dict.fromkeys(missing)),
                    could_be=rule.level,
                    medicines=names,
                )
            )
        return
    findings.append(_finding(entry, subject, hit, said, case))


def _concerns(entry: Entry, subject: Taken) -> bool:
    """Is this medicine in the state, and by the route, the rule speaks of?"""
    rule = entry.rule
    if rule.state == "ordered" and not subject.ordered:
        return False
    if rule.state == "starting" and not subject.starting:
        return False
    if rule.state == "running" and (subject.ordered or not subject.running):
        return False
    if subject.stopping and entry.kind != "stopping":
        return False
    if subject.perhaps and not subject.stopping and entry.kind not in ("interaction", "washout"):
        return False
    return not rule.routes or any((row.route or "oral") in rule.routes for row in subject.lead)


def _finding(entry: Entry, subject: Taken | None, hit: Hit, said: who.Said, case: who.Case) -> Finding:
    rule = entry.rule
    level = rule.level if hit.level is None else hit.level
    if rule.mark is Mark.UNVERIFIED:
        level = Level.INFO
    notes = hit.said
    if said.capped and level is Level.CRITICAL:
        level = Level.WARNING
        notes += ("It rests on a line of text, not on a coded diagnosis: confirm it.",)
    if subject is not None and subject.perhaps and level is not Level.INFO:
        level = Level.INFO
        notes += (f"{subject.name} is perhaps still taken: its order is old and has no end. Ask her.",)
    own: tuple[Evidence, ...] = ()
    if subject is not None:
        words = subject.in_words()
        own = (
            (Evidence(f"ordered now: {words}"),)
            if subject.ordered
            else (Evidence(f"takes {words}", subject.since, subject.rows[-1].ref),)
        )
        if subject.stopping or entry.kind == "stopping":
            own = (Evidence(words, None, subject.rows[-1].ref),)
    medicines = ((subject.id,) if subject else ()) + hit.others
    return Finding(
        rule=rule.id,
        kind=entry.kind,
        level=level,
        title=_title(rule.title, subject, hit.fill),
        why=_filled(rule.why, subject, hit.fill),
        because=tuple(dict.fromkeys(own + hit.evidence + said.evidence)),
        do=tuple(_filled(line, subject, hit.fill) for line in rule.do),
        for_her=rule.for_her,
        sources=rule.sources,
        mark=rule.mark,
        knowledge=str(case.knowledge.stamp),
        medicines=medicines,
        reason=_reason(entry, subject, hit),
        about_order=subject is not None
        and (subject.ordered or subject.stopping or any(case.taken[o].ordered for o in hit.others if o in case.taken)),
        said=notes,
    )


def _reason(entry: Entry, subject: Taken | None, hit: Hit) -> tuple[str, ...]:
    """What makes two findings one?  A stated concept, or the pair of medicines, or the rule itself."""
    if hit.reason:
        return hit.reason
    name = entry.rule.concept or (entry.rule.id if entry.kind not in PAIRWISE else "pair")
    if name == "pair" and subject is not None:
        return (name, *sorted((subject.id, *hit.others)))
    return (name, subject.id if subject else "")


def _merged(findings: list[Finding]) -> list[Finding]:
    """One a reason, and one a pair of medicines: the loudest. Loudest first, the draft's own before the rest."""
    best: dict[tuple[str, ...], Finding] = {}
    for finding in sorted(findings, key=_rank):
        keys = [finding.reason]
        if finding.kind in PAIRWISE and len(finding.medicines) == 2:
            keys.append(("pair", *sorted(finding.medicines)))
        if not any(key in best for key in keys):
            best.update(dict.fromkeys(keys, finding))
    return sorted({id(one): one for one in best.values()}.values(), key=_rank)


def _rank(finding: Finding) -> tuple[int, bool, int, str, str]:
    return (-finding.level, not finding.about_order, -len(finding.because), finding.rule, finding.title)


def _once(not_checked: list[NotChecked], findings: list[Finding]) -> list[NotChecked]:
    """A rule that fired for one medicine is not also reported as not asked of another reading of it."""
    fired = {(one.rule, one.medicines[:1]) for one in findings}
    seen: dict[tuple[str, tuple[str, ...]], NotChecked] = {}
    for one in not_checked:
        if (one.rule, one.medicines) not in fired:
            seen.setdefault((one.rule, one.medicines), one)
    return sorted(seen.values(), key=lambda one: (-one.could_be, one.rule, one.medicines))


def _notes(facts: Facts) -> tuple[str, ...]:
    """Assumptions made in reading what she takes, and what could not be read."""
    now = (State.RUNNING, State.ORDERED, State.PERHAPS, State.STOPPING)
    rows = [row for row in facts.medicines if row.state in now]
    said = [f"{row.name}: {words}" for row in rows for words in row.said]
    said += [f"{row.name} is not in Althea's knowledge: not checked." for row in rows if row.id is None]
    return tuple(dict.fromkeys([*said, *facts.unread]))


def _title(template: str, subject: Taken | None, fill: dict[str, str]) -> str:
    """The title filled in, a whole sentence of at most 139 characters that begins with a capital."""
    title = _filled(template, subject, fill)
    title = title[:1].upper() + title[1:]
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"


def title_in_general(rule: Rule, medicine: str = "the medicine") -> str:
    """What does a rule say when nobody in particular is asked about?  For its page, and where it could not be asked."""
    title = " ".join(rule.title.format_map({**IN_GENERAL, "medicine": medicine}).split())
    return title[:1].upper() + title[1:]


class _Fill(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def _filled(template: str, subject: Taken | None, fill: dict[str, str]) -> str:
    if "{" not in template:
        return template
    words = _Fill(fill)
    if subject is not None:
        words["medicine"] = subject.name
        words.setdefault("dose", str(subject.daily or "the dose"))
    return " ".join(template.format_map(words).split())
