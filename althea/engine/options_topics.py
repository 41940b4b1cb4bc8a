"""What does the knowledge say of a medicine where no topic was written for comparing it?

Its facts and its rules of the stages of life speak, in the words they have for her; the loudest first. Where only words
for prescribers exist she is sent to hers, and her prescriber is told: "nothing was found" is never said of what is
known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from althea.engine.facts import Facts
from althea.knowledge import Knowledge
from althea.knowledge.schema.choice import TOPICS, Grade, Option, OptionTopic, Topic
from althea.knowledge.schema.evidence import Claim, Level, Mark
from althea.knowledge.schema.medicine import Fact
from althea.knowledge.schema.rule import LifeStage, Monitoring, Rule
from althea.knowledge.schema.who import Who

OfKind = TypeVar("OfKind", bound=Rule)
NOT_WRITTEN = "Not written for you yet. Ask your prescriber: there is something to know."
ASK = "something to know: ask"
SOME = "some is known"
KNOWN_RISK = "a known risk"
FACTS: dict[Topic, tuple[str, ...]] = {
    "breastfeeding": ("breastfeeding",),
    "pregnancy": ("pregnancy",),
    "side-effects": ("boxed-warning", "side-effect"),
}
BEFORE_A_PREGNANCY = (Who(protected=False), Who(could_be_pregnant=True))
"""Of a woman who may become pregnant: what they say is true of the medicine, whoever thinks of taking it."""
PREGNANT = (Who(pregnant=True), Who(planning=True))
"""Of one who is or plans to be: "call us today" is for her, and no word of a comparison."""
FEEDING = (Who(breastfeeding=True),)
MOST_KNOWLEDGES = 4
MARKS = (Mark.UNVERIFIED, Mark.READ, Mark.READ_TWICE)


def with_what_is_known(option: Option, knowledge: Knowledge) -> Option:
    """The option with a topic for each matter of which the knowledge speaks and none was written."""
    written = {one.about for one in option.topics}
    if not option.medicine:
        return option
    found = [_topic(about, option.medicine, knowledge) for about in TOPICS if about not in written]
    # a claim that nobody checked, without a word for her, is nothing to send her to her prescriber for
    known = (one for one in found if one is not None and (one.in_short != ASK or one.mark is not Mark.UNVERIFIED))
    return replace(option, topics=(*option.topics, *known))


def to_tell(options: Iterable[Option], topics: Sequence[Topic]) -> list[str]:
    """For her prescriber: what is known, in these topics, and stands in no words that she can read."""
    found: list[str] = []
    for option in options:
        ours = [one for one in option.topics if one.in_short == ASK and one.about in topics]
        if ours:
            said = " ".join(f"{TOPICS[one.about]}: {one.says}" for one in ours)
            found.append(f"{option.name}: not all that is known is written for her to read. Tell her. {said}")
    return found


def warns_before_a_pregnancy(medicine: str, facts: Facts, knowledge: Knowledge) -> LifeStage | None:
    """The critical rule against it in a woman who may become pregnant, where nothing says that she cannot.

    Contraception makes such a medicine safer and no ordinary option: a talk comes first.
    """
    stage = facts.stage
    if not stage.applies or stage.cannot or stage.menopause == "post":
        return None
    rules = _rules(medicine, knowledge, BEFORE_A_PREGNANCY)
    return rules[0] if rules and rules[0].level is Level.CRITICAL and rules[0].mark is not Mark.UNVERIFIED else None


def _topic(about: Topic, medicine: str, knowledge: Knowledge) -> OptionTopic | None:
    book = knowledge.monographs.get(medicine)
    if about == "stopping":
        told = book.taper[:1] if book is not None else ()
        return _made(about, (), " ".join(one.advice for one in told), told, risk=False) if told else None
    if about == "weight":
        watched = [one for one in _of(medicine, knowledge, Monitoring) if "weight" in one.measures][:1]
        return _made(about, (), watched[0].why, watched, risk=False) if watched else None
    kinds = FACTS.get(about, ())
    facts: list[Fact] = [one for kind in kinds for one in (book.facts if book else ()) if one.about == kind]
    rules = _loud(about, medicine, knowledge)
    hers = [words for words in (*(one.for_her for one in rules), *(one.for_her for one in facts)) if words]
    quiet = _rules(medicine, knowledge, FEEDING)[:1] if about == "breastfeeding" and not hers else []
    claims: list[Claim] = [*rules, *facts, *quiet]
    if about == "pregnancy" and not claims:
        claims = [*_rules(medicine, knowledge, PREGNANT)]
    if not claims:
        return None
    says = " ".join(one.says for one in facts) or " ".join(one.why for one in claims if isinstance(one, LifeStage))
    words = [*hers, *(one.for_her for one in quiet if one.for_her)]
    return _made(about, words, says, claims, risk=_risk(about, medicine, knowledge))


def _made(about: Topic, words: Sequence[str], says: str, claims: Sequence[Claim], *, risk: bool) -> OptionTopic:
    grade: Grade = "known risk" if risk else "some"
    return OptionTopic(
        about=about,
        grade=grade,
        in_short=ASK if not words else KNOWN_RISK if risk else SOME,
        for_her=" ".join(dict.fromkeys(words)) or NOT_WRITTEN,
        says=says,
        sources=tuple(dict.fromkeys(source for one in claims for source in one.sources)),
        mark=min((one.mark for one in claims), key=MARKS.index),
    )


def _loud(about: Topic, medicine: str, knowledge: Knowledge) -> list[LifeStage]:
    """The loudest rule that warns of it, whatever else is true of her; none, or one."""
    of_whom = {"pregnancy": BEFORE_A_PREGNANCY, "breastfeeding": FEEDING}.get(about, ())
    return [one for one in _rules(medicine, knowledge, of_whom) if one.level is not Level.INFO and one.for_her][:1]


def _risk(about: Topic, medicine: str, knowledge: Knowledge) -> bool:
    """Is it a known risk there?  A warning before a pregnancy is; of milk, and in a pregnancy, only what is critical:
    a warning may speak of what nobody knows."""
    if about == "breastfeeding":
        return any(one.level is Level.CRITICAL for one in _rules(medicine, knowledge, FEEDING))
    if about == "pregnancy":
        before = _rules(medicine, knowledge, BEFORE_A_PREGNANCY)
        during = _rules(medicine, knowledge, PREGNANT)
        return any(one.level is not Level.INFO for one in before) or any(one.level is Level.CRITICAL for one in during)
    return False


def _rules(medicine: str, knowledge: Knowledge, of_whom: Sequence[Who]) -> list[LifeStage]:
    """Its rules of the stages of life that are true of all of these and ask nothing else; the loudest first."""
    found = [one for one in _of(medicine, knowledge, LifeStage) if one.who in of_whom]
    return sorted(found, key=lambda one: (-one.level, one.id))


def _of(medicine: str, knowledge: Knowledge, kind: type[OfKind]) -> list[OfKind]:
    """Its rules of one kind, those of its classes among them."""
    kept = _kept.get(id(knowledge.rules))
    if kept is None or kept[0] is not knowledge.rules:
        while len(_kept) >= MOST_KNOWLEDGES:
            del _kept[next(iter(_kept))]
        kept = _kept[id(knowledge.rules)] = (knowledge.rules, _by_medicine(knowledge))
    return [one for one in kept[1].get(medicine, ()) if isinstance(one, kind)]


def _by_medicine(knowledge: Knowledge) -> dict[str, list[Rule]]:
    """What is asked about stages of life and about checks, by medicine, put together once for each knowledge."""
    found: dict[str, list[Rule]] = {}
    for rule in knowledge.rules.values():
        if isinstance(rule, (LifeStage, Monitoring)):
            for medicine in {one for key in rule.of for one in (key, *knowledge.classes.get(key, ()))}:
                found.setdefault(medicine, []).append(rule)
    return found


_kept: dict[int, tuple[Mapping[str, Rule], dict[str, list[Rule]]]] = {}
