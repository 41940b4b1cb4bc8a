"""How does a person look over an entry before it goes into the record?  The proposed entry in a form, its own words.

The fields follow the shape of the entry's kind (`care/entries.py`); what was not known is empty, and stays not known
when it is left empty. A score is not edited: its answers are hers, and its total follows from them.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from pydantic import ValidationError

from althea.care import entries as said
from althea.care.intake.proposals import named
from althea.care.known import knowledge

NOT_KNOWN = ("", "Not known")
YES_NO_UNKNOWN = (NOT_KNOWN, ("yes", "Yes"), ("no", "No"))
LABELS = {
    "text": "Name", "number": "How many times in her life",
    "code": "ICD-10-CM code", "certainty": "How sure", "status": "Is it so now", "since": "Since",
    "until": "Until", "reaction": "What happened", "dose": "Dose at one time", "times_a_day": "Times a day",
    "as_needed": "Only when needed", "running": "Takes it now", "reached": "The most in a day",
    "weeks": "For how many weeks", "result": "Did it help", "why_stopped": "Why it was stopped",
    "from_whom": "Who gave it", "status.tobacco": "Tobacco", "cigarettes_a_day": "Cigarettes a day",
    "words": "In her words", "rank": "Place in her order", "measure": "How it will be seen", "now": "How it is now",
    "value": "What it is",
}  # fmt: skip
HINTS = {"number": "this time counted", "dose": "for example 50 mg", "reached": "for example 20 mg"}
FIELDS: dict[type[said.Body], tuple[str, ...]] = {
    said.Condition: ("text", "code", "certainty", "status", "since", "until"),
    said.Family: ("text",),
    said.Episodes: ("number",),
    said.Allergy: ("text", "reaction"),
    said.Medicine: (
        "text", "running", "dose", "times_a_day", "as_needed", "reached", "weeks", "result", "since", "until",
        "why_stopped", "from_whom",
    ),
    said.Tobacco: ("status", "cigarettes_a_day"),
    said.Goal: ("words", "measure", "rank"),
    said.LifeStage: ("value",),
}  # fmt: skip
CHOICES = {
    "certainty": (("confirmed", "Confirmed"), ("provisional", "Provisional"), ("differential", "One of several"),
                  ("ruled-out", "Ruled out")),
    "status": (("active", "Yes"), ("resolved", "No longer")),
    "result": (NOT_KNOWN, ("helped", "Helped"), ("partly", "Partly"), ("did not help", "Did not help"),
               ("made worse", "Made worse")),
    "status.tobacco": (("current", "Smokes"), ("stopped", "Stopped"), ("never", "Never did")),
}  # fmt: skip
STAGE_CHOICES = {
    "pregnancy": (("pregnant", "Pregnant"), ("not pregnant", "Not pregnant"), ("unknown", "Not known")),
    "breastfeeding": (("yes", "Yes"), ("no", "No"), ("unknown", "Not known")),
    "planning": (("yes", "Yes"), ("no", "No"), ("unknown", "Not known")),
    "menopause": (("peri", "Perimenopause"), ("post", "After menopause")),
}
DATES, NUMBERS, YES_NO = ("since", "until"), ("times_a_day", "weeks", "cigarettes_a_day"), ("running",)
DATED = ("due", "ended", "delivery", "period")
LONG = ("why_stopped", "words", "reaction")


def may_edit(body: said.Body) -> bool:
    return type(body) in FIELDS


class EntryForm(forms.Form):
    """The fields of one entry, and the day it is about."""

    def __init__(self, body: said.Body, on: date, sent: Any = None) -> None:
        self.kind = type(body)
        self.before = body
        initial = {name: _shown(name, getattr(body, name)) for name in FIELDS[self.kind]} | {"on": on}
        super().__init__(sent, initial=initial)
        for name in FIELDS[self.kind]:
            self.fields[name] = _field(name, body)
        self.fields["on"] = forms.DateField(label="The day it was said", widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        """The entry itself, or what is wrong with it in words beside its field."""
        given = super().clean() or {}
        ticked = given.get("value")
        if isinstance(ticked, list) and len(ticked) > 1 and {"none", "unknown"} & {*ticked}:
            self.add_error("value", "Tick what she uses, or only “Not known”, or only “No contraception”.")
        if self.errors:
            return given
        values = self.before.model_dump() | {name: _read(name, given[name]) for name in FIELDS[self.kind]}
        if "text" in FIELDS[self.kind] and values["text"] != getattr(self.before, "text", None):
            values |= {key: value for key, value in named(values["text"]).items() if key in values}
        try:
            self.body = self.kind.model_validate(values)
        except (ValidationError, ValueError) as wrong:
            for name, words in _problems(wrong):
                self.add_error(name if name in self.fields else None, words)
        return given


def _field(name: str, body: said.Body) -> forms.Field:
    key = f"{name}.{body.kind}" if f"{name}.{body.kind}" in LABELS else name
    shared: dict[str, Any] = {"label": LABELS[key], "required": False, "help_text": HINTS.get(name, "")}
    if isinstance(body, said.LifeStage):
        return _stage_field(body.topic, shared | {"required": body.topic != "contraception"})
    if key in CHOICES:
        return forms.ChoiceField(**shared, choices=CHOICES[key])
    if name in YES_NO:
        return forms.ChoiceField(**shared, choices=YES_NO_UNKNOWN)
    if name == "as_needed":
        return forms.BooleanField(**shared)
    if name in DATES:
        return forms.DateField(**shared, widget=forms.DateInput(attrs={"type": "date"}))
    if name in NUMBERS:
        return forms.DecimalField(**shared, min_value=0, max_value=10_000)
    if name in ("rank", "number"):
        return forms.IntegerField(**shared | {"required": True}, min_value=1, max_value=99)
    widget = forms.Textarea(attrs={"rows": 3, "dir": "auto"}) if name in LONG else None
    needed = name in ("text", "words")
    return forms.CharField(**shared | {"required": needed}, max_length=said.LONGEST, widget=widget)


def _stage_field(topic: str, shared: dict[str, Any]) -> forms.Field:
    if topic in STAGE_CHOICES:
        return forms.ChoiceField(**shared, choices=STAGE_CHOICES[topic])
    if topic in DATED:
        return forms.DateField(**shared, widget=forms.DateInput(attrs={"type": "date"}))
    if topic == "contraception":
        methods = [*((key, one.name) for key, one in knowledge().methods.items()), ("unknown", "Not known")]
        return forms.MultipleChoiceField(
            **shared | {"help_text": "None ticked: she uses none."},
            choices=methods,
            widget=forms.CheckboxSelectMultiple,
        )
    return forms.IntegerField(**shared, min_value=0, max_value=400)


def _shown(name: str, value: Any) -> Any:
    if isinstance(value, bool) and name in YES_NO:
        return "yes" if value else "no"
    if name == "value" and isinstance(value, str) and "," in value:
        return value.split(",")
    return value


def _read(name: str, value: Any) -> Any:
    """A form's value as the entry holds it: empty is not known."""
    if name in YES_NO:
        return {"yes": True, "no": False}.get(value)
    if isinstance(value, list):
        return ",".join(value)
    if name == "value":
        return value.isoformat() if isinstance(value, date) else str(value)
    if name in ("dose", "reached", "result") and value == "":
        return None
    return value if not isinstance(value, Decimal) else value.normalize() + 0


def _problems(wrong: Exception) -> list[tuple[str, str]]:
    if not isinstance(wrong, ValidationError):
        return [("", str(wrong))]
    found = []
    for one in wrong.errors():
        name = str(one["loc"][0]) if one["loc"] else ""
        words = "Write one number and one unit, for example 50 mg." if name in ("dose", "reached") else "Check this."
        found.append((name, words))
    return found
