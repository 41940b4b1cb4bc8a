"""What did somebody type, and can it be kept?  Fields of forms whose errors say what to do; nothing is ever cut off."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from althea.care.entries import LONGEST


class Text(forms.CharField):
    """Words in any script. Longer than `longest` is refused in words, never cut. (A NUL is refused at the gate.)"""

    def __init__(self, *, longest: int = LONGEST, rows: int = 0, empty: str = "", **named: Any) -> None:
        if rows:
            named.setdefault("widget", forms.Textarea(attrs={"rows": rows, "dir": "auto"}))
        else:
            named.setdefault("widget", forms.TextInput(attrs={"dir": "auto"}))
        named.setdefault("required", bool(empty))
        super().__init__(error_messages={"required": empty or "Write a few words first."}, **named)
        self.longest = longest

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        if len(text) > self.longest:
            raise forms.ValidationError(
                f"That is {len(text):,} characters. We can keep {self.longest:,}. Shorten it a little."
            )
        return text


LONGEST_PHONE = 40
NO_NUMBER = "Enter a number to call, for example 555 0123, or leave it empty."


def may_be_called(text: str) -> bool:
    """Is it a number?  Three digits are the fewest that are one (911); how else it is written is hers."""
    return sum(map(str.isdigit, text)) >= 3


class Phone(forms.CharField):
    """A number to call. Empty: not known."""

    def __init__(self, **named: Any) -> None:
        widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
        super().__init__(required=False, widget=widget, **named)

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        if text and not may_be_called(text):
            raise forms.ValidationError(NO_NUMBER)
        if len(text) > LONGEST_PHONE:
            raise forms.ValidationError(f"That is {len(text)} characters. A number has {LONGEST_PHONE} at most.")
        return text


class Day(forms.DateField):
    """A day, as the browser's own field sends it."""

    def __init__(self, **named: Any) -> None:
        named.setdefault("required", False)
        said = {"invalid": "Write a day as 2026-06-09, or pick one.", "required": "Pick a day."}
        # The browser reads only this form of a date, whatever the language of the page.
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], error_messages=said, **named)


class Past(ValueError):
    """A day that had to be ahead; its words are the page's."""

    def __init__(self, on: date) -> None:
        super().__init__(f"This is before today. Pick {on:%-d %B} or later.")
