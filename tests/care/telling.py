"""Her goals, and what she tells of them in check-ins, as the tests of both make them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from althea.care import entries as said
from althea.care.actions import plan, record
from althea.care.days import today
from althea.care.goals_told import key_of
from althea.care.models import CheckIn, Entry, Trial
from tests.people import NOW, Cast

DREAD = "evenings a week without dread"


@pytest.fixture
def on(people: Cast) -> date:
    return today(people.maya, timezone.now())


@pytest.fixture
def trial(people: Cast, on: date) -> Trial:
    return Trial.objects.create(
        patient=people.maya, medicine="sertraline", state="titrating", problem="Low mood", scale="phq-9", weeks=8,
        started_on=on - timedelta(days=33), created_at=NOW,
    )  # fmt: skip


@pytest.fixture
def week(people: Cast, trial: Trial, on: date) -> CheckIn:
    """Maya's check-in of today, of her trial."""
    return CheckIn.objects.create(patient=people.maya, trial=trial, due_on=on, scales=[])


def a_goal(people: Cast, words: str = "Feed her without dread", measure: str = DREAD, *, back: int = 0, patient: Any = None,
           instead: Entry | None = None, **named: Any) -> Entry:  # fmt: skip
    """Written at the plan, so many days ago."""
    patient = patient or people.maya
    body, at = said.Goal(words=words, measure=measure, **named), timezone.now() - timedelta(days=back)
    return plan.aim(patient=patient, body=body, by=people.marchetti.user, at=at, instead=instead)


def told_of(people: Cast, goal: Entry, words: str, back: int = 0, measure: str = "", sent: Any = None) -> Entry:
    """She told it in a check-in, so many days ago."""
    at = timezone.now() - timedelta(days=back)
    aim = said.Goal.model_validate(goal.body)
    body = said.GoalTold(goal=key_of(goal, aim), measure=measure or aim.measure, told=words, sent=sent)
    return record.add(
        patient=people.maya, body=body, on=today(people.maya, at), origin="hers", by=people.maya.user, at=at
    )
