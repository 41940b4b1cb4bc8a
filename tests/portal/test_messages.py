"""She writes to her team, they write to her, and nobody else reads a word."""

import pytest
from django.utils import timezone

from althea.care.actions import message
from althea.care.models import AuditRow, Message, Outgoing, WorklistItem
from tests.counting import at_most
from tests.people import NOW, send, signed_in

pytestmark = pytest.mark.django_db
WORDS = "Does lamotrigine mix with my pill? 🌿 أهلا"


def hers(people):
    return signed_in(people.maya.user)


def test_what_she_writes_is_kept_and_put_before_her_team(people):
    answer = send(hers(people), "/messages", body=WORDS)
    assert (answer.status_code, answer["Location"]) == (302, "/messages")
    row = Message.objects.get()
    assert (row.body, row.from_her, row.patient) == (WORDS, True, people.maya)
    item = WorklistItem.objects.get()
    assert (item.group, item.why, item.action) == ("message", f"“{WORDS}”", "Reply")
    assert AuditRow.objects.filter(verb="wrote message", patient=people.maya).count() == 1


def test_three_messages_are_one_item_that_counts_them_and_the_first_is_never_lost(people):
    for words in ("I took all my pills.", "two", "three"):
        send(hers(people), "/messages", body=words)
    assert WorklistItem.objects.get().why == "3 messages, the first: “I took all my pills.” The last: “three”"


def test_the_answer_closes_the_item_and_tells_her_nothing_on_her_lock_screen(people):
    send(hers(people), "/messages", body=WORDS)
    address, shown = f"/patients/{people.maya.pk}/messages", Message.objects.get().pk
    send(signed_in(people.marchetti.user), address, body="Yes, with a plan. Let us talk.", read=shown)
    assert WorklistItem.objects.get().closing == "answered"
    notice = Outgoing.objects.exclude(kind="staff").get()
    assert (notice.kind, notice.patient) == ("message", people.maya)
    page = hers(people).get("/messages").content.decode()
    assert "Yes, with a plan. Let us talk." in page
    assert "Dr Marchetti" in page


def test_an_empty_message_is_shown_again_with_what_to_do(people):
    page = send(hers(people), "/messages", body="  ")
    assert page.status_code == 200
    assert "Write a few words first." in page.content.decode()
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("about", "begun"),
    [("goal", "My goal has changed: "), ("visit", "A question for my visit: "), ("none-such", "")],
)
def test_a_message_begins_with_what_it_is_about_and_its_beginning_alone_is_no_message(people, about, begun):
    assert f"\n{begun}</textarea>" in hers(people).get("/messages", {"about": about}).content.decode()
    page = send(hers(people), f"/messages?about={about}", body=begun)
    assert "Write a few words first." in page.content.decode()
    assert not Message.objects.exists()


def test_ten_thousand_characters_are_kept_and_one_more_is_refused_with_the_text_still_there(people):
    send(hers(people), "/messages", body="a" * 10_000)
    assert len(Message.objects.get().body) == 10_000
    page = send(hers(people), "/messages", body="b" * 10_001).content.decode()
    assert "b" * 10_001 in page
    assert Message.objects.count() == 1


def test_markup_is_text(people):
    send(hers(people), "/messages", body="<script>alert(1)</script>")
    for page in (
        hers(people).get("/messages"),
        signed_in(people.marchetti.user).get(f"/patients/{people.maya.pk}/messages"),
        signed_in(people.marchetti.user).get("/messages-to-us"),
    ):
        assert "<script>alert" not in page.content.decode()


def test_the_list_shows_who_waits_and_only_ones_own(people):
    message.write(patient=people.maya, body="Can I call you?", by=people.maya.user, from_her=True, at=NOW)
    message.write(patient=people.noor, body="Not for Dr Marchetti", by=people.noors, from_her=True, at=NOW)
    page = signed_in(people.marchetti.user).get("/messages-to-us").content.decode()
    assert "Can I call you?" in page
    assert "waits for an answer" in page
    assert "Not for Dr Marchetti" not in page


def test_pages_take_few_queries(people):
    for number in range(40):
        message.write(patient=people.maya, body=str(number), by=people.maya.user, from_her=True, at=NOW)
    maya, marchetti = hers(people), signed_in(people.marchetti.user)
    with at_most(7):
        maya.get("/messages")
    with at_most(7):
        marchetti.get("/messages-to-us")


def test_times_on_a_page_are_wall_time_where_the_reader_is(people, time_machine):
    time_machine.move_to("2026-06-09T14:06:00Z", tick=False)  # 10:06 in New York
    message.write(patient=people.maya, body="Good morning.", by=people.marchetti.user, from_her=False, at=NOW)
    assert "10:06" in signed_in(people.maya.user).get("/messages").content.decode()
    people.maya.put(time_zone="Europe/Berlin")
    assert "16:06" in signed_in(people.maya.user).get("/messages").content.decode()
    assert "10:06" in signed_in(people.marchetti.user).get(f"/patients/{people.maya.pk}/messages").content.decode()
    assert timezone.get_current_timezone_name() == "UTC"  # nothing of one request stays for the next
