"""She comes off a medicine from a day to come: every page and sheet says one dose of a day, and then none."""

from datetime import timedelta

import pytest

from althea.care.access import DOSES
from althea.care.facts import chart_of
from althea.care.her_plan import as_paper, her_plan
from althea.care.schedule import courses
from althea.look.paper import plan_of, plan_pdf
from althea.look.words import day
from althea.portal.pages.changes import takes_now
from tests.care.test_schedule import a_taper, step
from tests.clinic.prescribing import on_of, signed_order
from tests.look.paper.reading import words as words_of
from tests.people import signed_in
from tests.portal.test_people import sam_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def taper(people):
    return a_taper(people)


def page(people, address):
    return " ".join(signed_in(people.maya.user).get(address).content.decode().split())


def a_day_before(when):
    return when - timedelta(days=1)


def test_my_medicine_shows_one_calendar_one_list_of_steps_and_each_advice_once(people, taper):
    on, (old, new, first, last) = on_of(people), taper
    words = page(people, "/medicine")
    assert words.count("<h1>Sertraline</h1>") == 1
    assert words.count("Your doses by day") == 1
    assert words.count("When to call") == 1
    assert (
        f"Now: <strong>100 mg</strong>, 2 tablets of 50 mg each morning, until {day(a_day_before(first), on)}." in words
    )
    assert f"{day(first, on)} to {day(last, on)}: <strong>50 mg</strong>, 1 tablet of 50 mg each morning." in words
    assert f"From {day(last + timedelta(days=1), on)}: <strong>none</strong>." in words
    assert f"{day(a_day_before(first), on)}: 100 mg, planned" in words
    assert f"{day(first, on)}: 50 mg, planned" in words
    assert f"{day(first, on)}: 100 mg" not in words
    for order in (old, new):
        assert f"/medicine/{order.pk}/paper" in words


def test_my_plan_shows_it_once_with_its_days_and_none_at_the_end(people, taper):
    on, (_, _, first, last) = on_of(people), taper
    words = page(people, "/plan")
    assert words.count('<p class="strong">Sertraline,') == 1
    assert f"Sertraline, 2 tablets of 50 mg each morning, until {day(a_day_before(first), on)}" in words
    assert f"From {day(first, on)}: 50 mg, 1 tablet of 50 mg each morning" in words
    assert f"From {day(last + timedelta(days=1), on)}: none" in words


def test_her_plan_on_paper_ends_in_none_and_says_each_day_once(people, taper):
    on, (_, _, first, last) = on_of(people), taper
    told = as_paper(her_plan(chart_of(people.maya), on), people.maya, on, by="Dr Marchetti", version=1)
    words = words_of(plan_pdf(plan_of(told)))
    assert words.count("Sertraline, for low mood") == 1
    assert "for To come off" not in words
    assert f"{day(a_day_before(first))} 100 mg 2 tablets of 50 mg" in words
    assert f"{day(first)} {day(last)} 50 mg 1 tablet of 50 mg" in words
    assert f"{day(last + timedelta(days=1))} from then on none" in words
    assert words.count("from then on") == 1
    assert f"To come off it slowly. Until {a_day_before(first):%-d %B %Y}: With food." in words


def test_home_says_the_dose_of_the_old_order_until_its_last_day_and_of_no_other(people, taper):
    words = page(people, "/home")
    assert "2 tablets of 50 mg each morning" in words
    assert "1 tablet of 50 mg" not in words


def test_somebody_she_let_in_sees_no_day_with_two_doses(people, taper):
    on, (_, _, first, _) = on_of(people), taper
    row, client = sam_in(people, may=(DOSES,))
    words = client.get(f"/with/{row.pk}").content.decode()
    assert f"{day(a_day_before(first), on)}: 100 mg, planned" in words
    assert f"{day(first, on)}: 50 mg, planned" in words
    assert f"{day(first, on)}: 100 mg" not in words


def test_somebody_she_let_in_sees_an_order_and_its_successor_as_one_medicine(people, taper):
    row, client = sam_in(people, may=(DOSES,))
    words = client.get(f"/with/{row.pk}").content.decode()
    assert words.count("Your doses by day") == 1
    assert "Medicine 1" in words
    assert "Medicine 2" not in words


def test_what_she_may_say_she_stopped_is_named_once_by_the_order_that_holds_today(people, taper):
    old, new, first, _ = taper
    assert [(key, name) for key, name, _ in takes_now(people.maya)] == [(str(old.pk), "Sertraline")]
    later = chart_of(people.maya).orders
    assert [course.now(first).order for course in courses(later, first)] == [new]


def test_of_what_has_not_begun_she_may_say_so_too(people):
    order = signed_order(people, steps=[step(on_of(people) + timedelta(days=3), None, "50 mg")])
    assert [key for key, _, _ in takes_now(people.maya)] == [str(order.pk)]


def test_the_old_order_printed_again_ends_where_the_new_one_begins_for_her_and_for_the_pharmacy(people, taper):
    old, _, first, _ = taper
    ends = f"This order ends on {a_day_before(first):%-d %B %Y}, and is not valid after that day."
    hers = signed_in(people.maya.user).get(f"/medicine/{old.pk}/paper")
    pharmacy = signed_in(people.marchetti.user).get(f"/patients/{people.maya.pk}/orders/{old.pk}/paper")
    for answer, times in ((hers, 1), (pharmacy, 2)):
        words = words_of(answer.content)
        assert words.count(ends) == times
        assert words.count(f"{day(a_day_before(first))} 100 mg") == times
        assert "from then on" not in words


def test_a_plan_to_stop_that_is_over_is_not_shown_as_taken(people, taper, monkeypatch):
    _, _, _, last = taper
    monkeypatch.setattr("althea.portal.pages.medicine.today", lambda *_: last + timedelta(days=1))
    assert "No medicine from here" in page(people, "/medicine")


def test_before_its_first_day_an_order_says_from_which_day_in_words(people):
    on = on_of(people)
    first = on + timedelta(days=3)
    signed_order(people, steps=[step(first, None, "50 mg")])
    assert f"From {day(first, on)}: <strong>50 mg</strong>" in page(people, "/medicine")
    assert f"Sertraline, from {day(first, on)}: 1 tablet of 50 mg" in page(people, "/plan")


def test_two_orders_of_one_medicine_that_are_no_schedule_share_one_leaflet(people):
    signed_order(people)
    signed_order(people, steps=[step(on_of(people), None, "25 mg", when="each evening")])
    words = page(people, "/medicine")
    assert words.count("<h2>Sertraline</h2>") == 2
    assert words.count("When to call") == 1
