"""What may change in her life, how is she asked about it, and which entries does an answer become?

One question a screen, each with a reason; "I don't know" and "I'd rather talk about it" are answers. The form of a
question and how its answer is read are those of the intake. Nothing here advises: it asks, and says what was told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from althea.care import entries as said
from althea.care.intake import amounts
from althea.care.intake.questions import NONE, RATHER, UNKNOWN, NotRead, Question, read
from althea.care.intake.said import HOW, _value
from althea.care.known import knowledge
from althea.care.named import LONGEST_NAME, Unread, name_of, named, unread_words
from althea.engine.stage import TERM_DAYS

Answers = Mapping[str, Mapping[str, Any]]
"""question -> {"value": as the intake keeps it, "said": answered, unknown or rather-talk}"""
HOW_OFTEN = (
    ("1", "Once a day"), ("2", "Twice a day"), ("3", "Three times a day"), ("4", "Four times a day"),
    ("needed", "Only when I need it"), ("other", "Some other way"),
)  # fmt: skip
WEEK = 7
UNTIL_DUE = 40 * WEEK
"""How a due date is counted, from the first day of the last period. Counting, not medicine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that may have changed. `about`: for her team, should she rather talk. `to`: the page that shows it.
    `gone`: that it changed is known already; the old answer holds no more, even where she would rather talk."""

    id: str
    title: str
    line: str
    icon: str
    about: str
    questions: tuple[Question, ...]
    to: str = "medicines"
    talk_soon: bool = False
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Telling:
    """What is to be written, each with its day, and the change in a line for her team. `now`: they are told at once.
    `action`, `to`: what one of them has to do about it, whatever the checks find, and where; empty: to look at it."""

    bodies: tuple[tuple[said.Body, date], ...]
    words: str
    now: bool = False
    to: str = ""
    action: str = ""


def _ask(id: str, text: str, kind: str, **more: Any) -> Question:
    return Question(id=id, section="", text=text, kind=kind, **more)  # type: ignore[arg-type]


CHANGES: dict[str, Change] = {
    one.id: one
    for one in (
        Change(
            id="new-medicine", title="I started a medicine or supplement", icon="pill", about="a new medicine",
            line="From another doctor, a shop or a friend. Herbs and vitamins count.",
            questions=(
                _ask("what", "What is its name?", "words",
                     why="Some medicines don't go well together. We check it against what you take."
                     " Write it as it is on the box.", rather=True),
                _ask("dose", "How much is in one?", "words", unknown=True,
                     why="It is on the box or the leaflet, for example 400 mg. It helps us to check."),
                _ask("often", "How often do you take it?", "choice", options=HOW_OFTEN, unknown=True,
                     why="Now and then is different from every day."),
                _ask("since", "Since when do you take it?", "date", unknown=True, why="Roughly is fine."),
                _ask("whom", "Who gave it to you?", "words", none="I got it myself", unknown=True, rather=True,
                     why="If there is a question about it, your care team may ask them."),
            ),
        ),
        Change(
            id="stopped", title="I stopped a medicine", icon="circle-stop", about="stopping a medicine",
            line="You may, at any time. It helps to know, so that stopping goes well.",
            questions=(
                _ask("which", "Which one did you stop?", "choice", rather=True,
                     why="Nobody will be cross. We want to know what you take today."),
                _ask("since", "When did you last take it?", "date", unknown=True,
                     why="How you feel now may have to do with stopping."),
                _ask("why", "Would you like to say why?", "words", none="I'd rather not say", rather=True,
                     why="Side effects, cost, feeling better: every reason helps us to find a better way."),
            ),
        ),
        Change(
            id="pregnancy", title="I am pregnant, could be, or lost a pregnancy", icon="leaf", to="life-stage",
            line="We look again at everything you take, today.", about="a pregnancy", talk_soon=True,
            questions=(
                _ask("status", "What is true for you now?", "choice", unknown=True, rather=True,
                     why="Some medicines matter for a pregnancy. Please don't stop anything by yourself: ask us first.",
                     options=(("pregnant", "I am pregnant"), ("unknown", "I could be pregnant"),
                              ("lost", "I have lost a pregnancy"), ("not pregnant", "I am not pregnant"))),
                _ask("weeks", "How many weeks?", "number", unknown=True, asked_if=("status", ("pregnant",)),
                     why="Counted from the first day of your last period. Whole weeks are enough."),
                _ask("due", "When is your baby due?", "date", future=True, unknown=True,
                     asked_if=("status", ("pregnant",))),
                _ask("lost-on", "When was it?", "date", unknown=True, rather=True, asked_if=("status", ("lost",)),
                     why="We are so sorry. You need not answer this."),
            ),
        ),
        Change(
            id="birth", title="I had my baby", icon="baby", about="the birth", to="life-stage",
            line="The weeks after a birth are a time of their own.",
            questions=(
                _ask("born", "When was your baby born?", "date", rather=True, becomes="life-stage:delivery",
                     why="Sleep, mood and how medicines work all change after a birth."),
                _ask("at", "After how many weeks of pregnancy?", "number", unknown=True, rather=True,
                     why="For a baby who came early, we look at milk and medicines more closely."),
                _ask("milk", "Do you breastfeed, or give your milk?", "yes-no", unknown=True, rather=True,
                     why="We look up how much of each medicine reaches the milk."),
            ),
        ),
        Change(
            id="feeding", title="Breastfeeding started or stopped", icon="milk", about="breastfeeding",
            line="Some medicines reach the milk, most in very small amounts.", to="life-stage", gone=True,
            questions=(
                _ask("milk", "Do you breastfeed now, or give your milk?", "yes-no", unknown=True, rather=True,
                     why="We look up how much of each medicine reaches the milk."),
            ),
        ),
        Change(
            id="contraception", title="My birth control changed", icon="shield-check", about="birth control",
            line="A new pill, a coil, or nothing any more.", to="life-stage", gone=True,
            questions=(
                _ask("methods", "What do you use so as not to become pregnant?", "methods", unknown=True, rather=True,
                     why="Some medicines and some pills weaken each other."),
            ),
        ),
        Change(
            id="periods", title="My periods changed", icon="calendar", about="her periods", to="life-stage",
            line="Later, heavier, gone, or back again.",
            questions=(
                _ask("last", "When did your last period start?", "date", unknown=True, rather=True,
                     none="I have none", why="Mood and some medicines move with the cycle."),
                _ask("how", "What is different?", "words", none="Nothing else", rather=True,
                     why="A few words are enough."),
            ),
        ),
        Change(
            id="allergy", title="I found out about an allergy", icon="triangle-alert", about="an allergy",
            line="Or a medicine that your body did not take well.",
            questions=(
                _ask("what", "What are you allergic to?", "words", rather=True,
                     why="So that nobody gives it to you again."),
                _ask("reaction", "What happened?", "words", unknown=True, rather=True,
                     why="A rash is different from trouble breathing."),
            ),
        ),
    )
}  # fmt: skip


def asked(change: Change, answers: Answers, takes: Sequence[tuple[str, str]] = ()) -> list[Question]:
    """Its questions as far as they concern her. To rather talk about the first of them is to talk about it all.

    `takes`: (key, name) of what she takes now, to choose from.
    """
    first = change.questions[0]
    if answers.get(first.id, {}).get("said") == RATHER:
        return [_with_options(first, takes)]
    return [
        _with_options(one, takes)
        for one in change.questions
        if one.asked_if is None or answers.get(one.asked_if[0], {}).get("value") in one.asked_if[1]
    ]


def _with_options(question: Question, takes: Sequence[tuple[str, str]]) -> Question:
    if question.id == "which":
        return replace(question, options=tuple(takes))
    if question.kind == "methods":
        return replace(question, options=tuple((key, one.name) for key, one in knowledge().methods.items()))
    return replace(question, options=(("yes", "Yes"), ("no", "No"))) if question.kind == "yes-no" else question


def answer(question: Question, sent: Any, today: date, born_on: date | None) -> dict[str, Any]:
    """What a form sent, as it is kept. Raises NotRead, whose words say what to do.

    What she wrote or ticked counts before an "I don't know" beside it: a choice once made cannot be unmade there.
    """
    values = [one for one in sent.getlist("value") if one.strip()]
    how = sent.get("how", "") if not values else ""
    value, how = read(question, _Sent(values, how), today, born_on)
    if how == "answered" and value != NONE:
        _refuse(question, value, today)
    return {"value": value, "said": how}


class _Sent(dict[str, str]):
    """One question's form, as the intake reads it."""

    def __init__(self, values: list[str], how: str) -> None:
        super().__init__(how=how, value=values[0] if values else "")
        self.values_ = values

    def getlist(self, key: str) -> list[str]:
        return self.values_ if key == "value" else []


def _refuse(question: Question, value: Any, today: date) -> None:
    if question.id in ("what", "dose", "whom") and len(value) > LONGEST_NAME:
        raise NotRead(f"That is {len(value):,} characters. We can keep {LONGEST_NAME}. Write only the name.")
    if question.id in ("weeks", "at"):
        weeks = Decimal(value)
        if weeks != weeks.to_integral_value() or not 1 <= weeks <= TERM_DAYS // WEEK:
            raise NotRead(
                f"Enter whole weeks, from 1 to {TERM_DAYS // WEEK}. If you are not sure, choose “I don't know”."
            )
    if question.id == "due" and date.fromisoformat(value) > today + timedelta(days=TERM_DAYS):
        raise NotRead("That is more than a pregnancy away. Check the year.")


def not_recognised(change: Change, question: str, value: Any) -> Unread | None:
    """Of the name of a medicine or an allergy: is it one that nothing can be checked against?"""
    if question != "what" or not isinstance(value, str):
        return None
    return unread_words(value, allergy=change.id == "allergy")


def in_words(question: Question, given: Mapping[str, Any]) -> str:
    """Her answer as she reads it again before it is sent."""
    return HOW.get(given["said"]) or _value(question, given["value"])


def rather_talk(change: Change, answers: Answers) -> bool:
    return answers.get(change.questions[0].id, {}).get("said") == RATHER


def telling(change: Change, answers: Answers, on: date) -> Telling:
    """The entries that her answers become. What she does not know is left out; where it takes the place of something
    that was known, it is said to be unknown."""

    def given(question: str) -> Any:
        found = answers.get(question, {}).get("value")
        return None if found == NONE else found

    talk = f"She would rather talk about it: {change.about}. " if rather_talk(change, answers) else ""
    match change.id:
        case "new-medicine":
            medicine = _medicine(given)
            no_dose = f", dose not read: “{given('dose')}”" if given("dose") and medicine.dose is None else ""
            words = f"She started {name_of(medicine)}{no_dose}."
            return Telling(((medicine, on),), words)
        case "pregnancy":
            return _pregnancy(given, on)
        case "birth":
            return _birth(given, on)
        case "feeding":
            value = given("milk") or UNKNOWN
            words = {"yes": "She breastfeeds now.", "no": "She no longer breastfeeds."}.get(
                value, "Whether she breastfeeds now is not known."
            )
            return Telling(((said.LifeStage(topic="breastfeeding", value=value), on),), f"{talk}{words}")
        case "contraception":
            methods = given("methods")
            if methods is None:
                unknown = said.LifeStage(topic="contraception", value=UNKNOWN)
                words = "Her birth control changed. What she uses now is not known."
                return Telling(((unknown, on),), f"{talk}{words}")
            kept = [one for one in methods if one != "none"]
            names = ", ".join(knowledge().name_of(one) for one in kept) or "none"
            stage = said.LifeStage(topic="contraception", value=",".join(kept))
            return Telling(((stage, on),), f"Contraception now: {names}.")
        case "periods":
            return _periods(given, answers, on)
        case _:
            name = named(given("what"))
            allergy = said.Allergy(text=name.words, rxcui=name.rxcui, reaction=given("reaction") or "")
            return Telling(((allergy, on),), f"Allergy: {name.words}.")


def _medicine(given: Any) -> said.Medicine:
    name, often = named(given("what")), given("often")
    times = Decimal(often) if often and often.isdigit() else None
    dose = amounts.dose(given("dose")) if given("dose") else amounts.dose_after_a_name(name.words)
    whom = given("whom") or ""
    return said.Medicine(
        text=name.words, medicine=name.medicine, rxcui=name.rxcui, dose=dose,
        times_a_day=times, as_needed=often == "needed", since=_day(given("since")), running=True, from_whom=whom,
    )  # fmt: skip


def _pregnancy(given: Any, on: date) -> Telling:
    status = given("status") or UNKNOWN
    if status == "lost":
        day = _day(given("lost-on")) or on
        over = said.LifeStage(topic="ended", value=day.isoformat())
        words = f"She lost a pregnancy ({day:%-d %B}). No code is recorded for it."
        return Telling(((over, day),), words, now=True, to="life-stage?open=ended", action="Code the loss")
    bodies: list[tuple[said.Body, date]] = [(said.LifeStage(topic="pregnancy", value=status), on)]
    words = {"pregnant": "She is pregnant", "not pregnant": "She is not pregnant"}.get(status, "She may be pregnant")
    if weeks := given("weeks"):
        bodies.append((said.LifeStage(topic="gestation", value=str(int(Decimal(weeks)) * WEEK)), on))
        words += f", {int(Decimal(weeks))} weeks"
    if due := given("due"):
        bodies.append((said.LifeStage(topic="due", value=due), on))
        words += f", due {date.fromisoformat(due):%-d %B}"
    return Telling(tuple(bodies), f"{words}.", now=status != "not pregnant")


def before_a_birth(change: Change, question: str, value: Any, born: date | None, on: date) -> str:
    """What is wrong with how far she says she is: counted back, it began before her last birth. Empty: nothing."""
    if change.id != "pregnancy" or born is None or not value:
        return ""
    begun = None
    if question == "weeks":
        begun = on - timedelta(days=int(Decimal(value)) * WEEK)
    elif question == "due":
        begun = date.fromisoformat(value) - timedelta(days=UNTIL_DUE)
    if begun is None or begun >= born:
        return ""
    what = "These weeks begin" if question == "weeks" else "A pregnancy with this day begins"
    return f"{what} before the birth on {born:%-d %B %Y} that is in your record. Check it, or choose “I don't know”."


def _birth(given: Any, on: date) -> Telling:
    born = _day(given("born")) or on
    bodies: list[tuple[said.Body, date]] = [(said.LifeStage(topic="delivery", value=born.isoformat()), born)]
    if weeks := given("at"):
        bodies.append((said.LifeStage(topic="infant", value=str(int(Decimal(weeks)) * WEEK)), born))
    bodies.append((said.LifeStage(topic="breastfeeding", value=given("milk") or UNKNOWN), on))
    feeds = {"yes": " She breastfeeds.", "no": " She does not breastfeed."}.get(given("milk") or "", "")
    return Telling(tuple(bodies), f"She gave birth on {born:%-d %B}.{feeds}", now=True)


def _periods(given: Any, answers: Answers, on: date) -> Telling:
    bodies: list[tuple[said.Body, date]] = []
    parts = []
    if last := given("last"):
        day = date.fromisoformat(last)
        bodies.append((said.LifeStage(topic="period", value=last), day))
        parts.append(f"last began {day:%-d %B}")
    elif answers.get("last", {}).get("value") == NONE:
        bodies.append((said.Symptom(words="Her periods: she has none"), on))
        parts.append("she has none")
    if how := given("how"):
        bodies.append((said.Symptom(words=how), on))
        parts.append(f"“{how}”")
    return Telling(tuple(bodies), f"Her periods: {', '.join(parts) or 'she does not know'}.")


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
