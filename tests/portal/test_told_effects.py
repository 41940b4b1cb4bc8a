"""She tells of a side effect in her check-in: it is on her team's list the same day, and she reads when to call."""

from datetime import timedelta

import pytest
from django.utils import timezone

from althea.care.days import today
from althea.care.models import CheckIn, Outgoing, Trial, WorklistItem
from tests.people import NOW, send, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def trial(people):
    on = today(people.maya, timezone.now())
    return Trial.objects.create(
        patient=people.maya, medicine="sertraline", state="titrating", problem="Low mood", scale="phq-9", weeks=8,
        started_on=on - timedelta(days=33), created_at=NOW,
    )  # fmt: skip


def check_in(people, trial, what="A rash on my arms", bother="1"):
    """A check-in with this side effect, sent. What the page says after it."""
    due = today(people.maya, timezone.now()) - timedelta(days=CheckIn.objects.count())
    one = CheckIn.objects.create(patient=people.maya, trial=trial, due_on=due, scales=[])
    client = signed_in(people.maya.user)
    send(client, f"/check-in/{one.pk}/side-effects", what=what, bother=bother)
    return client.get(send(client, f"/check-in/{one.pk}")["Location"]).content.decode()


def items():
    return WorklistItem.objects.filter(reason__startswith="effect:")


def test_it_stands_on_her_teams_list_the_same_day_in_her_words(people, trial):
    check_in(people, trial)
    item = items().get()
    assert item.why == "New side effect, in her words: “A rash on my arms”. Bothers her a little."
    assert (item.level, item.group) == ("info", "message")
    assert "A rash on my arms" in signed_in(people.nurse.user).get("/today").content.decode()


@pytest.mark.parametrize(
    ("bother", "words", "level", "group", "notices"),
    [
        ("0", "Hardly bothers her.", "info", "message", True),
        ("2", "Bothers her a lot.", "warning", "message", True),
        ("3", "She cannot live with it.", "warning", "cannot-wait", True),
        ("", "How much it bothers her is not said.", "warning", "message", True),
    ],
)
def test_how_loud_it_is_goes_by_how_much_it_bothers_her(people, trial, bother, words, level, group, notices):
    check_in(people, trial, bother=bother)
    item = items().get()
    assert item.why.endswith(words)
    assert (item.level, item.group) == (level, group)
    assert Outgoing.objects.filter(kind="staff", user=people.marchetti.user).exists() is notices


def test_told_again_it_is_one_item_and_closed_it_stays_closed_unless_it_is_worse(people, trial):
    check_in(people, trial)
    check_in(people, trial, what="a rash  on my arms")
    item = items().get()
    address, shown = f"/patients/{people.maya.pk}/worklist/{item.pk}", f"{item.pk} {item.version}"
    send(signed_in(people.nurse.user), address, item=shown)
    check_in(people, trial)
    assert not items().filter(closed_at__isnull=True).exists()
    check_in(people, trial, bother="3")
    assert items().get(closed_at__isnull=True).action == "Call her"


def test_another_effect_is_another_item_and_none_is_none(people, trial):
    check_in(people, trial)
    check_in(people, trial, what="Dry mouth")
    check_in(people, trial, what="", bother="")
    assert items().count() == 2


def test_the_page_after_sending_says_what_needs_a_call_the_same_day(people, trial):
    words = check_in(people, trial)
    assert "You told us: <bdi>A rash on my arms</bdi>." in words
    assert '<a href="/medicine#call-sertraline">“When to call” on your medicine page</a>' in words
    assert 'href="/help">Help now</a>' in words
    assert "Sent. Thank you for telling us." in words


def test_where_no_such_list_is_written_she_is_not_sent_to_one(people, trial):
    trial.put(medicine="zonisamide")
    words = check_in(people, trial)
    assert "When to call" not in words
    assert "Not sure whether it can wait? Then don't wait: call your clinic." in words


def test_without_a_side_effect_she_reads_how_she_is_doing(people, trial):
    assert "You told us:" not in check_in(people, trial, what="", bother="")
