"""What do words and codes mean?  Conditions, symptoms, measures, contraceptive methods, life stages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from althea.knowledge.schema.evidence import STRICT, Claim


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionGroup:
    """A set of diagnosis codes a rule may ask for. ICD-10-CM entries are prefixes ("F31" covers F31.81).

    `phrases`: whole phrases that say it in a history line ("Child-Pugh class C"); such a line raises at most a warning.
    `not_icd10cm`: prefixes left out again. `told_as`: the code that says this and no more, written where she ticks it
    and nobody has said which; empty: no code says so little, and it stands in words.
    """

    __pydantic_config__ = STRICT

    id: str
    name: str
    told_as: str = ""
    icd10cm: tuple[str, ...] = ()
    not_icd10cm: tuple[str, ...] = ()
    snomed: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SymptomGroup:
    """Whole phrases by which a symptom is reported today."""

    __pydantic_config__ = STRICT

    id: str
    name: str
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Another unit of the same measure: value x `times` + `plus` is in the measure's own unit."""

    __pydantic_config__ = STRICT

    unit: str
    times: Decimal
    plus: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(Claim):
    """A laboratory or body measure. A value outside `plausible` is unreadable, never clipped and never normal.

    `fasting`: what the code itself says. `loinc` codes all mean this measure in `unit` after conversion.
    """

    id: str
    name: str
    loinc: tuple[str, ...]
    names: tuple[str, ...] = ()
    unit: str
    also_units: tuple[Unit, ...] = ()
    plausible_from: Decimal
    plausible_to: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ContraceptiveMethod(Claim):
    """A way of not becoming pregnant, and how well it works in typical use (of 100 women in a year)."""

    id: str
    name: str
    phrases: tuple[str, ...]
    failures_per_100: Decimal | None = None
    effective: bool
    """Good enough to count as prevented before a teratogen, by the cited source's tiers."""
    permanent: bool = False
    hormonal: Literal["no", "combined", "progestogen"] = "no"
    ingredients: tuple[str, ...] = ()
    """Medicines, or classes of them, whose products are this method: when one ends, the method may have ended too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeStageRecord(Claim):
    """What the stage is, what to ask, and for how many days an answer stays fresh."""

    id: str
    name: str
    ask: str
    why_ask: str
    fresh_days: int | None = None
    fresh_days_before_teratogen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Claim):
    """A number the engine reasons with that belongs to no medicine: a threshold of measurement-based care."""

    id: str
    name: str
    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Phenotype:
    """A gene and the words its result may carry, lower case, as CPIC names them."""

    __pydantic_config__ = STRICT

    gene: str
    loinc: tuple[str, ...]
    values: tuple[str, ...]
    also: dict[str, str] | None = None
    """Other wordings -> the value they mean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Which knowledge said so?  `2026.11+3fa9c1`."""

    dated: str
    digest: str
    read_on: date | None = None

    def __str__(self) -> str:
        return f"{self.dated}+{self.digest}"
