"""Of whom is a rule true?  A filter of named fields: all must hold, a list is any-of, absent does not matter.

There is no nesting and no `or`: two rules with one `concept` say *or*. Whether a field holds can be unknown; then the
rule is reported as not checked, with what was missing. The fields that protect (`protected`, `could_be_pregnant`,
`can_conceive`) are written on what is *not known to be safe*: there, unknown holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from althea.knowledge.schema.evidence import STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultIs:
    """Is the latest result of a measure within these bounds?  In the measure's own unit."""

    __pydantic_config__ = STRICT

    measure: str
    above: Decimal | None = None
    at_least: Decimal | None = None
    below: Decimal | None = None
    at_most: Decimal | None = None
    within_days: int | None = None
    """Older results are stale: unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreIs:
    """Is the latest score of a scale within these bounds?"""

    __pydantic_config__ = STRICT

    scale: str
    above: Decimal | None = None
    at_least: Decimal | None = None
    below: Decimal | None = None
    at_most: Decimal | None = None
    within_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Whom does a rule speak of?  See the module's own words for how fields combine."""

    __pydantic_config__ = STRICT

    age_from: int | None = None
    age_to: int | None = None
    """Years, both ends included."""

    pregnant: bool | None = None
    could_be_pregnant: bool | None = None
    """true: pregnant, or nobody knows that she is not. Unknown, stale and contradictory hold."""
    protected: bool | None = None
    """false: a pregnancy is not known to be prevented or impossible. Unknown holds."""
    can_conceive: bool | None = None
    """true: a pregnancy is not known to be impossible for good (her sterilisation, hysterectomy or menopause, coded or
    stated), whatever she uses. Unknown holds, and so does a pregnancy that runs."""
    planning: bool | None = None
    gestation_from: int | None = None
    gestation_to: int | None = None
    """Completed weeks, both ends included; implies pregnant."""
    postpartum_from_days: int | None = None
    postpartum_to_days: int | None = None
    breastfeeding: bool | None = None
    infant_preterm: bool | None = None
    infant_younger_than_days: int | None = None
    menopause: tuple[Literal["pre", "peri", "post"], ...] = ()
    contraception: tuple[str, ...] = ()
    """Methods in life_stages/contraception.toml."""

    conditions: tuple[str, ...] = ()
    without_conditions: tuple[str, ...] = ()
    taking: tuple[str, ...] = ()
    not_taking: tuple[str, ...] = ()
    """Medicines or classes."""

    tobacco: tuple[Literal["current", "stopped", "never"], ...] = ()
    tobacco_changed_within_days: int | None = None
    genes: dict[str, tuple[str, ...]] | None = None
    """{CYP2D6 = ["poor metabolizer"]}, in CPIC's words, lower case."""
    untested_genes: tuple[str, ...] = ()
    """Holds where a whole record has no result of any of these."""
    results: tuple[ResultIs, ...] = ()
    scores: tuple[ScoreIs, ...] = ()
    jurisdiction: tuple[Literal["US", "UK", "CA", "AU"], ...] = ()
