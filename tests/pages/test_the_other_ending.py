"""The other ending of the story: she is well and stops, in tablets she has, day by day on her phone, down to none."""

from datetime import timedelta

import pytest
from django.utils import timezone

from althea.care.models import Order, Outgoing, Trial
from tests.clinic.prescribing import code_of, looked, on_of, signed_order, with_code
from tests.pages.story import DESK, by_hand, by_hand_with_a_code, frozen, press, says, told

__all__ = ["frozen", "told"]  # fixtures
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_other_ending(told, people):
    told.on("2026-06-09 10:00")
    _a_year_on_sertraline(people)
    doctor = told.be(None, width=DESK)
    by_hand_with_a_code(doctor, people.marchetti)
    _planned_in_tablets(doctor, people)
    told.on("2026-06-09 10:06")  # another code than the one she signed in with
    _signed_with_a_code(doctor, people)
    phone = told.be(None)
    told.on("2026-06-09 20:30")
    _her_calendar(phone)
    told.on("2026-06-30 07:30")
    _half_way(phone)
    told.on("2026-07-08 08:00")
    _none_after(phone)


def _a_year_on_sertraline(people):
    """What the story before it leaves: a medicine that helps, a trial that is kept steady, and an app with codes."""
    with_code(people.marchetti)
    looked(people)
    signed_order(people, days=400)
    Trial.objects.create(
        patient=people.maya, medicine="sertraline", state="steady", problem="Low mood", scale="phq-9", weeks=8,
        started_on=on_of(people) - timedelta(days=400), created_at=timezone.now(),
    )  # fmt: skip


def _planned_in_tablets(doctor, people):
    """From the order on her chart to a plan: the record's steps, worked out in the tablets she has."""
    doctor.goto(f"/patients/{people.maya.pk}/medicines")
    says(doctor, "Sertraline", "100 mg", "2 tablets of 50 mg each morning")
    doctor.goto(f"/patients/{people.maya.pk}/orders/{Order.objects.get().pk}")
    press(doctor, "Plan how to stop")
    says(doctor, "1. What she takes now", "Sertraline, 100 mg each time.", "2. How she stops", "If she stops at once")
    says(
        doctor, "Step by step, as the record says", "is stopped in one step", "14 days between steps is the project's."
    )
    assert doctor.get_by_label("50 mg", exact=True).is_checked(), "the tablets she has, by her order"
    doctor.get_by_label("May be halved").check()
    press(doctor, "Work out the steps with these")
    says(doctor, "9 June 50 mg 1 tablet of 50 mg each morning", "23 June 25 mg half a tablet of 50 mg each morning")
    says(doctor, "7 July none from then on")
    press(doctor, "Draft this plan")
    says(doctor, "Not drafted yet", "Choose how she stops.", "Say why she stops: it stays with the record.")
    doctor.locator("input[name=how][value=taper]").check()
    doctor.get_by_label("Why she stops").fill("Well for a year, and she would like to try without.")
    press(doctor, "Draft this plan")
    says(doctor, "Stop sertraline", "After its last day she takes none.")


def _signed_with_a_code(doctor, people):
    press(doctor, "Sign plan")
    says(doctor, "The plan to stop", "This is exactly what you sign.", "Her trial ends with this plan.")
    says(doctor, "half a tablet of 50 mg each morning", "It takes the place of the order of")
    doctor.get_by_label("Code from your authenticator").fill("000000")
    press(doctor, "Sign this plan")
    says(doctor, "Not signed")
    assert not Order.objects.filter(stops=True, signed_at__isnull=False).exists()
    doctor.get_by_label("Code from your authenticator").fill(code_of(people.marchetti))
    press(doctor, "Sign this plan")
    says(doctor, "Plan to stop", "Signed by Dr Marchetti on 9 June 2026 at 10:0", "with a one-time code")
    says(doctor, "Taper with calendar")
    assert Trial.objects.get().state == "ended"


def _her_calendar(phone):
    """She reads what she takes on each day, and that after the last of them there is none."""
    _she_opens_it(phone)
    says(phone, "Sertraline", "Signed by Dr Marchetti on 9 June.", "Now: 50 mg, 1 tablet of 50 mg each morning")
    says(phone, "23 June to 6 July: 25 mg, half a tablet of 50 mg each morning.", "From 7 July: none.")
    says(phone, "Your last dose of these is on 6 July. After that: none.", "Print my steps and calendar")
    assert {"Tuesday 9 June, today: 50 mg", "Sunday 21 June: 50 mg, planned"} <= _days(phone)


def _half_way(phone):
    """The calendar goes with her: the week that holds her last dose shows the days after it as days without."""
    _she_opens_it(phone)
    says(phone, "Now: 25 mg, half a tablet of 50 mg each morning", "From 7 July: none.")
    shown = {
        "Monday 22 June: 50 mg", "Tuesday 23 June: 25 mg", "Tuesday 30 June, today: 25 mg", "Monday 6 July: 25 mg, planned",
        "Tuesday 7 July: no dose, planned",
    }  # fmt: skip
    assert shown <= _days(phone), f"not in her calendar: {shown - _days(phone)}"


def _she_opens_it(phone):
    """Each day anew: the phone asks who she is, and leads where she wanted to go."""
    phone.goto("/medicine")
    by_hand(phone, "maya@example.org")
    phone.wait_for_url("**/medicine")


def _days(phone):
    return set(phone.locator("ul.cal .vh").all_text_contents())


def _none_after(phone):
    _she_opens_it(phone)
    says(phone, "No medicine from here")
    assert "tablet" not in phone.locator("main").inner_text()
    assert not Outgoing.objects.filter(state="failed").exists()
