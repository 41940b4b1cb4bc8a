"""Done closes what was on the page, and nothing that came after it."""

import pytest
from django.utils import timezone

from althea.care.actions import safety, worklist
from althea.care.models import WorklistItem
from tests.people import send, signed_in

pytestmark = pytest.mark.django_db


def harm(people, value):
    return safety.told(
        patient=people.maya, source="check-in 1", question="phq-9/item 9", value=value, by=people.maya.user,
        at=timezone.now(),
    )  # fmt: skip


def done(people, *shown, words="Called at 10, passive thoughts only"):
    pk = shown[0].split(" ")[0]
    client = signed_in(people.nurse.user)
    return send(client, f"/patients/{people.maya.pk}/worklist/{pk}", item=list(shown), words=words)


def shown(item):
    return f"{item.pk} {item.version}"


def test_what_rose_meanwhile_is_not_closed_and_both_are_shown(people):
    was = shown(harm(people, 1))
    item = harm(people, 3)
    answer = done(people, was)
    words = answer.content.decode()
    assert answer.status_code == 409
    assert "Not closed: it tells of something else since you opened the page" in words
    assert "“nearly every day”" in words
    assert "Called at 10, passive thoughts only</textarea>" in words
    assert WorklistItem.objects.get().closed_at is None
    item.refresh_from_db()
    assert f'value="{shown(item)}"' in words, "sent again from here it is what is on the page"
    assert done(people, shown(item)).status_code == 302
    assert WorklistItem.objects.get().closing == "Called at 10, passive thoughts only"


def test_of_a_line_one_of_which_changed_none_is_closed(people):
    still, was = (
        worklist.place(
            patient=people.maya, group="other", level="info", reason=reason, why=reason, action="x", at=timezone.now()
        )
        for reason in ("a", "b")
    )
    first, second = shown(still), shown(was)
    was.put(why="Something else.")
    assert done(people, first, second, words="").status_code == 409
    assert not WorklistItem.objects.filter(closed_at__isnull=False).exists()


def test_a_form_that_does_not_say_what_it_showed_closes_nothing(people):
    item = harm(people, 1)
    assert done(people, str(item.pk)).status_code == 409
    assert WorklistItem.objects.get().closed_at is None


@pytest.mark.parametrize("sent", ["", "x", "{} x"])
def test_what_is_no_item_is_not_found(people, sent):
    item = harm(people, 1)
    client = signed_in(people.nurse.user)
    given = sent.format(item.pk)
    assert send(client, f"/patients/{people.maya.pk}/worklist/{item.pk}", item=[given]).status_code == 404


def test_the_worklist_sends_the_version_that_it_shows(people):
    item = harm(people, 1)
    harm(people, 2)
    item.refresh_from_db()
    assert f'name="item" value="{shown(item)}"' in signed_in(people.nurse.user).get("/today").content.decode()
