"""One question a screen, each answer kept; and a word on self-harm opens the help page in the same request."""

import re
from datetime import date, timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from althea.care.actions import checkin
from althea.care.days import today
from althea.care.doses_told import answers_of, doses_told
from althea.care.facts import chart_of
from althea.care.models import AuditRow, CheckIn, CheckInAnswer, Entry, Outgoing, Trial, WorklistItem
from tests.counting import at_most
from tests.people import NOW, send, signed_in

pytestmark = pytest.mark.django_db
ANSWERS = [2, 1, 2, 1, 1, 2, 2, 1]


@pytest.fixture
def week(people):
    """Maya's check-in of today, of her trial."""
    on = today(people.maya, timezone.now())
    trial = Trial.objects.create(
        patient=people.maya, medicine="sertraline", state="titrating", problem="Low mood", scale="phq-9", weeks=8,
        started_on=on - timedelta(days=33), created_at=NOW,
    )  # fmt: skip
    return CheckIn.objects.create(patient=people.maya, trial=trial, due_on=on, scales=["phq-9"])


def maya(people):
    return signed_in(people.maya.user)


def item(week, number):
    return f"/check-in/{week.pk}/phq-9-{number}"


def fill(client, week, last=0):
    for number, value in enumerate([*ANSWERS, last], 1):
        send(client, item(week, number), value=value)
    send(client, f"/check-in/{week.pk}/doses", value="none")
    send(client, f"/check-in/{week.pk}/side-effects", what="")
    send(client, f"/check-in/{week.pk}/words", value="I laughed with Ada this week.")


def test_the_first_screen_is_the_first_question(people, week):
    client = maya(people)
    assert client.get(f"/check-in/{week.pk}")["Location"] == item(week, 1)
    page = client.get(item(week, 1)).content.decode()
    assert "Little interest or pleasure in doing things" in page
    assert "Question 1 of 12" in re.sub(r"<[^>]+>", "", page)
    assert "Saved as you go." in page
    assert "<title>Notes</title>" in page
    assert " checked" not in page


def test_an_answer_is_kept_and_the_next_question_comes(people, week):
    client = maya(people)
    assert send(client, item(week, 1), value="2")["Location"] == item(week, 2)
    assert checkin.newest(week) == {"phq-9/item 1": 2}
    week.refresh_from_db()
    assert week.state == "started"


def test_she_comes_back_where_she_was_and_her_answer_is_there(people, week):
    client = maya(people)
    send(client, item(week, 1), value="2")
    later = maya(people)
    assert later.get(f"/check-in/{week.pk}")["Location"] == item(week, 2)
    assert 'value="2" checked' in later.get(item(week, 1)).content.decode()


def test_changed_her_mind_the_newest_counts_and_both_are_kept(people, week):
    client = maya(people)
    send(client, item(week, 1), value="2")
    send(client, item(week, 1), value="1")
    assert checkin.newest(week) == {"phq-9/item 1": 1}
    assert CheckInAnswer.objects.count() == 2


@pytest.mark.parametrize("value", ["", "4", "-1", "two", "2; DROP TABLE"])
def test_what_is_no_answer_is_refused_in_words(people, week, value):
    page = send(maya(people), item(week, 1), value=value)
    assert page.status_code == 200
    assert "Choose one of the answers, or save and finish later." in page.content.decode()
    assert not CheckInAnswer.objects.exists()


def test_a_finished_check_in_becomes_the_record(people, week):
    client = maya(people)
    fill(client, week)
    assert send(client, f"/check-in/{week.pk}")["Location"] == "/progress"
    score = Entry.objects.get(kind="score")
    assert (score.body["total"], score.body["band"], score.origin) == ("12", "moderate", "hers")
    assert score.body["items"]["item 9"] == 0
    assert Entry.objects.get(kind="symptom").body["words"] == "I laughed with Ada this week."
    assert not Entry.objects.filter(kind="dose-taken").exists()
    week.refresh_from_db()
    assert week.state == "done"


def test_days_without_a_dose_and_a_side_effect_are_kept(people, week):
    client, day = maya(people), today(people.maya, timezone.now()) - timedelta(days=2)
    send(client, item(week, 1), value=1)
    send(client, f"/check-in/{week.pk}/doses", value=day.isoformat())
    send(client, f"/check-in/{week.pk}/side-effects", what="Upset stomach", bother="1")
    send(client, f"/check-in/{week.pk}")
    told = [(one.on, one.body["taken"]) for one in Entry.objects.filter(kind="dose-taken").order_by("on")]
    assert told == [(day, False), (day + timedelta(days=1), True)], "of the day after it she says that she took it"
    effect = Entry.objects.get(kind="side-effect").body
    assert (effect["what"], effect["bother"], effect["medicine"]) == ("Upset stomach", 1, "sertraline")


def test_a_question_left_out_gives_no_total_and_says_so(people, week):
    client = maya(people)
    for number in range(1, 9):
        send(client, item(week, number), value=1)
    page = client.get(f"/check-in/{week.pk}?look-over=1").content.decode()
    assert "A score needs all its questions, so this one will have no total." in page
    send(client, f"/check-in/{week.pk}")
    assert "total" not in Entry.objects.get(kind="score").body


def test_sent_twice_it_counts_once(people, week):
    client = maya(people)
    fill(client, week)
    send(client, f"/check-in/{week.pk}")
    assert send(client, f"/check-in/{week.pk}")["Location"] == "/home"
    assert send(client, item(week, 1), value=0)["Location"] == f"/check-in/{week.pk}"
    assert Entry.objects.filter(kind="score").count() == 1


# --- the doses of the week ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ([], "Tick the days without a dose, or “No dose was missed”."),
        (["none", 1], "You ticked days, and “No dose was missed” as well. Keep one of them."),
        ([7], "It is another day than when you opened this page. Tick the days again."),
        (["yesterday"], "It is another day than when you opened this page. Tick the days again."),
    ],
)
def test_what_says_nothing_clear_of_the_doses_is_refused_in_words(people, week, sent, words):
    on = today(people.maya, timezone.now())
    value = [(on - timedelta(days=one)).isoformat() if isinstance(one, int) else one for one in sent]
    page = send(maya(people), f"/check-in/{week.pk}/doses", value=value)
    assert page.status_code == 200
    assert words in page.content.decode()
    assert not CheckInAnswer.objects.exists()


def begun(week, days):
    """Its medicine was started so many days ago. Returns the days that are offered then."""
    week.trial.put(started_on=week.due_on - timedelta(days=days))
    return [(week.due_on - timedelta(days=back)).isoformat() for back in range(min(days, 6) + 1)]


@pytest.mark.parametrize("days", [0, 2, 6, 33])
def test_no_day_before_the_first_dose_is_offered(people, week, days):
    offered = begun(week, days)
    page = maya(people).get(f"/check-in/{week.pk}/doses").content.decode()
    assert re.findall(r'name="value" value="([^"]+)"', page) == [*offered, "none"]


def test_before_the_first_dose_the_doses_are_not_asked_about(people, week):
    client = maya(people)
    begun(week, -1)
    assert send(client, item(week, 9), value="0")["Location"] == f"/check-in/{week.pk}/side-effects"
    assert client.get(f"/check-in/{week.pk}/doses").status_code == 404


def test_missed_days_are_as_many_in_her_answer_on_the_chart_and_in_the_percent(people, week):
    offered = begun(week, 2)
    send(maya(people), f"/check-in/{week.pk}/doses", value=[offered[0], offered[2]])
    assert "2 missed" in maya(people).get(f"/check-in/{week.pk}?look-over=1").content.decode()
    send(maya(people), f"/check-in/{week.pk}")
    assert Entry.objects.filter(kind="dose-taken").count() == 2
    found = doses_told(week.trial, chart_of(people.maya), answers_of(people.maya), week.due_on)
    assert (found.of, found.days, len(found.missed), found.percent) == (3, 3, 2, 33)


def test_a_day_before_the_first_dose_that_was_kept_earlier_is_no_missed_dose(people, week):
    checkin.answer(
        check_in=week,
        question="doses",
        value=[(week.due_on - timedelta(days=5)).isoformat()],
        by=people.maya.user,
        at=timezone.now(),
    )
    begun(week, 2)
    send(maya(people), f"/check-in/{week.pk}")
    assert not Entry.objects.filter(kind="dose-taken").exists()
    assert not doses_told(week.trial, chart_of(people.maya), answers_of(people.maya), week.due_on).missed


# --- save and finish later ----------------------------------------------------------------------------


def test_save_and_finish_later_saves_what_is_there_and_goes_home(people, week):
    client, there = maya(people), f"/check-in/{week.pk}"
    page = client.get(item(week, 1)).content.decode()
    assert (
        '<button class="btn quiet wide" form="f" name="then" value="later" formnovalidate>Save and finish later' in page
    )
    for address, sent in (
        (item(week, 1), {"value": "2"}), (f"{there}/doses", {"value": "none"}),
        (f"{there}/side-effects", {"what": "Upset stomach", "bother": "1"}), (f"{there}/words", {"value": "The nights"}),
    ):  # fmt: skip
        assert send(client, address, then="later", **sent)["Location"] == "/home"
    assert checkin.newest(week) == {
        "phq-9/item 1": 2, "doses": ["none"], "side-effects": {"what": "Upset stomach", "bother": 1}, "words": "The nights",
    }  # fmt: skip


@pytest.mark.parametrize("question", ["phq-9-1", "phq-9-9", "doses", "side-effects", "words"])
def test_with_nothing_there_it_just_goes_home(people, week, question):
    sent = {"what": ""} if question == "side-effects" else {"value": " "} if question == "words" else {}
    assert send(maya(people), f"/check-in/{week.pk}/{question}", then="later", **sent)["Location"] == "/home"
    assert not CheckInAnswer.objects.exists()


def test_what_cannot_be_kept_stays_in_the_form_with_a_way_to_leave_it(people, week):
    page = send(maya(people), f"/check-in/{week.pk}/words", then="later", value="b" * 10_001).content.decode()
    assert "That is 10,001 characters." in page
    assert "b" * 10_001 in page
    assert '<a class="btn quiet wide" href="/home">Leave without saving this one</a>' in page


def test_how_much_it_bothers_her_without_what_it_is_is_asked_about_and_not_nothing_new(people, week):
    client, address = maya(people), f"/check-in/{week.pk}/side-effects"
    page = send(client, address, what="", bother="2").content.decode()
    assert "Write what it is that bothers you." in page
    assert '<input type="radio" name="bother" value=""><span>Not said</span>' in page
    assert not CheckInAnswer.objects.exists()
    send(client, address, what="", bother="")
    assert checkin.newest(week)["side-effects"] == {"what": "", "bother": None}


# --- self-harm ------------------------------------------------------------------------------------


def test_several_days_opens_the_help_page_at_once_and_tells_her_team(people, week):
    answer = send(maya(people), item(week, 9), value="1")
    assert (answer.status_code, answer["Location"]) == (302, f"/help?from={item(week, 9)}")
    assert checkin.newest(week) == {"phq-9/item 9": 1}
    found = WorklistItem.objects.get()
    assert (found.group, found.level, found.action) == ("cannot-wait", "critical", "Call Maya")
    assert found.why == "Self-harm question: “several days”. She saw the help page."
    told = set(Outgoing.objects.values_list("user__email", flat=True))
    assert "marchetti@example.org" in told
    assert AuditRow.objects.filter(patient=people.maya, verb="opened item").count() == 1


def test_saved_for_later_it_opens_the_help_page_just_the_same(people, week):
    answer = send(maya(people), item(week, 9), value="1", then="later")
    assert (answer.status_code, answer["Location"]) == (302, f"/help?from={item(week, 9)}")
    assert WorklistItem.objects.get().group == "cannot-wait"
    assert checkin.newest(week) == {"phq-9/item 9": 1}


def test_not_at_all_goes_on_to_the_next_question(people, week):
    assert send(maya(people), item(week, 9), value="0")["Location"] == f"/check-in/{week.pk}/doses"
    assert not WorklistItem.objects.exists()


def test_the_help_page_thanks_her_first_and_leads_back(people, week):
    client = maya(people)
    page = client.get(send(client, item(week, 9), value="2")["Location"]).content.decode()
    assert "<h1>Thank you for telling us</h1>" in page
    assert "We have told your care team." in page
    assert f'<a href="{item(week, 9)}">I picked that by mistake. Change my answer</a>' in page
    assert client.get(f"{item(week, 9)}?next=1")["Location"] == f"/check-in/{week.pk}/doses"


def test_changed_to_not_at_all_the_item_stays_open_and_says_so(people, week):
    client = maya(people)
    send(client, item(week, 9), value="1")
    send(client, item(week, 9), value="0")
    found = WorklistItem.objects.get()
    assert found.closed_at is None
    assert found.why.endswith("Later changed to “not at all”.")


def test_when_the_database_fails_she_gets_the_numbers_and_is_told_it_was_not_saved(people, week, monkeypatch):
    client = maya(people)
    client.raise_request_exception = False
    monkeypatch.setattr(checkin, "answer", lambda **named: (_ for _ in ()).throw(OperationalError("gone")))
    answer = send(client, item(week, 9), value="1")
    assert (answer.status_code, answer["Location"]) == (303, "/help?not-saved=1")
    assert "Your answer was not saved." in client.get("/help?not-saved=1").content.decode()
    assert send(client, item(week, 9), value="1", then="later")["Location"] == "/help?not-saved=1"
    other = send(client, item(week, 3), value="1")
    assert other.status_code == 503
    assert "Your text is still here." in other.content.decode()


# --- bad input ------------------------------------------------------------------------------------


def test_another_womans_check_in_does_not_exist(people, week):
    other = signed_in(people.noors)
    assert other.get(item(week, 1)).status_code == 404
    assert send(other, item(week, 1), value=1).status_code == 404
    assert not CheckInAnswer.objects.exists()


def test_two_tabs_write_to_the_check_in_they_show(people, week):
    other = CheckIn.objects.create(patient=people.maya, due_on=date(2026, 1, 1), scales=["phq-9"])
    client = maya(people)
    send(client, item(week, 1), value=1)
    send(client, item(other, 1), value=3)
    assert (checkin.newest(week), checkin.newest(other)) == ({"phq-9/item 1": 1}, {"phq-9/item 1": 3})


def test_long_words_are_kept_or_refused_with_the_text_still_there(people, week):
    client, address = maya(people), f"/check-in/{week.pk}/words"
    long = "é" * 9_998 + "🌿א"
    send(client, address, value=long)
    assert checkin.newest(week)["words"] == long
    page = send(client, address, value="b" * 10_001).content.decode()
    assert "That is 10,001 characters. We can keep 10,000. Shorten it a little." in page
    assert "b" * 10_001 in page


@pytest.mark.parametrize("question", ["phq-9-10", "phq-9-0", "x", "epds-1"])
def test_a_question_that_is_not_asked_does_not_exist(people, week, question):
    assert maya(people).get(f"/check-in/{week.pk}/{question}").status_code == 404


def test_a_question_takes_few_queries(people, week):
    client = maya(people)
    with at_most(8):
        client.get(item(week, 3))
