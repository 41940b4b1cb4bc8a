"""What do we know of one person on one day?

`Facts` is one half of the narrow waist (the other is `Finding`). Three doors make it, the database, FHIR and a test,
and they give the same type, so that a page, a card and a sweep cannot disagree.

Unknown is an answer: a topic that nobody handed over is `Known.UNKNOWN`, and what is absent from it is not "no". Only
of a topic that was looked through whole (`KNOWN`, or `NONE` when nothing was found) does absence mean anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal

from msgspec import Struct, field

from althea.knowledge.quantity import Dose


class Known(Enum):
    """How far was a topic looked through?"""

    KNOWN = "known"
    NONE = "looked and found none"
    INCOMPLETE = "incomplete"
    UNKNOWN = "unknown"

    @property
    def whole(self) -> bool:
        """Does absence mean absence?"""
        return self is Known.KNOWN or self is Known.NONE


TOPICS = ("medicines", "conditions", "allergies", "observations")


class State(Enum):
    """Where does a medicine stand once the order in hand is applied?"""

    RUNNING = "running"
    PERHAPS = "perhaps still taken"
    STOPPED = "stopped"
    ORDERED = "in the draft"
    REPLACED = "replaced by the draft"
    STOPPING = "being stopped by the draft"


class Gap(Struct, frozen=True, gc=False):
    """Some days without a dose. `last`: the last day it was taken. `over`: the first on which it may have been taken
    again. `again`: a day of which it was told that it was; None: nothing was told since, and nobody knows."""

    last: date
    over: date
    again: date | None = None

    @property
    def days(self) -> int:
        """From the last dose to the first that there may have been."""
        return (self.over - self.last).days


class Medicine(Struct, frozen=True, kw_only=True, gc=False):
    """One order of one ingredient. `id` None: not in Althea's knowledge; `name` is then the order's own words.

    `daily` and `single` are upper ends; None: not readable or not given. `said`: every assumption made in reading.
    """

    id: str | None
    name: str
    state: State
    daily: Dose | None = None
    single: Dose | None = None
    as_needed: bool = False
    once: bool = False
    route: str = ""
    form: str = ""
    depot: bool = False
    started_on: date | None = None
    ended_on: date | None = None
    left_on: date | None = None
    """The last day she took it by what she told, where its order ends later or not at all. Whether she has taken it up
    again nobody knows: what meets it counts it as taken, and a dose to begin with counts from this day."""
    gaps: tuple[Gap, ...] = ()
    """Times without it of which she told, that do not reach to now, while its order ran on."""
    supply_days: int | None = None
    said: tuple[str, ...] = ()
    ref: str = ""


class Condition(Struct, frozen=True, kw_only=True, gc=False):
    """A diagnosis (or a line of history, `as_text`) and the groups of the knowledge it belongs to."""

    groups: tuple[str, ...]
    text: str
    code: str = ""
    on: date | None = None
    as_text: bool = False
    ref: str = ""


class Allergy(Struct, frozen=True, kw_only=True, gc=False):
    """`medicines`: which of ours it names; empty: read, and none of ours."""

    medicines: tuple[str, ...]
    text: str
    reaction: str = ""
    ref: str = ""


class Result(Struct, frozen=True, kw_only=True, gc=False):
    """A result in the measure's own unit. `value` None: unreadable, and `said` says why; never 0, never normal.

    With a value, `said` says that and from what it was worked out.
    """

    measure: str
    value: Decimal | None
    on: date
    said: str = ""
    ref: str = ""


class Score(Struct, frozen=True, kw_only=True, gc=False):
    """A scale's total and single answers, as scored. `total` None: only answers are known.

    `items` are by the item's id in the scale's record ("item 9", "q6_3months"); an answer the record does not name is
    under the words that follow the scale's name, lower case. Yes-no answers may be booleans or 1 and 0.
    """

    scale: str
    on: date
    total: Decimal | None = None
    items: Mapping[str, int | bool | str] = field(default_factory=lambda: MappingProxyType({}))
    ref: str = ""


class Symptom(Struct, frozen=True, kw_only=True, gc=False):
    """A line said today, the groups its phrases belong to, and those it denies."""

    groups: tuple[str, ...]
    text: str
    on: date
    denied: tuple[str, ...] = ()
    ref: str = ""


class Gene(Struct, frozen=True, kw_only=True, gc=False):
    """A gene's phenotype in CPIC's words, lower case."""

    gene: str
    phenotype: str
    on: date | None = None
    ref: str = ""


class Tobacco(Struct, frozen=True, kw_only=True, gc=False):
    """What is known of smoking. `changed_on`: when the status was last seen to change."""

    status: Literal["current", "stopped", "never"]
    on: date
    cigarettes_a_day: Decimal | None = None
    ref: str = ""


class Pregnancy(Struct, frozen=True, kw_only=True, gc=False):
    """The latest statement. `contradictory`: two fresh statements disagree; read as possibly pregnant."""

    status: Literal["pregnant", "not pregnant", "unknown", "contradictory"]
    on: date
    said: str = ""
    ref: str = ""


class LifeStage(Struct, frozen=True, kw_only=True, gc=False):
    """Where she is in her reproductive life. None: not asked. Dates say when each answer was given.

    `applies` False: pregnancy, contraception, breastfeeding and menopause do not concern this person, and `why_not`
    says why. `gestation_days` are as of the day of the facts. `methods` empty: asked, and none.
    """

    applies: bool = True
    why_not: str = ""
    pregnancy: Pregnancy | None = None
    gestation_days: int | None = None
    delivered_on: date | None = None
    breastfeeding: bool | None = None
    breastfeeding_on: date | None = None
    infant_gestation_weeks: int | None = None
    methods: tuple[str, ...] | None = None
    methods_on: date | None = None
    planning: bool | None = None
    planning_on: date | None = None
    menopause: Literal["pre", "peri", "post"] | None = None
    cannot: str = ""
    """Why a pregnancy is impossible (hysterectomy, after the menopause, sterilised...); empty: not known to be."""


class Facts(Struct, frozen=True, kw_only=True, gc=False):
    """Everything known of one person on one day. `unread`: what was handed over and could not be read, in words."""

    on: date
    sex: str | None = None
    age: int | None = None
    """Completed years; None: no birth date."""
    medicines: tuple[Medicine, ...] = ()
    conditions: tuple[Condition, ...] = ()
    allergies: tuple[Allergy, ...] = ()
    results: Mapping[str, tuple[Result, ...]] = field(default_factory=dict)
    """By measure, newest first."""
    scores: Mapping[str, tuple[Score, ...]] = field(default_factory=dict)
    """By scale, newest first."""
    symptoms: tuple[Symptom, ...] = ()
    genes: Mapping[str, Gene] = field(default_factory=dict)
    tobacco: Tobacco | None = None
    tobacco_before: Tobacco | None = None
    stage: LifeStage = field(default_factory=LifeStage)
    known: Mapping[str, Known] = field(default_factory=dict)
    unread: tuple[str, ...] = ()

    def looked(self, topic: str) -> Known:
        """How far was this topic looked through?  A topic that nobody mentions is unknown."""
        return self.known.get(topic, Known.UNKNOWN)

    def latest(self, measure: str) -> Result | None:
        """The newest readable result of a measure."""
        for result in self.results.get(measure, ()):
            if result.value is not None:
                return result
        return None


def dose_in_words(dose: Dose) -> str:
    """A dose as it is printed. The same doses come again and again."""
    return _dose_in_words(dose.mg, dose.unit)


@lru_cache(maxsize=4096)
def _dose_in_words(mg: Decimal, unit: str) -> str:
    return str(Dose(mg, unit))


def plain(number: Decimal | Any) -> str:
    """A number as people write it: 0.7, 120, 5.3."""
    if type(number) is Decimal:
        return _plain(str(number))
    return f"{Decimal(number).normalize():f}"


@lru_cache(maxsize=4096)
def _plain(digits: str) -> str:
    """By its digits, for 0.70 and 0.7 are equal, and 0 and -0; each keeps its own words."""
    return f"{Decimal(digits).normalize():f}"


def shown(value: Decimal) -> str:
    """A result as it is shown: at most three decimals, which matter only below 1. A converted 11.22184 is 11.2."""
    return _shown(str(value))


@lru_cache(maxsize=4096)
def _shown(digits: str) -> str:
    value = Decimal(digits)
    places = "0.001" if abs(value) < 1 else "0.1" if abs(value) >= 10 else "0.01"
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= 2:
        return plain(value)
    return plain(value.quantize(Decimal(places)))
