"""Which medicine is this name?  What a person typed, looked up in the knowledge's names and brands.

A name that is not found is kept in its own words, and said to be so: "not in Althea's knowledge: not checked".
"""

from __future__ import annotations

from dataclasses import dataclass

from althea.care import entries as said
from althea.care.known import knowledge
from althea.fhir.readings import readings_of
from althea.knowledge.codes import plain

LONGEST_NAME = 300
"""Characters of a medicine's name; a longer one is refused in words, never cut."""
FEWEST_LETTERS = 3
MOST_FOUND = 8
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
