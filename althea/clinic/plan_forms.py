"""What may be typed into her plan?  One form for each kind of entry; each makes the entry it stands for."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from althea.care import entries as said
from althea.care.diagnoses import codes
from althea.care.typed import Day, Past, Text

CERTAINTY = (
    ("confirmed", "Confirmed"),
    ("provisional", "Provisional: likely, to be confirmed"),
    ("differential", "Differential: one of the things it could be"),
    ("ruled-out", "Ruled out"),
)
ILLNESSES = (("depression", "Depression"), ("bipolar", "Bipolar disorder"), ("psychosis", "Psychosis"))
MOST_EPISODES = 99
STATUS = (("active", "Now"), ("resolved", "It is over"))
ALWAYS_WEIGHED = ("Watchful waiting", "Psychotherapy", "Self-care and support", "Medicine")
"""On the list of every talk; what was not weighed is shown as not weighed."""
RANKS = 20


class Diagnosis(forms.Form):
    use_required_attribute = False  # a code alone will do: the browser must not insist on words
    text = Text(
        label="Diagnosis", help_text="In words. Left empty, it takes the words of the code you pick.", longest=300,
        empty="Name the diagnosis, or search for its code.",
    )  # fmt: skip
    code = forms.CharField(required=False, widget=forms.HiddenInput)
    certainty = forms.ChoiceField(
        label="How sure",
        choices=CERTAINTY,
        widget=forms.RadioSelect,
        error_messages={"required": "Say how sure it is.", "invalid_choice": "Pick one of the four."},
    )
    since = Day(label="Since", help_text="The day it began, as far as it is known. Empty: not known.")
    status = forms.ChoiceField(label="Is it there now", choices=STATUS, widget=forms.RadioSelect, initial="active")
    until = Day(label="Until", help_text="Only for what is over.")

    def __init__(self, *args: Any, on: date, **named: Any) -> None:
        super().__init__(*args, **named)
        self.on = on
        if self.is_bound and str(self.data.get("code", "")).strip():
            self.fields["text"].required = False

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip().upper()
        if code and code not in codes():
            raise forms.ValidationError("That code is not in the list. Search for it, or choose “No code”.")
        return code

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        since, until = told.get("since"), told.get("until")
        if not told.get("text") and "text" not in self.errors:
            told["text"] = codes()[told["code"]].text if told.get("code") else ""
        if since and since > self.on:
            self.add_error("since", "That day is ahead. Pick today or a day before.")
        if until and until > self.on:
            self.add_error("until", "That day is ahead. Pick today or a day before.")
        elif until and since and until < since:
            self.add_error("until", "That is before it began. Pick a later day.")
        return told

    def body(self) -> said.Condition:
        return said.Condition(**{name: value for name, value in self.cleaned_data.items() if value is not None})


class Episodes(forms.Form):
    illness = forms.ChoiceField(
        label="Of what",
        choices=ILLNESSES,
        widget=forms.RadioSelect,
        initial="depression",
        error_messages={"required": "Pick one of the three.", "invalid_choice": "Pick one of the three."},
    )
    number = forms.IntegerField(
        label="How many times in her life", min_value=1, max_value=MOST_EPISODES,
        help_text="This time counted. Not known: leave this page without saving.",
        error_messages={"invalid": "Write a number such as 2.", "required": "Write a number such as 2.",
                        "min_value": "This time counts: 1 or more.",
                        "max_value": f"Write {MOST_EPISODES} for that many or more."},
    )  # fmt: skip

    def body(self) -> said.Episodes:
        return said.Episodes(**self.cleaned_data)


class Goal(forms.Form):
    words = Text(label="What she wants, in her words", rows=3, empty="Write what she said.")
    rank = forms.IntegerField(
        label="Place among her goals", min_value=1, max_value=RANKS, initial=1, help_text="1 is the one she put first.",
        error_messages={"invalid": "Write a number such as 1.", "required": "Write a number such as 1.",
                        "min_value": "1 is the first place.", "max_value": f"{RANKS} places are enough."},
    )  # fmt: skip
    measure = Text(
        label="How you will both see it come",
        help_text="“Nights of 7”, “evenings without dread”. Her weekly check-in asks her by it, in these words.",
        longest=300,
    )
    now = Text(
        label="How near it is now",
        help_text="What you saw at the visit: “4 of 7 nights”. Empty: not written.",
        longest=300,
    )

    def body(self) -> said.Goal:
        return said.Goal(**self.cleaned_data)


class Agreed(forms.Form):
    therapy = Text(label="Psychotherapy", rows=2, help_text="Which, with whom, how often, which session it is.")
    self_care = Text(label="Self-care", rows=2)
    support = Text(label="Support", rows=2, help_text="Who is there for her.")
    who_does_what = Text(
        label="Who does what", rows=4, help_text="One line each: “Sam: the 1 am feed”. Up to 30 lines."
    )
    if_pregnant = Text(label="If she is or may be pregnant", rows=2, help_text="What was agreed. She reads this too.")
    review_on = Day(label="Look again together on", help_text="It comes before you two days ahead.")

    def __init__(self, *args: Any, on: date, **named: Any) -> None:
        super().__init__(*args, **named)
        self.on = on
        self.fields["review_on"].widget.attrs["min"] = on.isoformat()

    def clean_who_does_what(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["who_does_what"].splitlines() if line.strip()]
        if len(lines) > 30:
            raise forms.ValidationError(f"That is {len(lines)} lines. Keep the 30 that matter most.")
        return lines

    def clean_review_on(self) -> date | None:
        day: date | None = self.cleaned_data["review_on"]
        if day is not None and day < self.on:
            raise forms.ValidationError(str(Past(self.on)))
        return day

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not self.errors and not any(told.values()):
            raise forms.ValidationError("Nothing is written yet. Write what was agreed.")
        return told

    def body(self) -> said.Plan:
        return said.Plan(**self.cleaned_data)


class Talk(forms.Form):
    severity = Text(label="How severe it is", longest=500, empty="Say how severe it is, in a few words.")
    tried = Text(label="What she has tried, and what stopped working", rows=3)
    weighed = forms.MultipleChoiceField(
        label="What you weighed together", choices=[(one, one) for one in ALWAYS_WEIGHED], required=False,
        widget=forms.CheckboxSelectMultiple, help_text="What you do not tick is shown as not talked about.",
    )  # fmt: skip
    more = Text(label="What else was weighed, or said", rows=3)

    def body(self) -> said.Talked:
        told = self.cleaned_data
        more = [told["more"]] if told["more"] else []
        return said.Talked(severity=told["severity"], tried=told["tried"], weighed=[*told["weighed"], *more])
