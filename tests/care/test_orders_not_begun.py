"""She takes 50 mg; 100 mg is signed from 20 June on. Before that day her prescriber signs another order in its place.

From 12 June on: the 100 mg is never taken, and the 50 mg ends on the 12th, though its own end was written for the 20th.
From 25 June on: the 100 mg is taken until then, as it was signed.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from althea.care.actions import order as acting
from althea.care.days import today
from althea.care.dose_history import daily_steps
from althea.care.draft import taken_now
from althea.care.facts import chart_of, facts_of
from althea.care.models import Order, OrderEnd
from althea.care.papers import order_plain
from althea.care.ready import prepared
from althea.care.schedule import courses
from althea.care.signing import Proof
from althea.care.story import medicines
from althea.clinic.at_a_glance import at_a_glance
from althea.engine.facts import State
from althea.knowledge.quantity import Dose
from althea.look.words import day as day_words
from tests.care.ordering import TODAY, asked, codes, looked, steps_of
from tests.people import NOW, signed_in

__all__ = ["codes"]
pytestmark = pytest.mark.django_db
THE_12TH, THE_20TH, THE_25TH = date(2026, 6, 12), date(2026, 6, 20), date(2026, 6, 25)


def sign(people, codes, dose, starts, replaces, ahead):
    wanted = asked(replaces=replaces)
    wanted.steps[:] = steps_of((dose, "morning", ""), starts=starts)
    draft = acting.draft(patient=people.maya, asked=wanted, by=people.marchetti.user, at=NOW)
    proof = Proof(code=codes(people.marchetti, ahead))
    digest = prepared(draft, people.marchetti.user, NOW).digest
    return acting.sign(order=draft, proof=proof, shown=digest, by=people.marchetti.user, at=NOW)


@pytest.fixture
def three(people, codes):
    """All three as they are signed; the day on which the third begins is the test's."""

    def signed(third):
        looked(people)
        first = sign(people, codes, "50 mg", TODAY, None, -1)
        second = sign(people, codes, "100 mg", THE_20TH, first, 0)
        return first, second, sign(people, codes, "75 mg", third, second, 1)

    return signed


def doses(people, day):
    """What the checks take her to take on a day."""
    rows = facts_of(chart_of(people.maya), day).medicines
    return [str(row.daily) for row in rows if row.state in (State.RUNNING, State.PERHAPS)]


@pytest.mark.parametrize(
    ("third", "day", "takes"),
    [
        (THE_12TH, date(2026, 6, 11), "50 mg"),
        (THE_12TH, THE_12TH, "75 mg"),
        (THE_12TH, THE_20TH, "75 mg"),
        (THE_12TH, THE_25TH, "75 mg"),
        (THE_20TH, date(2026, 6, 19), "50 mg"),
        (THE_20TH, THE_20TH, "75 mg"),
        (THE_25TH, date(2026, 6, 19), "50 mg"),
        (THE_25TH, THE_20TH, "100 mg"),
        (THE_25TH, THE_25TH, "75 mg"),
    ],
)
def test_on_no_day_do_the_checks_count_two_of_them(people, three, third, day, takes):
    """These are the facts that the chart, a draft and the sweep all ask."""
    three(third)
    assert doses(people, day) == [takes]


def test_her_daily_dose_never_adds_up_two_orders_of_one_day(people, three):
    three(THE_12TH)
    found = [(one.on, one.mg) for one in daily_steps(chart_of(people.maya).orders, "sertraline")]
    assert found == [(TODAY, Decimal(50)), (THE_12TH, Decimal(75))]


def test_the_drawing_of_her_story_shows_nothing_of_what_was_never_taken(people, three):
    three(THE_12TH)
    (lane,) = medicines(chart_of(people.maya), TODAY)
    assert lane.steps == ((TODAY, date(2026, 6, 11), 50.0), (THE_12TH, None, 75.0))


def test_it_is_one_course_by_day_whichever_day_the_third_begins(people, three):
    first, second, third = three(THE_25TH)
    (course,) = courses(chart_of(people.maya).orders, TODAY)
    assert course.orders == (first, second, third)
    assert [(one.first, one.step["dose"]) for one in course.stretches] == [
        (TODAY, "50 mg"), (THE_20TH, "100 mg"), (THE_25TH, "75 mg"),
    ]  # fmt: skip


def test_the_draft_is_asked_about_in_the_place_of_what_she_takes_and_adds_up_with_nothing(people, codes):
    looked(people)
    first = sign(people, codes, "200 mg", TODAY, None, -1)
    second = sign(people, codes, "100 mg", THE_20TH, first, 0)
    wanted = asked(("150 mg", "morning", "1 week"), ("200 mg", "morning", ""), replaces=second)
    draft = acting.draft(patient=people.maya, asked=wanted, by=people.marchetti.user, at=NOW)
    found = prepared(draft, people.marchetti.user, NOW).reviewed.found
    assert not [one for one in found if "more than" in one.finding.title or "twice" in one.finding.title]
    assert taken_now(draft, chart_of(people.maya), TODAY) == Dose.parse("200 mg")


def test_the_rows_stay_as_they_were_signed(people, three):
    first, second, _ = three(THE_12TH)
    chart_of(people.maya)
    assert dict(OrderEnd.objects.values_list("order_id", "on")) == {first.pk: THE_20TH, second.pk: THE_12TH}
    assert Order.objects.get(pk=second.pk).steps[0]["dose"] == "100 mg"


def test_the_list_of_everybody_names_it_once(people, three):
    three(THE_12TH)
    glance = at_a_glance([people.maya.pk], people.clinic, date(2026, 6, 15))[people.maya.pk]
    assert len(glance.takes) == 1


def test_her_medicines_never_list_what_was_never_taken_neither_as_planned_nor_as_past(people, three, monkeypatch):
    _, second, third = three(THE_12TH)
    for day in (TODAY, THE_20TH + timedelta(days=30)):
        monkeypatch.setattr("althea.clinic.pages.medicines_of.today", lambda *_, day=day: day)
        words = signed_in(people.marchetti.user).get(f"/patients/{people.maya.pk}/medicines").content.decode()
        assert f"/orders/{third.pk}" in words
        assert f"/orders/{second.pk}" not in words


def test_its_own_page_says_that_nothing_of_it_is_taken(people, three):
    first, second, third = three(THE_12TH)
    client = signed_in(people.marchetti.user)
    words = client.get(f"/patients/{people.maya.pk}/orders/{second.pk}").content.decode()
    assert "It was replaced before its first day: nothing of it is taken." in words
    assert f"/orders/{third.pk}" in words
    words = client.get(f"/patients/{people.maya.pk}/orders/{first.pk}").content.decode()
    assert f"This order ended on {day_words(THE_12TH, today(people.maya, timezone.now()))}." in words


def test_the_sheet_of_the_older_says_the_day_it_now_ends_on(people, three):
    first, second, _ = three(THE_12TH)
    chart = chart_of(people.maya)
    fetched = Order.objects.select_related("signature__signer", "end").get(pk=first.pk)
    assert order_plain(fetched, chart, ())["ended"].startswith("This order ends on 11 June 2026")
    fetched = Order.objects.select_related("signature__signer", "end").get(pk=second.pk)
    assert order_plain(fetched, chart, ())["ended"] == "This order ended before it began, and is not valid."


def test_her_own_pages_say_one_dose_of_a_day_and_nothing_of_what_is_never_taken(people, three):
    _, second, third = three(THE_12TH)
    for address in ("/medicine", "/home", "/plan"):
        words = signed_in(people.maya.user).get(address).content.decode()
        assert "100 mg" not in words, address
        assert str(second.pk) not in words, address
    assert f"/medicine/{third.pk}/paper" in signed_in(people.maya.user).get("/medicine").content.decode()
