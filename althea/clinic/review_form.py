"""What is asked when a review is decided together?  Whose choice, her reason, what was talked about, and when next."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator

from althea.care.entries import LONGEST
from althea.care.known import knowledge
from althea.care.models import Trial
from althea.care.regimen import NotReadable, read_dose
from althea.care.trial_case import Case
from althea.engine.calendar import NotInTablets, in_tablets
from althea.knowledge.quantity import Dose
from althea.look.words import day

WHOSE = (("hers", "Hers"), ("shared", "Shared"), ("prescriber", "Mine"))
TALKED = (
    ("benefits and side effects", "Talked about benefits and side effects"),
    ("other options, and none", "Talked about other options, and none"),
    ("she has the plan on her phone", "She has the plan on her phone"),
)
EVERY = ((1, "Each week"), (2, "Every 2 weeks"), (4, "Every 4 weeks"))
LATEST = timedelta(days=365)
YOUNG = range(18, 26)
NO_REVIEW_DAY = frozenset(("taper_stop", "measure_first", "check_adherence", "urgent_escalation"))
"""Choices after which no day to look again is set here."""


class Longest(MaxLengthValidator):
    """Says how long it is and how long it may be; nothing is cut."""

    def __init__(self) -> None:
        super().__init__(LONGEST)

    def __call__(self, value: str) -> None:
        if len(value) > LONGEST:
            raise forms.ValidationError(
                f"That is {len(value):,} characters. We can keep {LONGEST:,}. Shorten it a little."
            )


def words(label: str, help_text: str = "", rows: int = 3, *, required: bool = False) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
    return forms.CharField(label=label, help_text=help_text, required=required, widget=area, validators=[Longest()])


class Decide(forms.Form):
    """The form beside the ranked steps. Which fields it has depends on the step that was chosen; none yet is empty."""

    use_required_attribute = False
    chosen = forms.ChoiceField(label="What you agreed")
    dose = forms.CharField(
        label="New dose a day", max_length=30,
        error_messages={"required": "Write the new dose a day, for example 100 mg."},
    )  # fmt: skip
    whose = forms.ChoiceField(
        label="This choice was mostly", choices=WHOSE, widget=forms.RadioSelect,
        error_messages={"required": "Say whose choice it was: hers, shared, or yours."},
    )  # fmt: skip
    reasons = words("Her reason, in her words")
    early_signs = words("Early signs, in her words", "What would she notice first if it came back?", 2)
    watch = words("What to watch", rows=2)
    every_weeks = forms.TypedChoiceField(label="How often she is asked", choices=EVERY, coerce=int, initial=4)
    review_on = forms.DateField(
        label="Next review", widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "Pick the day to look again.", "invalid": "That is not a day. Pick one."},
    )  # fmt: skip
    talked_over = forms.MultipleChoiceField(
        label="Talked about", choices=TALKED, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, code: str, on: date, now: Dose | None, most: Dose | None, strengths: list[Dose], halves: bool,
        times: int, steps: list[tuple[str, str]], **named: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **named)
        self.fields["chosen"].choices = [("", "Choose a step"), *steps]  # type: ignore[attr-defined]
        self.on, self.now, self.most = on, now, most
        self.strengths, self.halves, self.times = strengths, halves, times
        if code != "optimise_dose":
            del self.fields["dose"]
        if code != "continue_maintain":
            for name in ("early_signs", "watch", "every_weeks"):
                del self.fields[name]
        if not code or code in NO_REVIEW_DAY:
            del self.fields["review_on"]

    def clean_dose(self) -> str:
        """A dose a day that tablets can make and that is more than now."""
        try:
            dose = read_dose(self.cleaned_data["dose"])
        except NotReadable as wrong:
            raise forms.ValidationError(str(wrong)) from None
        if self.now is not None and dose.mg <= self.now.mg:
            raise forms.ValidationError(f"She takes {self.now}. An increase is more than that.")
        each = None if self.most is None else Dose(self.most.mg / self.times, self.most.unit)
        try:
            in_tablets(Dose(dose.mg / self.times, dose.unit), self.strengths, halves=self.halves, most=each)
        except NotInTablets as wrong:
            if self.strengths:
                above = self.most is not None and dose.mg > self.most.mg
                more = f" It is above the highest dose for her, {self.most} a day." if above else ""
                raise forms.ValidationError(f"{wrong}{more}") from None
        return str(dose)

    def clean_review_on(self) -> date:
        """A day after today, within a year."""
        found: date = self.cleaned_data["review_on"]
        first = self.on + timedelta(days=1)
        if found < first:
            raise forms.ValidationError(f"This is not after today. Pick {day(first, self.on)} or later.")
        if found > self.on + LATEST:
            raise forms.ValidationError(f"This is more than a year off. Pick {day(self.on + LATEST)} or sooner.")
        return found


def next_review(case: Case, code: str) -> date:
    """The day proposed: by the knowledge's days after a step; for keeping well, by its longest unchanged plan.

    Sooner for the young and after an answer on self-harm, as the number's document has it.
    """
    numbers = knowledge().numbers
    if code == "continue_maintain":
        return case.on + timedelta(weeks=int(numbers["max-weeks-without-remission"].value))
    soon = (case.told.age or 0) in YOUNG or bool(case.told.item9)
    return case.on + timedelta(days=int(numbers["review-days-young-or-risk" if soon else "review-days"].value))


def how_long(trial: Trial, case: Case) -> str:
    """How long to go on, as the knowledge says it, verified or not; else that it does not. She reads it too."""
    if not case.course.has("depression"):
        return "How long to go on with this diagnosis is not in our knowledge."
    numbers = knowledge().numbers
    low, high, long = (numbers[f"maintenance-months-{one}"] for one in ("from", "to", "high-risk"))
    episodes = numbers["episodes-high-risk"].value
    words_ = (
        f"{low.value} to {high.value} months after feeling well again; at least {long.value} months after {episodes} "
        "episodes or more, or an earlier attempt"
    )
    return f"{words_} (not yet verified in its document)." if low.mark == "unverified" else f"{words_}."
