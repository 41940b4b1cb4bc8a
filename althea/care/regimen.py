"""What stands in the rows of a schedule, and can she take it?  Read as typed, dated, and said in tablets that exist.

Nothing here chooses a dose: rows come from a prescriber or from a record of the knowledge. Doses are of one time; how
often a day stands beside them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from althea.care.known import knowledge
from althea.engine.calendar import NotInTablets, in_tablets
from althea.knowledge.codes import code_map
from althea.knowledge.quantity import Dose

MOST_STEPS = 40
LONGEST_DAYS = 3 * 365
"""A plan over more days is a slip of the pen, not a plan."""
LONGEST_TEXT = 30

OFTEN: dict[str, tuple[str, str, int | float, str]] = {
    "morning": ("Once a day, morning", "once a day, in the morning", 1, "each morning"),
    "evening": ("Once a day, evening", "once a day, in the evening", 1, "each evening"),
    "bedtime": ("Once a day, bedtime", "once a day, at bedtime", 1, "at bedtime"),
    "daily": ("Once a day", "once a day", 1, "once a day"),
    "twice": ("Twice a day", "twice a day", 2, "morning and evening"),
    "three": ("3 times a day", "3 times a day", 3, "3 times a day"),
    "four": ("4 times a day", "4 times a day", 4, "4 times a day"),
    "other-day": ("Every other day", "every other day", 0.5, "every other day"),
}
"""Key -> (as chosen, as signed, times a day, as she reads it)."""

NUMBER = re.compile(r"(\d{1,6}(?:\.\d{1,4})?)\s*([a-zµμ]+)", re.IGNORECASE | re.ASCII)
LENGTH = re.compile(r"(\d{1,4})\s*(days?|d|weeks?|w)", re.IGNORECASE | re.ASCII)
PACE = re.compile(r"(\w+)[ -]release")
UNITS = {"mg": "mg", "milligram": "mg", "milligrams": "mg", "g": "g", "gram": "g", "grams": "g", "mcg": "mcg",
         "ug": "mcg", "µg": "mcg", "μg": "mcg", "microgram": "mcg", "micrograms": "mcg"}  # fmt: skip


class NotReadable(ValueError):
    """Something typed that is no dose or no length; its words say what to write."""


@dataclass(frozen=True, slots=True)
class Row:
    """A step as typed."""

    dose: str = ""
    often: str = "morning"
    length: str = ""

    @property
    def empty(self) -> bool:
        return not self.dose.strip() and not self.length.strip()


@dataclass(frozen=True, slots=True)
class Form:
    """A dose form that exists. `products`: (strength, RxNorm code, printed name), none where it has no strength."""

    name: str
    route: str
    depot: bool
    products: tuple[tuple[Dose, str, str], ...]

    @property
    def thing(self) -> str:
        return "capsule" if "capsule" in self.name else "tablet" if "tablet" in self.name else ""

    @property
    def released(self) -> bool:
        """Is it made to work at another pace than a plain one?  Then neither stands for the other."""
        return "release" in self.name

    @property
    def kept_whole(self) -> str:
        """Why none of these is halved; empty: it is no tablet, or a plain one, of which some kinds may be.

        A tablet made to release at its own pace may be broken only where its label says that it is scored, and no
        record of the knowledge says so of any."""
        pace = PACE.search(self.name) if self.thing == "tablet" else None
        return f"{pace[1].capitalize()}-release tablets are not halved." if pace is not None else ""

    @property
    def strengths(self) -> tuple[Dose, ...]:
        return tuple(strength for strength, _, _ in self.products)

    def tablets(self, strengths: Sequence[Dose], *, halves: bool) -> Tablets:
        """What steps of this form are made of. `halves`: they were said to be such as may be halved."""
        return Tablets(tuple(strengths), self.thing, halves, self.kept_whole)


@dataclass(frozen=True, slots=True)
class Tablets:
    """What the steps are made of."""

    strengths: tuple[Dose, ...]
    thing: str = "tablet"
    halves: bool = False
    whole: str = ""
    """Why none of them is halved, whatever was ticked."""

    @property
    def split(self) -> bool:
        """May a step be made of halves?"""
        return self.halves and self.thing == "tablet" and not self.whole


@dataclass(frozen=True, slots=True)
class Laid:
    """The rows as an order keeps them. `errors`: by row, from 0. `starts`: the first day of each, where it is known."""

    steps: tuple[dict[str, Any], ...]
    errors: dict[int, str]
    starts: tuple[date | None, ...]
    takes: tuple[str, ...]
    numbers: tuple[int, ...] = ()
    """Of each step the number of its row, from 1: a row that cannot be read makes no step."""


def forms_of(medicine: str, *, depots: bool = False) -> tuple[Form, ...]:
    """In which forms does it exist, by itself?  Tablets and capsules first, the plainest name first.

    Long-acting injections only with `depots`: what is given once in weeks is no dose a day, and is not ordered here.
    """
    return tuple(one for one in _all_forms(medicine) if depots or not one.depot)


@cache
def _all_forms(medicine: str) -> tuple[Form, ...]:
    found: dict[tuple[str, str, bool], dict[Dose, tuple[str, str]]] = {}
    for product in code_map(knowledge().medicines).by_code.values():
        if product.medicines != (medicine,) or product.brand or product.others or not product.form:
            continue
        route = product.route or "oral"
        strengths = found.setdefault((product.form, route, product.depot), {})
        dose = product.parts[0][1]
        if dose is not None and "{" not in product.name:
            strengths.setdefault(dose, (product.code, product.name))
    made = [
        Form(name, route, depot, tuple((dose, *strengths[dose]) for dose in sorted(strengths, key=lambda one: one.mg)))
        for (name, route, depot), strengths in found.items()
    ]
    return tuple(sorted(made, key=lambda one: (not one.thing, len(one.name), one.name)))


def read_dose(text: str) -> Dose:
    """The dose at one time. Raises NotReadable, whose words say what to write instead."""
    words = " ".join(text.split())
    if not words:
        raise NotReadable("Write the dose with its unit, for example 25 mg.")
    if len(words) > LONGEST_TEXT:
        raise NotReadable("That is too long to be a dose. Write a number and a unit, for example 25 mg.")
    lower = words.lower()
    if "/" in lower or " per " in f" {lower} ":
        raise NotReadable(
            "Work out the dose and write it as one amount, for example 25 mg: what is signed is an amount."
        )
    if lower[0] in "-−–":
        raise NotReadable("A dose cannot be below 0. Write for example 25 mg.")
    if "," in lower:
        raise NotReadable("Write the dose without a comma, for example 1000 mg or 2.5 mg.")
    if lower[0] == ".":
        raise NotReadable("Write a 0 before the point, for example 0.5 mg.")
    if re.fullmatch(r"[\d.]+", lower, re.ASCII):
        raise NotReadable(f"{words} of what? Write the unit as well: mg, mcg or g.")
    found = NUMBER.fullmatch(lower)
    if found is None or found[2] not in UNITS:
        raise NotReadable("Write a number and mg, mcg or g, for example 25 mg.")
    dose = Dose.of(found[1], UNITS[found[2]])
    if dose.mg == 0:
        raise NotReadable("A step of 0 is no dose. Take the step out; to stop, plan the stopping.")
    return dose


def read_days(text: str) -> int | None:
    """For how many days?  None: until told otherwise. Raises NotReadable."""
    words = " ".join(text.split())
    if not words or words.lower() in ("then review", "goes on", "from then on"):
        return None
    found = LENGTH.fullmatch(words)
    if found is None:
        raise NotReadable("Say for how many days or weeks, for example 2 weeks.")
    days = int(found[1]) * (7 if found[2].lower().startswith("w") else 1)
    if days < 1:
        raise NotReadable("A step lasts at least 1 day.")
    if days > LONGEST_DAYS:
        raise NotReadable("That is longer than 3 years. Give a review day, and order again then.")
    return days


def length_in_words(days: int) -> str:
    """14 -> "2 weeks"."""
    count, noun = (days // 7, "week") if days % 7 == 0 else (days, "day")
    return f"{count} {noun}{'' if count == 1 else 's'}"


def lay_out(rows: Sequence[Row], starts: date | None, tablets: Tablets | None, *, ends: bool = False) -> Laid:
    """The steps with their days and tablets, and what is wrong with each row. `ends`: after the last one, none."""
    steps: list[dict[str, Any]] = []
    errors: dict[int, str] = {}
    firsts: list[date | None] = []
    takes: list[str] = []
    numbers: list[int] = []
    begins = starts
    for at, row in enumerate(rows):
        firsts.append(begins)
        last = at + 1 == len(rows)
        dose, days, take = None, None, ""
        often = OFTEN.get(row.often)
        try:
            dose = read_dose(row.dose)
            if often is None:
                raise NotReadable("Choose how often it is taken.")
            take = _take(dose, tablets, often[3])
            days = read_days(row.length)
            if days is None and not last:
                raise NotReadable("Say for how long, for example 2 weeks: another step follows.")
            if days is None and ends:
                raise NotReadable("Say for how long: after this step she takes none.")
        except (NotReadable, NotInTablets) as wrong:
            errors[at] = str(wrong)
        takes.append(take)
        until = begins + timedelta(days=days - 1) if begins is not None and days is not None else None
        if dose is not None and often is not None and begins is not None:
            numbers.append(at + 1)
            steps.append(
                {
                    "from": begins.isoformat(), "until": until.isoformat() if until else None, "dose": str(dose),
                    "times_a_day": often[2], "when": often[3], "take": take, "often": row.often,
                }
            )  # fmt: skip
        begins = until + timedelta(days=1) if until is not None else None
    if starts is not None and any(first and (first - starts).days > LONGEST_DAYS for first in firsts):
        errors.setdefault(
            len(rows) - 1, "This plan takes more than 3 years. Plan its first part, and order again then."
        )
    return Laid(tuple(steps), errors, tuple(firsts), tuple(takes), tuple(numbers))


def rows_of(steps: Sequence[dict[str, Any]]) -> list[Row]:
    """The rows that make these steps, for the form."""
    rows = []
    for step in steps:
        days = ""
        if step.get("until"):
            days = length_in_words((date.fromisoformat(step["until"]) - date.fromisoformat(step["from"])).days + 1)
        rows.append(Row(step.get("dose", ""), often_of(step), days))
    return rows


def often_of(step: dict[str, Any]) -> str:
    """The key of how often; of a step that was written elsewhere, the nearest there is."""
    if step.get("often") in OFTEN:
        return str(step["often"])
    times, when = float(step.get("times_a_day") or 1), step.get("when", "") or step.get("take", "")
    fits = [key for key, (_, _, each, _) in OFTEN.items() if float(each) == times]
    named = next((key for key in fits if OFTEN[key][3] in when), None)
    return named or ("daily" if times == 1 else fits[0] if fits else "daily")


def form_said(medicine: str, words: str) -> Form | None:
    """Which form do an order's own words name?  None: none, or a plain one of a medicine that also comes otherwise."""
    plain = words.lower().replace("-", " ")
    named = [one for one in forms_of(medicine) if all(word in plain for word in one.name.split() if word != "oral")]
    found = max(named, key=lambda one: len(one.name), default=None)
    unsure = found is not None and not found.released and any(one.released for one in forms_of(medicine))
    return None if unsure and "oral tablet" not in plain else found


def not_halved(medicine: str, tablets: Mapping[str, Any], steps: Sequence[dict[str, Any]]) -> str:
    """Why this is not signed as it is laid out: halves of what is kept whole. Empty: there are none."""
    form = next((one for one in forms_of(medicine) if one.name == tablets.get("form")), None)
    halved = tablets.get("halves") or any("half" in step.get("take", "") for step in steps)
    return form.kept_whole if form is not None and halved else ""


def at_home(steps: Sequence[dict[str, Any]], form: Form) -> tuple[Dose, ...]:
    """Which strengths does she have by these steps, as far as their words name them?"""
    named = {found for step in steps for found in re.findall(r"of ([\d.]+ m?c?g)\b", step.get("take", ""))}
    return tuple(one for one in form.strengths if str(one) in named)


def pieces(dose: Dose, tablets: Tablets) -> tuple[tuple[Decimal, Dose], ...]:
    """How many of which?  Whole ones where they make it; halves only where nothing else does. Raises NotInTablets."""
    try:
        return in_tablets(dose, tablets.strengths)
    except NotInTablets as none:
        if not tablets.split:
            raise NotInTablets(f"{none} {tablets.whole}".strip()) from None
    return in_tablets(dose, tablets.strengths, halves=True)


def _take(dose: Dose, tablets: Tablets | None, when: str) -> str:
    """ "half a tablet of 50 mg each morning"; empty where it is not made of tablets. Raises NotInTablets."""
    if tablets is None or not tablets.strengths:
        return ""
    made = pieces(dose, tablets)
    return f"{' and '.join(_counted(count, strength, tablets.thing) for count, strength in made)} {when}"


def _counted(count: Decimal, strength: Dose, thing: str) -> str:
    whole, half = int(count), count != int(count)
    if half and not whole:
        return f"half a {thing} of {strength}"
    number = f"{whole} and a half" if half else str(whole)
    return f"{number} {thing}{'' if count == 1 else 's'} of {strength}"
