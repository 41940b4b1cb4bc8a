"""What can a rule ask?  One shape a kind; a record in TOML is an instance of one of them.

Every kind shares the same opening (`Rule`): what it is called, how loud it is, of which medicines (`of`) and of whom
(`who`) it speaks, in which words, and where it comes from. What a kind adds is what makes it fire.

A rule with `of` is asked once for each such medicine she takes or is about to take, after the order in hand is
applied. A title may hold {medicine}, {other}, {dose}, {limit}, {value}, {measure}, {on}, {days}, {weeks}, {scale}.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from althea.knowledge.quantity import Dose
from althea.knowledge.schema.evidence import Claim, Level
from althea.knowledge.schema.who import Who

State = Literal["any", "ordered", "starting", "running"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Claim):
    """The part every kind shares.

    `state`: any = taken once the order is applied (default); ordered = in the draft; starting = in the draft and not
    taken before; running = taken and not in the draft. `concept`: findings about one medicine with one concept are
    one finding, the loudest (a critical swallows a warning); without it a rule merges only with itself.
    `dose_from`, `dose_to`: only where her dose a day of the medicine is within these, both included.
    """

    id: str
    level: Level
    title: str
    why: str
    do: tuple[str, ...] = ()
    for_her: str = ""
    concept: str = ""
    of: tuple[str, ...] = ()
    state: State = "any"
    who: Who = field(default_factory=Who)
    dose_from: Dose | None = None
    dose_to: Dose | None = None
    routes: tuple[str, ...] = ()
    """Only these routes ("oral", "intramuscular", "transdermal", "intranasal", "intravenous"...); empty: any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction(Rule):
    """Does she take both?  `meets`: the other medicine, class or contraceptive method (any-of).

    `meets_within_days`: the other also counts when it ended less than so many days ago (a long half-life).
    `lasting`: as-needed and single doses of either do not count. `meets_dose_from`, `meets_dose_to`: the other's
    dose a day.
    """

    meets: tuple[str, ...]
    except_: tuple[str, ...] = ()
    meets_within_days: int | None = None
    meets_routes: tuple[str, ...] = ()
    meets_dose_from: Dose | None = None
    meets_dose_to: Dose | None = None
    lasting: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate(Rule):
    """Does she take several of one class?  `of` names the class; `longer_than_days`: only when together for so long.

    Quiet for `overlap_days` while one of them has an end date: a planned cross-taper.
    """

    at_least: int = 2
    longer_than_days: int = 0
    overlap_days: int = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseLimit(Rule):
    """Is the dose outside a bound?  `critical_above`: from there on the finding is critical.

    `max_start`: the first daily dose of a medicine she does not yet take. `per_kg`: the limits are for each kilogram.
    `forms`: only dose forms that hold one of these words (of the product or the order), for example "extended release";
    `not_forms`: never those that hold one of these.
    """

    max_daily: Dose | None = None
    max_single: Dose | None = None
    max_start: Dose | None = None
    min_daily: Dose | None = None
    critical_above: Dose | None = None
    per_kg: bool = False
    forms: tuple[str, ...] = ()
    not_forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TitrationStep:
    """From which day of the course may the daily dose be how much?"""

    __pydantic_config__ = {"extra": "forbid"}

    from_day: int
    max_daily: Dose


@dataclass(frozen=True, slots=True, kw_only=True)
class Titration(Rule):
    """Is the dose rising faster than its schedule?

    `steps`: the most a day of the course allows. `min_days_between_steps`, `max_step`: how soon and by how much a dose
    may rise. `restart_after_gap_days`: after so many days without it the schedule begins anew.
    """

    steps: tuple[TitrationStep, ...] = ()
    min_days_between_steps: int | None = None
    max_step: Dose | None = None
    max_step_above: Dose | None = None
    """`max_step` applies only to steps that end above this dose."""
    restart_after_gap_days: int | None = None
    only_restart: bool = False
    """Fires only on a restart above the first step after such a gap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitoring(Rule):
    """Is a check due?  Any one of `measures` satisfies it; so does a score where a scale is named.

    `baseline_within_days`: at the start, a result no older than this. `due_days`: checkpoints, days after the start.
    `every_days` from `from_day` on (`to_day`: until then). `after_dose_change_days`: so long after each change.
    `grace_days`: how late is still quiet. A complete record without any result is due, not unknown.
    """

    measures: tuple[str, ...]
    baseline_within_days: int | None = None
    due_days: tuple[int, ...] = ()
    every_days: int | None = None
    from_day: int = 0
    to_day: int | None = None
    after_dose_change_days: int | None = None
    grace_days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Result(Rule):
    """Is a result out of bounds, or moving?  In the measure's own unit.

    Bounds are for the latest result not older than `within_days`. `rise_of`/`fall_of` (amount) or
    `rise_percent`/`fall_percent` compare it with the reference: the earliest result of the last `over_days`, or, with
    `since_start`, the last result on or before the start of the medicine (up to 90 days before).
    """

    measure: str
    above: Decimal | None = None
    at_least: Decimal | None = None
    below: Decimal | None = None
    at_most: Decimal | None = None
    within_days: int = 365
    rise_of: Decimal | None = None
    fall_of: Decimal | None = None
    rise_percent: Decimal | None = None
    fall_percent: Decimal | None = None
    over_days: int = 365
    since_start: bool = False
    symptoms: tuple[str, ...] = ()
    """Only together with one of these symptoms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeStage(Rule):
    """Does her life stage matter to this medicine?  Asks nothing but `who`, which must name a life stage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition(Rule):
    """Does an illness or a finding of hers matter to this medicine?  Asks nothing but `who`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allergy(Rule):
    """Is she allergic to it, or to a relative?  `to`: medicines or classes besides the medicine itself."""

    to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure(Rule):
    """Does tobacco, alcohol or food matter to this medicine?  Asks nothing but `who`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pharmacogenomic(Rule):
    """Does a gene of hers matter to this medicine?  `who.genes` names it. `ask`: say so when it was never tested."""

    ask: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Washout(Rule):
    """Is it too soon after another?  `after`: medicines or classes that ended less than `days` before today."""

    after: tuple[str, ...]
    days: int
    except_: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopping(Rule):
    """Is it being stopped, or cut, at once?  After `after_days` of taking it.

    `drop_percent`: a smaller dose that is at least so much less than before also counts.
    """

    after_days: int = 0
    drop_percent: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration(Rule):
    """Has it been taken, or is it ordered, for longer than it should?"""

    longer_than_days: int | None = None
    supply_longer_than_days: int | None = None
    repeat_within_days: int | None = None
    """A new course so soon after the last one ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Symptom(Rule):
    """Does she say she has these?  At most a warning, and the line is quoted.

    `symptoms`: groups of phrases; `at_least` of the groups. `within_days_of_start`: early in the course only.
    """

    symptoms: tuple[str, ...]
    at_least: int = 1
    within_days_of_start: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRule(Rule):
    """Does a score ask for something?  `item` and `item_at_least`: one answer; `flag`: a named answer of the scale.

    `worse_by`: higher by so much than the score before it (within `within_days`).
    """

    scale: tuple[str, ...]
    at_least: Decimal | None = None
    item: str = ""
    item_at_least: int | None = None
    triage: Literal["", "low", "moderate", "high"] = ""
    worse_by: Decimal | None = None
    within_days: int = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing(Rule):
    """Is something absent that should be there?  `without`: medicines or classes she should take beside it.

    `without_condition`: a plan or record that should exist (condition group by phrase).
    """

    without: tuple[str, ...] = ()
    without_dose_from: Dose | None = None
    """The companion counts only from this dose a day."""
    without_condition: tuple[str, ...] = ()
    without_score: tuple[str, ...] = ()
    """A screen that should have been done; any one of these scales."""


KINDS: dict[str, type[Rule]] = {
    "interaction": Interaction,
    "duplicate": Duplicate,
    "dose": DoseLimit,
    "titration": Titration,
    "monitoring": Monitoring,
    "result": Result,
    "life-stage": LifeStage,
    "condition": Condition,
    "allergy": Allergy,
    "exposure": Exposure,
    "pharmacogenomic": Pharmacogenomic,
    "washout": Washout,
    "stopping": Stopping,
    "duration": Duration,
    "symptom": Symptom,
    "score": ScoreRule,
    "missing": Missing,
}
