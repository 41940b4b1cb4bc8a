"""Her life changes: what was told becomes the record, and everything she takes is looked at again in the same breath.

Nothing is ever stopped, started or changed here. What came of it is put before the people who look after her: an item
of the worklist, and a neutral notice at once where something speaks against what she takes or she may be pregnant.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction

from althea.care import audit
from althea.care import entries as said
from althea.care.actions import record, trial, worklist
from althea.care.aside import all_grounds, aside_of, news_in, together
from althea.care.begun import at_the_change
from althea.care.days import today
from althea.care.facts import chart_of, facts_for, facts_of
from althea.care.known import jurisdiction_of, knowledge
from althea.care.models import Entry, Order, Origin, Patient, Trial, User, WorklistItem
from althea.care.named import Unread, unread
from althea.care.recheck import looked_at, recheck
from althea.care.ticks import HERE
from althea.engine import stage
from althea.engine.facts import Facts, State
from althea.engine.finding import Finding, NotChecked, Review
from althea.engine.order import Draft, ProposedOrder
from althea.engine.review import review
from althea.engine.trial import LIVE
from althea.knowledge.schema.evidence import Level, Mark
from althea.knowledge.schema.rule import Rule, Stopping
from althea.knowledge.schema.who import Who

SHOWN = 120
"""Characters of what she said that the worklist shows."""
MAY_BE = ("pregnant", "possible")


@dataclass(frozen=True, slots=True)
class CameOfIt:
    """What was written, and what speaks against what she takes since then and did not before. Loudest first."""

    entries: tuple[Entry, ...]
    new: tuple[Finding, ...]
    of_the_day: tuple[Finding, ...] = ()
    """Those among the new that speak of this change only, and of no day after it: no nightly look finds them."""
    unasked: tuple[NotChecked, ...] = ()
    """Checks that became needed and could not be made: unknown never reassures."""
    open_checks: int = 0
    possibly_pregnant: bool = False
    newly_pregnant: bool = False
    """She may be since, was not known to be before, and takes something: her prescriber looks, whatever was found."""
    unread: tuple[Unread, ...] = ()
    """Names among what was written that nothing could be checked against."""

    @property
    def critical(self) -> bool:
        return any(one.level is Level.CRITICAL for one in self.new)

    @property
    def loudest(self) -> str:
        """The title of the loudest that is new, and how many more there are. Empty: none is."""
        more = len(self.new) - 1
        return "" if more < 0 else f"{self.new[0].title}{f' And {more} more.' if more else ''}"

    @property
    def words(self) -> str:
        """ "Checked again: 1 new warning, 2 checks could not be made." A name that was not read comes before it."""
        counts = [
            (sum(one.level is level for one in self.new), level.name.lower())
            for level in (Level.CRITICAL, Level.WARNING)
        ]
        said_ = [
            f"{count} new {word}{'s' if count > 1 and word == 'warning' else ''}" for count, word in counts if count
        ]
        if not said_ and not self.unread:
            said_ = ["nothing new speaks against what she takes"]
        if self.open_checks:
            said_.append(f"{self.open_checks} check{'s' if self.open_checks > 1 else ''} could not be made")
        again = [f"Checked again: {', '.join(said_)}."] if said_ else []
        return " ".join([self.not_recognised, *again]).strip()

    @property
    def not_recognised(self) -> str:
        return " ".join(one.for_team for one in self.unread)


@transaction.atomic
def tell(
    *,
    patient: Patient,
    bodies: Sequence[tuple[said.Body, date]],
    words: str,
    origin: str,
    by: User,
    at: datetime,
    supersedes: Entry | None = None,
    to: str = "medicines",
    now: bool = False,
    action: str = "",
) -> CameOfIt:
    """Write these, each about its day, and look again. `words`: the change in a line, for her team.

    `supersedes`: the entry that the first of them takes the place of. `to`: the page of her record that shows it.
    `now`: her team gets a notice whatever came of it. `action`: what somebody has to do about it in any case.
    """
    before = _as_it_is(patient, at)
    made = [
        record.add(
            patient=patient, body=body, on=on, origin=Origin(origin), by=by, at=at,
            supersedes=(supersedes if place == 0 else None) or same_day(patient, body, on),
        )
        for place, (body, on) in enumerate(bodies)
    ]  # fmt: skip
    if supersedes is not None:
        worklist.put_right(entry=supersedes, by=by, at=at)
    not_read = tuple(one for body, _ in bodies if (one := unread(body)) is not None)
    came = replace(_looked_again(patient, before, made, at), unread=not_read)
    if origin == Origin.HERS or (words and (came.of_the_day or came.unread or came.newly_pregnant)):
        put_before_team(patient=patient, came=came, words=words, to=to, at=at, tell=now, action=action)
    return came


@contextmanager
def looked_at_again(patient: Patient, at: datetime, *, words: str) -> Iterator[list[Entry]]:
    """What is written within is handed to this list; then everything is looked at again, once. `words`: for her team,
    where something of that day came of it which no nightly look finds."""
    with transaction.atomic():
        before, made = _as_it_is(patient, at), list[Entry]()
        yield made
        if made:
            came = _looked_again(patient, before, made, at)
            if came.of_the_day or came.newly_pregnant:
                put_before_team(patient=patient, came=came, words=words, at=at)


class _TakenBack(Exception):
    """Nothing of it is kept."""


def would_come_of(*, patient: Patient, bodies: Sequence[tuple[said.Body, date]], by: User, at: datetime) -> CameOfIt:
    """What would be found if all this stood in her record?  It is written, looked at, and taken back whole, so that it
    is judged as it will be once somebody adds it."""
    came = CameOfIt((), ())
    with suppress(_TakenBack), transaction.atomic():
        before = _as_it_is(patient, at)
        made = [record.add(patient=patient, body=body, on=on, origin=Origin.HERS, by=by, at=at) for body, on in bodies]
        came = replace(_looked_again(patient, before, made, at), entries=())
        raise _TakenBack
    return came


@transaction.atomic
def withdraw(*, entry: Entry, by: User, at: datetime) -> CameOfIt:
    """It was an error: it no longer counts, and everything is looked at again."""
    patient = entry.patient
    before = _as_it_is(patient, at)
    return _looked_again(patient, before, [record.withdraw(entry=entry, by=by, at=at)], at, error=True)


@transaction.atomic
def stopped(
    *, patient: Patient, taken: Order | Entry, on: date, why: str, origin: str, by: User, at: datetime
) -> CameOfIt:
    """She no longer takes it. A signed order stays open until its prescriber ends it; a trial of it she has left.

    Told again with another day, the newer word takes the place of the older.
    """
    before = _as_it_is(patient, at)
    name = name_taken(taken)
    left: Trial | None = None
    if isinstance(taken, Order):
        body = said.Medicine(
            text=name, medicine=taken.medicine, rxcui=taken.rxcui, running=False, until=on, why_stopped=why,
            from_whom=HERE,
        )  # fmt: skip
        earlier = stopped_before(patient, taken)
        live = [state.value for state in LIVE]
        for one in Trial.objects.filter(patient=patient, medicine=taken.medicine, state__in=live):
            one.patient = patient
            trial.leave(trial=one, words=why, by=by, at=at)
            left = one
    else:
        told = said.of(taken.kind, taken.body)
        assert isinstance(told, said.Medicine)
        body = told.model_copy(update={"running": False, "until": on, "why_stopped": why or told.why_stopped})
        earlier = taken
    entry = record.add(patient=patient, body=body, on=on, origin=Origin(origin), by=by, at=at, supersedes=earlier)
    came = _looked_again(patient, before, [entry], at, ended=str(taken.pk))
    words = f"She stopped {name} herself on {on:%-d %B}{f': “{why[:SHOWN]}”' if why else '.'}"
    if left is not None:  # her leaving the trial is before her team already: one item, with what came of it
        worklist.place(
            patient=patient, group=WorklistItem.Group.CANNOT_WAIT, level="critical" if came.critical else "warning",
            reason=f"left:{left.pk}", why=f"{words} {came.loudest}".strip(), action="Call her",
            to=f"/patients/{patient.pk}/medicines", at=at,
        )  # fmt: skip
    elif came.of_the_day or origin == Origin.HERS:
        put_before_team(patient=patient, came=came, words=words, at=at, tell=origin == Origin.HERS)
    return came


@transaction.atomic
def asked_to_talk(*, patient: Patient, about: str, by: User, at: datetime, tell: bool = False) -> WorklistItem:
    """She would rather talk about it: nothing is written of it, and her team knows."""
    audit.write(clinic=patient.clinic, by=by, verb="asked to talk", at=at, patient=patient)
    return worklist.place(
        patient=patient, group=WorklistItem.Group.CANNOT_WAIT if tell else WorklistItem.Group.OTHER,
        level="warning" if tell else "info", reason=f"talk:{about}"[:200],
        why=f"She would rather talk about it: {about}.",
        action="Call her" if tell else "Open chart", at=at, tell=tell,
    )  # fmt: skip


def put_before_team(
    *, patient: Patient, came: CameOfIt, words: str, at: datetime, to: str = "medicines", tell: bool = False,
    action: str = "",
) -> WorklistItem:  # fmt: skip
    """One item for what she told; a notice at once where something came of it, or may have, or she may be pregnant."""
    urgent = came.critical or came.possibly_pregnant
    unknown = bool(came.unread) or any(one.could_be is Level.CRITICAL for one in came.unasked)
    found = f"{came.not_recognised} {came.loudest}".strip() if came.loudest else came.words
    short = words if len(words) <= SHOWN else f"{words[: SHOWN - 1]}…"
    level = "critical" if came.critical else "warning" if came.new or urgent or unknown or action else "info"
    return worklist.place(
        patient=patient, group=WorklistItem.Group.CANNOT_WAIT if urgent else WorklistItem.Group.OTHER, level=level,
        reason=f"told:{came.entries[0].pk if came.entries else at.isoformat()}",
        why=f"{short} {found}", action=action or "Look at it",
        to=f"/patients/{patient.pk}/{to}", at=at, tell=tell or urgent or unknown or bool(came.new),
    )  # fmt: skip


def name_taken(taken: Order | Entry) -> str:
    """What she takes, in a word or two."""
    if isinstance(taken, Order):
        return knowledge().name_of(taken.medicine)
    return str(taken.body["text"])


def stopped_before(patient: Patient, order: Order) -> Entry | None:
    """Her earlier word that she stopped what this order is for. None: she has not said so."""
    begun = order.steps[0]["from"] if order.steps else ""
    rows = Entry.objects.current().filter(
        patient=patient, kind="medicine", body__medicine=order.medicine, body__running=False
    )
    found = [row for row in rows.order_by("-on", "-recorded_at", "-pk") if (row.body.get("until") or "") >= begun]
    return found[0] if found else None


def on_stopping(patient: Patient, taken: Order | Entry, at: datetime) -> list[Stopping]:
    """What the knowledge says of stopping this at once, with words for her and a source. Empty: it says nothing.

    Said as well where a rule could not be asked whole (her list of medicines was not gone through, say): it protects.
    """
    on = today(patient, at)
    facts = facts_of(chart_of(patient), on)
    row = next((one for one in facts.medicines if one.ref.endswith(str(taken.pk))), None)
    if row is None or row.id is None:
        return []
    draft = ProposedOrder(drafts=(Draft(medicine=row, stop=True, replaces=row.ref),))
    found = review(facts, draft, knowledge(), jurisdiction=jurisdiction_of(patient))
    fired = [knowledge().rules.get(one.rule) for one in found.findings]
    waiting = [knowledge().rules.get(one.rule) for one in found.not_checked]
    said_ = [
        one
        for one in (*fired, *(rule for rule in waiting if rule is not None and _waits_for_medicines(rule)))
        if isinstance(one, Stopping) and one.for_her and one.sources and Mark(one.mark) is not Mark.UNVERIFIED
    ]
    return list({one.for_her: one for one in reversed(said_)}.values())


def _waits_for_medicines(rule: Rule) -> bool:
    """Is all that it asks of her what else she takes?"""
    return rule.who == Who(taking=rule.who.taking, not_taking=rule.who.not_taking)


def same_day(patient: Patient, body: said.Body, on: date) -> Entry | None:
    """Said again on one day, the newer answer takes the place of the older. Whether she is pregnant never does: two
    statements that disagree are both shown."""
    if not isinstance(body, said.LifeStage) or body.topic == "pregnancy":
        return None
    rows = Entry.objects.current().filter(patient=patient, kind=body.kind, on=on, body__topic=body.topic)
    found: Entry | None = rows.order_by("-recorded_at", "-pk").first()
    return found


def _as_it_is(patient: Patient, at: datetime) -> tuple[Facts, Review]:
    chart, on = chart_of(patient), today(patient, at)
    return facts_of(chart, on), looked_at(chart, on)


def _looked_again(
    patient: Patient,
    was: tuple[Facts, Review],
    made: Sequence[Entry],
    at: datetime,
    ended: str = "",
    error: bool = False,
) -> CameOfIt:
    """`ended`: of what she stopped. `error`: something was withdrawn; then nothing began or ended today."""
    facts, before = was
    after = facts_for(patient, today(patient, at))
    aside = aside_of(patient, today(patient, at))
    known = all_grounds(before.findings)
    asked = {(one.rule, one.medicines) for one in before.not_checked}
    now = recheck(patient, at)
    open_ = aside.open_of(now.findings)
    new = [one for row in open_ if (one := news_in(row, known)) is not None and one.level >= Level.WARNING]
    met = together((known, all_grounds(now.findings)))
    changed = () if error else at_the_change(facts, after, jurisdiction_of(patient), ended=ended)
    of_the_day = [one for row in aside.open_of(changed) if (one := news_in(row, met)) is not None]
    loud = [one for one in now.not_checked if one.could_be >= Level.WARNING]
    unasked = [one for one in loud if (one.rule, one.medicines) not in asked]
    possible = newly = False
    if any(_of_a_pregnancy(one) for one in made):
        status, _ = stage.pregnancy_now(after, knowledge())
        possible = status != "not"
        newly = status in MAY_BE and stage.pregnancy_now(facts, knowledge())[0] not in MAY_BE and _takes(after)
    every = sorted((*new, *of_the_day), key=lambda one: -one.level)
    return CameOfIt(tuple(made), tuple(every), tuple(of_the_day), tuple(unasked), len(loud), possible, newly)


def _takes(facts: Facts) -> bool:
    return any(one.state is not State.STOPPED for one in facts.medicines)


def _of_a_pregnancy(entry: Entry) -> bool:
    """Does this entry say whether she is pregnant, or how far?"""
    if entry.kind == "result":
        return bool(entry.body.get("measure") == "pregnancy-test")
    return entry.kind == "life-stage" and entry.body.get("topic") in ("pregnancy", "gestation", "due", "ended")
