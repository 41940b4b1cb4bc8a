"""When is an order taken: now, perhaps still, no longer; and from when to when?"""

from __future__ import annotations

from datetime import date, timedelta

from msgspec import Struct

from althea.engine.facts import State
from althea.fhir import codes
from althea.fhir.dates import day, day_by, later, months_before
from althea.fhir.dosage import bounds, in_days
from althea.fhir.elements import Json, a_text, an_object

CURRENT_MONTHS = 13
"""An order without an end that is older than this is only perhaps still taken (contract, section 1)."""
MOST_REPEATS = 99
STATEMENTS = ("MedicationStatement", "MedicationUsage")
A_DAY = timedelta(days=1)


class Course(Struct, frozen=True, gc=False):
    """When is it taken?  `state` None: the order is not used at all."""

    state: State | None
    started_on: date | None = None
    ended_on: date | None = None
    supply_days: int | None = None
    said: tuple[str, ...] = ()


def course_of(resource: Json, today: date) -> Course:
    """Is it running, perhaps running, or past?  And from when to when."""
    status = a_text(resource.get("status")).lower()
    intent = a_text(resource.get("intent")).lower()
    reported = resource.get("reportedBoolean") is True or "reportedReference" in resource
    if status in codes.DROPPED_MEDICINE or status == "draft" or resource.get("doNotPerform") is True:
        return Course(None)
    if intent in codes.NOT_AN_ORDER and not (intent == "plan" and reported):
        return Course(None)
    dispense = an_object(resource.get("dispenseRequest"))
    period = an_object(dispense.get("validityPeriod"))
    bound, length = bounds(resource.get("dosageInstruction") or resource.get("dosage"))
    taken = an_object(resource.get("effectivePeriod"))
    written = written_on(resource, today)
    start, end = written, None
    if period or bound or taken:
        spans = (period, bound, taken)
        start = next((on for span in spans if (on := day_by(span.get("start"), today)) is not None), written)
        end = min((on for span in spans if (on := day(span.get("end"))) is not None), default=None)
    if end is None and length is not None and start is not None:
        end = later(start, length)
    supply = _supply(dispense)
    if status in codes.PAST_MEDICINE:
        return _past(status, written, start, end, supply, today)
    said: list[str] = []
    if start is not None and start > today:
        said.append(f"to start on {start}: judged as if it were taken now")
        start = None
    if end is not None and end < today:
        return Course(
            State.STOPPED,
            start,
            end,
            supply,
            (
                *said,
                f"marked {status or 'without a status'}, and its end {end} is past: read as stopped",
            ),
        )
    if status == "on-hold":
        return Course(State.PERHAPS, start, None, supply, (*said, "on hold: perhaps still taken"))
    if status != "active":
        return Course(
            State.PERHAPS, start, end, supply, (*said, "the status of its order is not known: perhaps still taken")
        )
    if reported:
        said.append("reported, not ordered here")
    newest = start if written is None or (start is not None and start > written) else written
    if end is not None or newest is None or newest >= months_before(today, CURRENT_MONTHS):
        if newest is None and end is None and not any("to start on" in one for one in said):
            said.append("its order has no date: taken to be current")
        return Course(State.RUNNING, start, end, supply, tuple(said))
    if supply is not None and later(newest, supply) >= today:
        return Course(State.RUNNING, start, None, supply, tuple(said))
    if any(one.get("start") and not one.get("end") for one in (period, bound, taken)):
        said.append(f"begun on {start}, no end on record, so taken to be still running")
        return Course(State.RUNNING, start, None, supply, tuple(said))
    said.append(f"ordered on {newest} without an end: perhaps still taken. Ask her")
    return Course(State.PERHAPS, start, None, supply, tuple(said))


def written_on(resource: Json, today: date) -> date | None:
    """The day it was written or said."""
    return (
        day_by(resource.get("authoredOn"), today)
        or day_by(resource.get("dateAsserted"), today)
        or day_by(resource.get("effectiveDateTime"), today)
        or day_by(resource.get("dateWritten"), today)
    )


class Word(Struct, frozen=True, gc=False):
    """Somebody's word that it is not taken. `last`: the last day it was. `over`: the first on which it may have been
    again, None where the days reach to now. `again`: said on that day, after them. `by_day`: it names each day."""

    last: date
    over: date | None = None
    again: date | None = None
    by_day: bool = False


def left_by_her_word(resource: Json, today: date) -> Word | None:
    """Is this no order but somebody's word that it is no longer taken, or was not for some time?  A statement
    `stopped`; or one `not-taken` of days that reach to yesterday, that were over when it was said, or the last of which
    it was said on, and nothing since. None: it is no such word, or names no day."""
    status = a_text(resource.get("status")).lower()
    reported = resource.get("reportedBoolean") is True or "reportedReference" in resource
    if status not in ("stopped", "not-taken") or not (resource.get("resourceType") in STATEMENTS or reported):
        return None
    bound, _ = bounds(resource.get("dosageInstruction") or resource.get("dosage"))
    taken = an_object(resource.get("effectivePeriod"))
    end = day_by(taken.get("end"), today) or day_by(bound.get("end"), today)
    if status == "stopped":
        return None if end is None else Word(end)
    first, said_on = day_by(taken.get("start"), today), day_by(resource.get("dateAsserted"), today)
    if first is None or (taken.get("end") and end is None):
        return None
    last = first - A_DAY
    if end is None or end <= last:
        return Word(last, by_day=True) if end is None else None
    if said_on is not None and end < said_on <= today:
        return Word(last, end + A_DAY, said_on, by_day=True)
    if end >= today - A_DAY:
        return Word(last, by_day=True)
    return Word(last, end + A_DAY, by_day=True) if said_on == end else None


def _past(
    status: str, written: date | None, start: date | None, end: date | None, supply: int | None, today: date
) -> Course:
    """Over; the last day where it can be told. An end that lies ahead was planned, and is not when it was stopped."""
    if start is not None and start > today:
        return Course(None)
    if end is not None and end <= today:
        # said after it ended, and nothing of when it began
        return Course(State.STOPPED, start if start is None or start <= end else None, end, supply)
    if status == "completed" and end is None and written is not None and supply is not None:
        return Course(State.STOPPED, start, min(later(written, supply), today), supply)
    return Course(State.STOPPED, start, None, supply)


def _supply(dispense: Json) -> int | None:
    """Days for which it was supplied, repeats included."""
    days = in_days(dispense.get("expectedSupplyDuration")) if dispense else None
    if days is None:
        return None
    repeats = dispense.get("numberOfRepeatsAllowed")
    if not isinstance(repeats, int) or isinstance(repeats, bool):
        repeats = 0
    return days * (1 + max(0, min(repeats, MOST_REPEATS)))


def course_of_draft(resource: Json, today: date) -> Course:
    """A draft is taken from today; its end and its supply are as drafted."""
    dispense = an_object(resource.get("dispenseRequest"))
    bound, length = bounds(resource.get("dosageInstruction"))
    end = day(an_object(dispense.get("validityPeriod")).get("end")) or day(bound.get("end"))
    if end is None and length is not None:
        end = later(today, length)
    return Course(State.ORDERED, today, end if end is not None and end >= today else None, _supply(dispense))
