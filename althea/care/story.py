"""What does the chart draw?  The record as spans, steps and points on one axis, in the words the chart needs.

Plain values of `look` cannot be named here (one floor, two rooms), so these are our own; the page hands them over.
A day that nobody told is never drawn as if it were known: it is said in words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from althea.care import entries as said
from althea.care.facts import Chart
from althea.care.known import knowledge
from althea.care.models import Order, Origin
from althea.care.past_trials import Past
from althea.care.schedule import over
from althea.knowledge.quantity import Dose

A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)
OUTCOMES = {"made worse": "she felt worse", "not known": "how it went is not known"}
MOST_LINES, LONGEST_LINE = 3, 44
REPLACED = "Replaced by a new order"
UNSENT: dict[type[said.Body], str] = {
    said.Score: "",
    said.SideEffect: "side effect",
    said.Symptom: "her words",
    said.GoalTold: "her goals",
}
"""What she may have answered and not sent, and how it is called; a score by its scale, a missed dose on its own day."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A medicine as steps: (first day, last day or None, amount). `words`: how it went, of one that is over."""

    name: str
    unit: str
    steps: tuple[tuple[date, date | None, float], ...]
    past: bool = False
    medicine: str = ""
    words: str = ""

    @property
    def first(self) -> date:
        return min(first for first, _, _ in self.steps)

    @property
    def last(self) -> date | None:
        """None: it goes on."""
        ends = [last for _, last, _ in self.steps if last is not None]
        return max(ends) if len(ends) == len(self.steps) else None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A medicine that is not ordered here: from when to when (None: still), and what the record says of it.

    `told`: since when is not known, and `first` is the day on which she told of it.
    """

    name: str
    first: date
    last: date | None
    words: str = ""
    medicine: str = ""
    told: bool = False


@dataclass(frozen=True, slots=True)
class Happened:
    """`kind`: "effect", "missed", "event" or "hers", as the chart draws them."""

    first: date
    last: date | None
    words: str
    kind: str
    count: int = 1


# --- what she takes and took ------------------------------------------------------------------------------------------


def medicines(chart: Chart, on: date) -> list[Taken]:
    """Signed orders as steps, one medicine after the other.

    Orders of one medicine that take each other's place are one lane: the dose rose or fell, it did not begin anew.
    """
    found: list[Taken] = []
    for taken in (_ordered(order, on) for order in chart.orders):
        if taken is None:
            continue
        same = next((one for one in found if (one.name, one.unit) == (taken.name, taken.unit)), None)
        if same is not None:
            steps = tuple(sorted((*same.steps, *taken.steps), key=lambda step: step[0]))
            found[found.index(same)] = replace(same, steps=steps, past=same.past and taken.past)
        else:
            found.append(taken)
    return found


def _ordered(order: Order, on: date) -> Taken | None:
    off = order.end.on - A_DAY if hasattr(order, "end") else None
    steps: list[tuple[date, date | None, float]] = []
    unit = ""
    for at, step in enumerate(order.steps):
        if not step.get("dose"):
            return None
        dose = Dose.parse(step["dose"])
        unit = unit or dose.unit
        if dose.unit != unit:
            return None
        first = date.fromisoformat(step["from"])
        following = order.steps[at + 1]["from"] if at + 1 < len(order.steps) else None
        last = date.fromisoformat(following) - A_DAY if following else None
        if last is None and step.get("until"):
            last = date.fromisoformat(step["until"])  # after the last step of a plan to stop there is none
        last = min((day for day in (last, off) if day is not None), default=None)
        if last is None or last >= first:
            steps.append((first, last, _amount(dose) * float(step.get("times_a_day") or 1)))
    name = knowledge().name_of(order.medicine).capitalize()
    past = over(order, on)
    return Taken(name, unit, tuple(steps), past, order.medicine) if steps else None


def _amount(dose: Dose) -> float:
    return float(str(dose).split(" ")[0])


def whole_story(
    chart: Chart, ordered: Iterable[Taken], past: Iterable[Past], on: date
) -> tuple[list[Taken], list[str]]:
    """(what she took and takes for her mind, by its days; what she took on days that are not known, in words).

    Our orders carry their doses; one that was told of has the highest dose, and says "up to".
    `ordered`: as `medicines` reads them, `past`: as `past_trials` does.
    """
    begun = [one for one in ordered if one.first <= on]
    found = [replace(one, steps=tuple(step for step in one.steps if step[0] <= on)) for one in begun]
    found = [replace(one, words=_range(one)) for one in found]
    undated: list[str] = []
    for one in past:
        ours = next((n for n, taken in enumerate(found) if _same(one, taken)), None)
        if ours is not None:
            if found[ours].past:
                found[ours] = replace(found[ours], words=_joined(_range(found[ours]), _outcome(one)))
            continue
        first, last = _days(one)
        words = _joined(f"up to {one.dose}" if one.dose else "dose not known", _outcome(one))
        name = one.name[:1].upper() + one.name[1:]
        if first is None or last is None or first > min(last, on):
            undated.append(f"{name}, {words}")
        else:
            dose = Dose.parse(one.dose) if one.dose else None
            step = (first, min(last, on), _amount(dose) if dose is not None else 1.0)
            found.append(Taken(name, dose.unit if dose is not None else "", (step,), True, one.medicine, words))
    for entry, body in chart.of(said.Medicine):
        if body.running and body.since and body.since <= entry.on and body.medicine in knowledge().monographs:
            name = knowledge().name_of(body.medicine).capitalize()
            found.append(Taken(name, "", ((body.since, None, 1.0),), medicine=body.medicine))
    return found, undated


def silences(chart: Chart, taken: Sequence[Taken], undated: Sequence[str]) -> list[tuple[date, date, str]]:
    """Times between what she took, said only where her list was gone through whole and every day of it is known."""
    reports = [body for _, body in chart.of(said.Medicine)]
    whole = any(body.topic == "medicines" for _, body in chart.of(said.Looked))
    if undated or not whole or any(body.running is None for body in reports):
        return []
    if any(body.running and body.medicine in knowledge().monographs and body.since is None for body in reports):
        return []
    found, until = [], None
    for one in sorted(taken, key=lambda one: one.first):
        if until is not None and (one.first - until).days > 28:
            found.append((until + A_DAY, one.first - A_DAY, "none on record"))
        until = max(filter(None, (until, one.last)), default=None) if one.last is not None else date.max
    return found


def _same(past: Past, taken: Taken) -> bool:
    """Is this the same medicine, over a time that the orders cover?"""
    if not past.medicine or past.medicine != taken.medicine:
        return False
    return past.until is not None and past.until >= taken.first


def _days(past: Past) -> tuple[date | None, date | None]:
    """From when to when, where two of beginning, end and weeks are known."""
    first, last = past.since, past.until
    if past.weeks is None:
        return first, last
    try:
        length = timedelta(days=int(past.weeks * 7))
        return first or (last - length if last else None), last or (first + length if first else None)
    except OverflowError:
        return first, last


def _range(taken: Taken) -> str:
    """ "25 to 75 mg": from the lowest to the highest of its doses."""
    amounts = sorted({amount for _, _, amount in taken.steps})
    low, high = f"{amounts[0]:g}", f"{amounts[-1]:g}"
    return f"{low} to {high} {taken.unit}" if low != high else f"{high} {taken.unit}"


def _outcome(past: Past) -> str:
    return OUTCOMES.get(past.outcome, past.outcome)


def _joined(*words: str) -> str:
    return ", ".join(one for one in words if one)


def elsewhere(chart: Chart) -> list[Elsewhere]:
    """Medicines from elsewhere: what she takes, and what she took until a day that is known."""
    found, ours = [], {order.medicine for order in chart.orders}
    for entry, body in chart.of(said.Medicine):
        name = body.text[:1].upper() + body.text[1:]
        words = _joined(body.from_whom.strip().rstrip("."), "as needed" if body.as_needed else "")
        if body.running:
            first = body.since or entry.on
            found.append(Elsewhere(name, first, None, words, body.medicine, told=body.since is None))
        elif body.medicine in ours:
            continue  # her word that she stopped what is drawn by its order
        elif body.running is False and body.until and body.since and body.since <= body.until:
            found.append(Elsewhere(name, body.since, body.until, words, body.medicine))
    return found


# --- what happened ----------------------------------------------------------------------------------------------------


def happened(chart: Chart, on: date, missed: Iterable[date] = ()) -> list[Happened]:
    """Side effects as pills, missed doses by the week, an order that ended and why, and her newest lines.

    `missed`: the days without a dose that she told of in her check-ins, beside those she ticked.
    """
    found = [
        Happened(body.since, body.until, body.what, "effect")
        for _, body in chart.of(said.SideEffect)
        if body.since <= on
    ]
    told = chart.of(said.DoseTaken)
    newest: dict[tuple[str, date], said.DoseTaken] = {}
    for entry, body in told:  # the newest first
        newest.setdefault((body.medicine, entry.on), body)
    ticked = {day: body.sent for (_, day), body in newest.items() if body.taken is False and day <= on}
    found += _missed(sorted({*ticked, *missed}), {day for day, sent in ticked.items() if sent is False})
    replaced = {order.replaces_id for order in chart.orders}
    for order in chart.orders:
        if hasattr(order, "end") and order.pk not in replaced and order.end.on <= on:
            why = order.end.why.strip()
            name = knowledge().name_of(order.medicine).capitalize()
            words = f"{name} ended" if not why or why == REPLACED else f"{name} ended: {why}"
            found.append(Happened(order.end.on, None, _short(words), "event"))
    found += _not_sent(chart, on)
    lines = [(entry.on, body.words) for entry, body in chart.of(said.Symptom) if entry.origin == Origin.HERS]
    found += [Happened(when, None, _short(_first_sentence(words)), "hers") for when, words in lines[:MOST_LINES]]
    return found


def _missed(days: Sequence[date], unsent: Collection[date] = ()) -> list[Happened]:
    """Days without a dose, those within a week of each other together."""
    groups: list[list[date]] = [[one] for one in days[:1]]
    for before, one in pairwise(days):
        if one - before <= A_WEEK:
            groups[-1].append(one)
        else:
            groups.append([one])
    rows: list[Happened] = []
    for run in groups:
        left = sum(day in unsent for day in run)
        which = "not sent by her" if left == len(run) else f"{left} not sent by her"
        words = f"{len(run)} missed, {which}" if left else f"{len(run)} missed"
        rows.append(Happened(run[0], run[-1], words, "missed", len(run)))
    return rows


def _not_sent(chart: Chart, on: date) -> list[Happened]:
    """What she answered in a check-in that passed before she sent it, on the day of her answer. What is drawn of it
    beside this looks like everything else she told; a score that is not whole is not drawn at all."""
    found: dict[date, list[str]] = {}
    for kind, name in UNSENT.items():
        for entry, body in chart.of(kind):
            if body.sent is False and entry.on <= on:
                found.setdefault(entry.on, []).append(name or _scale_named(body))
    return [
        Happened(when, None, f"Not sent by her: {', '.join(dict.fromkeys(told))}", "event")
        for when, told in found.items()
    ]


def _scale_named(body: said.Score) -> str:
    name = knowledge().scales[body.scale].name
    return name if body.total is not None else f"{name} incomplete"


def _first_sentence(words: str) -> str:
    line = " ".join(words.split())
    ends = [at for mark in ".!?" if (at := line.find(f"{mark} ")) > 0]
    return line[: min(ends) + 1] if ends else line


def _short(words: str) -> str:
    """Whole words, up to so many letters."""
    if len(words) <= LONGEST_LINE:
        return words
    return f"{words[:LONGEST_LINE].rsplit(' ', 1)[0].rstrip(',;:.')}…"


def scores(chart: Chart) -> dict[str, list[tuple[date, float]]]:
    """Whole scores by scale, oldest first; of two on one day, the one written first."""
    found: dict[str, list[tuple[date, float]]] = {}
    for entry, body in reversed(chart.of(said.Score)):
        if body.total is not None:
            found.setdefault(body.scale, []).append((entry.on, float(body.total)))
    return found
