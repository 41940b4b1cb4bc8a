"""Where does a day stand, and where a number?  The time axis and the scales that every chart shares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import floor, log10

from althea.look.words import MONTHS, MONTHS_LONG, day

TIDY = (1, 2, 3, 4, 6, 10)
"""Tops of a scale, times a power of ten: half of each is tidy too."""


@dataclass(frozen=True)
class Frame:
    """How wide is a chart, and where does its time run?  Names stand left of it, or above each row on a phone."""

    wide: float
    left: float
    right: float
    names_above: bool

    @property
    def gutter(self) -> float:
        """How much room is there right of the time, for the names of bands?"""
        return self.wide - self.right - 8

    @property
    def css(self) -> str:
        """A wide chart scrolls sideways on a narrow screen, so that its words stay readable."""
        return "chart" if self.names_above else "chart wide"


DESK = Frame(880, 104, 804, False)
PHONE = Frame(326, 0, 250, True)


@dataclass(frozen=True)
class TimeAxis:
    """Days from `first` to `last`, drawn from `left` to `right`.  A window of one day is drawn as a week."""

    first: date
    last: date
    left: float
    right: float

    def x(self, on: date) -> float:
        """Where does this day stand?  Days outside stand at the edge."""
        return min(max(self._free(on), self.left), self.right)

    def holds(self, on: date) -> bool:
        """Is this day within the window?"""
        return self.first <= on <= self.last

    def meets(self, first: date, last: date) -> bool:
        """Does anything of this time fall within the window?"""
        return first <= self.last and last >= self.first

    def _free(self, on: date) -> float:
        return self.left + (self.right - self.left) * (on - self.first).days / max((self.last - self.first).days, 7)

    def ticks(self, gap: float = 58) -> list[tuple[date, str]]:
        """Which days are named?  Mondays, months, quarters or years: the finest that stand `gap` pixels apart."""
        days = max((self.last - self.first).days, 7)
        pixels = (self.right - self.left) / days
        if 7 * pixels >= gap and days <= 70:
            start = self.first + timedelta(-self.first.weekday() % 7)
            return [
                (on, day(on, on)) for on in (start + timedelta(7 * n) for n in range(days // 7 + 1)) if self.holds(on)
            ]
        for months in (1, 3, 6):
            if months * 30 * pixels >= gap:
                names = MONTHS_LONG if gap <= months * 30 * pixels - 12 else MONTHS
                return [(on, _month(on, names)) for on in self._months(months)]
        years = next(n for n in (1, 2, 5, 10, 20, 50) if n * 365 * pixels >= gap or n == 50)
        return [(on, str(on.year)) for on in self._months(12) if on.year % years == 0]

    def _months(self, every: int) -> list[date]:
        """The first days of every so many months within the window, counted from January."""
        count = range(self.first.year * 12, self.last.year * 12 + 12, every)
        return [on for on in (date(n // 12, n % 12 + 1, 1) for n in count) if self.holds(on)]


@dataclass(frozen=True)
class Scale:
    """Numbers from `low` to `high`, drawn from `bottom` up to `top`.  What is beyond stands at the edge."""

    low: float
    high: float
    top: float
    bottom: float

    def y(self, value: float) -> float:
        """Where does this number stand?"""
        share = (value - self.low) / ((self.high - self.low) or 1)
        return self.bottom - (self.bottom - self.top) * min(max(share, 0), 1)


def tidy_top(highest: float) -> float:
    """Which tidy number ends a scale that must hold `highest`?  75 asks for 100, 225 for 300."""
    if highest <= 0:
        return 1
    power = 10.0 ** floor(log10(highest))
    return next(tidy * power for tidy in TIDY if tidy * power >= highest * 0.9999)


def _month(on: date, names: tuple[str, ...]) -> str:
    """A year's first month says which year it is."""
    return f"{names[on.month - 1]} {on.year}" if on.month == 1 else names[on.month - 1]
