"""She takes 25 mg; 75 mg is signed from a day to come. Whatever plan to stop is made before that day begins from 25 mg,
takes the place of both, and never holds the 75 mg. Of an order of which she takes nothing yet nothing is stopped."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from althea.care import entries as said
from althea.care.actions import record
from althea.care.dose_history import daily_steps
from althea.care.facts import chart_of, facts_for
from althea.care.models import Order, OrderEnd, Trial
from althea.care.papers import taper_plain
from althea.care.ready import prepared
from althea.care.schedule import courses, never_taken
from althea.engine.facts import State
from tests.care.test_schedule import ended, step
from tests.clinic.prescribing import (
    address,
    codes,
    looked,
    on_of,
    post,
    signed_as_shown,
    signed_order,
    tell,
)
from tests.counting import at_most
from tests.people import NOW, signed_in

__all__ = ["codes"]  # a fixture
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("codes")]
A_DAY, BEGINS = timedelta(days=1), 10
KINDS = [
    ("last", 0, [(0, 0, "25 mg")]),
    ("last", 5, [(0, 5, "25 mg")]),
    ("last", 15, [(0, 15, "25 mg")]),
    ("taper", 0, [(0, 13, "12.5 mg")]),
    ("taper", 5, [(5, 18, "12.5 mg")]),
    ("taper", 10, [(10, 23, "12.5 mg")]),
    ("taper", 15, [(0, 14, "25 mg"), (15, 28, "12.5 mg")]),
    ("own", 5, [(5, 11, "25 mg")]),
    ("own", 15, [(0, 21, "25 mg")]),
]


@pytest.fixture
def both(people):
    """(the order that runs, the one that is to take its place)."""
    looked(people)
    on = on_of(people)
    begins = on + timedelta(days=BEGINS)
    old = signed_order(people, steps=[step(on - timedelta(days=60), None, "25 mg")])
    new = signed_order(
        people, replaces=old, steps=[step(begins, None, "75 mg", take="3 tablets of 25 mg each morning")]
    )
    ended(people, old, begins)
    return old, new


def read(people, end, who=None):
    return " ".join(signed_in((who or people.marchetti).user).get(end).content.decode().split())


def planned(people, order, how, after, **named):
    starts = on_of(people) + timedelta(days=after)
    fields = {"how": how, "do": "draft", "strength": "25 mg", "halves": "on", "starts": starts.isoformat(),
              "why": "Well for a year", **named}  # fmt: skip
    return post(people, fields, f"{order.pk}/stop")


def plan_of(people, order, how, after):
    answer = planned(people, order, how, after)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return Order.objects.get(pk=answer["Location"].rsplit("/", 1)[1])


def days_of(people, plan):
    on = on_of(people)
    return [
        ((type(on).fromisoformat(one["from"]) - on).days, (type(on).fromisoformat(one["until"]) - on).days, one["dose"])
        for one in plan.steps
    ]


def dose_on(people, day):
    rows = facts_for(people.maya, day).medicines
    return [str(row.daily) for row in rows if row.state in (State.RUNNING, State.PERHAPS)]


@pytest.mark.parametrize("of", [0, 1])
def test_from_either_order_the_page_says_what_she_takes_now_and_what_its_plan_takes_the_place_of(people, both, of):
    words = read(people, address(people, f"{both[of].pk}/stop"))
    assert "Sertraline, <strong>25 mg</strong> each time." in words
    assert "Signed, and not begun: 75 mg from" in words
    assert "This plan takes the place of it" in words
    assert "<td>75 mg</td>" not in words
    client = signed_in(people.marchetti.user)
    with at_most(12):
        client.get(address(people, f"{both[of].pk}/stop"))


@pytest.mark.parametrize("of", [0, 1])
@pytest.mark.parametrize(("how", "after", "steps"), KINDS)
def test_no_plan_holds_a_dose_that_has_not_begun(people, both, of, how, after, steps):
    plan = plan_of(people, both[of], how, after)
    assert days_of(people, plan) == steps
    assert plan.replaces_id == both[1].pk
    found = prepared(plan, people.marchetti.user, NOW).reviewed.found
    assert not [one for one in found if one.finding.rule == "sertraline-steps"]


@pytest.mark.parametrize(("how", "after", "steps"), KINDS)
def test_signed_it_takes_the_place_of_both_for_the_checks_her_pages_and_on_paper(people, both, how, after, steps):
    on, (old, new) = on_of(people), both
    plan = signed_as_shown(people, plan_of(people, old, how, after))
    wanted = {}
    for first, last, dose in steps:
        wanted |= {on + timedelta(days=day): [dose] for day in range(first, last + 1)}
    for day in range(-1, 30):
        begins = steps[0][0]
        takes = ["25 mg"] if day < begins else wanted.get(on + timedelta(days=day), [])
        assert dose_on(people, on + timedelta(days=day)) == takes, day
    orders = chart_of(people.maya).orders
    assert never_taken(next(one for one in orders if one.pk == new.pk))
    (course,) = courses(orders, on)
    assert course.last_dose == on + timedelta(days=steps[-1][1])
    assert {one.step.get("dose", "none") for one in course.stretches} <= {"25 mg", "12.5 mg", "none"}
    assert max(one.mg for one in daily_steps(orders, "sertraline")) == 25
    for page in ("/medicine", "/home", "/plan"):
        assert "75 mg" not in read(people, page, people.maya), page
    assert taper_plain(plan, chart_of(people.maya), ())["now"] == 25


def test_what_she_ticked_stays_the_dose_she_took(people, both):
    for back in (0, 1):
        record.add(
            patient=people.maya, body=said.DoseTaken(medicine="sertraline", taken=True), origin="hers",
            on=on_of(people) - A_DAY * back, by=people.maya.user, at=timezone.now(),
        )  # fmt: skip
    before = read(people, "/home", people.maya)
    assert "1 tablet of 25 mg each morning" in before
    signed_as_shown(people, plan_of(people, both[1], "last", 5))
    words = read(people, "/home", people.maya)
    assert "1 tablet of 25 mg each morning" in words
    assert "75 mg" not in words
    assert [dose_on(people, on_of(people) - A_DAY * back) for back in (0, 1)] == [["25 mg"], ["25 mg"]]


def test_a_lower_dose_does_not_begin_on_a_day_whose_dose_she_ticked(people, both):
    tell(people, said.DoseTaken(medicine="sertraline", taken=True), "hers")
    answer = planned(people, both[1], "taper", 0)
    tomorrow = on_of(people) + A_DAY
    assert f"Begin the lower one on {tomorrow:%-d %B}, or later." in answer.content.decode()
    assert not Order.objects.filter(signed_at__isnull=True).exists()
    assert planned(people, both[1], "taper", 1).status_code == 302
    assert planned(people, both[1], "last", 0).status_code == 302


def test_a_step_to_come_of_the_same_order_is_taken_the_place_of_too(people):
    looked(people)
    on = on_of(people)
    rises = on + timedelta(days=BEGINS)
    order = signed_order(
        people, steps=[step(on - timedelta(days=60), rises - A_DAY, "25 mg"), step(rises, None, "75 mg")]
    )
    assert "Signed, and not begun: 75 mg from" in read(people, address(people, f"{order.pk}/stop"))
    assert days_of(people, plan_of(people, order, "taper", 15)) == [(0, 14, "25 mg"), (15, 28, "12.5 mg")]


def test_a_change_that_begins_today_is_what_she_takes_now(people, both):
    on = on_of(people)
    third = signed_order(
        people, replaces=both[1], steps=[step(on, None, "50 mg", take="2 tablets of 25 mg each morning")]
    )
    ended(people, both[1], on)
    assert days_of(people, plan_of(people, both[0], "last", 5)) == [(0, 5, "50 mg")]
    assert Order.objects.get(signed_at__isnull=True).replaces_id == third.pk


def test_a_plan_that_is_not_whole_shows_the_same_steps_again(people, both):
    answer = planned(people, both[0], "taper", 15, why=" ")
    words = answer.content.decode()
    assert "Say why she stops: it stays with the record." in words
    assert words.count('<td class="nowrap">25 mg</td>') == 1
    assert words.count('<td class="nowrap">12.5 mg</td>') == 1


def test_where_a_plan_to_stop_is_signed_its_older_orders_lead_to_it_and_make_no_second(people, both):
    plan = signed_as_shown(people, plan_of(people, both[0], "taper", 5))
    client = signed_in(people.marchetti.user)
    for order in (*both, plan):
        answer = client.get(address(people, f"{order.pk}/stop"), follow=True)
        assert answer.redirect_chain[-1][0] == address(people, plan.pk)
        assert "A plan to stop is signed already." in answer.content.decode()
        assert "Plan how to stop" not in answer.content.decode()


def test_the_page_of_the_order_that_runs_offers_the_plan_and_no_other_change(people, both):
    words = read(people, address(people, both[0].pk))
    assert "Plan how to stop" in words
    assert "Change the dose" not in words
    assert "It has ended" not in words


# --- ended or withdrawn ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("of", [0, 1])
def test_that_she_stopped_it_herself_ends_both_from_either(people, both, of):
    on, (_, new) = on_of(people), both
    words = read(people, address(people, f"{both[of].pk}/end"))
    assert "until then she takes <strong>25 mg</strong> each time, by the order before it. Both end" in words
    early = {"on": (on - timedelta(days=61)).isoformat(), "why": "It was too much", "how": "herself"}
    assert "This is before it began." in post(people, early, f"{both[of].pk}/end").content.decode()
    fields = early | {"on": (on - A_DAY).isoformat()}
    assert post(people, fields, f"{both[of].pk}/end").status_code == 302
    assert OrderEnd.objects.get(order=new).on == on - A_DAY
    assert [dose_on(people, on + A_DAY * day) for day in (-2, -1, 0, BEGINS)] == [["25 mg"], [], [], []]
    assert courses(chart_of(people.maya).orders, on) == []


@pytest.fixture
def to_begin(people):
    """An order that has not begun, and nothing else of its medicine."""
    looked(people)
    return signed_order(people, steps=[step(on_of(people) + timedelta(days=BEGINS), None, "75 mg")])


def test_of_an_order_not_begun_there_is_nothing_to_stop_and_it_is_withdrawn(people, to_begin):
    words = read(people, address(people, to_begin.pk))
    assert "Withdraw it" in words
    assert "Plan how to stop" not in words
    client = signed_in(people.marchetti.user)
    for answer in (
        client.get(address(people, f"{to_begin.pk}/stop"), follow=True),
        client.post(
            address(people, f"{to_begin.pk}/stop"), {"do": "draft", "how": "last", "key": str(uuid4())}, follow=True
        ),
    ):
        assert answer.redirect_chain[-1][0] == address(people, f"{to_begin.pk}/end")
        assert "nothing is there to stop. Withdraw it." in answer.content.decode()
    words = read(people, address(people, f"{to_begin.pk}/end"))
    assert "Withdrawn, nothing of it is ever taken." in words
    assert "If she stops" not in words
    assert "Stopping at once" not in words
    assert not Order.objects.filter(signed_at__isnull=True).exists()


def test_withdrawn_nothing_of_it_is_taken_and_its_trial_is_left(people, to_begin):
    on = on_of(people)
    trial = Trial.objects.create(
        patient=people.maya, medicine="sertraline", state="agreed", problem="Low mood", scale="phq-9",
        started_on=on + timedelta(days=BEGINS), created_at=to_begin.signed_at,
    )  # fmt: skip
    fields = {"on": on.isoformat(), "why": "She would rather wait", "how": "herself"}
    early = fields | {"on": (on - timedelta(days=400)).isoformat()}
    assert "This is before it was signed." in post(people, early, f"{to_begin.pk}/end").content.decode()
    assert post(people, fields, f"{to_begin.pk}/end").status_code == 302
    words = read(people, address(people, to_begin.pk))
    assert "It ended before its first day: nothing of it is taken." in words
    assert dose_on(people, on + timedelta(days=BEGINS)) == []
    assert "75 mg" not in read(people, "/medicine", people.maya)
    trial.refresh_from_db()
    assert (trial.state, trial.outcome) == ("ended", "How it went is not known. She left it.")
