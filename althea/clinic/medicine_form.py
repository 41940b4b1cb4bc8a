"""How is a medicine from elsewhere written down?  One form, for what she takes, may take, or took before."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from althea.care import entries as said
from althea.care.entries import LONGEST
from althea.care.named import LONGEST_NAME, Named, named
from althea.knowledge.quantity import MASS_IN_MG, Dose

MOST_TIMES, MOST_WEEKS, LARGEST = 24, 2600, Decimal(1_000_000)
"""Plainly mistakes from there on: more often than hourly, longer than fifty years, a kilogram."""
NOW, PERHAPS, BEFORE = "now", "perhaps", "before"
RESULTS = [("", "Not known"), ("helped", "Helped"), ("partly", "Helped partly"), ("did not help", "Did not help"),
           ("made worse", "Made it worse")]  # fmt: skip
UNITS = [(unit, unit) for unit in MASS_IN_MG]


def a_day(**more: Any) -> forms.DateField:
    return forms.DateField(
        required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Enter a day, for example 2026-04-07."}, **more,
    )  # fmt: skip


class Amount(forms.CharField):
    """A number as people write it: 12.5 or 12,5. Not a thousand with a comma, which could be read in two ways."""

    def __init__(self, **named_: Any) -> None:
        super().__init__(
            required=False, max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **named_
        )

    def clean(self, value: Any) -> Any:
        text = super().clean(value).strip()
        if not text:
            return None
        before, comma, after = text.partition(",")
        if comma and len(after) == 3 and before.isdigit():
            raise forms.ValidationError(f"{text} could be read in two ways. Write it without a comma.")
        try:
            number = Decimal(text.replace(",", "."))
        except ArithmeticError:
            raise forms.ValidationError(f"“{text}” is not a number. Enter a number, for example 12.5.") from None
        if not number.is_finite() or not 0 < number < LARGEST:
            raise forms.ValidationError("Enter a number above 0.")
        return number


class MedicineForm(forms.Form):
    """`today` and `born_on` bound the days."""

    what = forms.CharField(
        label="Name or brand",
        help_text="As it stands on the box. What Althea does not know is kept in these words, and not checked.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
        error_messages={"required": "Write the name of the medicine."},
    )
    runs = forms.ChoiceField(
        label="Does she take it?",
        choices=[(NOW, "Yes, now"), (PERHAPS, "Not known: perhaps still"), (BEFORE, "No, before")],
        widget=forms.RadioSelect,
        initial=NOW,
        error_messages={"required": "Say whether she takes it."},
    )
    dose = Amount(label="Dose at one time", help_text="Leave empty if it is not known.")
    unit = forms.ChoiceField(label="Unit", choices=UNITS, initial="mg", required=False)
    times = Amount(label="Times a day", help_text="A number. 0.5 is every second day.")
    as_needed = forms.BooleanField(label="Only when needed", required=False)
    since = a_day(label="Since")
    whom = forms.CharField(label="What for, from whom", max_length=LONGEST_NAME, required=False)
    reached = Amount(label="Highest dose a day", help_text="Of a medicine she took before.")
    weeks = Amount(label="For how many weeks")
    until = a_day(label="Last taken on")
    result = forms.ChoiceField(label="Did it help?", choices=RESULTS, required=False)
    why_stopped = forms.CharField(label="Why was it stopped?", max_length=LONGEST, required=False)

    def __init__(self, *args: Any, today: date, born_on: date | None, **named_: Any) -> None:
        super().__init__(*args, **named_)
        self.today, self.born_on = today, born_on

    @property
    def read_as(self) -> Named | None:
        """What the name is read as; None: none is written yet, or it is too long."""
        words = str(self["what"].value() or "").strip()
        return named(words) if words and len(words) <= LONGEST_NAME else None

    def clean_what(self) -> str:
        words: str = self.cleaned_data["what"]
        if len(words) > LONGEST_NAME:
            raise forms.ValidationError(
                f"That is {len(words):,} characters. A name can have {LONGEST_NAME}. Write only the name."
            )
        return words

    def clean_since(self) -> date | None:
        return self._a_past_day("since")

    def clean_until(self) -> date | None:
        return self._a_past_day("until")

    def clean_times(self) -> Any:
        times = self.cleaned_data["times"]
        if times is not None and times > MOST_TIMES:
            raise forms.ValidationError(f"{times:f} times a day is more than once an hour. Check the number.")
        return times

    def clean_weeks(self) -> Any:
        weeks = self.cleaned_data["weeks"]
        if weeks is not None and weeks > MOST_WEEKS:
            raise forms.ValidationError(f"{weeks:f} weeks is longer than fifty years. Check the number.")
        return weeks

    def _a_past_day(self, name: str) -> date | None:
        day: date | None = self.cleaned_data[name]
        if day is None:
            return None
        if day > self.today:
            raise forms.ValidationError(f"{day:%-d %B %Y} is after today. Enter the day it happened.")
        if self.born_on is not None and day < self.born_on:
            raise forms.ValidationError(f"{day:%-d %B %Y} is before she was born. Check the year.")
        return day

    def clean(self) -> dict[str, Any]:
        held = super().clean() or self.cleaned_data
        if held.get("since") and held.get("until") and held["until"] < held["since"]:
            self.add_error("until", "This is before the day she began. Check both days.")
        if held.get("runs") == NOW and held.get("until"):
            words = "She takes it now, so there is no last day. Empty it, or say that she took it before."
            self.add_error("until", words)
        return held

    def body(self) -> said.Medicine:
        """The entry. What is left empty is not known."""
        held, name = self.cleaned_data, named(self.cleaned_data["what"])
        before = held["runs"] == BEFORE
        return said.Medicine(
            text=name.words, medicine=name.medicine, rxcui=name.rxcui, dose=_dose(held["dose"], held["unit"]),
            times_a_day=held["times"], as_needed=held["as_needed"], since=held["since"],
            until=held["until"], running={NOW: True, PERHAPS: None, BEFORE: False}[held["runs"]],
            reached=_dose(held["reached"], held["unit"]), weeks=held["weeks"],
            result=(held["result"] or None) if before else None,
            why_stopped=held["why_stopped"], from_whom=held["whom"],
        )  # fmt: skip


def _dose(number: Decimal | None, unit: str) -> str | None:
    return None if number is None else str(Dose.of(number, unit or "mg"))


def filled(body: said.Medicine) -> dict[str, Any]:
    """An entry as the form shows it. A dose in one unit and a highest in another are both shown in the dose's."""
    dose = Dose.parse(body.dose) if body.dose else None
    reached = Dose.parse(body.reached) if body.reached else None
    unit = (dose or reached or Dose(Decimal(0))).unit

    def number(one: Dose | None) -> str:
        return "" if one is None else str(Dose(one.mg, unit)).split(" ")[0]

    return {
        "what": body.text,
        "runs": {True: NOW, None: PERHAPS, False: BEFORE}[body.running],
        "dose": number(dose),
        "unit": unit,
        "times": "" if body.times_a_day is None else f"{body.times_a_day.normalize():f}",
        "as_needed": body.as_needed,
        "since": body.since,
        "whom": body.from_whom,
        "reached": number(reached),
        "weeks": "" if body.weeks is None else f"{body.weeks.normalize():f}",
        "until": body.until,
        "result": body.result or "",
        "why_stopped": body.why_stopped,
    }
