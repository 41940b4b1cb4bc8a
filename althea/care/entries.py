"""What may an entry of the record say?  The shape of each kind's body, unknown words forbidden.

    Score(scale="phq-9", total=13, items={"item 9": 0}).body()  ->  {"scale": "phq-9", ...}
    of(entry)                                                    ->  Score(scale="phq-9", ...)

`None` is "not known" everywhere; a list that is empty was looked through and is empty. Doses are words of one number
and one unit ("75 mg"), checked when they are written. Which observations of the FHIR contract an answer about her life
stage becomes is `fhir/write.py`'s to say.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from althea.knowledge.quantity import Dose

LONGEST = 10_000
"""Characters of one free text; what is longer is refused in words, never cut."""
SHORT = 120
"""Characters of one line."""
NOT_KNOWN = "not-known"
"""She said that she does not know."""


def _a_dose(words: str) -> str:
    Dose.parse(words)
    return words


Words = Annotated[str, Field(max_length=LONGEST)]
DoseWords = Annotated[str, AfterValidator(_a_dose)]
Sent = Literal[False] | None
"""False: she answered it in a check-in that passed before she sent it. None: sent, or told otherwise."""


class Body(BaseModel):
    """One kind of entry. `kind` is the word in the table."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: ClassVar[str]
    keys: ClassVar[tuple[str, ...]] = ()
    """Fields that are for the program, the id of another entry among them: never shown as words."""

    def body(self) -> dict[str, Any]:
        """Plain JSON, what is not known left out."""
        return self.model_dump(mode="json", exclude_none=True)


class Condition(Body):
    """A diagnosis. `code`: ICD-10-CM; empty: in words only."""

    kind = "condition"
    text: Words
    code: str = Field("", max_length=10)
    certainty: Literal["confirmed", "provisional", "differential", "ruled-out"] = "confirmed"
    status: Literal["active", "resolved"] = "active"
    since: date | None = None
    until: date | None = None


class Family(Body):
    """An illness in her close family: never hers. `illness`: a group of the knowledge's conditions."""

    kind = "family"
    illness: str
    text: Words


class Episodes(Body):
    """How often she has lived through this illness in her life, the present time counted."""

    kind = "episodes"
    illness: Literal["depression", "bipolar", "psychosis"]  # a group of the knowledge's conditions
    number: int = Field(ge=1, le=99)


class Allergy(Body):
    kind = "allergy"
    text: Words
    rxcui: str = ""
    reaction: Words = ""


class Result(Body):
    """A laboratory or body measure. `value` None: it could not be read, and `said` says what was there."""

    kind = "result"
    measure: str
    value: Decimal | None = None
    unit: str = ""
    said: Words = ""


class Score(Body):
    """A scale filled in. `total` None: incomplete. Items by the scale record's own ids, as scored."""

    kind = "score"
    scale: str
    total: Decimal | None = None
    band: str = ""
    items: dict[str, int | bool | str] = Field(default_factory=dict)
    sent: Sent = None


class LifeStage(Body):
    """One answer about her reproductive life. `value` is of the topic."""

    kind = "life-stage"
    topic: Literal[
        "pregnancy", "gestation", "due", "ended", "delivery", "infant", "breastfeeding", "contraception", "planning",
        "menopause", "period",
    ]  # fmt: skip
    value: str
    """pregnancy: pregnant, not pregnant, unknown. gestation, infant: days. due, delivery, period: a date. ended: the
    day on which a pregnancy was lost or ended early, in her words and without a code. breastfeeding, planning: yes, no
    or unknown. contraception: method ids, separated by commas ("" is none), or unknown. menopause: peri, post."""


class Tobacco(Body):
    kind = "tobacco"
    status: Literal["current", "stopped", "never"]
    cigarettes_a_day: Decimal | None = None


class Symptom(Body):
    """A line she said, that day."""

    kind = "symptom"
    words: Words
    sent: Sent = None


class Gene(Body):
    kind = "gene"
    gene: str
    phenotype: str


class Medicine(Body):
    """A medicine not ordered here: from elsewhere, over the counter, or a past trial told as data."""

    kind = "medicine"
    text: Words
    medicine: str = ""  # an id of the knowledge; empty: only its words
    rxcui: str = ""
    dose: DoseWords | None = None  # at one time
    times_a_day: Decimal | None = None
    as_needed: bool = False
    since: date | None = None
    until: date | None = None
    running: bool | None = None  # None: not known whether she still takes it
    reached: DoseWords | None = None  # the highest dose a day
    weeks: Decimal | None = None
    result: Literal["helped", "partly", "did not help", "made worse"] | None = None
    why_stopped: Words = ""
    from_whom: Words = ""


class Goal(Body):
    """What she wants, in her words, and how it will be seen."""

    kind = "goal"
    keys = ("first", "now_on")
    words: Words
    rank: int = 1
    measure: Words = ""
    now: Words = ""
    first: str | None = None
    """The entry that this goal was first written in, where this is another wording of it."""
    now_on: date | None = None
    """The day of `now`, where the goal was worded anew since and `now` stayed as it was. None: the entry's own."""


class GoalTold(Body):
    """How near a goal of hers is, as she told it. `goal`: the entry the goal was first written in; `measure`: by what
    she was asked. What she left empty is no entry."""

    kind = "goal-told"
    keys = ("goal",)
    goal: str
    measure: Words
    told: Annotated[str, Field(min_length=1, max_length=SHORT)]
    sent: Sent = None


class Plan(Body):
    """What was agreed to do, medicine apart. A line of `who_does_what` is "who: what"."""

    kind = "plan"
    therapy: Words = ""
    self_care: Words = ""
    support: Words = ""
    who_does_what: list[Words] = Field(default_factory=list)
    if_pregnant: Words = ""
    review_on: date | None = None


class SafetyPlan(Body):
    kind = "safety-plan"
    lines: list[Words]


class SideEffect(Body):
    kind = "side-effect"
    what: Words
    since: date
    until: date | None = None
    bother: int | None = Field(None, ge=0, le=3)
    """0 hardly, 1 a little, 2 a lot, 3 cannot live with it."""
    medicine: str = ""
    thinks_so: bool | None = None  # does she think the medicine does it?
    thinks: str | None = None
    """Of several medicines on trial, which she thinks it comes from, or NOT_KNOWN. Her view: `medicine` stays empty."""
    sent: Sent = None


class DoseTaken(Body):
    """Was the dose of that day taken?  `taken` None: she does not remember."""

    kind = "dose-taken"
    medicine: str
    taken: bool | None = None
    why: Words = ""
    sent: Sent = None


class Looked(Body):
    """A topic of the record was gone through whole with her: absence now means absence."""

    kind = "looked"
    topic: Literal["medicines", "conditions", "allergies", "observations"]


class Talked(Body):
    """Whether medicine is right at all was talked over: what was weighed, watchful waiting and therapy among it."""

    kind = "talked"
    severity: Words = ""
    tried: Words = ""
    weighed: list[Words] = Field(default_factory=list)


class Decision(Body):
    """Her decision: hers, whole, and with what she saw. `chosen`: an option's id, "no-medicine" too, or "not-now"."""

    kind = "decision"
    about: Literal["options", "review"]
    offer: str = ""
    seen: str = ""  # the digest of exactly what was shown
    options: list[str] = Field(default_factory=list)
    chosen: str
    chosen_words: Words
    values: list[str] = Field(default_factory=list)
    reasons: Words = ""  # in her words
    whose: Literal["hers", "shared", "prescriber"]
    talked_over: list[str] = Field(default_factory=list)
    knowledge: str = ""
    dose: DoseWords | Literal[""] = ""  # agreed at a review, at one time; the order that follows says it


class Consent(Body):
    """She agreed to this text, on this day."""

    kind = "consent"
    decision: str
    text: Words
    how: Literal["on her phone", "at the visit"]


class Maintenance(Body):
    """She is well: how it is kept so. `how_long`: as the knowledge's records say it, or that they do not."""

    kind = "maintenance"
    trial: str
    early_signs: Words = ""  # in her words
    watch: Words = ""
    how_long: Words = ""
    every_weeks: int = Field(4, ge=1, le=26)
    review_on: date


KINDS: dict[str, type[Body]] = {
    one.kind: one
    for one in (
        Condition, Family, Episodes, Allergy, Result, Score, LifeStage, Tobacco, Symptom, Gene, Medicine, Goal,
        GoalTold, Plan, SafetyPlan, SideEffect, DoseTaken, Looked, Talked, Decision, Consent, Maintenance,
    )
}  # fmt: skip


def of(kind: str, body: dict[str, Any]) -> Body:
    """The body as its kind. Raises KeyError for a kind that is not in the list, pydantic's error for a wrong body."""
    return KINDS[kind].model_validate(body)
