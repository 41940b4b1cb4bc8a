"""A paper from plain words: what a room that may not know this one hands over as dictionaries, shaped as the papers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .order import OrderPaper, Supply
from .sheet import Advice, Call, HerWords, Made
from .steps import Step
from .taper import TaperPaper


def order_paper(given: Mapping[str, Any]) -> OrderPaper:
    """An order's sheets."""
    plain = {key: value for key, value in given.items() if key not in ("made", "steps", "supply", "advice", "calls")}
    supply = tuple(Supply(**one) for one in given["supply"])
    return OrderPaper(**plain, **_shared(given), supply=supply)


def taper_paper(given: Mapping[str, Any]) -> TaperPaper:
    """A taper's sheet and its calendar."""
    plain = {key: value for key, value in given.items() if key not in ("made", "steps", "choice", "advice", "calls")}
    choice = HerWords(**given["choice"]) if given.get("choice") else None
    return TaperPaper(**plain, **_shared(given), choice=choice)


def _shared(given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "made": Made(**given["made"]),
        "steps": tuple(Step(**one) for one in given["steps"]),
        "advice": tuple(Advice(**one) for one in given.get("advice", ())),
        "calls": tuple(Call(**one) for one in given.get("calls", ())),
    }
