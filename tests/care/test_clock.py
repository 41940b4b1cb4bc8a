"""Birthdays, and the two days a year on which the clock is changed: which day it is, how old she is, when she is reminded."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from althea.care import jobs, outbox
from althea.care.actions import trial as trials
from althea.care.days import age, moment, not_at_night, today
from althea.care.models import CheckIn, Outgoing, Patient, Trial

LEAP = date(1996, 2, 29)
NEW_YORK = ZoneInfo("America/New_York")
SPRING, AUTUMN = date(2027, 3, 14), date(2027, 11, 7)  # in New York
ZONES = [
    "America/New_York",
    "Europe/London",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Asia/Kathmandu",
    "Pacific/Apia",
]


# --- born on 29 February ------------------------------------------------------------------------------------------


def test_born_on_29_february_she_is_a_year_older_once_a_year_on_every_day_of_a_hundred_years():
    on, before = LEAP, age(LEAP, LEAP)
    birthdays = []
    while on < date(2096, 3, 2):
        on += timedelta(days=1)
        now = age(LEAP, on)
        assert now in (before, before + 1), on
        if now > before:
            birthdays.append(on)
        before = now
    assert len(birthdays) == 100
    assert {(day.month, day.day) for day in birthdays} == {(2, 29), (3, 1)}


@pytest.mark.parametrize(
    ("on", "years"),
    [
        (date(2026, 2, 28), 29), (date(2026, 3, 1), 30), (date(2028, 2, 28), 31), (date(2028, 2, 29), 32),
        (date(2100, 2, 28), 103), (date(2100, 3, 1), 104),
    ],
)  # fmt: skip
def test_in_a_year_without_a_29th_it_is_the_first_of_march(on, years):
    assert age(LEAP, on) == years


def test_the_engine_counts_her_years_the_same_way(people):
    from althea.care.facts import facts_for

    Patient.objects.filter(pk=people.maya.pk).update(born_on=LEAP)
    people.maya.refresh_from_db()
    for on in (date(2026, 2, 28), date(2026, 3, 1), date(2028, 2, 29), date(2100, 2, 28), date(2100, 3, 1)):
        assert facts_for(people.maya, on).age == age(LEAP, on), on


# --- the days on which the clock is changed ---------------------------------------------------------------------------


def test_half_past_two_that_is_skipped_is_half_past_three(people):
    found = moment(people.clinic, SPRING, time(2, 30)).astimezone(NEW_YORK)
    assert (found.hour, found.minute) == (3, 30)


def test_half_past_one_that_comes_twice_is_the_first(people):
    assert moment(people.clinic, AUTUMN, time(1, 30)) == datetime(2027, 11, 7, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize("clock", [time(0, 30), time(1, 30), time(2, 30), time(3, 30)])
@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_a_reminder_at_any_of_those_hours_is_sent_once(people, monkeypatch, day, clock):
    """Quiet hours off, so that nothing but the clock decides."""
    Patient.objects.filter(pk=people.maya.pk).update(quiet_from=time(12), quiet_until=time(12))
    monkeypatch.setattr(jobs, "REMIND_AT", clock)
    CheckIn.objects.create(patient=people.maya, due_on=day, scales=["phq-9"])
    at = moment(people.clinic, day, time(0))
    sent = 0
    while at < moment(people.clinic, day, time(6)):  # every quarter of an hour of that night, as the worker would
        jobs.remind(people.clinic, day, at)
        sent += outbox.send_due(at).sent
        at += timedelta(minutes=15)
    assert sent == 1
    assert Outgoing.objects.count() == 1


@pytest.mark.parametrize("zone", ZONES)
def test_a_daily_job_runs_once_on_every_day_of_two_years_whatever_the_clock_does(people, zone, monkeypatch):
    """The hours at which a worker looks; the queue itself is left out."""
    people.clinic.time_zone = zone
    ran, at, end = [], datetime(2027, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)
    while at < end:
        on = today(people.clinic, at)
        if at >= moment(people.clinic, on, jobs.AT_NIGHT) and (not ran or ran[-1] != on):
            ran.append(on)
        at += timedelta(minutes=30)
    assert len(ran) == len(set(ran))
    assert all(later - one == timedelta(days=1) for one, later in pairwise(ran))


@pytest.mark.parametrize("zone", ZONES)
def test_no_moment_of_two_years_is_moved_into_her_night_or_into_the_past(people, zone):
    people.maya.time_zone = zone
    at = datetime(2027, 1, 1, tzinfo=UTC)
    while at < datetime(2029, 1, 1, tzinfo=UTC):
        found = not_at_night(people.maya, at)
        here = found.astimezone(ZoneInfo(zone)).time()
        assert found >= at
        assert time(8) <= here < time(21), (at, here)
        at += timedelta(hours=5, minutes=40)


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_weekly_check_ins_stay_on_their_day_of_the_week_over_a_change_of_the_clock(people, day):
    begun = day - timedelta(days=10)
    trial = Trial.objects.create(
        patient=people.maya, medicine="sertraline", state="titrating", problem="Low mood", scale="phq-9", weeks=4,
        started_on=begun, review_on=begun + timedelta(days=28), created_at=moment(people.clinic, begun, time(9)),
    )  # fmt: skip
    trials.plan_check_ins(trial=trial, at=moment(people.clinic, begun, time(23, 30)))
    days = sorted(CheckIn.objects.values_list("due_on", flat=True))
    assert [(one - begun).days for one in days] == [0, 7, 14, 21, 28]


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2027, 3, 14, 6, 59, tzinfo=UTC), SPRING),  # 1:59, before the change
        (datetime(2027, 3, 14, 7, 0, tzinfo=UTC), SPRING),  # 3:00
        (datetime(2027, 3, 15, 3, 59, tzinfo=UTC), SPRING),  # 23:59 by the new time
        (datetime(2027, 3, 15, 4, 0, tzinfo=UTC), SPRING + timedelta(days=1)),
        (datetime(2027, 11, 8, 4, 59, tzinfo=UTC), AUTUMN),  # 23:59 by the old time again
        (datetime(2027, 11, 8, 5, 0, tzinfo=UTC), AUTUMN + timedelta(days=1)),
    ],
)
def test_her_day_begins_at_her_midnight(people, at, day):
    assert today(people.maya, at) == day


pytestmark = pytest.mark.django_db
