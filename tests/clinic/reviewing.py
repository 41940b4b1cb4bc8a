"""A trial that is due for its review, and the forms of it, as the tests of reviews make them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from althea.care import entries as said
from althea.care.actions import record
from althea.care.days import today
from althea.care.models import (
    Origin,
    Trial,
)
from tests.care.test_facts import an_order
from tests.people import send, signed_in


@pytest.fixture
def on(people):
    return today(people.maya, timezone.now())


def tell(people, body, on, back=0, patient=None):
    patient = patient or people.maya
    return record.add(patient=patient, body=body, on=on - timedelta(days=back), origin=Origin.HERS,
                      by=people.maya.user, at=timezone.now())  # fmt: skip


def scored(people, on, *rows, scale="phq-9", item9=0):
    for back, total in rows:
        items = {"item 9": item9 if back == 0 else 0} if scale == "phq-9" else {}
        tell(people, said.Score(scale=scale, total=total, items=items), on, back)


def taking(people, on, *steps, medicine="sertraline", times=1):
    rows = [{"from": (on - timedelta(days=back)).isoformat(), "until": None, "dose": dose, "times_a_day": times}
            for back, dose in steps]  # fmt: skip
    return an_order(people, medicine=medicine, steps=rows)


def a_trial(people, on, back=56, **named):
    values = {"medicine": "sertraline", "state": "titrating", "problem": "Low mood", "scale": "phq-9", "weeks": 8,
              "review_on": on, "patient": people.maya}  # fmt: skip
    return Trial.objects.create(started_on=on - timedelta(days=back), created_at=timezone.now(), **(values | named))


@pytest.fixture
def maya(people, on):
    """Week 9: 21 to 13 on 100 mg for six weeks. It has helped in part, and the dose can rise."""
    for topic in ("medicines", "conditions", "allergies", "observations"):
        record.add(patient=people.maya, body=said.Looked(topic=topic), on=on, origin="clinic", by=people.marchetti.user,
                   at=timezone.now())  # fmt: skip
    tell(people, said.Condition(text="Major depressive disorder", code="F33.1"), on, 60)
    taking(people, on, (56, "50 mg"), (42, "100 mg"))
    scored(people, on, (56, 21), (28, 16), (0, 13))
    return a_trial(people, on)


def address(trial, what=""):
    review = f"/patients/{trial.patient_id}/trials/{trial.pk}/review"
    return f"{review}/{what}" if what else review


def get(people, trial, query="", who="marchetti", status=200):
    answer = signed_in(getattr(people, who).user).get(address(trial) + query)
    assert answer.status_code == status
    return answer.content.decode()


def hidden(words, name):
    return words.split(f'name="{name}" value="')[1].split('"')[0]


def decide(people, trial, code, *, who="marchetti", seen=None, shown="", client=None, **fields):
    """Open the page at this step and send its form."""
    client = client or signed_in(getattr(people, who).user)
    query = f"?choose={code}&dose={shown}"
    words = client.get(address(trial) + query).content.decode()
    given = {"chosen": code, "seen": seen or hidden(words, "seen"), "shown_dose": hidden(words, "shown_dose"),
             "whose": "hers", "reasons": "I want my evenings back."}  # fmt: skip
    if 'name="review_on"' in words:
        given["review_on"] = hidden_day(words)
    if 'name="dose"' in words:
        given["dose"] = hidden(words, "shown_dose")
    if 'name="every_weeks"' in words:
        given["every_weeks"] = "4"
    return send(client, address(trial, "decide"), **(given | fields))


def hidden_day(words):
    return words.split('name="review_on" value="')[1].split('"')[0]
