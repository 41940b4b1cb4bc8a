"""A score from paper: which scale, which day, which total, and what she answered to its question on self-harm."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms

from althea.care.actions.review import harm_item
from althea.care.known import knowledge
from althea.care.models import Trial
from althea.engine import scoring
from althea.look.words import day

LONGEST_BEFORE = timedelta(days=365)
"""A score from longer before the first dose is a slip of the pen in the year, not how the trial began."""


class EnterScore(forms.Form):
    """Of the scales of this trial. Without its self-harm answer that answer stays unknown."""

    use_required_attribute = False
    prefix = "score"
    scale = forms.ChoiceField(label="Scale")
    on = forms.DateField(label="Day", widget=forms.DateInput(attrs={"type": "date"}))
    total = forms.IntegerField(label="Total", error_messages={"required": "Enter the total, a whole number."})
    harm = forms.IntegerField(
        label="Her answer to the self-harm question", required=False, help_text="0 to 3. Empty: not known."
    )

    def __init__(self, *args: Any, trial: Trial, on: date, **named: Any) -> None:
        super().__init__(*args, **named)
        self.trial, self.today = trial, on
        books = knowledge().scales
        scales = [one for one in dict.fromkeys([trial.scale, *trial.also, "fibser"]) if one in books]
        self.fields["scale"].choices = [(one, books[one].name) for one in scales]  # type: ignore[attr-defined]
        self.fields["on"].initial = on
        if not any(harm_item(one) for one in scales):
            del self.fields["harm"]

    def clean_on(self) -> date:
        found: date = self.cleaned_data["on"]
        if found > self.today:
            raise forms.ValidationError(f"This is after today. Pick {day(self.today)} or before.")
        born, begun = self.trial.patient.born_on, self.trial.started_on
        if born is not None and found < born:
            raise forms.ValidationError(f"She was born on {born:%-d %B %Y}. Look at the year again.")
        if begun is not None and found < begun - LONGEST_BEFORE:
            raise forms.ValidationError(
                f"This is more than a year before the trial began on {begun:%-d %B %Y}. Look at the year again."
            )
        return found

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        book = knowledge().scales.get(given.get("scale", ""))
        if book is None:
            return given
        total, harm = given.get("total"), given.get("harm")
        lowest, highest = bounds(given["scale"])
        item = next((one for one in book.items if one.id == harm_item(given["scale"])), None)
        if total is not None and not lowest <= total <= highest:
            self.add_error("total", f"The {book.name} goes from {lowest} to {highest}. Look at the sheet again.")
        if harm is not None and item is None:
            self.add_error("harm", f"The {book.name} has no such question. Leave it empty.")
        elif harm is not None and item is not None and not item.low <= harm <= item.high:
            self.add_error("harm", f"An answer is {item.low} to {item.high}. Look at the sheet again.")
        elif total is not None and harm is not None and item is not None and "total" not in self.errors:
            least, most = bounds(given["scale"], {item.id: harm})
            if not least <= total <= most:
                self.add_error(
                    "total",
                    f"With {harm} for the self-harm question the total is {least} to {most}, and {total} stands here. "
                    "One of the two is wrong: look at the sheet again.",
                )
        given.setdefault("harm", None)
        return given


def bounds(scale: str, answered: Mapping[str, int] | None = None) -> tuple[int, int]:
    """The lowest and highest total a scale can have, with these answers given."""
    book = knowledge().scales[scale]
    known = answered or {}
    least = scoring.score(book, [known.get(one.id, one.low) for one in book.items]).total
    most = scoring.score(book, [known.get(one.id, one.high) for one in book.items]).total
    return least or 0, most or 0
