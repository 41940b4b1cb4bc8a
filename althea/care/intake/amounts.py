"""How much, how often and for how long, in her own words?  Read only where the words can mean one thing.

None is "not read": the answer then stays as she wrote it, and a person asks. "1,200 mg" is 1200 mg to one woman and
1.2 mg to another, "2 x 20 mg" is two doses or one of 40 mg, and a guess of ours would stand in her record as a number.
"""

from __future__ import annotations

import re
from decimal import Decimal

from althea.knowledge.quantity import Dose

DAILY = r"(?: ?(?:a|per|each|every|/) ?day| daily)?"
AMOUNT = r"(?P<whole>[0-9]{1,7})(?:(?P<mark>[.,])(?P<part>[0-9]{1,6}))? ?(?P<unit>mg|mcg|µg|μg|ug|g)"
A_DOSE = re.compile(AMOUNT + DAILY, re.ASCII)
AFTER_A_NAME = re.compile(r"(?:[^\W\d_][^\d\s]* )*" + AMOUNT)
OFTEN = re.compile(r"(?:(?P<number>[0-9]{1,2}) ?x?|(?P<word>[a-z]+))(?: ?times)?" + DAILY, re.ASCII)
WHEN_NEEDED = re.compile(r"(?:only )?(?:when|as|if) (?:i )?(?:need it|needed)|prn")
ABOUT = r"(?:(?:for|about|around|roughly) )*"
HOW_LONG = re.compile(ABOUT + r"(?P<number>[0-9]{1,3}|[a-z]+|half an?)(?: (?P<unit>week|month|year)s?)?", re.ASCII)
NUMBERS = {
    word: at
    for at, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), 1
    )
}
MOST_A_DAY = 24
WEEKS = {"week": Decimal(1), "month": Decimal("4.345"), "year": Decimal("52.14")}
"""A year has 365 days: so many weeks, and a twelfth of them in a month. The result is rounded to whole weeks."""


def dose(words: str) -> str | None:
    """The one mass that is all these words say, "a day" or "daily" left aside: "50 mg", "0,5 mg", "20mg a day"."""
    return _mass(A_DOSE.fullmatch(_plain(words)))


def dose_after_a_name(words: str) -> str | None:
    """The one mass after a medicine's name: "Tramadol 50 mg"."""
    return _mass(AFTER_A_NAME.fullmatch(_plain(words)))


def _mass(found: re.Match[str] | None) -> str | None:
    if found is None:
        return None
    whole, mark, part = found["whole"], found["mark"], found["part"] or ""
    if mark and len(part) == 3 and whole.strip("0"):  # "1,200" and "1.000": a thousand, or one and a part
        return None
    return str(Dose.of(f"{whole}.{part}" if part else whole, found["unit"]))


def often(words: str) -> Decimal | None:
    """How many times a day: "2", "twice a day", "3 x daily", "three times"."""
    found = OFTEN.fullmatch(_plain(words))
    if found is None:
        return None
    if found["number"]:
        return Decimal(found["number"]) if 1 <= int(found["number"]) <= MOST_A_DAY else None
    times = {"once": 1, "twice": 2, **NUMBERS}.get(found["word"])
    return None if times is None else Decimal(times)


def when_needed(words: str) -> bool:
    """Does she take it only when she needs it, and says nothing else?"""
    return WHEN_NEEDED.fullmatch(_plain(words)) is not None


def weeks(words: str) -> Decimal | None:
    """In whole weeks: "8", "8 weeks", "about two months" (9), "half a year" (26). A number alone is of weeks."""
    found = HOW_LONG.fullmatch(_plain(words))
    if found is None:
        return None
    said, unit = found["number"], found["unit"]
    if said.startswith("half a"):
        number: Decimal | None = Decimal("0.5") if unit == "year" else None  # half a month is a guess either way
    elif said in ("a", "an"):
        number = Decimal(1) if unit else None
    else:
        number = Decimal(said) if said.isdecimal() else None if said not in NUMBERS else Decimal(NUMBERS[said])
    return None if number is None else (number * WEEKS[unit or "week"]).to_integral_value()


def _plain(words: str) -> str:
    return " ".join(words.lower().split())
