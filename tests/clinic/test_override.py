"""Set aside is the very finding that was read: a rule may have several, and one may have changed since."""

from datetime import timedelta

import pytest
from django.utils import timezone

from althea.care import entries as said
from althea.care.aside import mark_of
from althea.care.models import Entry, FindingSeen
from althea.care.recheck import review_today
from tests.clinic.prescribing import looked, on_of, tell
from tests.people import send, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(people):
    """Lorazepam and clonazepam, regularly for half a year: one rule speaks of each."""
    looked(people)
    since = on_of(people) - timedelta(days=174)
    for name in ("lorazepam", "clonazepam"):
        tell(people, said.Medicine(text=name, medicine=name, dose="1 mg", times_a_day=1, since=since, running=True))
    found = review_today(people.maya, timezone.now()).findings
    alike = [one for one in found if sum(one.rule == other.rule for other in found) > 1 and one.level.name != "INFO"]
    assert {one.medicines[0] for one in alike} == {"lorazepam", "clonazepam"}
    return {one.medicines[0]: one for one in alike}


def override(people, **fields):
    return send(signed_in(people.marchetti.user), f"/patients/{people.maya.pk}/override", **fields)


def set_aside():
    return [row.title for row in FindingSeen.objects.order_by("at")]


def test_of_two_findings_of_one_rule_each_is_set_aside_by_itself(people, two):
    chart = signed_in(people.marchetti.user).get(f"/patients/{people.maya.pk}/").content.decode()
    for name in ("lorazepam", "clonazepam"):
        one = two[name]
        assert f'name="finding" value="{mark_of(one)}"' in chart
        asked = override(people, rule=one.rule, finding=mark_of(one)).content.decode()
        assert one.title in asked
        override(people, rule=one.rule, finding=mark_of(one), code="will-monitor", words="We go down from June on.")
    assert set_aside() == [two["lorazepam"].title, two["clonazepam"].title]


def test_one_that_changed_since_is_shown_as_it_is_now_and_what_was_written_is_still_there(people, two):
    one = two["lorazepam"]
    entry = Entry.objects.get(kind="medicine", body__medicine="clonazepam")
    old = mark_of(one)[::-1]
    answer = override(people, rule=one.rule, finding=old, code="will-monitor", words="We go down from June on.")
    assert answer.status_code == 409
    words = answer.content.decode()
    assert "It changed since you read it." in words
    assert "We go down from June on." in words
    assert set_aside() == []
    assert entry.pk


def test_one_that_is_gone_says_so(people, two):
    answer = override(people, rule="no-such-rule", finding="0" * 12, code="will-monitor", words="x")
    assert answer.status_code == 302
    assert set_aside() == []
