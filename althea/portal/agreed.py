"""What did she and her prescriber agree at the last review?  In her words where there are any, no medicine's name."""

from __future__ import annotations

from datetime import date
from typing import Any

from althea.care import entries as said
from althea.care.facts import Chart
from althea.care.models import Trial

IN_HER_WORDS = {
    "optimise_dose": "Go up to a higher dose",
    "continue_and_recheck": "Go on as it is, and look again",
    "continue_maintain": "Keep going, with a plan to stay well",
    "augment": "Look at adding a second medicine",
    "add_psychotherapy": "Do more therapy",
    "switch": "Look at changing to another medicine",
    "switch_to_clozapine": "Look at changing to another medicine",
    "taper_stop": "Stop slowly, with a plan",
    "address_side_effects": "Deal with what bothers your body first",
    "reassess_diagnosis": "Look again at what it is",
    "measure_first": "First see how you are",
    "check_adherence": "First see how it goes with the doses",
    "urgent_escalation": "Talk today",
}
WHOSE = {"hers": "Your choice", "shared": "A choice you made together", "prescriber": "Mostly your prescriber's choice"}


def agreed(chart: Chart, trial: Trial | None, on: date) -> dict[str, Any] | None:
    """The newest decision of a review of this trial. None: there is none, or no trial."""
    if trial is None:
        return None
    for entry, body in chart.of(said.Decision):
        since = trial.started_on is None or entry.on >= trial.started_on
        if body.about == "review" and since and body.chosen in IN_HER_WORDS:
            keeping = next((plan for _, plan in chart.of(said.Maintenance) if plan.trial == str(trial.pk)), None)
            return {
                "words": IN_HER_WORDS[body.chosen],
                "in_full": body.chosen_words,
                "reason": body.reasons,
                "whose": WHOSE[body.whose],
                "who": entry.recorded_by,
                "on": entry.on,
                "next": trial.review_on
                if trial.ended_on is None and trial.review_on and trial.review_on >= on
                else None,
                "keeping": keeping if body.chosen == "continue_maintain" else None,
            }
    return None


def newest(trials: list[Trial]) -> Trial | None:
    """The trial that her pages speak of: the last one that began to be talked of."""
    return max(trials, key=lambda one: one.created_at, default=None)
