"""The demo is built on whatever day it is opened: nothing in it has happened yet that is still to come."""

from datetime import UTC, datetime, timedelta

import pytest

from althea.care.days import today
from althea.care.demo.build import build, email, women
from althea.care.models import (
    AuditRow,
    CheckIn,
    CheckInAnswer,
    Entry,
    Intake,
    Message,
    Order,
    Outgoing,
    Patient,
    Trial,
    Visit,
    WorklistItem,
)
from althea.care.recheck import review_today
from althea.knowledge.schema.evidence import Level

pytestmark = pytest.mark.django_db
NOWS = {
    "a Sunday, five past midnight in New York": datetime(2027, 1, 3, 5, 5, tzinfo=UTC),
    "29 February, late in the evening": datetime(2028, 3, 1, 3, 30, tzinfo=UTC),
    "the night on which an hour is skipped": datetime(2027, 3, 14, 7, 1, tzinfo=UTC),
    "the night on which an hour comes twice": datetime(2027, 11, 7, 6, 30, tzinfo=UTC),
}


@pytest.mark.parametrize("now", NOWS.values(), ids=NOWS)
def test_nothing_has_happened_that_is_still_to_come(settings, now):
    settings.ALTHEA_DEMO = True
    clinic = build(now)
    on = today(clinic, now)
    assert Patient.objects.filter(clinic=clinic, born_on__lt=on - timedelta(days=17 * 365)).count() == 40
    late = {
        "entries": Entry.objects.filter(on__gt=on) | Entry.objects.filter(recorded_at__gt=now),
        "trail": AuditRow.objects.filter(at__gt=now),
        "messages": Message.objects.filter(at__gt=now),
        "orders": Order.objects.filter(signed_at__gt=now) | Order.objects.filter(drafted_at__gt=now),
        "answers": CheckInAnswer.objects.filter(at__gt=now),
        "check-ins": CheckIn.objects.filter(done_at__gt=now),
        "trials": Trial.objects.filter(started_on__gt=on),
        "visits": Visit.objects.filter(done_at__gt=now),
        "intakes": Intake.objects.filter(submitted_at__gt=now),
        "items": WorklistItem.objects.filter(opened_at__gt=now) | WorklistItem.objects.filter(closed_at__gt=now),
        "notices": Outgoing.objects.filter(sent_at__gt=now),
    }
    assert {name: rows.count() for name, rows in late.items() if rows.exists()} == {}
    for row in women():
        her = Patient.objects.select_related("clinic").get(email=email(row["id"]))
        loud = {one.rule for one in review_today(her, now).findings if one.level >= Level.WARNING}
        expected = set() if row.get("quiet") else set(row.get("finds", ()))
        assert loud == expected, row["id"]
