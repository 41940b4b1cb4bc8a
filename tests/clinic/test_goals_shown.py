"""What she told of her goals stands beside them wherever they are read, newest first, with its day and whose word it is."""

import re
from datetime import timedelta

import pytest

from althea.care import entries as said
from althea.care.facts import chart_of
from althea.care.her_plan import as_paper, her_plan
from althea.clinic.reviewed import shown_of
from althea.look.words import day
from tests.care.canaries import let_somebody_in
from tests.care.telling import a_goal, on, told_of, trial
from tests.clinic.reviewing import scored
from tests.counting import at_most
from tests.people import a_patient, signed_in

__all__ = ["on", "trial"]  # fixtures
pytestmark = pytest.mark.django_db
FIRST, NEWEST = "1 evening", "4 evenings <b>"


@pytest.fixture
def goal(people):
    """Told of three times in check-ins."""
    goal = a_goal(people, back=30)
    for words, back in ((FIRST, 21), ("2 evenings", 14), (NEWEST, 1)):
        told_of(people, goal, words, back)
    return goal


def read(people, address, who="marchetti"):
    user = people.maya.user if who == "maya" else getattr(people, who).user
    return re.sub(r"\s+", " ", signed_in(user).get(address.format(people.maya.pk)).content.decode())


HERS = ("/plan", "/progress")
OURS = (("marchetti", "/patients/{}/"), ("marchetti", "/patients/{}/plan"), ("therapist", "/patients/{}/progress"))


@pytest.mark.parametrize("address", HERS)
def test_she_reads_what_she_told_newest_first_with_its_day(people, goal, on, address):
    page = read(people, address, "maya")
    newest = (
        f'<strong><bdi>4 evenings &lt;b&gt;</bdi></strong> <span class="muted">on {day(on - timedelta(days=1), on)},'
    )
    before = f"Before: <bdi>2 evenings</bdi> ({day(on - timedelta(days=14), on)}), <bdi>1 evening</bdi> ("
    assert f"Evenings a week without dread: {newest} told in your check-in. {before}" in page
    assert "not told yet" not in page


@pytest.mark.parametrize(("who", "address"), OURS)
def test_whoever_treats_her_reads_the_same_and_whose_word_it_is(people, goal, trial, on, who, address):
    page = read(people, address, who)
    newest = (
        f'<strong><bdi>4 evenings &lt;b&gt;</bdi></strong> <span class="muted">on {day(on - timedelta(days=1), on)},'
    )
    assert f"Evenings a week without dread: {newest} told in her check-in. Before: <bdi>2 evenings</bdi>" in page


@pytest.mark.parametrize(("who", "address"), [*OURS, ("maya", "/plan")])
def test_a_measure_of_which_nothing_was_told_says_so(people, trial, who, address):
    a_goal(people)
    page = read(people, address, who)
    assert "Evenings a week without dread: not told yet" in page
    assert "not asked yet" not in page


@pytest.mark.parametrize(("who", "address"), OURS)
def test_what_the_clinic_wrote_since_stands_there_instead(people, goal, trial, who, address):
    a_goal(people, now="Most evenings, she says", instead=goal)
    page = read(people, address, who)
    assert "<strong><bdi>Most evenings, she says</bdi></strong>" in page
    assert "written at the clinic. Before: <bdi>4 evenings &lt;b&gt;</bdi>" in page


def test_the_sheet_she_takes_home_has_the_newest(people, goal, on):
    sheet = as_paper(her_plan(chart_of(people.maya), on), people.maya, on, by="Dr Marchetti", version=1)
    assert [one["now"] for one in sheet["goals"]] == [f"{NEWEST} ({on - timedelta(days=1):%-d %B %Y})"]


def test_home_and_whoever_helps_her_say_nothing_of_it(people, goal):
    assert "4 evenings" not in read(people, "/home", "maya")
    proxy = let_somebody_in(people.maya, people.sam)
    page = signed_in(people.sam).get(f"/with/{proxy.pk}")
    assert page.status_code == 200
    assert "4 evenings" not in page.content.decode()


def test_another_prescriber_reads_none_of_it(people, goal):
    for who in ("hale", "desk", "ibarra"):
        assert "4 evenings" not in read(people, "/patients/{}/plan", who)


# --- the review -------------------------------------------------------------------------------------------------------


def review(people, trial):
    page = read(people, f"/patients/{{}}/trials/{trial.pk}/review")
    return page.partition("Is it meeting her goals?")[2].partition("</section>")[0]


def test_the_review_asks_whether_it_meets_her_goals_and_says_first_and_newest(people, goal, trial, on):
    part = review(people, trial)
    assert "“Feed her without dread”" in part
    first = f'<strong><bdi>1 evening</bdi></strong> <span class="muted">on {day(on - timedelta(days=21), on)};</span>'
    assert f"Evenings a week without dread: {first} <strong><bdi>4 evenings &lt;b&gt;</bdi></strong>" in part
    assert "told in her check-in." in part
    assert "2 evenings" not in part


def test_what_was_never_told_and_never_measured_says_so_in_the_review(people, trial):
    a_goal(people)
    a_goal(people, words="Sing again", measure="", rank=2)
    part = review(people, trial)
    assert 'Evenings a week without dread: <span class="muted">not told yet</span>' in part
    assert "“Sing again”" in part
    assert "No measure yet" in part


def test_told_once_it_stands_once(people, trial):
    told_of(people, a_goal(people, back=20), "3 evenings", 7)
    assert review(people, trial).count("3 evenings") == 1


def test_without_a_goal_the_review_asks_nothing_of_it(people, trial):
    assert review(people, trial) == ""


def test_what_she_tells_while_a_review_stands_open_makes_it_another_page(people, goal, trial):
    before = shown_of(people.maya, trial, "", "").digest
    assert shown_of(people.maya, trial, "", "").digest == before
    told_of(people, goal, "5 evenings")
    assert shown_of(people.maya, trial, "", "").digest != before


def test_many_goals_and_answers_cost_no_query_more(people, trial, on):
    scored(people, on, (30, 21), (1, 13))
    for rank in range(1, 9):
        goal = a_goal(people, words=f"Goal {rank}", measure=f"measure {rank}", rank=rank, back=40)
        for back in range(10):
            told_of(people, goal, f"{back}", back)
    hers, ours = signed_in(people.maya.user), signed_in(people.marchetti.user)
    pages = [(hers, "/plan"), (hers, "/progress"), (hers, "/home")]
    for one in ("", "plan", "progress", f"trials/{trial.pk}/review"):
        pages.append((ours, f"/patients/{people.maya.pk}/{one}"))
    for client, address in pages:
        client.get(address)
        with at_most(12):
            assert client.get(address).status_code == 200


def test_another_womans_words_are_never_beside_hers(people, goal):
    other = a_patient(people.clinic, "Another")
    body = said.Goal(words="Hers", measure=goal.body["measure"])
    a_goal(people, words=body.words, patient=other)
    assert "4 evenings" not in read(people, f"/patients/{other.pk}/plan", "marchetti")
