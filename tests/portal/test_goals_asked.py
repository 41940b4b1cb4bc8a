"""In her check-in she is asked how near her goals are, in her own words; empty is not told, and nothing is cut."""

import re
from uuid import uuid4

import pytest
from django.utils import timezone

from althea.care.actions import checkin, plan
from althea.care.models import AuditRow, CheckIn, CheckInAnswer, Entry, WorklistItem
from tests.care.telling import DREAD, a_goal, on, told_of, trial, week
from tests.counting import at_most
from tests.people import send, signed_in

__all__ = ["on", "trial", "week"]  # fixtures
pytestmark = pytest.mark.django_db


@pytest.fixture
def client(people):
    return signed_in(people.maya.user)


def at(week):
    return f"/check-in/{week.pk}/goals"


def words(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def tell(client, week, *lines):
    """What she writes of each: (goal, line)."""
    return send(client, at(week), **{f"goal-{goal.pk}": line for goal, line in lines})


def told():
    return [(row.body["told"], row.body["measure"]) for row in Entry.objects.filter(kind="goal-told").order_by("pk")]


# --- what is asked ----------------------------------------------------------------------------------------------------


def test_without_a_measure_nothing_is_asked(people, client, week):
    a_goal(people, measure="")
    assert client.get(at(week)).status_code == 404
    assert send(client, f"/check-in/{week.pk}/side-effects", what="")["Location"] == f"/check-in/{week.pk}/words"


def test_outside_a_trial_nothing_is_asked(people, client, on):
    a_goal(people)
    week = CheckIn.objects.create(patient=people.maya, due_on=on, scales=["phq-9"])
    assert client.get(at(week)).status_code == 404


def test_her_goal_is_asked_after_her_body_and_before_her_words_by_its_own_measure(people, client, week):
    goal = a_goal(people)
    assert send(client, f"/check-in/{week.pk}/side-effects", what="")["Location"] == at(week)
    page = words(client.get(at(week)))
    assert "“Feed her without dread”" in page
    assert f'<label for="goal-{goal.pk}"><bdi>Evenings a week without dread</bdi></label>' in page
    assert "Last time" not in page
    assert "Help now" in page, "as beside every field that she writes in freely"
    assert tell(client, week, (goal, "3 of 7"))["Location"] == f"/check-in/{week.pk}/words"


def test_her_first_three_are_asked_in_her_order(people, client, week):
    for rank in (4, 2, 3, 1):
        a_goal(people, words=f"Goal {rank}", measure=f"measure {rank}", rank=rank)
    a_goal(people, words="Without one", measure="", rank=1)
    page = words(client.get(at(week)))
    assert page.index("Measure 1") < page.index("Measure 2") < page.index("Measure 3")
    assert "Measure 4" not in page
    assert "Without one" not in page


def test_last_time_is_there_with_its_day_and_what_the_clinic_wrote_is_said_to_be_so(people, client, week):
    goal = a_goal(people, back=30)
    told_of(people, goal, "2 evenings", 7)
    a_goal(people, words="Sleep", measure="nights", rank=2, now="4 of 7")
    page = words(client.get(at(week)))
    assert "Last time: <bdi>2 evenings</bdi>, " in page
    assert "Written at the clinic: <bdi>4 of 7</bdi>, " in page


def test_home_and_the_check_in_count_the_same_questions(people, client, week):
    a_goal(people)
    assert "4 short questions, saved as you go." in words(client.get("/home"))
    assert "Question 3 of 4" in re.sub(r"<[^>]+>", "", words(client.get(at(week))))


# --- what is kept -----------------------------------------------------------------------------------------------------


def test_what_she_tells_is_an_entry_of_hers_with_its_row_of_the_trail(people, client, week, on):
    goal = a_goal(people)
    tell(client, week, (goal, "  3 of 7 "))
    assert f"{DREAD}: 3 of 7</span>" in words(client.get(f"/check-in/{week.pk}?look-over=1"))
    assert told() == [], "until she sends it"
    send(client, f"/check-in/{week.pk}")
    row = Entry.objects.get(kind="goal-told")
    assert row.body == {"goal": str(goal.pk), "measure": DREAD, "told": "3 of 7"}
    assert (row.origin, row.on, row.recorded_by) == ("hers", on, people.maya.user)
    assert AuditRow.objects.filter(verb="recorded goal-told", about=f"entry {row.pk}").count() == 1


def test_empty_is_not_told_and_no_entry(people, client, week):
    goal, other = a_goal(people), a_goal(people, words="Sleep", measure="nights", rank=2)
    assert tell(client, week, (goal, ""), (other, "   ")).status_code == 302
    assert "Not told" in words(client.get(f"/check-in/{week.pk}?look-over=1"))
    send(client, f"/check-in/{week.pk}")
    assert told() == []
    page = words(client.get("/plan"))
    assert "Evenings a week without dread: not told yet" in page
    assert "no change" not in page.lower()


def test_she_changes_it_before_she_sends_it_and_the_newest_counts(people, client, week):
    goal = a_goal(people)
    tell(client, week, (goal, "3"))
    assert f'name="goal-{goal.pk}" type="text" value="3"' in words(client.get(at(week)))
    tell(client, week, (goal, "4"))
    send(client, f"/check-in/{week.pk}")
    assert told() == [("4", DREAD)]
    assert CheckInAnswer.objects.filter(question="goals").count() == 2, "both answers are kept"


def test_sent_twice_it_is_told_once(people, client, week):
    goal, key = a_goal(people), str(uuid4())
    for _ in range(2):
        client.post(at(week), {"key": key, f"goal-{goal.pk}": "3"})
    assert CheckInAnswer.objects.filter(question="goals").count() == 1
    send(client, f"/check-in/{week.pk}")
    send(client, f"/check-in/{week.pk}")
    assert told() == [("3", DREAD)]


def test_to_finish_later_keeps_what_she_wrote_and_nothing_where_she_wrote_nothing(people, client, week):
    goal = a_goal(people)
    send(client, at(week), **{f"goal-{goal.pk}": " ", "then": "later"})
    assert not CheckInAnswer.objects.exists()
    assert send(client, at(week), **{f"goal-{goal.pk}": "3", "then": "later"})["Location"] == "/home"
    assert checkin.newest(week)["goals"][0]["told"] == "3"


def test_a_check_in_that_she_did_not_send_says_so(people, client, week):
    goal = a_goal(people)
    tell(client, week, (goal, "3"))
    week.refresh_from_db()
    checkin.pass_over(check_in=week, at=timezone.now())
    assert Entry.objects.get(kind="goal-told").body["sent"] is False
    item = WorklistItem.objects.get(reason=f"words:{week.pk}")
    assert "was not sent. Of her goals: “3”." in item.why


# --- what is not read -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("line", ["x" * 10_000, "🌙" * 121, "ب" * 121])
def test_too_long_is_refused_in_words_and_nothing_is_cut(people, client, week, line):
    goal, other = a_goal(people), a_goal(people, words="Sleep", measure="nights", rank=2)
    page = words(tell(client, week, (goal, line), (other, "4 of 7")))
    assert f"Evenings a week without dread: that is {len(line):,} characters, and 120 fit here." in page
    assert f'value="{line}"' in page
    assert 'value="4 of 7"' in page
    assert not CheckInAnswer.objects.exists()


@pytest.mark.parametrize("line", ["🌙" * 120, "ثلاث أمسيات من سبع", "<b>3</b> & “more”", "x" * 120])
def test_any_letters_are_kept_as_they_are(people, client, week, line):
    goal = a_goal(people)
    assert tell(client, week, (goal, line)).status_code == 302
    send(client, f"/check-in/{week.pk}")
    assert told() == [(line, DREAD)]
    page = client.get("/plan").content.decode()
    assert "<b>3</b>" not in page


def test_another_womans_goal_is_not_there_and_nothing_is_written(people, client, week):
    goal, noors = a_goal(people), a_goal(people, words="Hers", patient=people.noor)
    for line in ("3", ""):
        assert tell(client, week, (goal, "3"), (noors, line)).status_code == 404
    assert send(client, at(week), **{"goal-x": "3"}).status_code == 404
    assert not CheckInAnswer.objects.exists()
    assert not Entry.objects.filter(kind="goal-told").exists()


def test_a_goal_set_aside_since_the_page_was_drawn_is_said_and_her_words_are_there(people, client, week):
    gone, stays = a_goal(people), a_goal(people, words="Sleep", measure="nights", rank=2)
    plan.withdraw(entry=gone, by=people.marchetti.user, at=timezone.now())
    page = words(tell(client, week, (gone, "3 of 7"), (stays, "4 of 7")))
    assert "Your goals were changed since you opened this page, and nothing of it is saved yet." in page
    assert "You had written: “3 of 7”." in page
    assert 'value="4 of 7"' in page
    assert not CheckInAnswer.objects.exists()
    assert tell(client, week, (gone, ""), (stays, "4 of 7")).status_code == 302, "an empty field is no loss"


def test_her_last_goal_set_aside_meanwhile_she_still_reads_what_she_wrote(people, client, week):
    gone = a_goal(people)
    plan.withdraw(entry=gone, by=people.marchetti.user, at=timezone.now())
    assert "You had written: “3 of 7”." in words(tell(client, week, (gone, "3 of 7")))
    assert send(client, at(week))["Location"] == f"/check-in/{week.pk}/words"


def test_worded_anew_meanwhile_what_she_typed_stands_in_the_new_field(people, client, week):
    goal = a_goal(people)
    again = a_goal(people, words="Feed Ada without dread", instead=goal)
    page = words(tell(client, week, (goal, "3 of 7")))
    assert "Your goals were changed since you opened this page" in page
    assert f'name="goal-{again.pk}" type="text" value="3 of 7"' in page


# --- who reads it -----------------------------------------------------------------------------------------------------


def test_her_words_come_before_her_team_the_same_day_in_one_item(people, client, week):
    goal, other = a_goal(people), a_goal(people, words="Sleep", measure="nights", rank=2)
    tell(client, week, (goal, "3 of 7"), (other, "x" * 120))
    send(client, f"/check-in/{week.pk}/words", value="A good week.")
    send(client, f"/check-in/{week.pk}")
    item = WorklistItem.objects.get(reason=f"words:{week.pk}")
    assert item.why == f"She wrote: “A good week.” Of her goals: “3 of 7”, “{'x' * 49}…”."
    page = words(signed_in(people.nurse.user).get(f"/patients/{people.maya.pk}/messages"))
    assert f'Her goal, nights</p><p class="voice" dir="auto">{"x" * 120}</p>' in page, "in full there"


def test_without_words_of_hers_nothing_is_put_before_anybody(people, client, week):
    goal = a_goal(people)
    tell(client, week, (goal, ""))
    send(client, f"/check-in/{week.pk}")
    assert not WorklistItem.objects.filter(reason__startswith="words:").exists()


def test_the_page_takes_few_queries(people, client, week):
    goal = a_goal(people, back=60)
    for back in range(40):
        told_of(people, goal, f"{back}", back)
    client.get(at(week))
    with at_most(9):
        client.get(at(week))


def test_what_she_answered_by_a_measure_that_is_worded_anew_is_not_dropped_with_the_next_line(people, client, week):
    first, other = a_goal(people, words="A", measure="evenings"), a_goal(people, words="B", measure="nights", rank=2)
    tell(client, week, (first, "3 of 7"), (other, "2"))
    again = a_goal(people, words="A", measure="evenings a week", instead=first)
    tell(client, week, (again, ""), (other, "4"))
    send(client, f"/check-in/{week.pk}")
    assert sorted(told()) == [("3 of 7", "evenings"), ("4", "nights")]


def test_what_she_took_back_before_finishing_later_is_not_told(people, client, week):
    goal = a_goal(people)
    tell(client, week, (goal, "I wrote this and took it back"))
    assert send(client, at(week), **{f"goal-{goal.pk}": "", "then": "later"}).status_code == 302
    week.refresh_from_db()
    checkin.pass_over(check_in=week, at=timezone.now())
    assert told() == []


def test_of_a_line_too_long_the_measure_is_named_as_it_is_written(people, client, week):
    goal = a_goal(people, measure="PHQ items Sam and I agree on")
    assert "PHQ items Sam and I agree on: that is 300 characters" in words(tell(client, week, (goal, "x" * 300)))
