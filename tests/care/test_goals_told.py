"""What she told of a goal stays with it, and the newest word stands: hers or the clinic's."""

from datetime import timedelta

import pytest

from althea.care.actions import plan
from althea.care.facts import chart_of
from althea.care.goals_told import goals_of
from althea.care.models import Entry
from tests.care.telling import DREAD, a_goal, on, told_of
from tests.people import NOW

__all__ = ["on"]  # fixtures
pytestmark = pytest.mark.django_db


def only(people, on=None):
    (one,) = goals_of(chart_of(people.maya), on)
    return one


def said_of(people):
    now = only(people).now
    return None if now is None else (now.words, now.whence)


def test_of_a_goal_that_nobody_spoke_of_nothing_is_known(people):
    a_goal(people)
    assert only(people).now is None
    assert only(people).told == ()


def test_what_she_told_last_stands_and_the_rest_is_before_it(people, on):
    goal = a_goal(people, back=40)
    for words, back in (("1", 21), ("2", 14), ("3", 7), ("none", 28), ("4", 0)):
        told_of(people, goal, words, back)
    one = only(people)
    assert (one.now.words, one.now.on, one.now.whence) == ("4", on, "told in her check-in")
    assert [before.words for before in one.earlier] == ["3", "2", "1"], "newest first, and no more than three"


def test_what_the_clinic_wrote_stands_until_she_tells_something_newer(people):
    goal = a_goal(people, now="None so far", back=20)
    assert said_of(people) == ("None so far", "written at the clinic")
    told_of(people, goal, "2 evenings", 10)
    assert said_of(people) == ("2 evenings", "told in her check-in")
    a_goal(people, now="Three, she says today", back=5, instead=goal)
    assert said_of(people) == ("Three, she says today", "written at the clinic")
    assert [one.words for one in only(people).earlier] == ["2 evenings"]


def test_on_one_day_what_was_said_later_stands(people):
    goal = a_goal(people, now="Written first")
    told_of(people, goal, "Told after it")
    assert said_of(people) == ("Told after it", "told in her check-in")


def test_another_wording_does_not_make_what_the_clinic_wrote_newer(people):
    goal = a_goal(people, now="None so far", back=20)
    told_of(people, goal, "2 evenings", 10)
    again = a_goal(people, words="Feed Ada without dread", now="None so far", back=5, instead=goal)
    once = a_goal(people, words="Feed Ada in peace", now="None so far", back=1, instead=again)
    assert once.body["now_on"] == str(goal.on)
    assert said_of(people) == ("2 evenings", "told in her check-in")


def test_what_she_told_stays_with_the_goal_through_all_its_wordings(people):
    first = a_goal(people, back=30)
    told_of(people, first, "1", 21)
    second = a_goal(people, words="Feed Ada without dread", measure=f"  {DREAD.upper()} ", back=14, instead=first)
    told_of(people, second, "2", 7, measure=DREAD)
    third = a_goal(people, words="Feed Ada", rank=2, instead=second)
    assert third.body["first"] == str(first.pk)
    assert [one.words for one in only(people).told] == ["2", "1"]


def test_measured_another_way_what_she_told_before_says_nothing_of_it(people):
    first = a_goal(people, back=30)
    told_of(people, first, "5 of 7", 21)
    second = a_goal(people, measure="feeds a day", instead=first)
    assert only(people).now is None
    a_goal(people, measure=DREAD, instead=second)
    assert said_of(people) == ("5 of 7", "told in her check-in"), "measured as before, it is there again"


def test_two_goals_of_one_measure_are_never_mixed(people):
    one, other = a_goal(people, rank=1), a_goal(people, words="Bath her without dread", rank=2)
    told_of(people, other, "3")
    shown = {goal.words: goal.now for goal in goals_of(chart_of(people.maya))}
    assert shown[one.body["words"]] is None
    assert shown[other.body["words"]].words == "3"


def test_a_goal_that_was_an_error_takes_what_was_told_of_it_from_the_page_and_not_from_the_record(people):
    goal = a_goal(people)
    told_of(people, goal, "3")
    a_goal(people, words="Sleep")
    plan.withdraw(entry=goal, by=people.marchetti.user, at=NOW)
    assert only(people).now is None
    assert Entry.objects.current().filter(kind="goal-told").count() == 1


def test_what_she_did_not_send_is_said_to_be_so(people):
    told_of(people, a_goal(people), "3", sent=False)
    assert only(people).now.whence == "answered in a check-in she did not send"
    assert only(people).now.whence_to_her == "answered in a check-in that closed before you sent it"


def test_of_a_day_in_the_past_nothing_is_known_that_came_after_it(people, on):
    goal = a_goal(people, back=30)
    told_of(people, goal, "1", 14)
    told_of(people, goal, "4")
    assert only(people, on - timedelta(days=1)).now.words == "1"


def test_since_the_start_it_is_told_from_the_last_word_before_it(people, on):
    goal = a_goal(people, back=50)
    for words, back in (("none", 45), ("1", 40), ("2", 20), ("4", 0)):
        told_of(people, goal, words, back)
    assert [one.words for one in only(people).since(on - timedelta(days=35))] == ["1", "2", "4"]


def test_who_came_second_to_a_goal_reads_no_ids(people):
    first = a_goal(people)
    again = a_goal(people, words="Feed Ada", instead=first)
    assert str(first.pk) not in again.seen_by_others
    assert str(first.pk) not in told_of(people, again, "3").seen_by_others


def test_a_measure_is_not_worded_anew_over_an_older_answer_of_the_clinic(people):
    """It would stand as of today by a measure that nobody had asked by, before what she told since."""
    goal = a_goal(people, words="Sleep", measure="nights of 7", now="1 of 7", back=90)
    told_of(people, goal, "6 of 7", 3)
    with pytest.raises(plan.OtherMeasure, match="was written by the measure before"):
        a_goal(people, words="Sleep", measure="hours a night", now="1 of 7", instead=goal)
    a_goal(people, words="Sleep", measure="Nights of  7", now="1 of 7", instead=goal)
    assert said_of(people) == ("6 of 7", "told in her check-in")
