"""What can she choose between, and why does each option stand where it stands?

`options_for` finds the situations that fit her, lays every option out with its benefit, the topics she cares about, her
own past trials and the safety of proposing it, and puts them in the order of her values. Nothing is chosen beforehand:
the order comes from what she said matters, ties are alphabetical, and how much an option helps does not move it.

What speaks for an option in her first value comes before what speaks neither way, or what nobody could check, and that
before what speaks against it; then her second value, and so on. An option without numbers stands where its topics put
it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from althea.engine import stage as life
from althea.engine.facts import Facts, Medicine, State, plain
from althea.engine.options_numbers import benefit_shown
from althea.engine.options_safety import NOTHING_TO_CHECK, safety_of
from althea.engine.options_shown import BenefitShown, Options, OptionShown, SituationShown, SourceShown, TopicShown
from althea.engine.options_topics import to_tell, with_what_is_known
from althea.knowledge import Knowledge
from althea.knowledge.schema.choice import STANDING, TOPICS, Choice, Option, OptionTopic, Stage, Topic
from althea.knowledge.schema.evidence import Mark

NO_MEDICINE = "no-medicine"
IN_WORDS = ("for", "between", "against")
BETWEEN = 1
CAUTION = "Studies differ in whom they asked and how. Compare the numbers with care."
OUTCOMES = {
    "helped": ("it helped", "It helped."),
    "helped in part": ("it helped in part", "It helped in part."),
    "did not help": ("it did not help", "It did not help you enough."),
    "made worse": ("she felt worse", "You felt worse on it."),
    "not known": ("how it went is not known", "We do not know how it went."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PastTrial:
    """A medicine she has tried before, as told. `dose` and `stopped_because` in the words of whoever told it."""

    medicine: str
    dose: str = ""
    weeks: Decimal | None = None
    outcome: Literal["helped", "helped in part", "did not help", "made worse", "not known"] = "not known"
    stopped_because: str = ""


def options_for(
    facts: Facts,
    knowledge: Knowledge,
    *,
    values: tuple[str, ...] = (),
    candidates: tuple[str, ...] | None = None,
    added: tuple[str, ...] = (),
    past: tuple[PastTrial, ...] = (),
    jurisdiction: str = "US",
) -> Options:
    """The options for her today, in the order of what matters to her.

    `values`: topics of `schema/choice.py`, most important first. `candidates`: options or medicines her prescriber
    wants compared; None: all that the evidence speaks of in her situation. `added`: others besides. Therapies of the
    situation and no medicine now stay in either way. One not studied in her situation is shown, and said to be so.
    """
    stage, about_stage = _stage(facts, knowledge)
    choices = [one for one in knowledge.choices.values() if _fits(one, facts, stage)]
    wanted, notes = _values(values, facts, stage)
    asked, unknown = _wanted(choices, candidates, knowledge, added)
    options = [with_what_is_known(one, knowledge) for one in asked]
    notes = [*about_stage, *_to_confirm(choices, facts), *notes, *unknown]
    if not choices:
        notes.append("No comparison has been written for her diagnoses: what follows has no benefit in her situation.")
    groups = frozenset(group for row in facts.conditions for group in row.groups)
    shown = [
        _option(one, choices, facts, knowledge, stage, wanted, past, groups, jurisdiction)
        for one in sorted(options, key=lambda one: (*_standings(one, wanted), one.name.casefold()))
    ]
    offered = {one.id for one in shown if not one.held}
    apply = [one for one in TOPICS if _applies(one, facts, stage)]
    notes += to_tell((one for one in options if one.id in offered), apply)
    return Options(
        on=facts.on,
        jurisdiction=jurisdiction,
        knowledge=str(knowledge.stamp),
        clinical_review="none",
        values=wanted,
        values_in_words=tuple(TOPICS[one] for one in wanted),
        situations=tuple(SituationShown(id=c.id, name=c.name, for_her=c.for_her, outcome=c.outcome) for c in choices),
        offered=tuple(one for one in shown if not one.held),
        not_without_a_talk=tuple(one for one in shown if one.held),
        order_in_words=order_in_words(wanted),
        caution=CAUTION,
        notes=tuple(dict.fromkeys(notes)),
        sources=_sources(shown, knowledge),
    )


def to_switch_to(
    facts: Facts, knowledge: Knowledge, *, jurisdiction: str = "US"
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Which of the medicines compared in her situation could she have instead of what she takes?

    Names of (those with no critical finding, those that one holds back). What speaks for each: `options_for`.
    """
    stage, _ = _stage(facts, knowledge)
    options, _ = _wanted([one for one in knowledge.choices.values() if _fits(one, facts, stage)], None, knowledge)
    groups = frozenset(group for row in facts.conditions for group in row.groups)
    asked = [
        (one.name, safety_of(one.medicine, facts, knowledge, groups, jurisdiction))
        for one in sorted(options, key=lambda one: one.name.casefold())
        if one.kind == "medicine" and one.medicine
    ]
    return (
        tuple(name for name, safety in asked if not safety.held and not safety.taking),
        tuple(name for name, safety in asked if safety.held),
    )


# --- which situation, which options ----------------------------------------------------------------------------------


def _stage(facts: Facts, knowledge: Knowledge) -> tuple[Stage, list[str]]:
    """Her stage as the choices know it. Nobody asked: neither, and the notes say so."""
    status, words = life.pregnancy_now(facts, knowledge)
    if status == "pregnant":
        return "pregnant", []
    said = [f"Ask before choosing: {words}."] if status in ("possible", "unknown") else []
    days = life.postpartum_days(facts)
    longest = max((one.within_days or 0 for one in knowledge.choices.values()), default=0)
    return ("after-birth" if days is not None and days <= longest else "neither"), said


def _fits(choice: Choice, facts: Facts, stage: Stage) -> bool:
    days = life.postpartum_days(facts) or 0
    too_late = stage == "after-birth" and choice.within_days is not None and days > choice.within_days
    has = {group for row in facts.conditions for group in row.groups}
    diagnosed = bool(has.intersection(choice.conditions)) and not has.intersection(choice.without)
    return diagnosed and stage in choice.stages and not too_late


def _to_confirm(choices: list[Choice], facts: Facts) -> list[str]:
    """What a record cannot tell, and diagnoses that rest on a line of text alone."""
    notes: list[str] = []
    for choice in choices:
        rows = [row for row in facts.conditions if set(row.groups).intersection(choice.conditions)]
        if all(row.as_text for row in rows):
            notes.append(f"{choice.name} rests on a line of text, “{rows[0].text}”: confirm that it is so now.")
        if choice.ask:
            notes.append(choice.ask)
    return notes


def _wanted(
    choices: list[Choice], candidates: tuple[str, ...] | None, knowledge: Knowledge, added: tuple[str, ...] = ()
) -> tuple[list[Option], list[str]]:
    """The options to compare, and what was asked for and is not known here."""
    studied = [benefit.option for choice in choices for benefit in choice.benefits]
    found: dict[str, Option] = {}
    unknown: list[str] = []
    if candidates is None:
        asked = studied
    else:
        asked = [*candidates, *(one for one in studied if knowledge.options[one].kind != "medicine")]
    for key in [*asked, *added, NO_MEDICINE]:
        if key in knowledge.options:
            found[key] = knowledge.options[key]
        elif key in knowledge.medicines:
            name = knowledge.medicines[key].name
            her = knowledge.medicines[key].for_her or "A medicine your prescriber thought of."
            found[key] = Option(id=key, kind="medicine", name=name.capitalize(), medicine=key, for_her=her)
        else:
            unknown.append(f"“{key}” is not known here, and was not compared.")
    return list(found.values()), unknown


# --- her values ------------------------------------------------------------------------------------------------------


def _values(values: tuple[str, ...], facts: Facts, stage: Stage) -> tuple[tuple[Topic, ...], list[str]]:
    """Her topics that apply to her, each once, and a note for each that does not."""
    known = {str(one): one for one in TOPICS}
    wanted: dict[Topic, None] = {}
    notes: list[str] = []
    for one in values:
        if one not in known:
            notes.append(f"“{one}” is not a topic that options are compared by.")
        elif not _applies(known[one], facts, stage):
            notes.append(f"{TOPICS[known[one]]} is among her values and does not apply to her now.")
        else:
            wanted[known[one]] = None
    return tuple(wanted), notes


def _applies(topic: Topic, facts: Facts, stage: Stage) -> bool:
    """Breastfeeding: while she does, before a birth, and after one until asked. Pregnancy: while one is possible."""
    if topic == "breastfeeding":
        not_asked = facts.stage.breastfeeding is None and stage == "after-birth"
        return bool(facts.stage.breastfeeding) or stage == "pregnant" or not_asked
    if topic == "pregnancy":
        return facts.stage.applies and not facts.stage.cannot and facts.stage.menopause != "post"
    return True


def _standings(option: Option, wanted: tuple[Topic, ...]) -> tuple[int, ...]:
    topics = {one.about: one for one in option.topics}
    return tuple(_standing(topics.get(one)) for one in wanted)


def _standing(topic: OptionTopic | None) -> int:
    """What nobody read moves an option neither up nor down."""
    return BETWEEN if topic is None or topic.mark is Mark.UNVERIFIED else STANDING[topic.grade]


def order_in_words(wanted: tuple[Topic, ...]) -> str:
    """What does the order rest on, said to her?"""
    if not wanted:
        return "In the order of the alphabet. The order does not say which is better."
    names = ", then ".join(TOPICS[one].lower() for one in wanted)
    return f"In the order of what matters to you: {names}. The order does not say which is better."


# --- one option ------------------------------------------------------------------------------------------------------


def _option(
    option: Option,
    choices: list[Choice],
    facts: Facts,
    knowledge: Knowledge,
    stage: Stage,
    wanted: tuple[Topic, ...],
    past: tuple[PastTrial, ...],
    groups: frozenset[str],
    jurisdiction: str,
) -> OptionShown:
    topics = _topics(option, wanted, facts, stage)
    safety = safety_of(option.medicine, facts, knowledge, groups, jurisdiction) if option.medicine else NOTHING_TO_CHECK
    tried = [one for one in past if option.medicine and one.medicine == option.medicine]
    return OptionShown(
        id=option.id,
        kind=option.kind,
        name=option.name,
        for_her=option.for_her,
        means=option.means,
        benefits=_benefits(option, choices, stage),
        topics=topics,
        because=tuple(f"{one.name}: {one.in_short}" for one in topics if one.hers),
        taking=safety.taking,
        past=(*map(_trial, tried), *_ended(option, facts, tried)),
        past_for_her=(*map(_trial_for_her, tried), *_ended_for_her(option, facts, tried)),
        proposed=safety.proposed,
        held=safety.held,
        found=safety.found,
        not_checked=safety.not_checked,
    )


def _benefits(option: Option, choices: list[Choice], stage: Stage) -> tuple[BenefitShown, ...]:
    return tuple(
        benefit_shown(next((b for b in one.benefits if b.option == option.id), None), one, option, stage)
        for one in choices
    )


def _topics(option: Option, wanted: tuple[Topic, ...], facts: Facts, stage: Stage) -> tuple[TopicShown, ...]:
    """Hers first, in her order; then the others that apply to her."""
    told = {one.about: one for one in option.topics}
    others = [one for one in TOPICS if one not in wanted and _applies(one, facts, stage)]
    return tuple(_topic(one, told.get(one), one in wanted) for one in [*wanted, *others])


def _topic(about: Topic, topic: OptionTopic | None, hers: bool) -> TopicShown:
    standing = IN_WORDS[_standing(topic)]
    if topic is None:
        return TopicShown(
            about=about, name=TOPICS[about], hers=hers, grade="not known", standing=standing, in_short="not known",
            for_her="We found nothing about this that we could check.", says="Nothing was read about this.",
            sources=(), mark=Mark.UNVERIFIED.value,
        )  # fmt: skip
    unread = topic.mark is Mark.UNVERIFIED
    return TopicShown(
        about=about,
        name=TOPICS[about],
        hers=hers,
        grade=topic.grade,
        standing=standing,
        in_short=f"{topic.in_short} (not yet checked)" if unread else topic.in_short,
        for_her=f"{topic.for_her} We could not check this yet." if unread else topic.for_her,
        says=topic.says,
        sources=topic.sources,
        mark=topic.mark.value,
    )


# --- what she tried before -------------------------------------------------------------------------------------------


def _trial(one: PastTrial) -> str:
    weeks = "" if one.weeks is None else f"{plain(one.weeks)} weeks"
    parts = [part for part in (one.dose, weeks, OUTCOMES[one.outcome][0]) if part]
    stopped = f" Stopped because: “{one.stopped_because.rstrip('.')}”." if one.stopped_because else ""
    return f"Tried before: {', '.join(parts)}.{stopped}"


def _trial_for_her(one: PastTrial) -> str:
    dose = f" ({one.dose})" if one.dose else ""
    weeks = "" if one.weeks is None else f" for {plain(one.weeks)} weeks"
    stopped = f" You stopped because: “{one.stopped_because.rstrip('.')}”." if one.stopped_because else ""
    return f"You took it before{dose}{weeks}. {OUTCOMES[one.outcome][1]}{stopped}"


def _ended(option: Option, facts: Facts, tried: list[PastTrial]) -> list[str]:
    """Orders on record that ended. What was told of a trial stands before them and is not repeated as unknown."""
    return [
        f"On record{_since(row.started_on, row.ended_on)}{f', {row.daily} a day' if row.daily else ''}"
        f"{'' if tried else '; how it went is not known'}."
        for row in _ended_rows(option, facts)
    ]


def _ended_for_her(option: Option, facts: Facts, tried: list[PastTrial]) -> list[str]:
    if tried or not _ended_rows(option, facts):
        return []
    return ["You have had it before. Do you remember how it went?"]


def _ended_rows(option: Option, facts: Facts) -> list[Medicine]:
    return [row for row in facts.medicines if row.id and row.id == option.medicine and row.state is State.STOPPED]


def _since(start: date | None, end: date | None) -> str:
    return f"{f' from {start}' if start else ''}{f' until {end}' if end else ''}"


# --- what it rests on ------------------------------------------------------------------------------------------------


def _sources(shown: list[OptionShown], knowledge: Knowledge) -> tuple[SourceShown, ...]:
    """Every document cited, in the order of its first mention."""
    cited: list[str] = []
    for option in shown:
        for parts in (option.benefits, option.topics, option.held, option.found):
            cited += [source.partition("#")[0] for part in parts for source in part.sources]
    return tuple(
        SourceShown(id=one.id, title=one.title, publisher=one.publisher, edition=one.edition, url=one.url)
        for one in (knowledge.sources[key] for key in dict.fromkeys(cited) if key in knowledge.sources)
    )
