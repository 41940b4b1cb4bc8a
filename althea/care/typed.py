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
