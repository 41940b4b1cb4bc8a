"""What was tried before, as data?  Told by her or her records, and our own trials that ended, each once.

Both are read alike by the options (`engine.options`) and by the next step of a trial (`engine.advise`). A trial that
ran here is told by what was measured; the same medicine told of again over the same time does not count twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from althea.care import entries as said
from althea.care.dose_history import daily_steps
from althea.care.facts import Chart
from althea.care.known import knowledge
from althea.care.models import Trial
from althea.engine.facts import plain
from althea.engine.options import PastTrial

Outcome = Literal["helped", "helped in part", "did not help", "made worse", "not known"]
OF_TOLD: dict[str | None, Outcome] = {
    "helped": "helped", "partly": "helped in part", "did not help": "did not help", "made worse": "made worse",
    None: "not known",
}  # fmt: skip
OF_CATEGORY: dict[str, Outcome] = {
    "remission": "helped", "response": "helped", "partial response": "helped in part", "no response": "did not help",
    "worse": "made worse", "not known": "not known",
}  # fmt: skip
IN_WORDS: dict[Outcome, str] = {
    "helped": "helped",
    "helped in part": "helped in part",
    "did not help": "did not help",
    "made worse": "she felt worse",
    "not known": "how it went is not known, inadequate to judge by",
}
ACTIVATED = ("hypomani", "manic", "mania", "activation", "elated")


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One medicine tried before. `medicine` empty: none of ours, only its name."""

    name: str
    medicine: str = ""
    dose: str = ""
    weeks: Decimal | None = None
    outcome: Outcome = "not known"
    why_stopped: str = ""
    since: date | None = None
    until: date | None = None

    def for_options(self) -> PastTrial:
        return PastTrial(
            medicine=self.medicine, dose=self.dose, weeks=self.weeks, outcome=self.outcome,
            stopped_because=self.why_stopped,
        )  # fmt: skip

    def in_words(self) -> str:
        """One line, in words that `engine.course` reads as they are meant: her own words only where they add a fact."""
        parts = [f"{self.name} {self.dose}".strip()]
        if self.weeks is not None:
            parts.append(f"{int(self.weeks)} weeks")
        why = self.why_stopped.lower()
        matters = any(one in why for one in ACTIVATED) or self.outcome in ("did not help", "made worse")
        because = f"; stopped: {self.why_stopped}" if self.why_stopped and matters else ""
        return f"{', '.join(parts)}: {IN_WORDS[self.outcome]}{because}"


def past_trials(chart: Chart, ended: Sequence[tuple[Trial, str]], on: date) -> tuple[Past, ...]:
    """Newest last. `ended`: our own trials that are over, each with the category it ended in (`trial_case`)."""
    own = [(trial, _of_ours(trial, category, chart)) for trial, category in ended if trial.started_on is not None]
    told = [_told(body) for entry, body in chart.of(said.Medicine) if entry.on <= on and _was_tried(body)]
    kept = [past for past in told if not any(_same(past, trial) for trial, _ in own)]
    return tuple(sorted([*kept, *(past for _, past in own)], key=lambda one: one.until or date.min))


def _was_tried(body: said.Medicine) -> bool:
    """A medicine for the mind, taken and ended: one of ours, or one known only by what is told of how it went."""
    if body.running is not False:
        return False
    return body.medicine in knowledge().monographs or (not body.medicine and body.result is not None)


def _told(body: said.Medicine) -> Past:
    return Past(
        name=knowledge().name_of(body.medicine) if body.medicine else body.text,
        medicine=body.medicine,
        dose=body.reached or "",
        weeks=body.weeks,
        outcome=OF_TOLD[body.result],
        why_stopped=body.why_stopped,
        since=body.since,
        until=body.until,
    )


def _of_ours(trial: Trial, category: str, chart: Chart) -> Past:
    days = (trial.ended_on - trial.started_on).days if trial.ended_on and trial.started_on else None
    return Past(
        name=knowledge().name_of(trial.medicine),
        medicine=trial.medicine,
        dose=_highest(trial, chart),
        weeks=None if days is None else Decimal(days // 7),
        outcome=OF_CATEGORY.get(category, "not known"),
        why_stopped=trial.outcome,
        since=trial.started_on,
        until=trial.ended_on,
    )


def _highest(trial: Trial, chart: Chart) -> str:
    """The highest daily dose of its signed orders while it ran; empty: not known."""
    rows = [row for row in daily_steps(chart.orders, trial.medicine) if row.mg]
    while_it_ran = [row for row in rows if trial.ended_on is None or row.on < trial.ended_on]
    highest = max((row.mg for row in while_it_ran if row.mg is not None), default=None)
    return "" if highest is None else f"{plain(highest)} mg"


def _same(past: Past, trial: Trial) -> bool:
    """The same medicine, told of a time that ours covers."""
    if past.medicine != trial.medicine or trial.started_on is None:
        return False
    return past.until is not None and past.until >= trial.started_on


def effective_dose(past: Iterable[Past], medicine: str) -> str:
    """The dose of this medicine that helped her before; empty: none is known."""
    return next((one.dose for one in past if one.medicine == medicine and one.outcome == "helped" and one.dose), "")
