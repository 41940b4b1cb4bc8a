"""What she writes reaches a person, the day she writes it, and nothing that she answered is lost."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

import althea.portal
from althea.care import entries as said
from althea.care import jobs
from althea.care.actions import effect, message
from althea.care.days import today
from althea.care.facts import facts_for
from althea.care.models import CheckIn, Entry, Message, Outgoing, Trial, WorklistItem
from althea.fhir import write
from tests.people import NOW, look_after, send, signed_in

pytestmark = pytest.mark.django_db
DANGER = "I have saved up my pills. I want to die on Friday."


@pytest.fixture
def week(people):
    on = today(people.maya, timezone.now())
    return CheckIn.objects.create(
        patient=people.maya, trial=a_trial(people, "sertraline"), due_on=on, scales=["phq-9"]
    )  # fmt: skip


def a_trial(people, medicine):
    return Trial.objects.create(
        patient=people.maya, medicine=medicine, state="titrating", problem="Low mood", scale="phq-9", weeks=8,
        started_on=today(people.maya, timezone.now()) - timedelta(days=20), created_at=NOW,
    )  # fmt: skip


def hers(people):
    return signed_in(people.maya.user)


def answer(people, week, question, **sent):
    return send(hers(people), f"/check-in/{week.pk}/{question}", **sent)


def finish(people, week):
    return send(hers(people), f"/check-in/{week.pk}")


def items(start=""):
    return WorklistItem.objects.filter(reason__startswith=start, closed_at__isnull=True)


def told(people):
    return Outgoing.objects.filter(kind="staff", user=people.marchetti.user).count()


def page(people, address=""):
    return signed_in(people.marchetti.user).get(address or f"/patients/{people.maya.pk}/messages").content.decode()


def over(people, days=7):
    on = today(people.maya, timezone.now()) + timedelta(days=days)
    jobs.pass_over(people.clinic, on, timezone.now())


# --- the words at the end of a check-in -----------------------------------------------------------------------------


def test_her_last_line_is_an_item_in_her_words_with_a_notice_that_holds_none_of_them(people, week):
    answer(people, week, "words", value=DANGER)
    assert not items("words:").exists(), "she has not sent it yet"
    finish(people, week)
    item = items("words:").get()
    assert (item.group, item.why) == ("message", f"She wrote: “{DANGER}”")
    assert told(people) == 1
    assert DANGER in page(people, "/today")
    assert DANGER in page(people), "where the button leads she is read in full"


def test_words_of_hers_stand_before_reviews_and_labs(people, week):
    for group in ("review", "labs", "worse", "other"):
        WorklistItem.objects.create(patient=people.maya, group=group, level="info", reason=group, why=group, action="x",
                                    opened_at=NOW)  # fmt: skip
    answer(people, week, "words", value=DANGER)
    finish(people, week)
    words = page(people, "/today")
    heads = ("Messages", "Trial reviews due", "Getting worse", "Labs overdue", "To look at")
    at = [words.index(f">{one} <span") for one in heads]
    assert at == sorted(at)


def test_without_words_there_is_no_such_item(people, week):
    answer(people, week, "words", value="  ")
    finish(people, week)
    assert not items("words:").exists()


# --- a side effect ----------------------------------------------------------------------------------------------------


def test_what_bothers_her_a_lot_is_on_the_list_before_she_sends_it_and_is_not_told_twice(people, week):
    answer(people, week, "side-effects", what="Blisters in my mouth", bother="3")
    item = items("effect:").get()
    assert (item.group, item.level, item.action) == ("cannot-wait", "warning", "Call her")
    assert told(people) == 1
    answer(people, week, "side-effects", what="Blisters in my mouth", bother="3")
    finish(people, week)
    assert items("effect:").get().pk == item.pk
    assert told(people) == 1


def test_changed_before_sending_it_is_the_new_answer_and_taken_back_it_is_gone(people, week):
    answer(people, week, "side-effects", what="Rash", bother="2")
    answer(people, week, "side-effects", what="Rash on my chest", bother="3")
    assert items("effect:").get().why.startswith("New side effect, in her words: “Rash on my chest”.")
    answer(people, week, "side-effects", what="", bother="")
    assert not items("effect:").exists()
    assert set(WorklistItem.objects.values_list("closing", flat=True)) == {"She changed her answer before she sent it."}


def test_taken_back_what_stood_there_of_an_earlier_check_in_stays_as_that_told_it(people, week):
    answer(people, week, "side-effects", what="Dry mouth", bother="1")
    finish(people, week)
    later = CheckIn.objects.create(patient=people.maya, trial=week.trial, due_on="2026-06-01", scales=[])
    answer(people, later, "side-effects", what="dry  mouth", bother="3")
    assert items("effect:").get().group == "cannot-wait"
    answer(people, later, "side-effects", what="", bother="")
    item = items("effect:").get()
    assert (item.group, item.level) == ("message", "info")
    assert item.why.endswith("Bothers her a little.")


def test_what_her_team_worked_through_before_she_sent_it_is_not_opened_by_the_sending(people, week):
    answer(people, week, "side-effects", what="Rash", bother="2")
    item = items("effect:").get()
    address = f"/patients/{people.maya.pk}/worklist/{item.pk}"
    send(signed_in(people.nurse.user), address, item=f"{item.pk} {item.version}")
    finish(people, week)
    assert not items("effect:").exists()
    assert Entry.objects.get(kind="side-effect").body["what"] == "Rash"


def test_a_side_effect_is_a_symptom_of_hers_as_fhir_would_say_it(people, week):
    answer(people, week, "side-effects", what="Rash on my chest", bother="1")
    finish(people, week)
    entry = Entry.objects.get(kind="side-effect")
    symptom = facts_for(people.maya, entry.on).symptoms[0]
    assert (symptom.text, symptom.ref) == ("Rash on my chest", f"Observation/{entry.pk}")
    assert write.symptom(str(entry.pk), entry.on, words="Rash on my chest")["valueString"] == symptom.text
    effect.say(entry=entry, gone=True, by=people.maya.user, at=timezone.now())
    assert facts_for(people.maya, today(people.maya, timezone.now())).symptoms == ()


def test_it_is_as_loud_as_what_was_found_for_it(people, week):
    Entry.objects.create(
        patient=people.maya, kind="medicine", on=NOW.date(), origin="clinic", recorded_at=NOW,
        recorded_by=people.marchetti.user,
        body=said.Medicine(text="lamotrigine", medicine="lamotrigine", running=True, since=NOW.date()).body(),
    )  # fmt: skip
    answer(people, week, "side-effects", what="A rash on my chest", bother="1")
    finish(people, week)
    assert items("finding:rash").exists()
    assert items("effect:").get().level == "warning"


def test_on_two_trials_it_is_of_neither_and_stands_in_the_review_of_both(people, week):
    from althea.care.facts import chart_of
    from althea.care.trial_case import side_effects

    other = a_trial(people, "lamotrigine")
    answer(people, week, "side-effects", what="Itchy arms", bother="1")
    finish(people, week)
    chart = chart_of(people.maya)
    for trial in (week.trial, other):
        assert [one.what for one in side_effects(trial, chart)] == ["Itchy arms"]
    assert Entry.objects.get(kind="side-effect").body["medicine"] == ""


def test_on_one_trial_it_is_of_that_medicine(people, week):
    answer(people, week, "side-effects", what="Itchy arms", bother="1")
    finish(people, week)
    assert Entry.objects.get(kind="side-effect").body["medicine"] == "sertraline"


# --- answered and never sent ----------------------------------------------------------------------------------------


def test_what_she_answered_and_never_sent_stands_in_her_record_and_says_so(people, week):
    answer(people, week, "phq-9-1", value="3")
    answer(people, week, "side-effects", what="Dry mouth", bother="1")
    answer(people, week, "words", value=DANGER)
    over(people)
    week.refresh_from_db()
    assert week.state == "passed"
    kept = {row.kind: row.body for row in Entry.objects.all()}
    assert set(kept) == {"score", "side-effect", "symptom"}
    assert all(body["sent"] is False for body in kept.values())
    assert "total" not in kept["score"]
    item = items("words:").get()
    assert item.group == "message"
    for words in ("was not sent.", f"She wrote: “{DANGER}”.", "Side effect: “Dry mouth”.", "PHQ-9: 1 of 9 answered."):
        assert words in item.why
    assert told(people) == 1
    assert "in a check-in that she did not send" in page(people)
    closed = hers(people).get(f"/check-in/{week.pk}").content.decode()
    assert "What you answered was kept, and your care team can see it." in closed


def test_numbers_alone_are_named_without_a_notice_and_nothing_answered_is_nothing(people, week):
    empty = CheckIn.objects.create(patient=people.maya, trial=week.trial, due_on="2026-06-01", scales=["phq-9"])
    answer(people, week, "phq-9-1", value="0")
    over(people)
    assert "PHQ-9: 1 of 9 answered." in items("words:").get().why
    assert told(people) == 0
    assert not items(f"words:{empty.pk}").exists()


def test_passed_twice_it_is_told_once(people, week):
    answer(people, week, "words", value=DANGER)
    over(people)
    over(people)
    assert Entry.objects.count() == WorklistItem.objects.count() == 1


# --- messages -----------------------------------------------------------------------------------------------------------


def writes(people, body):
    send(hers(people), "/messages", body=body)
    return Message.objects.order_by("at").last()


def replies(people, read):
    client, address = signed_in(people.nurse.user), f"/patients/{people.maya.pk}/messages"
    send(client, address, body="Yes.", read=read.pk)
    return client.get(address).content.decode()


def test_each_message_is_told_and_none_of_it_stands_in_the_notice(people):
    writes(people, "Can I move Thursday?")
    writes(people, DANGER)
    assert told(people) == 2
    assert not any("Thursday" in f"{row.link}{row.send_key}" for row in Outgoing.objects.all())


def test_an_answer_from_a_page_that_did_not_show_it_leaves_it_waiting(people):
    first = writes(people, "Can I move Thursday?")
    writes(people, "I took 30 tablets.")
    assert "Sent to Maya. She wrote again meanwhile: read it." in replies(people, first)
    assert items("message").get().why == "“I took 30 tablets.”"
    assert told(people) == 2, "what is left was told already"
    assert "meanwhile" not in replies(people, Message.objects.filter(from_her=True).latest("at"))
    assert not items("message").exists()


@pytest.mark.parametrize("read", ["", "x", "another woman's"])
def test_an_answer_that_shows_no_message_of_hers_answers_none(people, read):
    other = Message.objects.create(
        patient=people.noor, sender=people.noors, from_her=True, body="Hi", at=timezone.now()
    )
    writes(people, DANGER)
    given = other.pk if read == "another woman's" else read
    send(signed_in(people.nurse.user), f"/patients/{people.maya.pk}/messages", body="Yes.", read=given)
    assert items("message").exists()


def test_the_same_words_to_many_answer_nobody(people):
    writes(people, "I took all my lithium tonight.")
    look_after(people.marchetti, people.noor)
    women = [people.maya, people.noor]
    message.write_to_each(patients=women, body="Your level is due.", by=people.marchetti.user, at=timezone.now())
    assert items("message").get().why == "“I took all my lithium tonight.”"


def test_a_question_to_her_about_an_answer_closes_no_message(people):
    writes(people, "I took all my lithium tonight.")
    by, at = people.marchetti.user, timezone.now()
    message.write(patient=people.maya, body="You were asked: ...", by=by, from_her=False, at=at)
    assert items("message").exists()


# --- a critical answer that is not about self-harm -------------------------------------------------------------------


def test_an_answer_on_movements_is_said_as_that_and_opens_no_help_page(people, week):
    week.put(scales=["aims"])
    assert answer(people, week, "aims-9", value="2")["Location"] == f"/check-in/{week.pk}/aims-10"
    item = items().get()
    assert item.why == "AIMS, “Incapacitation due to abnormal movements.”: “mild”."
    assert (item.level, item.reason.startswith("self-harm")) == ("warning", False)
    assert told(people) == 1
    answer(people, week, "aims-9", value="0")
    assert items().get().why.endswith("“mild”. Later changed to “none”.")


# --- help, beside every field -----------------------------------------------------------------------------------------


def test_beside_every_field_that_she_writes_in_stands_the_way_to_help():
    rooms = Path(althea.portal.__file__).parent / "templates" / "portal"
    for one in rooms.glob("*.html"):
        words = one.read_text(encoding="utf-8")
        if "<textarea" in words:
            assert "portal/_in_danger.html" in words, one.name


@pytest.mark.parametrize("address", ["/messages", "/my-safety-plan", "/check-in/{}/words", "/check-in/{}/side-effects"])
def test_it_is_one_short_line(people, week, address):
    words = hers(people).get(address.format(week.pk)).content.decode()
    assert 'If you are in danger, do not wait for us: <a href="/help">Help now</a>' in words
