"""A reply to her closes what it answers of what she told elsewhere than in a message: what stood above it, and no more."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from althea.care import jobs
from althea.care.actions import checkin, message, worklist
from althea.care.days import today
from althea.care.models import CheckIn, Message, WorklistItem
from tests.counting import at_most
from tests.people import look_after, send, signed_in

pytestmark = pytest.mark.django_db
WORDS = "I sleep badly again. " * 12 + "Is that the new dose?"
ANSWERS = "This message answers it"


def told(people, patient=None, ago=2, **answers):
    """A check-in with these answers, that she has not sent yet."""
    her = patient or people.maya
    due = today(her, timezone.now()) - timedelta(days=ago)
    row = CheckIn.objects.create(patient=her, due_on=due, scales=["phq-9"])
    for question, value in answers.items():
        checkin.answer(check_in=row, question=question.replace("_", "-"), value=value, by=her.user, at=timezone.now())
    return row


def sent(people, patient=None, **answers):
    row = told(people, patient, **answers)
    checkin.complete(check_in=row, by=row.patient.user, at=timezone.now())
    return row


def shown(item):
    return f"{item.pk} {item.version}"


def still_open(start=""):
    return WorklistItem.objects.filter(reason__startswith=start, closed_at__isnull=True)


def address(people):
    return f"/patients/{people.maya.pk}/messages"


def page(people):
    return signed_in(people.nurse.user).get(address(people)).content.decode()


def box(words, item):
    """The box beside an item: whether it is ticked. None: it is not there."""
    found = words.partition(f'name="item" value="{shown(item)}"')[2]
    return found.split(">")[0].strip() == "checked" if found else None


def reply(people, *ticked, body="Let us halve it."):
    return send(signed_in(people.nurse.user), address(people), body=body, item=[shown(one) for one in ticked])


# --- the words of a check-in ---------------------------------------------------------------------------------------------


def test_the_words_of_her_check_in_stand_whole_above_the_answer_with_their_day(people):
    row = sent(people, words=WORDS)
    item = still_open("words:").get()
    assert WORDS not in item.why, "the worklist holds a part of them"
    above = page(people).partition('name="body"')[0]
    assert WORDS in above
    assert f"From her check-in of {row.due_on:%-d %b}" in above
    assert box(above, item) is False, "an answer to something else must not close it unseen"


def test_the_answer_to_them_closes_the_item_and_says_who_answered(people):
    sent(people, words=WORDS)
    item = still_open("words:").get()
    assert reply(people, item).status_code == 302
    item.refresh_from_db()
    assert (item.closed_by, item.closing) == (people.nurse.user, "answered")
    assert ANSWERS not in page(people)


def test_an_answer_to_something_else_leaves_it_open(people):
    sent(people, words=WORDS)
    item = still_open("words:").get()
    reply(people)
    assert still_open("words:").get() == item
    assert box(page(people), item) is False


def test_words_that_came_after_the_page_was_opened_stay_open(people):
    sent(people, ago=9, words="Fine so far.")
    first = still_open("words:").get()
    sent(people, ago=2, words="I took all of them tonight.")
    reply(people, first)
    assert still_open("words:").get().why == "She wrote: “I took all of them tonight.”"


def test_a_reply_from_elsewhere_than_her_page_answers_none_of_it(people):
    sent(people, words=WORDS)
    look_after(people.marchetti, people.noor)
    at = timezone.now()
    message.write_to_each(patients=[people.maya], body="Your level is due.", by=people.marchetti.user, at=at)
    assert still_open("words:").exists()


def test_what_waits_in_a_message_is_not_closed_by_ticking_a_check_in(people):
    send(signed_in(people.maya.user), "/messages", body="May I stop?")
    sent(people, words=WORDS)
    hers = still_open("message").get()
    assert box(page(people), hers) is None, "it is answered by the newest message that the page showed, and not here"
    reply(people, still_open("words:").get(), hers)
    assert [one.reason for one in still_open()] == ["message"]


# --- what asks for more than an answer -----------------------------------------------------------------------------------


def test_a_side_effect_is_closed_only_where_somebody_says_that_the_message_answers_it(people):
    told(people, side_effects={"what": "Dizzy on the stairs", "bother": 2})
    item = still_open("effect:").get()
    above = page(people).partition('name="body"')[0]
    assert "New side effect, in her words: “Dizzy on the stairs”. Bothers her a lot." in above
    assert box(above, item) is False
    reply(people)
    assert still_open("effect:").exists()
    reply(people, item)
    assert not still_open("effect:").exists()


def test_one_that_got_worse_since_the_page_was_opened_stays_open_and_the_replier_is_told(people):
    row = told(people, side_effects={"what": "Rash", "bother": 1})
    checkin.complete(check_in=row, by=people.maya.user, at=timezone.now())
    item = still_open("effect:").get()
    was = shown(item)
    told(people, ago=1, side_effects={"what": "Rash", "bother": 2})
    client = signed_in(people.nurse.user)
    send(client, address(people), body="Keep an eye on it.", item=was)
    assert still_open("effect:").get().level == "warning"
    assert "Sent to Maya. She wrote again meanwhile: read it." in client.get(address(people)).content.decode()


def test_what_cannot_wait_is_neither_offered_here_nor_closed_from_here(people):
    told(people, side_effects={"what": "Blisters in my mouth", "bother": 3})
    item = still_open("effect:").get()
    assert item.group == "cannot-wait"
    assert ANSWERS not in page(people)
    reply(people, item)
    assert still_open("effect:").exists()


def test_a_check_in_that_she_did_not_send_says_what_else_it_tells_of(people):
    told(people, words="So tired.", **{"phq-9/item 1": 3})
    jobs.pass_over(people.clinic, today(people.maya, timezone.now()) + timedelta(days=7), timezone.now())
    item = still_open("words:").get()
    words = page(people)
    assert "was not sent. She wrote: “So tired.”. PHQ-9: 1 of 9 answered." in words
    assert box(words, item) is False


# --- the form ------------------------------------------------------------------------------------------------------------


def test_after_an_empty_message_the_boxes_are_as_they_were_left(people):
    sent(people, words=WORDS)
    told(people, ago=1, side_effects={"what": "Dizzy", "bother": 2})
    words, effect = still_open("words:").get(), still_open("effect:").get()
    again = reply(people, effect, body="").content.decode()
    assert "Write a few words first." in again
    assert (box(again, words), box(again, effect)) == (False, True)
    assert still_open().count() == 2


@pytest.mark.parametrize("item", ["x", "x 1", "00000000-0000-4000-8000-000000000000 1", "1 2 3"])
def test_what_is_no_item_closes_none_and_the_message_goes(people, item):
    sent(people, words=WORDS)
    assert send(signed_in(people.nurse.user), address(people), body="Yes.", item=item).status_code == 302
    assert Message.objects.get().body == "Yes."
    assert still_open("words:").exists()


def test_an_item_of_another_woman_is_not_closed(people):
    sent(people, people.noor, words="I am Noor.")
    item = WorklistItem.objects.get(patient=people.noor)
    reply(people, item)
    assert still_open("words:").get().patient == people.noor


def test_however_much_is_open_the_page_asks_as_often(people):
    for ago in range(2, 9):
        sent(people, ago=ago, words=f"Day {date(2026, 6, ago)}")
    told(people, ago=1, side_effects={"what": "Dizzy", "bother": 2})
    client = signed_in(people.marchetti.user)
    with at_most(12):
        words = client.get(address(people)).content.decode()
    assert words.count(ANSWERS) == 8


@pytest.mark.parametrize("reason", ["words:x", "words:", "words", "words:6d61b9bc", "side-effect:x"])
def test_an_item_that_names_no_check_in_stands_there_with_its_own_line(people, reason):
    item = worklist.place(patient=people.maya, group="message", level="info", reason=reason, why="She wrote: “Too tired.”",
                          action="Read it", at=timezone.now())  # fmt: skip
    words = page(people)
    assert "She wrote: “Too tired.”" in words
    assert box(words, item) is False
    assert reply(people, item).status_code == 302
    item.refresh_from_db()
    assert item.closing == "answered"


def test_an_item_that_names_the_check_in_of_another_woman_shows_none_of_its_words(people):
    other = sent(people, people.noor, words=WORDS)
    worklist.place(patient=people.maya, group="message", level="info", reason=f"words:{other.pk}", why="She wrote.",
                   action="Read it", at=timezone.now())  # fmt: skip
    assert "I sleep badly again." not in page(people)
