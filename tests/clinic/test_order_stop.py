"""Stopping: the record's steps in tablets she has, her own steps, or a last dose; signed like an order, and printed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from althea.care.models import Order, Signature, Trial
from tests.clinic.prescribing import (
    address,
    code_of,
    codes,
    form,
    looked,
    on_of,
    post,
    signed_as_shown,
    signed_order,
)
from tests.counting import at_most
from tests.look.paper.reading import words as words_of
from tests.people import look_after, signed_in

__all__ = ["codes"]  # a fixture
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("codes")]


def page(people, order):
    return signed_in(people.marchetti.user).get(address(people, f"{order.pk}/stop")).content.decode()


def planned(people, order, how="taper", **named):
    fields = {
        "how": how, "do": "draft", "strength": "50 mg", "halves": "on", "starts": on_of(people).isoformat(),
        "why": "Well for a year", **named,
    }  # fmt: skip
    return post(people, fields, f"{order.pk}/stop")


def plan_of(people, order, **named):
    answer = planned(people, order, **named)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return Order.objects.get(pk=answer["Location"].rsplit("/", 1)[1])


def test_the_records_steps_are_shown_in_tablets_she_has_with_their_source(people):
    looked(people)
    order = signed_order(people)
    words = page(people, order)
    assert "1 tablet of 50 mg each morning" in words
    assert "half a tablet of 50 mg each morning" not in words
    looks = {"strength": "50 mg", "halves": "on", "starts": on_of(people).isoformat(), "do": "look"}
    assert "half a tablet of 50 mg each morning" in post(people, looks, f"{order.pk}/stop").content.decode()
    assert "none from then on" in words
    assert "14 days between steps is the project&#x27;s." in words
    assert "is stopped in one step" in words
    assert "If she stops at once" in words


def test_where_the_knowledge_has_no_steps_the_page_says_so(people):
    step = {"from": "2026-01-01", "until": None, "dose": "300 mg", "times_a_day": 2, "take": ""}
    assert "The record names no steps. It asks for at least 28 days. Write the steps yourself." in page(
        people, signed_order(people, medicine="lithium", steps=[step])
    )
    assert "The knowledge has nothing on how to stop this medicine. Write the steps yourself." in page(
        people, signed_order(people, medicine="hydroxyzine", steps=[{**step, "dose": "25 mg"}])
    )


def test_a_plan_goes_down_to_none_in_the_records_steps(people):
    order = signed_order(people)
    plan = plan_of(people, order)
    assert plan.stops
    assert plan.replaces_id == order.pk
    assert [step["dose"] for step in plan.steps] == ["50 mg", "25 mg"]
    assert plan.steps[-1]["until"] == (on_of(people) + timedelta(days=27)).isoformat()
    words = signed_in(people.marchetti.user).get(address(people, plan.pk)).content.decode()
    assert "Stop sertraline" in words
    assert "After its last day she takes none." in words


def test_a_last_dose_is_possible_with_its_findings(people):
    looked(people)
    last = on_of(people) + timedelta(days=2)
    plan = plan_of(people, signed_order(people), how="last", starts=last.isoformat())
    assert [(step["dose"], step["until"]) for step in plan.steps] == [("100 mg", last.isoformat())]
    words = signed_in(people.marchetti.user).get(address(people, plan.pk)).content.decode()
    assert "is stopped in one step" in words


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ({"how": ""}, "Choose how she stops."),
        ({"how": "at once"}, "Choose how she stops."),
        ({"why": " "}, "Say why she stops: it stays with the record."),
        ({"starts": ""}, "Give the day of the first dose."),
        ({"starts": "2020-01-01"}, "This is before today."),
        ({"how": "last", "starts": "2020-01-01"}, "This is before today."),
        ({"strength": "300 mg"}, "Those tablets are of another medicine or form."),
    ],
)
def test_a_plan_that_is_not_whole_is_no_draft(people, named, words):
    answer = planned(people, signed_order(people), **named)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    if {"how", "why"} & set(named) and "starts" not in named:
        assert answer.content.decode().count(words) == 2, "above the form, and beside the field"
    assert Order.objects.filter(signed_at__isnull=True).count() == 0


def test_a_plan_needs_an_order_that_runs(people):
    order = signed_order(people)
    draft = plan_of(people, order)
    assert signed_in(people.marchetti.user).get(address(people, f"{draft.pk}/stop")).status_code == 302


def test_it_is_signed_the_same_way_and_ends_the_trial(people):
    looked(people)
    order = signed_order(people)
    trial = Trial.objects.create(
        patient=people.maya, medicine="sertraline", state="steady", problem="Low mood", scale="phq-9",
        started_on=on_of(people) - timedelta(days=60), created_at=order.signed_at,
    )  # fmt: skip
    plan = plan_of(people, order)
    client = signed_in(people.marchetti.user)
    shown = client.get(address(people, f"{plan.pk}/sign")).content.decode()
    assert "Her trial ends with this plan." in shown
    fields = {"digest": shown.split('name="digest" value="')[1].split('"')[0], "code": code_of(people.marchetti)}
    assert post(people, fields, f"{plan.pk}/sign").status_code == 302
    trial.refresh_from_db()
    assert (trial.state, trial.outcome) == ("ended", "How it went is not known. Well for a year")
    assert "Plan to stop" in client.get(address(people, plan.pk)).content.decode()


def test_it_takes_few_queries(people):
    order = signed_order(people)
    client = signed_in(people.marchetti.user)
    with at_most(12):
        client.get(address(people, f"{order.pk}/stop"))


# --- on paper ------------------------------------------------------------------------------------------------------------


def signed_plan(people):
    return signed_as_shown(people, plan_of(people, signed_order(people)))


def paper(people, order, query="", who=None):
    return signed_in((who or people.marchetti).user).get(address(people, f"{order.pk}/paper") + query)


def test_the_prescription_and_her_instructions_are_printed_of_a_signed_order(people):
    answer = paper(people, signed_order(people, words="With food."))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Disposition"] == 'inline; filename="notes.pdf"'
    words = words_of(answer.content)
    for line in ("Prescription", "How I take it", "Signed by Dr Marchetti", "With food.", "100 mg", "not asked"):
        assert line in words


def test_the_taper_says_each_step_and_from_when_none_is_taken(people):
    words = words_of(paper(people, signed_plan(people), "?of=taper").content)
    for line in ("My taper", "50 mg", "25 mg", "none", "half a tablet of 50 mg", "Not yet reviewed by a clinician"):
        assert line in words
    sheets = words_of(paper(people, Order.objects.filter(stops=True).get()).content)
    assert "none" in sheets.split("How I take it")[1]


def test_nothing_is_printed_of_a_draft_nor_for_a_stranger(people):
    plan = plan_of(people, signed_order(people))
    assert paper(people, plan).status_code == 404
    assert paper(people, Order.objects.get(signed_at__isnull=False), who=people.hale).status_code == 404


def test_one_going_while_another_comes_stand_side_by_side(people):
    on = on_of(people)
    signed_plan(people)
    rows = [("15 mg", "bedtime", "2 weeks"), ("30 mg", "bedtime", "")]
    fields = form(people, *rows, medicine="mirtazapine", strength=None, do="check")
    words = post(people, {**fields, "starts": (on + timedelta(days=14)).isoformat()}).content.decode()
    table = words.split("The medicines by day")[1].split("</table>")[0]
    assert table.index("Sertraline") < table.index("Mirtazapine")
    cells = [cell.split("</td>")[0] for cell in table.split("<td>")[1:]]
    assert cells == [
        "50 mg once a day", "not yet", "25 mg once a day", "15 mg once a day", "none", "30 mg once a day",
    ]  # fmt: skip


def test_a_form_that_nobody_named_is_chosen_before_the_steps_are_worked_out(people):
    step = {"from": "2026-01-01", "until": None, "dose": "150 mg", "times_a_day": 1, "take": "1 each morning"}
    order = signed_order(people, medicine="venlafaxine", steps=[step])
    assert "Her doses cannot be worked out in tablets. Write the steps yourself." in page(people, order)
    assert "Choose what it is made as" in planned(people, order, how="own", strength="").content.decode()
    plan = plan_of(people, order, made_as="extended release oral capsule", strength="75 mg", halves="")
    assert [(step["dose"], step["take"]) for step in plan.steps] == [("75 mg", "1 capsule of 75 mg each morning")]


# --- the checks beside a draft that is saved ------------------------------------------------------------------------------


def asked_of(people, draft):
    """Where the page of this draft asks the checks, as its form and the findings beside it say."""
    words = signed_in(people.marchetti.user).get(address(people, draft.pk)).content.decode()
    found = {part.split('"')[0] for part in words.split('hx-post="')[1:] if "/orders/findings" in part.split('"')[0]}
    assert len(found) == 1
    return found.pop()


def rows_above(people, draft, **named):
    """The form of a saved draft, with a dose above the limit."""
    keeps = {"version": draft.version, "replaces": str(draft.replaces_id or ""), **named}
    return form(people, ("250 mg", "morning", "2 weeks"), **keeps)


def test_from_a_saved_plan_to_stop_what_the_checks_offer_changes_that_plan_and_makes_no_second(people):
    looked(people)
    plan = plan_of(people, signed_order(people))
    client, fields = signed_in(people.marchetti.user), rows_above(people, plan, stops="yes")
    asks = asked_of(people, plan)
    with at_most(12):
        words = client.post(asks, fields).content.decode()
    button = words.split('name="fix"')[1].split(">")[0]
    assert f'hx-post="{address(people, f"{plan.pk}/draft")}"' in button
    assert ">Sign plan<" in words
    fix = button.split('value="')[1].split('"')[0]
    words = post(people, fields | {"do": "", "fix": fix}, f"{plan.pk}/draft").content.decode()
    assert "Stop sertraline" in words
    assert f'action="{address(people, f"{plan.pk}/draft")}"' in words
    assert 'value="200 mg" aria-label="Dose, step 1"' in words
    assert Order.objects.filter(signed_at__isnull=True).count() == 1


def test_a_new_order_asks_for_itself(people):
    looked(people)
    words = post(people, form(people, ("250 mg", "morning", "")), "findings").content.decode()
    assert f'hx-post="{address(people)}"' in words.split('name="fix"')[1].split(">")[0]


@pytest.mark.parametrize("end", ["?draft=not-an-id", "?draft=00000000-0000-4000-8000-000000000000"])
def test_a_draft_that_is_not_there_is_asked_of_in_vain(people, end):
    assert post(people, form(people), f"findings{end}").status_code == 404


def test_a_draft_of_another_woman_is_not_there_for_the_checks(people):
    look_after(people.marchetti, people.noor)
    plan = plan_of(people, signed_order(people))
    Order.objects.filter(pk=plan.pk).update(patient=people.noor)
    assert post(people, form(people), f"findings?draft={plan.pk}").status_code == 404
    assert post(people, form(people), f"findings?draft={plan.pk}", who=people.ibarra).status_code == 404


def test_a_plan_that_was_signed_meanwhile_never_comes_back_as_an_order_that_goes_on(people):
    looked(people)
    plan = plan_of(people, signed_order(people))
    fields = form(
        people, ("25 mg", "morning", "2 weeks"), version=plan.version, stops="yes", replaces=str(plan.replaces_id)
    )
    meanwhile = Signature.objects.create(signer=people.marchetti.user, digest="x", method="totp", at=timezone.now())
    plan.put(signed_at=timezone.now(), signature=meanwhile)
    words = post(people, fields, f"{plan.pk}/draft").content.decode()
    assert f'action="{address(people)}"' in words
    assert 'name="stops" value="yes"' in words
    answer = post(people, fields)
    again = Order.objects.get(pk=answer["Location"].rsplit("/", 1)[1])
    assert again.stops
    assert again.steps[-1]["until"] is not None


def test_there_is_nothing_to_stop_where_no_order_runs(people):
    words = post(people, form(people, ("25 mg", "morning", "2 weeks"), stops="yes")).content.decode()
    assert "No order of this medicine runs, so there is nothing to stop." in words
    assert not Order.objects.exists()
