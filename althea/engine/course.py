"""How far has she come, at which dose, for how long?  The course of a trial, read from what was told.

Which scale speaks: the newest one that also has a score from the start. Improvement in percent of the first score, so
that 50 is half better and less than 0 is worse; PANSS-like scales that begin above zero count from their lowest score.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache

from althea.engine.facts import plain
from althea.engine.told import DoseFrom, ScoreOn, Told
from althea.knowledge import Knowledge
from althea.knowledge.load import Monograph
from althea.knowledge.quantity import Dose
from althea.knowledge.schema.medicine import AdequateTrial
from althea.knowledge.schema.who import ResultIs, Who

ALARMING = ("rash", "mouth-sores", "chest-pain", "fainting", "seizure", "jaundice", "hallucinations-or-delusions",
            "suicidal-words", "elated-mood", "confusion", "clonus", "rigidity")  # fmt: skip
SPEAKS = {"ocd": "Y-BOCS", "panic": "PDSS", "pmdd": "DRSP", "mania": "YMRS", "ptsd": "PCL-5", "gad": "GAD-7",
          "adhd": "ASRS", "psychosis": "PANSS", "depression": "PHQ-9"}  # fmt: skip
"""Of two scales scored on one day, the one made for her illness speaks."""
BASELINE_DAYS = 7
"""A score up to a week into the trial still says how it began: nothing clinical has happened yet."""


FAIR_DOSE = {
    True: "The dose is one a fair trial asks for.",
    False: "The dose is below what a fair trial asks for.",
    None: "Whether the dose is that of a fair trial is not known.",
}


class NoNumber(KeyError):
    """A threshold the knowledge does not hold."""


@dataclass(slots=True, kw_only=True)
class Course:
    """The trial in numbers. None: not known."""

    knowledge: Knowledge
    told: Told
    drug: str = ""
    medicine: str | None = None
    scale: str = "score"
    baseline: Decimal | None = None
    baseline_day: int | None = None
    latest: Decimal | None = None
    latest_day: int | None = None
    percent: Decimal | None = None
    category: str = "not known"
    days: int = 0
    days_at_dose: int = 0
    daily_mg: Decimal | None = None
    dose_adequate: bool | None = None
    weeks: Decimal = Decimal(0)
    weeks_needed: Decimal = Decimal(0)
    room: bool = False
    failed_before: int = 0
    beside: frozenset[str] = frozenset()
    """The other medicines of the trial that she still takes."""
    scale_id: str = ""
    groups: frozenset[str] = frozenset()
    alarming: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    used: set[str] = field(default_factory=set)

    @property
    def only_begun(self) -> bool:
        """Is the newest score the one it began with?  Then there is no change to tell, not one of 0."""
        return self.baseline_day is not None and self.latest_day is not None and self.latest_day <= self.baseline_day

    @property
    def is_antidepressant(self) -> bool:
        return self._in("antidepressant")

    @property
    def is_stimulant(self) -> bool:
        return self._in("stimulant")

    @property
    def is_snri(self) -> bool:
        return self._in("snri")

    @property
    def has_mood_stabiliser(self) -> bool:
        """Beside the medicine on trial: a mood stabiliser or an antipsychotic."""
        guards = ("mood-stabiliser", "antipsychotic")
        return any(self.beside & self.knowledge.classes.get(name, frozenset()) for name in guards)

    def _in(self, name: str) -> bool:
        return self.medicine is not None and self.medicine in self.knowledge.classes.get(name, frozenset())

    def has(self, group: str) -> bool:
        return group in self.groups

    def number(self, key: str) -> Decimal:
        """A threshold of the knowledge, remembered as used."""
        if key not in self.knowledge.numbers:
            raise NoNumber(f"the knowledge holds no number {key!r}")
        self.used.add(key)
        return self.knowledge.numbers[key].value

    def of_scale(self, what: str, otherwise: str = "") -> Decimal | None:
        """A threshold that belongs to the scale in hand (`remission-phq-9`), else the common one, else None."""
        key = next((key for key in self.knowledge.numbers if same(key, f"{what}-{self.scale_id}")), otherwise)
        return self.number(key) if key else None

    def latest_of(self, scale: str) -> Decimal | None:
        """The newest total of another scale, if it is fresh."""
        rows = [row for row in self.told.scores if same(row.scale, scale)]
        fresh = rows and self.told.today - rows[-1].day <= self.number("score-fresh-days")
        return rows[-1].value if fresh else None

    def in_words(self) -> tuple[str, ...]:
        """The numbers behind the advice, as sentences."""
        words: list[str] = []
        if self.only_begun and self.baseline is not None:
            words.append(f"{self.scale} {plain(self.baseline)} at the start, and no score since.")
        elif self.baseline is not None and self.latest is not None and self.percent is not None:
            way = f"{plain(round(abs(self.percent)))}% {'better' if self.percent >= 0 else 'worse'}"
            scores = f"{plain(self.baseline)} at the start, {plain(self.latest)} on day {self.latest_day}"
            words.append(f"{self.scale} {scores}: {way} ({self.category}).")
        if self.drug:
            dose = f"{plain(self.daily_mg)} mg a day" if self.daily_mg is not None else "an unknown dose"
            words.append(f"{self.drug} {dose} for {self.days_at_dose} days, {self.days} days in all.")
        words.append(FAIR_DOSE[self.dose_adequate])
        if self.told.adherence_percent is None and not self.told.adherence_words:
            words.append("How many doses were taken is not known.")
        return tuple(words)


def same(a: str, b: str) -> bool:
    """Do two names mean one scale?  Case and punctuation do not matter."""
    return _bare(a) == _bare(b)


@lru_cache(maxsize=1024)
def _bare(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def course_of(told: Told, knowledge: Knowledge) -> Course:
    """Everything that can be read off the numbers."""
    course = Course(knowledge=knowledge, told=told)
    course.groups = frozenset(
        group.id for group in knowledge.conditions.values() if told.dx and told.dx.startswith(tuple(group.icd10cm))
    )
    _doses(course)
    _scores(course)
    phrases = [
        (key, phrase) for key in ALARMING if key in knowledge.symptoms for phrase in knowledge.symptoms[key].phrases
    ]
    course.alarming = tuple(
        one for one in told.side_effects if any(re.search(rf"\b{re.escape(p)}\b", one.lower()) for _, p in phrases)
    )
    course.failed_before = sum(_failed(one.lower(), course) for one in told.past_trials)
    if (
        told.lithium_level is not None
        and course.medicine == "lithium"
        and told.lithium_level < course.number("lithium-low-level")
    ):
        course.groups |= {"lithium-low"}
    return course


REFUSED = ("no response", "did not", "not help", "non-response", "nonresponse", "ineffective", "no benefit", "failed")
OVER = ("remission", "respond", "helped", "worked", "effective", "response")
UNFAIR = ("not tolerated", "intoler", "side effect", "adverse", "too short", "inadequate", "poor adherence",
          "not taken", "stopped for", "stopped because of", "subtherapeutic", "sub-therapeutic")  # fmt: skip


def _failed(one: str, course: Course) -> bool:
    """Was this past trial a fair one that did not help?  Too short, not tolerated or not taken says nothing."""
    weeks = re.search(r"weeks? (\d+)|(\d+)[ -]?(?:weeks?|wks?)\b", one)
    days = re.search(r"(\d+)[ -]?days?\b", one)
    long = int(weeks[1] or weeks[2]) * 7 if weeks else int(days[1]) if days else None
    if any(word in one for word in UNFAIR) or (long is not None and long < course.number("full-trial-from-days")):
        return False
    return any(word in one for word in REFUSED) or not any(word in one for word in OVER)


def _doses(course: Course) -> None:
    told, knowledge = course.told, course.knowledge
    doses = [row for row in told.doses if row.day <= told.today]
    if not doses:
        course.days = course.days_at_dose = max(told.today, 0)
        course.weeks = Decimal(course.days) / 7
        course.weeks_needed = course.number("full-trial-from-days") / 7
        return
    last = doses[-1]
    course.drug, course.medicine = last.drug, _medicine(last, knowledge)
    same_drug = [row for row in doses if row.drug.lower() == last.drug.lower()]
    others = {row.drug: row for row in doses if row.drug.lower() != last.drug.lower()}.values()
    course.beside = frozenset(key for row in others if row.daily_mg != 0 and (key := _medicine(row, knowledge)))
    course.days = told.today - min(row.day for row in same_drug)
    changed = [row for at, row in enumerate(same_drug) if at == 0 or row.daily_mg != same_drug[at - 1].daily_mg]
    course.days_at_dose = told.today - changed[-1].day
    course.daily_mg = last.daily_mg
    course.weeks = Decimal(course.days_at_dose) / 7
    course.weeks_needed = course.number("full-trial-from-days") / 7
    book = knowledge.monographs.get(course.medicine or "")
    if book is None or last.daily_mg is None:
        return
    trial = fair(book, course)
    if trial is not None:
        course.weeks_needed = trial.weeks
        course.sources += trial.sources
        if trial.dose is not None:
            course.dose_adequate = last.daily_mg >= trial.dose.mg
            if course.dose_adequate:
                course.weeks = Decimal(told.today - _since(same_drug, trial.dose.mg)) / 7
    most = most_of(book, course)
    course.room = most is not None and last.daily_mg < most.mg


def _since(rows: list[DoseFrom], mg: Decimal) -> int:
    """The day from which the dose has been at least so much without a break."""
    day = rows[-1].day
    for row in reversed(rows):
        if row.daily_mg is None or row.daily_mg < mg:
            break
        day = row.day
    return day


def _medicine(row: DoseFrom, knowledge: Knowledge) -> str | None:
    code, words = row.rxcui, row.drug.lower()
    for key, one in knowledge.medicines.items():
        if code and (code == one.rxcui or code in one.also_rxcui):
            return key
        if words == key or words == one.name.lower() or words in one.names:
            return key
    return None


def fair(book: Monograph, course: Course) -> AdequateTrial | None:
    """The fair trial for her diagnosis, else for any. A longer one than any unchanged plan is one of maintenance."""
    longest = course.number("max-weeks-without-remission")
    trials = [one for one in book.adequate_trial if one.weeks <= longest]
    fits = [one for one in trials if course.groups.intersection(one.indication)]
    if not fits and any(course.groups.intersection(one.indication) for one in book.adequate_trial):
        return None
    fits = fits or [one for one in trials if "any" in one.indication] or trials[:1]
    regimen = course.told.regimen or "continuous"
    return next((one for one in fits if one.regimen == regimen), fits[0] if fits else None)


def most_of(book: Monograph, course: Course) -> Dose | None:
    """The most her diagnosis, age, kidneys and other medicines allow. The form is not told: the lower of two counts."""
    rows = [one for one in book.dosing if one.max is not None and one.regimen == (course.told.regimen or one.regimen)]
    hers = [one for one in rows if is_hers(one.who, course)]
    fits = [one for one in hers if course.groups.intersection(one.indication) or "any" in one.indication]
    fits = fits if any("any" not in one.indication for one in fits) else hers or rows
    return min((one.max for one in fits if one.max is not None), key=lambda most: most.mg, default=None)


def is_hers(who: Who, course: Course) -> bool:
    """Does this population hold her, by age, kidneys and the trial's other medicines?  What else it asks: no."""
    told, beside = course.told, course.beside
    asked = Who(age_from=who.age_from, age_to=who.age_to, results=who.results, taking=who.taking)
    if who != replace(asked, not_taking=who.not_taking):
        return False
    if (who.age_from is not None or who.age_to is not None) and told.age is None:
        return False
    if told.age is not None and not (who.age_from or 0) <= told.age <= (who.age_to or told.age):
        return False
    with_it = not who.taking or any(_one_of(beside, name, course) for name in who.taking)
    against = any(_one_of(beside, name, course) for name in who.not_taking)
    return with_it and not against and all(one.measure == "egfr" and _within(one, told.egfr) for one in who.results)


def _one_of(taken: frozenset[str], name: str, course: Course) -> bool:
    return bool(taken & (course.knowledge.classes.get(name, frozenset()) | {name}))


def _within(bound: ResultIs, value: Decimal | None) -> bool:
    return (
        value is not None
        and (bound.above is None or value > bound.above)
        and (bound.at_least is None or value >= bound.at_least)
        and (bound.below is None or value < bound.below)
        and (bound.at_most is None or value <= bound.at_most)
    )


def _scores(course: Course) -> None:
    told = course.told
    rows = [row for row in told.scores if row.day <= told.today]
    best: tuple[bool, int, bool, list[ScoreOn]] | None = None
    hers = [scale for group, scale in SPEAKS.items() if course.has(group)]
    for name in dict.fromkeys(row.scale for row in rows):
        own = [row for row in rows if row.scale == name]
        if same(name, "asrm") and len({row.scale for row in rows}) > 1:
            continue
        key = (own[0].day <= BASELINE_DAYS, own[-1].day, any(same(name, scale) for scale in hers), own)
        if best is None or key[:3] > best[:3]:
            best = key
    if best is None:
        return
    begun, _, _, own = best
    course.scale, course.latest, course.latest_day = own[-1].scale, own[-1].value, own[-1].day
    if not begun:
        return
    first = max((row for row in own if row.day <= BASELINE_DAYS), key=lambda row: (row.day <= 0, row.day))
    course.baseline, course.baseline_day = first.value, first.day
    record = next(
        (one for one in course.knowledge.scales.values() if same(one.name, own[0].scale) or same(one.id, own[0].scale)),
        None,
    )
    course.scale_id = record.id if record is not None else own[0].scale
    counted = course.of_scale("lowest")
    lowest = counted if counted is not None else Decimal(sum(item.low for item in record.items) if record else 0)
    span = course.baseline - lowest
    course.percent = (course.baseline - course.latest) / span * 100 if span > 0 else Decimal(0)
    course.category = _category(course, course.baseline, course.latest, course.percent)


def _category(course: Course, baseline: Decimal, latest: Decimal, percent: Decimal) -> str:
    worse = latest - baseline
    below, reliable = course.of_scale("remission"), course.of_scale("reliable-change")
    if below is not None and latest < below and (worse <= 0 or reliable is None or worse < reliable):
        return "remission"
    if worse > 0 and (reliable is None or worse >= reliable):
        return "worse"
    if percent >= (course.of_scale("response-percent", "response-percent") or 0):
        return "response"
    return (
        "partial response" if percent >= (course.of_scale("partial-percent", "partial-percent") or 0) else "no response"
    )
