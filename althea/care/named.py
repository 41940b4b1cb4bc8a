"""Which medicine is this name?  What a person typed, looked up in the knowledge's names and brands.

A name that is not found is kept in its own words, and said to be so: "not in Althea's knowledge: not checked". Of a
name that is nearly one of ours a person is asked; none is ever taken for another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from althea.care import entries as said
from althea.care.known import knowledge
from althea.fhir.codes import NO_ALLERGY_WORDS
from althea.fhir.readings import readings_of
from althea.fhir.words import heard
from althea.knowledge.codes import plain

LONGEST_NAME = 300
"""Characters of a medicine's name; a longer one is refused in words, never cut."""
FEWEST_LETTERS = 3
MOST_FOUND = 8
MOST_ASKED = 3
SHORTEST_SLIP, SHORT_WORD = 5, 7
"""Letters: a shorter word is near too many others to ask about; up to the second, one slip is near, then two."""
SHOWN = 60
NOT_OURS = "not in Althea's knowledge: not checked"


@dataclass(frozen=True, slots=True)
class Named:
    """`medicines`: which of ours stand in these words, by id. `others`: ingredients that are not ours."""

    words: str
    medicines: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def read_as(self) -> str:
        """In words: "ibuprofen", "acetaminophen, aspirin and caffeine", or that it is not checked."""
        if not self.medicines:
            return NOT_OURS
        names = [knowledge().name_of(one) for one in self.medicines]
        whole = " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
        return whole + (f" (also {', '.join(self.others)}: not checked)" if self.others else "")

    @property
    def medicine(self) -> str:
        """The one id of the knowledge; empty where there is none, or several: then the words are read each time."""
        return self.medicines[0] if len(self.medicines) == 1 and not self.others else ""

    @property
    def rxcui(self) -> str:
        book = knowledge().medicines.get(self.medicine)
        return book.rxcui if book is not None else ""


def named(words: str) -> Named:
    """What these words name."""
    product = readings_of(knowledge()).codes.text(words[:LONGEST_NAME])
    return Named(words, product.medicines, product.others) if product is not None else Named(words)


def found(words: str) -> list[tuple[str, str]]:
    """(name to fill in, what it is) of names and brands that begin with these letters; the shortest first."""
    start = plain(words)
    if len(start) < FEWEST_LETTERS:
        return []
    names = readings_of(knowledge()).codes.by_name
    keys = sorted((key for key in names if key.startswith(start)), key=lambda key: (len(key), key))
    shown: dict[str, str] = {}
    for key in keys:
        product = names[key]
        shown.setdefault(product.name, Named(key, product.medicines, product.others).read_as)
        if len(shown) == MOST_FOUND:
            break
    return list(shown.items())


def name_of(body: said.Medicine) -> str:
    """The medicine of an entry, as a page names it: her words, and what they are read as where they differ."""
    if body.medicine:
        book = knowledge().name_of(body.medicine)
        return body.text if book.lower() in body.text.lower() else f"{body.text} ({book})"
    return body.text


def checked(body: said.Medicine) -> str:
    """Empty where Althea knows it; else the words that say it is not checked."""
    return "" if body.medicine or named(body.text).medicines else NOT_OURS


# --- what is not recognised -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Unread:
    """Nothing was checked against these words. `near`: (name, the words with it in them) that may have been meant."""

    words: str
    near: tuple[tuple[str, str], ...] = ()

    @property
    def for_team(self) -> str:
        short = self.words if len(self.words) <= SHOWN else f"{self.words[: SHOWN - 1]}…"
        return f"Not recognised: “{short}”. Nothing was checked against it.{self.asks('she')}"

    def asks(self, who: str) -> str:
        names = " or ".join(name for name, _ in self.near)
        return f" Did {who} mean {names}?" if names else ""


def unread(body: said.Body) -> Unread | None:
    """Which name of this entry was not recognised?  None: all was, or it says nothing of what she takes or must not."""
    if isinstance(body, said.Medicine) and body.running is not False:
        return unread_words(body.text, known=bool(body.medicine))
    if isinstance(body, said.Allergy):
        return unread_words(body.text, known=bool(body.rxcui), allergy=True)
    return None


def is_read(words: str, *, allergy: bool = False) -> bool:
    """Does a name of ours stand in these words?  To be allergic to nothing, or to a class of medicines, is read too."""
    words = words[:LONGEST_NAME]
    if named(words).medicines:
        return True
    says = heard(words, readings_of(knowledge()).allergens).says if allergy else ()
    return bool(says) or (allergy and plain(words) in NO_ALLERGY_WORDS)


def unread_words(words: str, *, known: bool = False, allergy: bool = False) -> Unread | None:
    """The same of a name as it was typed. `known`: a code stands with it. Beside a name that is read, one that is
    nearly read is named alone."""
    words = words[:LONGEST_NAME]
    read = known or is_read(words, allergy=allergy)
    key = plain(words)
    for typed in dict.fromkeys([key, *key.split()]):
        if len(typed) >= SHORTEST_SLIP and (names := _nearest(typed)):
            near = tuple((name, name if typed == key else _put(words, typed, name)) for name in names)
            return Unread(typed if read else words, near)
    return None if read else Unread(words)


def _put(words: str, typed: str, name: str) -> str:
    found, count = re.subn(rf"(?i)(?<![a-z0-9]){re.escape(typed)}(?![a-z0-9])", name, words.strip(), count=1)
    return found if count else name


def _nearest(typed: str) -> tuple[str, ...]:
    """The names with the fewest slips from these letters; none where they are a name, or a word of one."""
    codes = readings_of(knowledge()).codes
    most, best = (1 if len(typed) <= SHORT_WORD else 2), dict[str, int]()
    for key in (*codes.by_name, *codes.not_ours):
        if typed == key or typed in key.split():
            return ()
        alike = abs(len(key) - len(typed)) <= most and len(set(key) ^ set(typed)) <= 2 * most
        if alike and _letters(key) == _letters(typed) and (slips := _slips(typed, key, most)) <= most:
            best[key] = slips
    fewest = min(best.values(), default=0)
    keys = sorted(key for key, slips in best.items() if slips == fewest)[:MOST_ASKED]
    printed = {key: codes.by_name[key].name if key in codes.by_name else codes.not_ours[key] for key in keys}
    return tuple(name if plain(name) == key else key for key, name in printed.items())


def _letters(key: str) -> list[str]:
    """Words of one letter: vitamin D is no slip of vitamin E."""
    return [one for one in key.split() if len(one) == 1]


def _slips(one: str, other: str, most: int) -> int:
    """How many letters were left out, put in, mistaken, or swapped with the next?  Above `most` it stops counting."""
    before, above = list[int](), list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        row = [at]
        for to, meant in enumerate(other, 1):
            row.append(min(above[to] + 1, row[-1] + 1, above[to - 1] + (letter != meant)))
            if at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == meant:
                row[to] = min(row[to], before[to - 2] + 1)
        if min(row) > most:
            return min(row)
        before, above = above, row
    return above[-1]
