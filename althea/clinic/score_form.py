"""A score from paper: which scale, which day, which total, and what she answered to its question on self-harm."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from althea.care.actions.review import harm_item
from althea.care.known import knowledge
from althea.care.models import Trial
from althea.look.words import day


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
        return found

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        book = knowledge().scales.get(given.get("scale", ""))
        if book is None:
            return given
        lowest, highest = bounds(given["scale"])
        total, harm = given.get("total"), given.get("harm")
        if total is not None and not lowest <= total <= highest:
            self.add_error("total", f"The {book.name} goes from {lowest} to {highest}. Look at the sheet again.")
        item = next((one for one in book.items if one.id == harm_item(given["scale"])), None)
        if harm is not None and item is None:
            self.add_error("harm", f"The {book.name} has no such question. Leave it empty.")
        elif harm is not None and item is not None and not item.low <= harm <= item.high:
            self.add_error("harm", f"An answer is {item.low} to {item.high}. Look at the sheet again.")
        given.setdefault("harm", None)
        return given


def bounds(scale: str) -> tuple[int, int]:
    """The lowest and highest total a scale can have."""
    items = [one for one in knowledge().scales[scale].items if one.counts]
    return sum(one.low for one in items), sum(one.high for one in items)
