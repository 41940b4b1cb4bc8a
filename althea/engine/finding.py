"""What comes out?  A finding: what a rule says, the facts that made it fire, and what would settle it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import Struct

from althea.knowledge.schema.evidence import Level, Mark


class Evidence(Struct, frozen=True, gc=False):
    """One fact that fired a rule, in words, with its day and where it came from."""

    what: str
    on: date | None = None
    ref: str = ""
    news: str = ""
    """What of it would be news, were it another: this result of this day, this answer, this state of hers. Empty: how
    old it is, or how much she takes, by itself tells nothing new."""


class Finding(Struct, frozen=True, kw_only=True, gc=False):
    """What a rule says of her today. `title` is a whole sentence of at most 139 characters."""

    rule: str
    kind: str
    level: Level
    title: str
    why: str
    because: tuple[Evidence, ...]
    do: tuple[str, ...]
    for_her: str
    sources: tuple[str, ...]
    mark: Mark
    knowledge: str
    medicines: tuple[str, ...]
    reason: tuple[str, ...]
    """Findings with one reason are one finding, the loudest."""
    about_order: bool = False
    said: tuple[str, ...] = ()
    """Assumptions made in reading the facts it used, and why its level was held down."""
    due_on: date | None = None
    """The day by which a check was wanted. None: no check, or wanted before the first dose."""
    amount: Decimal | None = None
    """How far a dose is out of its bound, in mg: more is worse. None: it is about no dose."""
    beside: tuple[str, ...] = ()
    """What it is also about, in words: the other medicines of hers that were found for the same reason."""
    also: tuple[Finding, ...] = ()
    """What else was found for this reason at warning or above, of another rule or with another medicine. It stands
    under this one, which says so; whether it is news, or was set aside, is asked of each by itself."""


def beside(title: str, medicines: tuple[str, ...], also: tuple[Finding, ...]) -> tuple[str, ...]:
    """How does a finding say what stands under it?  Where that is about another medicine, by its own title."""
    titles, named = {title}, set(medicines)
    said = []
    for one in also:
        if one.title not in titles and not named.issuperset(one.medicines):
            said.append(f"Also: {one.title}")
            titles.add(one.title)
            named.update(one.medicines)
    return tuple(said)


class NotChecked(Struct, frozen=True, kw_only=True, gc=False):
    """A rule that could not be asked: what it looks at, what was missing, and how loud it might have been."""

    rule: str
    title: str
    missing: tuple[str, ...]
    could_be: Level
    medicines: tuple[str, ...]
    error: str = ""
    """A rule that raised: its kind of error, never a value of hers."""


class Review(Struct, frozen=True, kw_only=True, gc=False):
    """All that can be said: findings (loudest first), rules not checked, and notes (assumptions, what was not read)."""

    findings: tuple[Finding, ...]
    not_checked: tuple[NotChecked, ...]
    notes: tuple[str, ...] = ()

    @property
    def loudest(self) -> Level | None:
        return max((finding.level for finding in self.findings), default=None)
