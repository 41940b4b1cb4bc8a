"""What dose does a line of text say?  "take 1 tablet twice daily", "2 capsules every morning and 1 at night".

Numbers are read only where they plainly are an amount; a line that changes over time ("then", "increase to") or that
mixes units is not read at all. What is not read is unknown, never guessed.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import cast

from msgspec import Struct


class Amount(Struct, frozen=True, gc=False):
    """So much of a unit: "mg", "mcg", "g", "count" (tablets, capsules...), "mg/kg", "ml"."""

    value: Decimal
    unit: str


class Line(Struct, frozen=True, gc=False):
    """One dose instruction. `per_day`: how often, at most. `daily` is not `single` x `per_day` where doses differ."""

    single: Amount | None = None
    per_day: Fraction | None = None
    daily: Amount | None = None
    as_needed: bool = False
    once: bool = False
    ranged: bool = False


NUMBER_WORDS = {
    "one and a half": "1.5", "one and one half": "1.5", "one half": "0.5", "a half": "0.5", "half a": "0.5",
    "half": "0.5",
    "one quarter": "0.25", "a quarter": "0.25", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
    "six": "6",
    "seven": "7", "eight": "8", "nine": "9", "ten": "10", "twelve": "12",
}  # fmt: skip
SPELT = re.compile(r"\b(" + "|".join(sorted(map(re.escape, NUMBER_WORDS), key=len, reverse=True)) + r")\b")
IN_ALL = re.compile(r"\b\d+(?:\.\d+)? (?:tablets?|tabs?|capsules?|caps?) \(\s*(\d+(?:\.\d+)?\s*(?:mg|mcg))\s*\)")
"""How many tablets, and in brackets how much that is: "2 tablets (100 mg)"."""
MIXED = re.compile(r"\b(?:(\d+)\s+)?([13])\s*/\s*([24])\b(?!\s*mg)")
CHANGES = re.compile(
    r"\b(then|taper\w*|titrat\w*|increas\w*|decreas\w*|reduc\w*|alternat\w* with|wean\w*|weeks? \d|days? \d|sliding|"
    r"loading|luteal|cycle|menses|except|skip|starting at|up titrat\w*)\b"
)
DURATION = re.compile(
    r"\b(?:for|x)\s*(?:the next\s*)?\d+(?:\s*(?:-|to)\s*\d+)?\s*(?:days?|weeks?|months?|wks?)\b"
    r"|\brefills?:?\s*\d+|#\s*\d+"
)
NEEDED = re.compile(r"\b(as needed|prn|as required|if needed|if required|when needed|when required)\b")
ONCE = re.compile(
    r"\b(single dose|one time only|1 time only|once only|x ?1 dose|for 1 dose|stat|as a 1 dose)\b|\bonce\s*$"
)
NUMBER = r"(\d+(?:\.\d+)?)"
MOST = re.compile(
    r"\b(?:max(?:imum)?(?: of| dose| daily dose)?:?|no more than|not to exceed|up to|do not exceed)\s*" + NUMBER
    + r"\s*([a-zµ/]+)?(?:\s+(?:doses?))?\s*(?:/|per|a|in|in a|each|every|daily)\s*"
    + r"(?:24\s*(?:h|hours?|hrs?)|day|d\b|daily)?"
)  # fmt: skip

COUNTED = (
    r"(?:tablets?|tabs?|capsules?|caps?|caplets?|pills?|patch(?:es)?|lozenges?|suppositor(?:y|ies)|sprays?|puffs?)"
)
MASS = r"(?:milligrams?|micrograms?|grams?|mgs?|mcgs?|ug|µg|g)"
RANGE = NUMBER + r"(?:\s*(?:-|–|to|or)\s*" + NUMBER + r")?"
AMOUNT = re.compile(
    r"(?P<counted>" + RANGE + r"\s*(?:\(\s*\d+(?:\.\d+)?\s*\)\s*)?(?:x\s*)?"
    + r"(?:(?<![\d.])(?P<strength>\d+(?:\.\d+)?)\s*(?P<strength_unit>" + MASS
    + r")\s*)?(?:oral\s+)?" + COUNTED + r"\b)"
    r"|(?P<massed>" + RANGE + r"\s*(?P<mass>" + MASS + r")(?P<per_kg>\s*/\s*kg)?\b(?!\s*/))"
    r"|(?P<liquid>" + RANGE + r"\s*(?:ml|millilitres?|milliliters?|drops?)\b)"
    r"|(?P<bare>(?:^|(?<=take )|(?<=give )|(?<=use )|(?<=and )|(?<=plus )|(?<=& ))" + RANGE + r"(?=\s*(?:@|$|\s)))"
)  # fmt: skip

RATES: tuple[tuple[re.Pattern[str], Fraction], ...] = tuple(
    (re.compile(r"\b(?:" + words + r")(?!\w)"), Fraction(*rate))
    for words, rate in (
        (r"every other day|every second day|on alternate days|alternate days|qod|q\.o\.d\.?|every 48 hours", (1, 2)),
        (r"q\.?i\.?d\.?|qds", (4, 1)),
        (r"t\.?i\.?d\.?|tds", (3, 1)),
        (r"b\.?i\.?d\.?|twice daily|twice a day|twice per day|twice each day|every 12 hours", (2, 1)),
        (r"twice weekly|twice a week|twice per week", (2, 7)),
        (r"once weekly|once a week|once every week|weekly|every week|qw|qwk|each week", (1, 7)),
        (r"once monthly|once a month|monthly|every month|qm|qmonth", (1, 30)),
        (r"once daily|once a day|once per day|daily|every day|each day|q\.?d\.?|q day|od|a day|per day", (1, 1)),
    )
)
TIMES = re.compile(
    r"\b"
    + NUMBER
    + r"(?:\s*(?:-|to)\s*"
    + NUMBER
    + r")?\s*(?:times|x)\s*(?:(?:a|per|each|every|/)\s*)?(daily|day|weekly|week|monthly|month)\b"
)
EVERY = re.compile(
    r"\b(?:every|q)\s*"
    + NUMBER
    + r"(?:\s*(?:-|to)\s*"
    + NUMBER
    + r")?\s*(hours?|hrs?|h|days?|d|weeks?|wks?|wk|w|months?|mo)\b"
)
MOMENTS = re.compile(
    r"\b(every morning|each morning|in the morning|mornings?|qam|q am|(?:with|at) breakfast|"
    r"(?:at )?noon|(?:at )?midday|(?:with|at) lunch|"
    r"in the afternoon|every afternoon|every evening|in the evening|each evening|"
    r"evenings?|qpm|q pm|(?:with|at) (?:dinner|supper)|"
    r"(?:every day )?(?:daily )?at bedtime|before bed|nightly|at night|every night|each night|qhs|q hs|hs|bedtime)\b"
)
IN_DAYS = {"h": Fraction(1, 24), "d": Fraction(1), "w": Fraction(7), "m": Fraction(30)}
MASSES = {
    "milligram": "mg",
    "microgram": "mcg",
    "gram": "g",
    "mg": "mg",
    "mcg": "mcg",
    "ug": "mcg",
    "µg": "mcg",
    "g": "g",
}


@lru_cache(maxsize=4096)
def read_sig(text: str) -> Line | None:
    """The dose a line says, as far as it can be read; None where nothing can."""
    line = _plain(text)
    if not line or len(line) > 400 or CHANGES.search(line):
        return None
    as_needed = bool(NEEDED.search(line))
    line = DURATION.sub(" ", NEEDED.sub(" ", line))
    once = bool(ONCE.search(line))
    line, most = _most(line)
    marks: list[tuple[int, str, object]] = []
    line = _rates(line, marks)
    amounts = _amounts(line)
    if amounts is None:
        return None
    marks += [(at, "amount", (amount, ranged)) for at, amount, ranged in amounts]
    groups = _grouped(sorted(marks, key=lambda one: one[0]))
    if not groups:
        return Line(as_needed=as_needed, once=once) if as_needed or once else None
    return _summed(groups, as_needed, once, most)


Group = tuple[Amount | None, bool, Fraction | None]


def _plain(text: str) -> str:
    line = " ".join(text.lower().replace("½", " 1/2").replace("¼", " 1/4").replace("(s)", "s").split())
    line = re.sub(r"(?<=\d),(?=\d{3}\b)", "", line)
    line = MIXED.sub(lambda m: str(Decimal(m[1] or 0) + Decimal(m[2]) / Decimal(m[3])), line)
    line = SPELT.sub(lambda m: NUMBER_WORDS[m[1]], line).replace("1 and 0.5", "1.5").replace(" of a ", " ")
    return IN_ALL.sub(r"\1", line.replace("0.5 a ", "0.5 "))


def _most(line: str) -> tuple[str, Amount | Fraction | None]:
    """ "up to 3 a day", "max 8 mg per day": the most a day, and the line without it."""
    found = MOST.search(line)
    if found is None or "times" in (found[2] or "") or not re.search(r"(24|day|daily|d)\s*$", found[0].strip()):
        return line, None
    unit = (found[2] or "").rstrip("s")
    value = Decimal(found[1])
    most: Amount | Fraction | None = None
    if unit in MASSES:
        most = Amount(value, MASSES[unit])
    elif re.fullmatch(COUNTED, found[2] or ""):
        most = Amount(value, "count")
    elif unit in ("", "dose", "per", "a", "in"):
        most = Fraction(found[1])
    if most is None:
        return line, None
    return line[: found.start()] + " " + line[found.end() :], most


def _rates(line: str, marks: list[tuple[int, str, object]]) -> str:
    """Finds how often, notes where, and blanks it out so that its numbers are not read as doses."""

    def blank(found: re.Match[str], kind: str, rate: Fraction) -> str:
        marks.append((found.start(), kind, rate))
        return "~" * len(found[0])

    def times(found: re.Match[str]) -> str:
        return blank(found, "rate", Fraction(found[2] or found[1]) / IN_DAYS[{"daily": "d"}.get(found[3], found[3])[0]])

    def every(found: re.Match[str]) -> str:
        length = min(Fraction(found[1]), Fraction(found[2] or found[1])) * IN_DAYS[found[3][0]]
        return blank(found, "rate", 1 / length) if length > 0 else found[0]

    line = EVERY.sub(every, TIMES.sub(times, line))
    line = MOMENTS.sub(lambda found: blank(found, "moment", Fraction(1)), line)
    for pattern, rate in RATES:
        line = pattern.sub(lambda found, rate=rate: blank(found, "rate", rate), line)  # type: ignore[misc]
    return line


def _amounts(line: str) -> list[tuple[int, Amount, bool]] | None:
    """The amounts in the line, in order; None where they contradict each other."""
    found: list[tuple[int, Amount, bool]] = []
    unit = ""
    strength: Amount | None = None
    for hit in AMOUNT.finditer(line):
        numbers = re.findall(NUMBER, hit[0])
        kind = hit.lastgroup or ""
        if hit["counted"]:
            low, high = hit[2], hit[3]
            if hit["strength"]:
                strength = Amount(Decimal(hit["strength"]), MASSES[hit["strength_unit"].rstrip("s")])
            unit = "count"
        elif hit["massed"]:
            low, high = numbers[0], numbers[1] if len(numbers) > 1 else None
            unit = MASSES[hit["mass"].rstrip("s")] + ("/kg" if hit["per_kg"] else "")
        elif hit["liquid"]:
            low, high = numbers[0], numbers[1] if len(numbers) > 1 else None
            unit = "ml"
        else:
            if not unit and kind == "bare" and not line.strip().startswith(("take", "give", "use")):
                continue
            low, high = numbers[0], numbers[1] if len(numbers) > 1 else None
            unit = unit or "count"
        found.append((hit.start(), Amount(max(Decimal(low), Decimal(high or low)), unit), high is not None))
    kinds = {amount.unit for _, amount, _ in found}
    if kinds == {"count"} and strength is not None:
        return [(at, Amount(one.value * strength.value, strength.unit), ranged) for at, one, ranged in found]
    if len(kinds) == 2 and "count" in kinds:
        # "lithium 300 mg, take 2 capsules": the mass is the product's; the product itself says it better
        counts = [one for one in found if one[1].unit == "count"]
        masses = [one for one in found if one[1].unit != "count"]
        if len(masses) == 1 and masses[0][0] < counts[0][0] and masses[0][1].unit in ("mg", "mcg", "g"):
            return [
                (at, Amount(one.value * masses[0][1].value, masses[0][1].unit), ranged) for at, one, ranged in counts
            ]
        return None
    return None if len(kinds) > 1 else found


def _grouped(marks: list[tuple[int, str, object]]) -> list[Group] | None:
    """Each amount with how often it is taken; None where an amount among several has no time."""
    groups: list[tuple[Amount | None, bool, list[tuple[str, Fraction]]]] = []
    before: list[tuple[str, Fraction]] = []
    for _, kind, what in marks:
        if kind == "amount":
            dose, wide = cast("tuple[Amount, bool]", what)
            groups.append((dose, wide, before))
            before = []
        elif groups:
            groups[-1][2].append((kind, cast("Fraction", what)))
        else:
            before.append((kind, cast("Fraction", what)))
    if not groups:
        groups.append((None, False, before))
    made: list[Group] = []
    for amount, ranged, when in groups:
        rates = [rate for kind, rate in when if kind == "rate"]
        moments = [rate for kind, rate in when if kind == "moment"]
        if len(set(rates)) > 1:
            # "every day, twice a day": the more frequent of the two
            rates = [max(rates)]
        made.append((amount, ranged, rates[0] if rates else sum(moments, Fraction(0)) or None))
    if len(made) > 1 and any(often is None for _, _, often in made):
        return None
    return made


def _summed(groups: list[Group], as_needed: bool, once: bool, most: Amount | Fraction | None) -> Line | None:
    amounts = [amount for amount, _, _ in groups if amount is not None]
    single = max(amounts, key=lambda one: one.value) if amounts else None
    per_day: Fraction | None = None
    daily: Amount | None = None
    if all(often is not None for _, _, often in groups):
        per_day = sum((often for _, _, often in groups if often is not None), Fraction(0))
        if single is not None:
            total = sum(
                (Fraction(amount.value) * often for amount, _, often in groups if amount and often), Fraction(0)
            )
            daily = Amount(rounded(total), single.unit)
    if isinstance(most, Fraction):
        per_day = most
        daily = Amount(rounded(Fraction(single.value) * most), single.unit) if single else None
    elif most is not None:
        daily = most
    return Line(single, per_day, daily, as_needed, once, any(ranged for _, ranged, _ in groups))


def rounded(value: Fraction) -> Decimal:
    """The number; one that never ends is cut to four figures."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact if len(exact.as_tuple().digits) <= 9 else Decimal(f"{exact:.4g}")
