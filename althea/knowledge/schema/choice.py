"""What may she choose between?  Options, what is known of each by topic, and how much each may help.

An *option* is a medicine, a talking therapy, or no medicine now. What is known of it by topic is the same in every
situation. A *choice* is a situation (diagnoses and life stages) in which options were compared; its benefits are in
people out of 100, all for one outcome, so that two of them can be laid side by side.

Nothing here says which option is best, and no field could.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from althea.knowledge.schema.evidence import STRICT, Claim

OUT_OF = 100
"""The one denominator: every benefit is so many people of so many."""

Topic = Literal["breastfeeding", "pregnancy", "sex", "sleep", "weight", "side-effects", "stopping", "cost-effort"]
TOPICS: dict[Topic, str] = {
    "breastfeeding": "Breastfeeding",
    "pregnancy": "Pregnancy",
    "sex": "Sex and closeness",
    "sleep": "Sleep",
    "weight": "Weight",
    "side-effects": "Side effects",
    "stopping": "Stopping",
    "cost-effort": "Cost and effort",
}
"""What a woman may say matters to her, by the name she reads."""

Grade = Literal[
    "none", "well studied", "low", "less likely",
    "some", "mixed", "little known", "not known",
    "likely", "very likely", "known risk", "high",
]  # fmt: skip
STANDING: dict[Grade, int] = {
    "none": 0, "well studied": 0, "low": 0, "less likely": 0,
    "some": 1, "mixed": 1, "little known": 1, "not known": 1,
    "likely": 2, "very likely": 2, "known risk": 2, "high": 2,
}  # fmt: skip
"""Where a grade stands when a topic matters to her: 0 speaks for it, 2 against it, and what nobody knows is between."""

Stage = Literal["pregnant", "after-birth", "neither"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionTopic(Claim):
    """What is known of one option in one matter?

    `in_short`: a few words that finish "it stands here because ..." ("keeps weight as it is"). `for_her`: one or two
    plain sentences. `says`: the same for her prescriber, with the numbers.
    """

    about: Topic
    grade: Grade
    in_short: str
    for_her: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """Something she may choose. `medicine`: its id, where it is one. `means`: what choosing it asks of her."""

    __pydantic_config__ = STRICT

    id: str
    kind: Literal["medicine", "therapy", "no-medicine"]
    name: str
    medicine: str = ""
    for_her: str
    means: tuple[str, ...] = ()
    topics: tuple[OptionTopic, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefit(Claim):
    """How many of 100 feel much better with this option, and how many would anyway?

    Either the source counts them (`more`), or it gives a ratio and `more` is calculated from it and from `anyway`
    (`engine/options_numbers.py`). `anyway_low`, `anyway_high`: the range the source gives for those better anyway.
    `more_low`, `more_high` and the ends of a ratio are the source's 95 of 100 interval. Without numbers there is only
    what is said in words. `family`: the number is that of a family of medicines, and this one was not counted alone.
    """

    option: str
    of_whom: str
    """Plural, in her words: "women with low mood after birth"."""
    studied: str
    """Who was studied, how, how many: for the prescriber."""
    limits: str
    limits_for_her: str
    family: str = ""
    certainty: Literal["", "high", "moderate", "low", "very low"] = ""
    weeks: int | None = None
    weeks_to: int | None = None
    anyway: int | None = None
    anyway_low: int | None = None
    anyway_high: int | None = None
    more: int | None = None
    more_low: int | None = None
    more_high: int | None = None
    odds_ratio: Decimal | None = None
    odds_ratio_low: Decimal | None = None
    odds_ratio_high: Decimal | None = None
    risk_ratio: Decimal | None = None
    risk_ratio_low: Decimal | None = None
    risk_ratio_high: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A situation in which options were compared: any of `conditions`, none of `without`, one of `stages`.

    `studied_stages`: the life stages the studies speak of; in another stage every benefit is said to be from elsewhere.
    `within_days`: how long after a birth still counts. `outcome` is what "feel much better" was in the studies. `ask`:
    what a record cannot tell and her prescriber must.
    """

    __pydantic_config__ = STRICT

    id: str
    name: str
    for_her: str
    conditions: tuple[str, ...]
    without: tuple[str, ...] = ()
    stages: tuple[Stage, ...]
    studied_stages: tuple[Stage, ...]
    within_days: int | None = None
    outcome: str
    ask: str = ""
    benefits: tuple[Benefit, ...]
