"""One woman's story, end to end, from both sides: the words on the pages, and what the record holds of it.

A birth four weeks ago, breastfeeding, low mood. Her prescriber signs in with a code; she is invited, asked, diagnosed;
options, her decision, an order with steps; then her trial (`her_trial.py`), and going on. The other ending has a test of
its own.
"""

import re

import pytest
from playwright.sync_api import expect

from althea.care.models import Entry, IntakeAnswer, Outgoing, Patient, Trial
from tests.clinic.prescribing import code_of
from tests.pages import her_trial
from tests.pages.browser import pressed
from tests.pages.her_intake import PASSWORD, over_two_evenings
from tests.pages.story import (
    AT_THE_CLINIC,
    DESK,
    by_hand,
    by_hand_with_a_code,
    choose,
    frozen,
    press,
    says,
    the_code_of,
    told,
)

__all__ = ["frozen", "told"]  # fixtures
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_story(told, people):
    doctor = _the_prescriber_sets_up_her_app(told, people)
    ada, phone = _she_is_invited(told, doctor)
    over_two_evenings(told, phone)
    told.on("2026-05-06 10:00")
    by_hand_with_a_code(doctor, people.marchetti)
    _it_becomes_the_record(doctor, ada)
    _a_plan_in_her_words(doctor, ada)
    _options_for_her(doctor, ada)
    told.on("2026-05-06 21:00")
    told.sign_in(phone, ada.user)
    _she_compares_at_home(phone)
    told.on("2026-05-07 10:20")
    told.sign_in(doctor, people.marchetti.user)
    _they_decide_at_the_visit(doctor, ada)
    _an_order_with_steps_is_signed(people, doctor, ada)
    _her_medicine_with_its_steps(told, phone, ada)
    her_trial.a_hard_evening(told, people, phone, doctor, ada)
    her_trial.a_side_effect_is_on_their_list(told, people, doctor)
    her_trial.a_missed_week_and_better_ones(told, phone, ada)
    her_trial.her_chart_on_one_axis(told, people, doctor, ada)
    her_trial.reviewed_at_week_five(told, people, doctor, ada)
    her_trial.a_new_pill_from_elsewhere(told, people, phone, doctor, ada)
    her_trial.going_on(told, people, phone, doctor, ada)


TRIED = {
    "medicine": "escitalopram", "reached": "20 mg", "weeks": "10", "result": "did not help", "running": False,
    "until": "2024-03-31", "why_stopped": "Nothing changed",
}  # fmt: skip


# --- before the first visit -------------------------------------------------------------------------------------------


def _the_prescriber_sets_up_her_app(told, people):
    """A password alone opens no chart: she is led to her second step, and comes back with its code."""
    told.on("2026-05-04 08:50")
    doctor = told.be(None, width=DESK)
    doctor.goto("/today")
    by_hand(doctor, "marchetti@example.org")
    says(doctor, "Signing in safely", "A second step keeps others out.", "It is not switched on.")
    press(doctor, "Set up an app")
    says(doctor, "Is it you?")
    doctor.get_by_label("Your password").fill(AT_THE_CLINIC)
    press(doctor, "Go on")
    says(doctor, "Set up an app with codes")
    doctor.get_by_label("The six digits").fill(the_code_of(doctor.locator("#authenticator_secret").input_value()))
    press(doctor, "Switch it on")
    told.on("2026-05-04 09:00")  # a code is taken once
    by_hand_with_a_code(doctor, people.marchetti)
    return doctor


def _she_is_invited(told, doctor):
    doctor.goto("/patients/new")
    doctor.get_by_label("Her name").fill("Ada Nwosu-Berg")
    doctor.get_by_label("What she wants to be called").fill("Ada")
    doctor.get_by_label("Date of birth").fill("1994-02-14")
    doctor.get_by_label("Email").fill("ada@example.org")
    doctor.get_by_label("Why she comes").fill("Low mood after birth")
    doctor.get_by_label("Her prescriber").select_option(label="Dr Marchetti")
    press(doctor, "Register")
    says(doctor, "Ada Nwosu-Berg is registered. Her invitation is on its way.")
    ada = Patient.objects.get(name="Ada Nwosu-Berg")
    phone = told.be(None)
    phone.goto(Outgoing.objects.get(patient=ada, kind="invitation").link)
    says(phone, "Hello, Ada", "you can see who looked")
    phone.get_by_label("Choose a password").fill(PASSWORD)
    press(phone, "Begin")
    says(phone, "Tell us about you", "Take two evenings if you like: every answer is saved.")
    assert phone.title() == "Notes"
    ada.refresh_from_db()
    return ada, phone


def _it_becomes_the_record(doctor, ada):
    """One click each; then she is asked about all of it, and what is not there is not so."""
    doctor.goto(f"/patients/{ada.pk}/assessment")
    says(doctor, "Nothing is in her record until you add it.", "I cry in the evenings", "sulfa antibiotics")
    says(doctor, "I take nothing", "Left out")
    _what_she_tried_becomes_data(doctor, ada)
    add = doctor.get_by_role("button", name="Add to record")
    for left in range(add.count(), 0, -1):
        pressed(add.first)
        expect(add).to_have_count(left - 1)
    says(doctor, "In her record")
    for topic in ("medicines", "illnesses", "allergies"):
        pressed(doctor.get_by_role("button", name=re.compile(topic, re.I)).first)
    press(doctor, "All is read")
    says(doctor, "Reviewed on 6 May.")


def _what_she_tried_becomes_data(doctor, ada):
    """One click on the line that says what it may become; until then it is an answer and no more."""
    says(doctor, "Took escitalopram, up to 20 mg a day, for 10 weeks, did not help")
    assert not Entry.objects.filter(patient=ada, kind="medicine").exists()
    press(doctor, "Add to record: Took escitalopram")
    expect(doctor.get_by_text("In her record", exact=True)).to_have_count(1)
    (tried,) = Entry.objects.filter(patient=ada, kind="medicine")
    assert tried.origin == "hers"
    assert {key: tried.body[key] for key in TRIED} == TRIED
    assert IntakeAnswer.objects.filter(question="medicines-before").latest("at").value[0]["weeks"] == "10"


def _a_plan_in_her_words(doctor, ada):
    doctor.goto(f"/patients/{ada.pk}/plan")
    press(doctor, "Add a diagnosis")
    doctor.get_by_label("Search by words or number").fill("F33.1")
    pressed(doctor.get_by_role("button", name="Search"))
    doctor.get_by_label("F33.1").check()
    doctor.get_by_label("Confirmed", exact=True).check()
    doctor.get_by_label("Since").fill("2026-04-20")
    press(doctor, "Save")
    says(doctor, "Major depressive disorder, recurrent, moderate", "ICD-10-CM F33.1")
    press(doctor, "Write it")
    doctor.get_by_label("Psychotherapy").fill("Interpersonal therapy with Lena Whitlock, weekly")
    doctor.get_by_label("Support").fill("Partner Sam")
    press(doctor, "Save")
    press(doctor, "Write it down")
    doctor.get_by_label("How severe it is").fill("Moderate: PHQ-9 16")
    for one in ("Watchful waiting", "Psychotherapy", "Medicine"):
        doctor.get_by_label(one, exact=True).check()
    press(doctor, "Save")
    says(
        doctor, "Interpersonal therapy with Lena Whitlock", "Enjoy Mina, and sleep when she sleeps", "Watchful waiting"
    )


def _options_for_her(doctor, ada):
    press(doctor, "Compare options")
    says(doctor, "Which medicines to compare for her", "What matters to her", "Breastfeeding")
    says(doctor, "Tried before: 20 mg, 10 weeks, it did not help. Stopped because: “Nothing changed”.")
    for name in ("Sertraline", "Escitalopram"):
        doctor.get_by_label(name, exact=True).check()
    press(doctor, "Prepare the comparison")
    doctor.get_by_label("Your words to her").fill("These are the ones we spoke of.")
    press(doctor, "Share with Ada")
    says(doctor, "Ada sees it now. She got a neutral notice.")


def _she_compares_at_home(phone):
    """Nothing is chosen for her, none counts as much as any; she asks two questions and leans towards one."""
    phone.goto("/home")
    says(phone, "options")
    phone.goto("/options")
    says(
        phone, "There is no wrong choice here", "These are the ones we spoke of.", "No medicine now", "I'm not sure yet"
    )
    phone.locator("summary", has_text="What each one is").click()
    says(phone, "You took it before (20 mg) for 10 weeks.", "You stopped because: “Nothing changed”.")
    assert phone.locator("input[name=leaning]:checked").count() <= 1
    assert phone.locator("input[name=leaning]:checked[value=sertraline]").count() == 0
    phone.locator("input[name=leaning][value=sertraline]").check()
    phone.get_by_label("My questions for the visit").fill("Will I feel flat? And what if I want to stop?")
    press(phone, "Save for my visit")
    says(phone, "Saved")


# --- the decision and the order ---------------------------------------------------------------------------------------


def _they_decide_at_the_visit(doctor, ada):
    doctor.goto(f"/patients/{ada.pk}/options")
    says(doctor, "Leans towards Sertraline", "Will I feel flat? And what if I want to stop?")
    doctor.locator("input[name=chosen][value=sertraline]").check()
    choose(doctor, "Hers")
    doctor.get_by_label("Her reason, in her words").fill("It is the one best known in milk.")
    for box in doctor.locator("input[name=talked_over]").all():
        box.check()
    press(doctor, "Record her decision")
    says(doctor, "It is the one best known in milk.", "Hers")
    press(doctor, "She agrees, here with me")
    decision = Entry.objects.get(patient=ada, kind="decision")
    assert decision.body["chosen"] == "sertraline"
    assert "no-medicine" in decision.body["options"]
    assert decision.body["seen"]
    assert Entry.objects.filter(patient=ada, kind="consent").count() == 1


def _an_order_with_steps_is_signed(people, doctor, ada):
    """25 mg for a week, then 50 mg, in tablets; a code signs exactly what was shown."""
    press(doctor, "Write the order")
    says(doctor, "Choose together", "What matters to her")
    doctor.get_by_label("Dose, step 1").fill("25 mg")
    doctor.get_by_label("For how long, step 1").fill("1 week")
    press(doctor, "Add step", stays=True)
    doctor.get_by_label("Dose, step 2").fill("50 mg")
    doctor.get_by_label("What it is for").fill("Low mood after birth")
    doctor.locator("summary", has_text="How she takes it").click()
    doctor.get_by_label("How she takes it, in words for her").fill("With breakfast.")
    doctor.get_by_label("Review on").fill("2026-06-11")
    doctor.get_by_label("The scale that shows whether it helps").select_option(label="PHQ-9")
    press(doctor, "Save draft")
    says(doctor, "14 May")
    press(doctor, "Sign order")
    says(doctor, "This is exactly what you sign.", "A trial begins with it")
    for answers in doctor.locator("fieldset.check-row").all():
        answers.get_by_label("Ordered today").check()
    if doctor.get_by_role("button", name="Keep these answers").count():
        press(doctor, "Keep these answers")
    doctor.get_by_label("Code from your authenticator").fill(code_of(people.marchetti))
    press(doctor, "Sign this order")
    says(doctor, "Signed by Dr Marchetti on", "with a one-time code")
    assert Trial.objects.get(patient=ada).state == "titrating"


def _her_medicine_with_its_steps(told, phone, ada):
    told.on("2026-05-07 19:00")
    told.sign_in(phone, ada.user)
    phone.goto("/medicine")
    says(phone, "Sertraline", "Signed by Dr Marchetti on 7 May.", "25 mg", "With breakfast.")
    assert phone.title() == "Notes"
    phone.goto("/plan")
    says(phone, "It is the one best known in milk.", "Interpersonal therapy with Lena Whitlock")
