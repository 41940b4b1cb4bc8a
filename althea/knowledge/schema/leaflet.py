"""What may she read of her medicine, alone, at night?  The label's patient information, in words of ours.

A line is one matter with its own source. Nothing here is a dose, and nothing says that she should change or stop
anything: that is for her prescriber's words. A line that nobody read in its document does not stand in a leaflet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from althea.knowledge.schema.evidence import STRICT, Claim

LeafletTopic = Literal["for", "works", "missed", "effect", "same-day", "emergency"]
"""What it is for; how it works; a missed dose; something many notice; when to call the day it is noticed; when to call
for help at once."""

ForWhom = Literal["anyone", "breastfeeding", "pregnant", "can become pregnant"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeafletLine(Claim):
    """One thing she may read.

    `words`: whole sentences; for "same-day" and "emergency" what she may notice, as it ends "Call us if": "you hardly
    need sleep and feel wired". `effect`: its name, where it is one. `of_100`: how many of 100 who took it told of it in
    the studies of the label, `of_100_without`: of those on a dummy tablet; `of_whom`: who they were.
    """

    about: LeafletTopic
    words: str
    effect: str = ""
    of_100: int | None = None
    of_100_without: int | None = None
    of_whom: str = ""
    for_whom: ForWhom = "anyone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaflet:
    """Everything she may read of one medicine. `id` is the medicine's."""

    __pydantic_config__ = STRICT

    id: str
    lines: tuple[LeafletLine, ...]
