"""One kind of rule a file: its question as the docstring, then `evaluate(rule, subject, case)`.

`evaluate` answers with a `Hit`, a `NotKnown`, or None (it does not fire). What every kind shares, of whom a rule is
true and how loud it may be, is asked in `engine/review.py`.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import Struct, field

from althea.engine.finding import Evidence
from althea.knowledge.schema.evidence import Level


class Hit(Struct, frozen=True, kw_only=True, gc=False):
    """It fires. `fill`: the words for the title; `others`: the other medicines it is about."""

    evidence: tuple[Evidence, ...] = ()
    fill: dict[str, str] = field(default_factory=dict)
    others: tuple[str, ...] = ()
    level: Level | None = None
    """Louder or quieter than the rule's own."""
    said: tuple[str, ...] = ()
    reason: tuple[str, ...] = ()
    """Replaces the usual reason by which findings merge."""
    due_on: date | None = None
    """The day by which it was wanted."""
    amount: Decimal | None = None
    """How far a dose is out of its bound, in mg: more is worse."""


class NotKnown(Struct, frozen=True, gc=False):
    """It could not be asked, for want of these. Nothing named: not worth a word."""

    missing: tuple[str, ...] = ()
