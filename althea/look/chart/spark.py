"""Which way is it going?  A line of one's last scores, the size of a word; the numbers stand in the text beside it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from althea.look.chart.drawing import Drawing, Table, polyline, px
from althea.look.words import number

WIDE, HIGH = 76, 28
FLAT = 4
"""So many points of change fill the height at the least: what hardly moves must not look like a mountain."""


def spark(label: str, values: Sequence[float]) -> Drawing:
    """How have these scores moved, the oldest first?  Scaled to their own range.

    Evenly spaced whatever the days between them: a trend, not a timeline. The last is a dot; one value is a dot alone,
    none an empty place.
    """
    said = ", ".join(map(number, values)) or "no scores yet"
    low, high = min(values, default=0), max(values, default=0)
    span = max(high - low, FLAT)
    across = (WIDE - 8) / max(len(values) - 1, 1)
    # A single value stands where the last one always stands.
    start = 4 if len(values) > 1 else WIDE - 4
    points = [(start + across * at, HIGH - 5 - (HIGH - 10) * (value - low) / span) for at, value in enumerate(values)]
    dot = f'<circle cx="{px(points[-1][0])}" cy="{px(points[-1][1])}" r="4" class="p1"/>' if points else ""
    title = f"{label} {said}"
    svg = (
        f'<svg class="chart spark" viewBox="0 0 {WIDE} {HIGH}" role="img" aria-label="{escape(title)}">'
        f"{polyline(points, 's1')}{dot}</svg>"
    )
    rows = tuple((str(at), number(value)) for at, value in enumerate(values, 1))
    return Drawing(svg, title, title, Table(title, ("Score", label), rows, frozenset({1})))
