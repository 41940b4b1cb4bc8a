"""Something changed: one question a screen, nothing sent before she says so, and honest words after."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from althea.care import entries as said
from althea.care.actions import record
from althea.care.changes import CHANGES
from althea.care.days import today
from althea.care.facts import chart_of
from althea.care.models import Clinic, Entry, OrderEnd, Outgoing, Trial, WorklistItem
from althea.care.stages_lived import stages
from tests.care.test_facts import an_order
from tests.counting import at_most
from tests.people import send, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def on(people):
    return today(people.maya, timezone.now())


@pytest.fixture
def hers(people):
    Clinic.objects.filter(pk=people.clinic.pk).update(hours="in working hours, Monday to Friday")
    people.maya.clinic.refresh_from_db()
    return signed_in(people.maya.user)


def looked(people, on):
    for topic in ("medicines", "conditions", "allergies", "observations"):
        record.add(patient=people.maya, body=said.Looked(topic=topic), on=on, origin="clinic",
                   by=people.marchetti.user, at=timezone.now())  # fmt: skip


def taking(people, on, medicine="sertraline", dose="75 mg"):
    first = (on - timedelta(days=60)).isoformat()
    return an_order(people, medicine=medicine, steps=[{"from": first, "until": None, "dose": dose, "times_a_day": 1}])


def go(client, change, /, **answers):
    """Answer these, in order: a value, or "how:unknown"."""
    for question, value in answers.items():
        name = question.replace("_", "-")
        how = value.startswith("how:") if isinstance(value, str) else False
        fields = {"how": value.removeprefix("how:")} if how else {"value": value}
        answer = send(client, f"/changes/{change}/{name}", **fields)
        assert answer.status_code == 302, answer.content.decode()
    return answer


def tell(client, change, /, **answers):
    go(client, change, **answers)
    sent = send(client, f"/changes/{change}")
    assert (sent.status_code, sent["Location"]) == (302, "/changes/told")
    return client.get("/changes/told").content.decode()


TRAMADOL = {"what": "Tramadol 50 mg", "dose": "50 mg", "often": "3", "since": "how:unknown", "whom": "A dentist"}


def test_all_that_may_change_is_there_with_a_reason_for_every_question(hers):
    words = hers.get("/changes").content.decode()
    assert "<title>Notes</title>" in words
    for one in CHANGES.values():
        assert one.title in words.replace("&#x27;", "'")
        assert [question.id for question in one.questions if not question.why and question.id != "due"] == []


def test_a_new_pill_from_elsewhere_from_her_phone_to_her_prescribers_list(people, hers, on):
    """The sentence of the story: a new pill is started elsewhere: open orders are checked again the same day."""
    looked(people, on)
    taking(people, on)
    words = tell(hers, "new-medicine", **TRAMADOL)
    assert "Thank you for telling us" in words
    assert "They read this in working hours, Monday to Friday. Nobody reads it at night." in words
    body = said.Medicine(**Entry.objects.get(kind="medicine").body)
    assert (body.medicine, body.dose, body.times_a_day, body.since, body.from_whom) == (
        "tramadol", "50 mg", 3, None, "A dentist",
    )  # fmt: skip
    assert Entry.objects.get(kind="medicine").origin == "hers"
    list_ = signed_in(people.marchetti.user).get("/today").content.decode()
    assert "She started Tramadol 50 mg. Tramadol with sertraline: serotonin syndrome" in list_
    assert Outgoing.objects.filter(kind="staff", user=people.marchetti.user).exists()
    assert not OrderEnd.objects.exists()


LOOK = "There is something about this that we want to look at with you."


@pytest.mark.parametrize(("what", "shown"), [("St John's wort", True), ("cetirizine", False)])
def test_a_warning_that_came_of_it_is_told_to_her_and_nothing_is_made_up_where_none_did(people, hers, on, what, shown):
    looked(people, on)
    taking(people, on)
    words = tell(hers, "new-medicine", **TRAMADOL | {"what": what, "dose": "how:unknown"})
    assert (LOOK in words) is shown
    assert "Please talk to your clinic soon" not in words


def test_nothing_is_in_her_record_before_she_sends_it(people, hers):
    go(hers, "new-medicine", **TRAMADOL)
    over = hers.get("/changes/new-medicine").content.decode()
    assert "Is this right?" in over
    assert "This is what your care team will read." in over
    for line in ("Tramadol 50 mg", "Three times a day", "I don&#x27;t know", "A dentist"):
        assert line in over
    assert not Entry.objects.exists()
    assert not WorklistItem.objects.exists()


def test_she_may_change_an_answer_and_come_back_to_where_she_was(hers):
    go(hers, "new-medicine", what="Tramadol", dose="how:unknown")
    assert hers.get("/changes/new-medicine")["Location"] == "/changes/new-medicine/often"
    assert 'value="Tramadol"' in hers.get("/changes/new-medicine/what").content.decode()
    after = send(hers, "/changes/new-medicine/what", value="Tramadol")
    assert after["Location"] == "/changes/new-medicine/often"


def test_what_was_said_of_one_medicine_is_never_said_of_another(people, hers):
    go(hers, "new-medicine", what="Ibuprofen", dose="400 mg", often="3")
    assert send(hers, "/changes/new-medicine/what", value="Lithium")["Location"] == "/changes/new-medicine/dose"
    tell(hers, "new-medicine", dose="how:unknown", often="how:unknown", since="how:unknown", whom="how:none")
    body = said.Medicine(**Entry.objects.get(kind="medicine").body)
    assert (body.medicine, body.dose, body.times_a_day) == ("lithium", None, None)


def test_chosen_from_the_list_she_begins_anew(hers):
    go(hers, "pregnancy", status="pregnant", weeks="6")
    assert 'href="/changes/pregnancy?anew=1"' in hers.get("/changes").content.decode()
    assert hers.get("/changes/pregnancy?anew=1")["Location"] == "/changes/pregnancy"
    assert hers.get("/changes/pregnancy")["Location"] == "/changes/pregnancy/status"
    assert send(hers, "/changes/pregnancy/status", value="pregnant")["Location"] == "/changes/pregnancy/weeks"


def test_to_correct_a_later_answer_leaves_the_others(hers):
    go(hers, "new-medicine", what="Tramadol", dose="400 mg", often="3")
    assert send(hers, "/changes/new-medicine/dose", value="50 mg")["Location"] == "/changes/new-medicine/since"


def test_what_she_wrote_counts_before_an_i_dont_know_beside_it(hers):
    send(hers, "/changes/new-medicine/what", value="Advil")
    send(hers, "/changes/new-medicine/dose", value="200 mg", how="unknown")
    assert 'value="200 mg"' in hers.get("/changes/new-medicine/dose").content.decode()


def test_a_screen_sent_empty_says_what_to_do(hers):
    answer = send(hers, "/changes/new-medicine/what", value="  ")
    assert answer.status_code == 200
    assert "Write a few words" in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()


@pytest.mark.parametrize(
    ("what", "question", "value", "words"),
    [
        ("new-medicine", "what", "x" * 10_000, "That is 10,000 characters. We can keep 300. Write only the name."),
        ("birth", "born", "2999-01-01", "is after today. Enter the day it happened."),
        ("birth", "born", "1996-01-01", "is before you were 10 years old. Check the year."),
        ("pregnancy", "status", "perhaps", "Choose one of the answers."),
    ],
)
def test_bad_input_keeps_what_was_typed(hers, what, question, value, words):
    answer = send(hers, f"/changes/{what}/{question}", value=value)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    if len(value) < 100 and what != "pregnancy":
        assert value in answer.content.decode()
    assert not Entry.objects.exists()


def test_markup_emoji_and_right_to_left_are_text(people, hers):
    tell(hers, "new-medicine", **{**TRAMADOL, "what": "<script>x</script> دواء 💊"})
    words = signed_in(people.marchetti.user).get(f"/patients/{people.maya.pk}/medicines").content.decode()
    assert "<script>x" not in words
    assert "دواء 💊" in words


def test_i_am_pregnant_asks_on_and_tells_her_team_today(people, hers, on):
    due = (on + timedelta(days=200)).isoformat()
    words = tell(hers, "pregnancy", status="pregnant", weeks="11", due=due)
    assert "Please talk to your clinic soon, today if they are open." in words
    assert "please don't stop or change a medicine by yourself" in words
    assert '<a class="btn primary" href="tel:555 0100">' in words
    assert '<a class="btn wide" href="/home">' in words, "one thing stands out: to call"
    topics = {row.body["topic"]: row.body["value"] for row in Entry.objects.filter(kind="life-stage")}
    assert topics == {"pregnancy": "pregnant", "gestation": "77", "due": due}
    assert WorklistItem.objects.get(reason__startswith="told:").group == "cannot-wait"


def test_weeks_that_begin_before_her_last_birth_are_asked_about_and_nothing_is_kept(people, hers, on):
    born = on - timedelta(days=63)
    record.add(patient=people.maya, body=said.LifeStage(topic="delivery", value=born.isoformat()), on=born,
               origin="clinic", by=people.marchetti.user, at=timezone.now())  # fmt: skip
    go(hers, "pregnancy", status="pregnant")
    for question, wrong, right in (
        ("weeks", "20", "5"),
        ("due", (on + timedelta(days=140)).isoformat(), (on + timedelta(days=245)).isoformat()),
    ):
        words = send(hers, f"/changes/pregnancy/{question}", value=wrong).content.decode()
        assert f"before the birth on {born:%-d %B %Y} that is in your record." in words
        assert send(hers, f"/changes/pregnancy/{question}", value=right).status_code == 302


def test_a_pregnancy_lost_is_met_with_gentle_words_and_no_more_questions(hers, on):
    words = tell(hers, "pregnancy", status="lost", lost_on="how:rather-talk")
    assert "We are so sorry." in words
    assert "Somebody from your care team will be in touch" in words
    assert Outgoing.objects.filter(kind="staff").exists()


def test_a_loss_she_tells_on_her_phone_ends_the_pregnancy_on_its_day_at_the_clinic(people, hers, on):
    for topic, value in (("pregnancy", "pregnant"), ("gestation", "56")):
        record.add(patient=people.maya, body=said.LifeStage(topic=topic, value=value), on=on - timedelta(days=60),
                   origin="clinic", by=people.marchetti.user, at=timezone.now())  # fmt: skip
    day = on - timedelta(days=20)
    tell(hers, "pregnancy", status="lost", lost_on=day.isoformat())
    chart = chart_of(people.maya)
    assert [(one.words, one.last) for one in stages(chart, on)] == [("Pregnant", day)]
    words = signed_in(people.marchetti.user).get(f"/patients/{people.maya.pk}/").content.decode()
    assert ">Not pregnant</span>" in words


def test_id_rather_talk_about_it_writes_nothing_and_says_so_to_her_team(people, hers):
    go(hers, "pregnancy", status="how:rather-talk")
    over = hers.get("/changes/pregnancy").content.decode()
    assert "We only tell your care team that you would like to talk about it." in over
    send(hers, "/changes/pregnancy")
    assert not Entry.objects.exists()
    assert WorklistItem.objects.get().why == "She would rather talk about it: a pregnancy."


def test_a_choice_among_the_answers_may_be_i_dont_know(hers):
    send(hers, "/changes/pregnancy/status", value="how:unknown")
    send(hers, "/changes/pregnancy")
    assert Entry.objects.get().body == {"topic": "pregnancy", "value": "unknown"}


def test_i_stopped_taking_it_is_met_without_blame_and_with_whom_to_call(people, hers, on):
    order = taking(people, on)
    trial = Trial.objects.create(patient=people.maya, medicine="sertraline", state="titrating", problem="Low mood",
                                 scale="phq-9", created_at=timezone.now())  # fmt: skip
    go(hers, "stopped", which=str(order.pk), since=on.isoformat(), why="Too flat")
    over = hers.get("/changes/stopped").content.decode()
    assert "Stopping this medicine all at once can make you feel ill." in over
    assert "Source: Depression in adults" in over
    assert "You decide. If you feel unwell, or want to talk first, call your clinic" in over
    send(hers, "/changes/stopped")
    trial.refresh_from_db()
    assert trial.state == "ended"
    assert not OrderEnd.objects.exists(), "nothing is stopped by software"
    assert "Stopping this medicine all at once" in hers.get("/changes/told").content.decode()


def test_she_need_not_say_why(people, hers, on):
    order = taking(people, on)
    tell(hers, "stopped", which=str(order.pk), since="how:unknown", why="how:none")
    assert Entry.objects.get(kind="medicine").body["why_stopped"] == ""
    assert Entry.objects.get(kind="medicine").body["until"] == on.isoformat()


@pytest.mark.parametrize("ticked", [[], ["none", "copper-iud"]])
def test_nothing_ticked_is_not_none_and_none_stands_alone(hers, ticked):
    answer = send(hers, "/changes/contraception/methods", value=ticked)
    assert "Tick what you use, or only “No contraception”." in answer.content.decode()


def test_only_what_she_takes_can_be_stopped(people, hers, on):
    assert "We know of no medicine that you take now." in hers.get("/changes/stopped").content.decode()
    taking(people, on)
    theirs = record.add(patient=people.noor, body=said.Medicine(text="Advil", running=True), on=on, origin="hers",
                        by=people.hale.user, at=timezone.now())  # fmt: skip
    answer = send(hers, "/changes/stopped/which", value=str(theirs.pk))
    assert "Choose one of the answers." in answer.content.decode()


@pytest.mark.parametrize(
    ("what", "answers", "kept"),
    [
        ("birth", {"born": "TODAY", "at": "39", "milk": "yes"}, {"delivery": "TODAY", "infant": "273", "breastfeeding": "yes"}),
        ("feeding", {"milk": "no"}, {"breastfeeding": "no"}),
        ("contraception", {"methods": ["copper-iud", "condoms"]}, {"contraception": "copper-iud,condoms"}),
        ("periods", {"last": "TODAY", "how": "how:none"}, {"period": "TODAY"}),
    ],
)  # fmt: skip
def test_each_change_becomes_what_the_record_knows(people, hers, on, what, answers, kept):
    day = on.isoformat()
    tell(hers, what, **{key: day if value == "TODAY" else value for key, value in answers.items()})
    found = {row.body["topic"]: row.body["value"] for row in Entry.objects.filter(kind="life-stage")}
    assert found == {key: day if value == "TODAY" else value for key, value in kept.items()}


def test_an_allergy_is_kept_with_what_happened(people, hers):
    tell(hers, "allergy", what="penicillin", reaction="a rash")
    body = Entry.objects.get(kind="allergy").body
    assert (body["text"], body["reaction"]) == ("penicillin", "a rash")


def test_sent_twice_it_is_told_once(people, hers):
    go(hers, "allergy", what="penicillin", reaction="how:unknown")
    key = str(uuid4())
    for _ in range(2):
        assert hers.post("/changes/allergy", {"key": key}).status_code == 302
    assert Entry.objects.count() == 1
    assert send(hers, "/changes/allergy")["Location"] == "/changes/allergy/what", "there is nothing to send any more"
    assert Entry.objects.count() == 1


def test_what_is_no_change_and_what_is_no_question_is_not_there(hers):
    for address in ("/changes/weather", "/changes/weather/what", "/changes/birth/shoe", "/changes/pregnancy/weeks"):
        assert hers.get(address).status_code == 404


def test_without_anything_told_the_thank_you_page_leads_back(hers):
    assert hers.get("/changes/told")["Location"] == "/changes"


def test_nobody_else_tells_for_her(people):
    for user in (people.sam, people.marchetti.user, people.noors):
        answer = signed_in(user).get("/changes")
        assert answer.status_code == (200 if user == people.noors else 404)


def test_her_home_leads_here(hers):
    assert 'href="/changes"' in hers.get("/home").content.decode()


@pytest.mark.parametrize("address", ["/changes", "/changes/new-medicine/what", "/changes/stopped/which"])
@pytest.mark.parametrize("count", [1, 60])
def test_few_queries_however_much_she_takes(people, hers, on, address, count):
    taking(people, on)
    for at in range(count):
        record.add(patient=people.maya, body=said.Medicine(text=f"Herb {at}", running=True), on=on, origin="hers",
                   by=people.maya.user, at=timezone.now())  # fmt: skip
    with at_most(12):
        hers.get(address)
