"""How is a trial said in words, the same on every page and in every item?"""

from __future__ import annotations

from datetime import date

from althea.care.models import Trial


def week_of(trial: Trial, on: date) -> int | None:
    """Which week of it is this day in?  The first seven days are week 1. None: it has not begun."""
    if trial.started_on is None or on < trial.started_on:
        return None
    return (on - trial.started_on).days // 7 + 1


def week_in_words(trial: Trial, on: date) -> str:
    """ "week 5 of 8 planned"; "week 9; 8 were planned"; "week 9; for how long, was not planned".

    What was planned when it was signed. What counts as a fair trial is the knowledge's, and said beside it as such.
    """
    week = week_of(trial, on)
    if week is None:
        return "not begun yet"
    if trial.weeks is None:
        return f"week {week}; for how long, was not planned"
    planned = f"{trial.weeks} {'was' if trial.weeks == 1 else 'were'} planned"
    return f"week {week} of {trial.weeks} planned" if week <= trial.weeks else f"week {week}; {planned}"


def review_address(trial: Trial) -> str:
    """Where its review is done."""
    return f"/patients/{trial.patient_id}/trials/{trial.pk}/review"


def when_due(due_on: date, on: date) -> str:
    """ "Due today", "Due in 1 day", "3 days late"."""
    days = (due_on - on).days
    if days == 0:
        return "Due today"
    count = f"{abs(days)} day{'' if abs(days) == 1 else 's'}"
    return f"Due in {count}" if days > 0 else f"{count} late"
