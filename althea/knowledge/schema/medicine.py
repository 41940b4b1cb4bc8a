"""What is a medicine?  Its names and codes, and what its label says of how it is used.

One medicine, one file, one signature. The files of Althea's own medicines are *whole*; those of what meets them
(`meets/`) need only a name, codes and classes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from althea.knowledge.quantity import Dose
from althea.knowledge.schema.evidence import STRICT, Claim
from althea.knowledge.schema.who import Who


@dataclass(frozen=True, slots=True, kw_only=True)
class Medicine:
    """One ingredient. `rxcui` is RxNorm's ingredient; `also_rxcui` its salts and precise ingredients.

    `names`: other names people write in a text-only order, brands not needed (the code map has them).
    """

    __pydantic_config__ = STRICT

    id: str
    name: str
    rxcui: str
    also_rxcui: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    for_her: str = ""
    """What it is, in one or two plain sentences for her."""
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MedicineClass:
    """A set of medicines (or contraceptive methods, or classes) of which something is true. Membership is a claim."""

    __pydantic_config__ = STRICT

    id: str
    name: str
    members: tuple[str, ...]
    sources: tuple[str, ...]
    mark: Literal["read", "read-twice", "unverified"]
    read_on: date | None = None
    checked_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A daily dose from a day of the course on."""

    __pydantic_config__ = STRICT

    from_day: int
    daily: Dose


@dataclass(frozen=True, slots=True, kw_only=True)
class Dosing(Claim):
    """How is it dosed for one indication in one population?  Doses a day unless the key says otherwise.

    `regimen`: "continuous", "luteal", "course". `steps`: the label's own schedule, where it has one.
    """

    indication: tuple[str, ...]
    """Condition groups, or "any"."""
    status: Literal["labelled", "off-label"]
    who: Who = field(default_factory=Who)
    regimen: str = "continuous"
    form: str = ""
    start: Dose | None = None
    step: Dose | None = None
    min_days_between_steps: int | None = None
    usual_low: Dose | None = None
    usual_high: Dose | None = None
    max: Dose | None = None
    times_a_day: int | None = None
    with_food: str = ""
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AdequateTrial(Claim):
    """From which dose, kept for how many weeks, has it been given a fair chance?

    Where the trial is judged by level, `level_measure` and `level_at_least` say so and `dose` may be absent.
    """

    indication: tuple[str, ...]
    dose: Dose | None = None
    weeks: Decimal
    regimen: str = "continuous"
    level_measure: str = ""
    level_at_least: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taper(Claim):
    """How is it stopped?  Words for the plan and, where the document gives numbers, the numbers.

    `min_days`: shortest time over which to stop. `step_percent`: each step is so much of the last dose;
    `step_days`: kept for so long. `max_step`: the largest cut, in mass.
    """

    advice: str
    min_days: int | None = None
    step_percent: int | None = None
    step_days: int | None = None
    max_step: Dose | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact(Claim):
    """Something known of the medicine that no rule computes with: half-life, milk, benefit, a boxed warning.

    `about` is one of the fixed topics; `says` is our own sentence; the number stands apart where there is one.
    """

    about: Literal[
        "boxed-warning",
        "half-life",
        "pregnancy",
        "breastfeeding",
        "fertility",
        "contraception",
        "menopause",
        "cycle",
        "kidney",
        "liver",
        "older",
        "overdose",
        "food",
        "mechanism",
        "indication",
        "side-effect",
        "controlled",
        "heart",
        "genes",
        "monitoring",
        "onset",
    ]
    says: str
    for_her: str = ""
    value: Decimal | None = None
    value_to: Decimal | None = None
    unit: str = ""
