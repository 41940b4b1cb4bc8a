"""What the tests of the safety page share: a sweep with a finding in it, and the page as somebody sees it."""

import pytest
from django.utils import timezone

from althea.care import everyone
from althea.care.models import SweepFinding, SweepWoman
from tests.care.test_facts import an_order, looked
from tests.people import signed_in

RULE = "valproate-unprotected"


def page(people, who="marchetti", query=""):
    answer = signed_in(getattr(people, who).user).get(f"/safety{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def swept(people):
    now = timezone.now()
    return everyone.go_round(everyone.begin(clinic=people.clinic, by=None, at=now).pk, now)


@pytest.fixture
def on_valproate(people):
    looked(people)
    an_order(
        people, medicine="valproate", steps=[{"from": "2026-04-09", "until": None, "dose": "500 mg", "times_a_day": 1}]
    )
    return swept(people)


def found(sweep, patient, rule=RULE, rank=2, stage="cycle", since=None, **named):
    SweepWoman.objects.get_or_create(sweep=sweep, patient=patient, defaults={"stage": stage})
    return SweepFinding.objects.create(
        sweep=sweep, patient=patient, rule=rule, reason=rule, rank=rank, title="A finding", why=named.pop("why", "why"),
        stage=stage, since=since or sweep.asked_at, **named,
    )  # fmt: skip
