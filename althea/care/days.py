"""Which day is it for her, and when may she be disturbed?  Wall time in her own zone; moments are kept in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from althea.care.models import Clinic, Patient

QUIET_FROM, QUIET_UNTIL = time(21), time(8)
YOUNGEST = 10
"""A birth before she was so many years old is a slip of the year."""


def zone_of(whose: Patient | Clinic) -> ZoneInfo:
    """Her own time zone, or the clinic's."""
    if isinstance(whose, Patient):
        return ZoneInfo(whose.time_zone or whose.clinic.time_zone)
    return ZoneInfo(whose.time_zone)


def today(whose: Patient | Clinic, now: datetime) -> date:
    return now.astimezone(zone_of(whose)).date()


def moment(whose: Patient | Clinic, on: date, at: time) -> datetime:
    """That wall time as a moment.  A time that a clock change skips is an hour later; one it repeats is the first."""
    zone = zone_of(whose)
    return datetime.combine(on, at, tzinfo=zone).astimezone(UTC)


def not_at_night(whose: Patient | Clinic, wanted: datetime) -> datetime:
    """The first moment from `wanted` on that is not in her quiet hours; of a clinic, that is not at night."""
    quiet_from, quiet_until = QUIET_FROM, QUIET_UNTIL
    if isinstance(whose, Patient):
        quiet_from, quiet_until = whose.quiet_from or quiet_from, whose.quiet_until or quiet_until
    here = wanted.astimezone(zone_of(whose))
    clock = here.time().replace(tzinfo=None)
    if quiet_from == quiet_until:
        return wanted
    if quiet_from > quiet_until:
        if clock >= quiet_from:
            return moment(whose, here.date() + timedelta(days=1), quiet_until)
        return moment(whose, here.date(), quiet_until) if clock < quiet_until else wanted
    return moment(whose, here.date(), quiet_until) if quiet_from <= clock < quiet_until else wanted


def age(born_on: date | None, on: date) -> int | None:
    """Completed years. Born on 29 February: a year older on 1 March where there is no 29th."""
    if born_on is None:
        return None
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def too_young(born_on: date | None, on: date) -> bool:
    """Was she too young on that day to have given birth?  Of whom no birthday is known, nobody can say: no."""
    years = age(born_on, on)
    return years is not None and years < YOUNGEST
