"""How does she come off, or down?  Her choice first, the steps in tablets, what to watch for, a calendar to tick."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from ..words import Number
from .press import Size, press
from .sheet import Advice, Call, HerWords, Made, heading, her_words
from .steps import Step, as_list, as_picture, as_weeks


@dataclass(frozen=True)
class Tell:
    """How does she tell two things apart?  Two headings, pairs of what each is like, and a last pair: what to do."""

    heading: str
    one: str
    other: str
    pairs: tuple[tuple[str, str], ...]
    do: tuple[str, str]
    source: str = ""
    reviewed_by: str = ""


@dataclass(frozen=True)
class TaperPaper:
    """A taper as it is printed.

    `now` is what she takes today, in the unit of the steps.  `when` heads the calendar's doses ("Each morning").
    `ended` says that the order ends, or ended, before its steps do.
    `ask` is the question before each step, and `then` what to do by its answer.
    """

    made: Made
    medicine: str
    when: str
    now: Number
    steps: tuple[Step, ...]
    choice: HerWords | None = None
    ask: str = ""
    then: str = ""
    tell: Tell | None = None
    advice: tuple[Advice, ...] = ()
    call_when: tuple[str, ...] = ()
    calls: tuple[Call, ...] = ()
    ended: str = ""


def taper_pdf(taper: TaperPaper, size: Size = "a4") -> bytes:
    """What is the taper's PDF?  The same bytes for the same taper, tagged for screen readers, called "Notes".

    Raises ValueError where the steps are not in order, or run over more weeks than anybody prints.
    """
    return press("taper.typ", _words(taper), size)


def _words(taper: TaperPaper) -> dict[str, Any]:
    return {
        **heading(taper.made),
        "medicine": taper.medicine,
        "when": taper.when,
        "choice": her_words(taper.choice) if taper.choice else None,
        "steps": as_list(taper.steps),
        "weeks": as_weeks(taper.steps),
        "picture": as_picture(taper.steps, taper.now),
        "ask": taper.ask,
        "then": taper.then,
        "tell": asdict(taper.tell) if taper.tell else None,
        "advice": [asdict(one) for one in taper.advice],
        "call_when": taper.call_when,
        "calls": [asdict(call) for call in taper.calls],
        "ended": taper.ended,
    }
