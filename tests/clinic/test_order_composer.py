"""The composer: what was typed is read or refused in words, and kept only when it is whole."""

from datetime import timedelta

import pytest

from althea.care import entries as said
from althea.care.models import AuditRow, Order
from tests.clinic.prescribing import a_draft, address, decided, form, looked, on_of, post, signed_order, tell
from tests.counting import at_most
from tests.people import signed_in

pytestmark = pytest.mark.django_db


def page(people, end="new", query=""):
    answer = signed_in(people.marchetti.user).get(address(people, end) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def field(words, name):
    return words.split(f'name="{name}"')[1].split('value="')[1].split('"')[0]


# --- it shows ----------------------------------------------------------------------------------------------------------


def test_it_opens_with_nothing_chosen_and_nothing_wrong(people):
    words = page(people)
    assert "Choose a medicine to see what speaks against it." in words
    assert "It stands on no decision of hers: no trial begins with it." in words
    assert "aria-invalid" not in words
    assert " checked" not in words.split('id="f-medicine"')[1].split("</div>")[0]
    assert "<title>Order · Notes</title>" in words


def test_what_matters_to_her_stands_beside_it_and_where_nobody_asked_it_says_so(people):
    assert "Nobody has written it down yet. Ask her before you choose." in page(people)
    tell(people, said.Goal(words="I need my pill for the pain.", rank=1))
    assert "“I need my pill for the pain.”" in page(people)


def test_her_decision_chooses_the_medicine_and_begins_a_trial(people):
    entry = decided(people)
    words = page(people, query=f"?decision={entry.pk}")
    assert 'value="sertraline" checked' in words
    assert "“I want to sleep.”" in words
    assert "The scale that shows whether it helps" in words


def test_a_raise_opens_with_the_dose_talked_over_and_the_tablets_she_has(people):
    old = signed_order(people)
    words = page(people, query=f"?replaces={old.pk}&dose=125 mg")
    assert "Change sertraline" in words
    assert 'value="125 mg"' in words
    assert 'name="strength" value="50 mg" checked' in words
    assert "125 mg cannot be made from 50 mg. The nearest is 100 mg." in words


def test_the_medicine_is_never_named_in_an_address_or_a_title(people):
    order = a_draft(people)
    answer = signed_in(people.marchetti.user).get(address(people, order.pk))
    assert "sertraline" not in answer.request["PATH_INFO"]
    assert "<title>Order · Notes</title>" in answer.content.decode()


def test_it_takes_few_queries_however_much_she_has(people):
    old = signed_order(people)
    for _ in range(30):
        tell(people, said.Symptom(words="a line"))
    order = a_draft(people, replaces=str(old.pk))
    client = signed_in(people.marchetti.user)
    for end in ("new", f"new?replaces={old.pk}", str(order.pk)):
        with at_most(12):
            assert client.get(address(people, end)).status_code == 200
    with at_most(12):
        client.post(address(people, "findings"), form(people))


# --- it saves ----------------------------------------------------------------------------------------------------------


def test_a_draft_keeps_its_steps_in_tablets_and_its_days(people):
    on = on_of(people)
    order = a_draft(people, ("25 mg", "morning", "1 week"), ("75 mg", "evening", ""))
    first, second = order.steps
    assert (first["take"], first["until"]) == (
        "half a tablet of 50 mg each morning", (on + timedelta(days=6)).isoformat(),
    )  # fmt: skip
    assert (second["from"], second["take"], second["until"]) == (
        (on + timedelta(days=7)).isoformat(), "1 and a half tablets of 50 mg each evening", None,
    )  # fmt: skip
    assert (order.product, order.rxcui) == ("sertraline 50 MG Oral Tablet", "312941")
    assert order.signed_at is None
    words = page(people, order.pk)
    assert "Draft saved" in words
    assert 'value="75 mg"' in words
    assert "1 and a half tablets of 50 mg each evening" in words


def test_without_script_the_small_buttons_show_the_page_again_and_keep_nothing(people):
    answer = post(people, form(people, ("50 mg", "morning", "1 week"), do="add"))
    assert answer.status_code == 200
    assert 'name="dose-1"' in answer.content.decode()
    answer = post(people, form(people, ("25 mg", "morning", "1 week"), ("50 mg", "morning", ""), do=None, remove="0"))
    words = answer.content.decode()
    assert 'name="dose-1"' not in words
    assert 'value="50 mg"' in words
    assert not Order.objects.exists()
    assert AuditRow.objects.filter(verb="drafted order").count() == 0


def test_the_labels_schedule_is_one_click_where_one_holds_for_her(people):
    looked(people)
    tell(people, said.Condition(text="Bipolar II disorder", code="F31.81"))
    rows = [("50 mg", "evening", "")]
    words = post(people, form(people, *rows, medicine="lamotrigine", strength=None, do="check")).content.decode()
    assert "Use the label's 25, 50, 100, 200 mg</button>" in words
    at = words.split('name="label" value="')[1].split('"')[0]
    words = post(people, form(people, *rows, medicine="lamotrigine", strength=None, do=None, label=at)).content.decode()
    assert [words.count(f'value="{dose}" aria-label="Dose') for dose in ("25 mg", "50 mg", "100 mg", "200 mg")] == [
        1
    ] * 4
    assert "lamotrigine-titration" not in words


def test_a_limit_is_one_click_in_the_step_that_breaks_it(people):
    looked(people)
    rows = [("50 mg", "morning", "1 week"), ("250 mg", "morning", "")]
    words = post(people, form(people, *rows, do="check")).content.decode()
    below = words.split('id="step-2-error"')[1].split("</p>")[0]
    assert "Step 2: " in below
    assert "Sertraline 250 mg a day is above the maximum of 200 mg." in below
    assert 'name="fix" value="1:200 mg"' in words
    fixed = post(people, form(people, *rows, do=None, fix="1:200 mg")).content.decode()
    assert "sertraline-max-dose" not in fixed


def test_the_highest_dose_is_never_offered_to_begin_with(people):
    looked(people)
    words = post(people, form(people, ("250 mg", "morning", ""), do="check")).content.decode()
    assert "Sertraline 250 mg a day is above the maximum of 200 mg." in words
    assert 'name="fix" value="0:200 mg"' not in words


def test_a_medicine_she_takes_by_our_order_is_replaced_and_never_stands_beside_itself(people):
    old = signed_order(people)
    assert a_draft(people, ("50 mg", "morning", "")).replaces_id == old.pk


def test_a_change_opens_with_what_is_signed_for_later_too_so_that_no_rise_is_lost_unsaid(people):
    on = on_of(people)
    ago, later = (on - timedelta(days=4)).isoformat(), (on + timedelta(days=3)).isoformat()
    steps = [{"from": ago, "until": (on + timedelta(days=2)).isoformat(), "dose": "50 mg", "often": "morning"},
             {"from": later, "until": None, "dose": "100 mg", "often": "evening"}]  # fmt: skip
    old = signed_order(people, steps=steps)
    words = page(people, query=f"?replaces={old.pk}")
    assert [field(words, f"{name}-0") for name in ("dose", "length")] == ["50 mg", "3 days"]
    assert [field(words, f"{name}-1") for name in ("dose", "length")] == ["100 mg", ""]
    assert 'id="f-dose-2"' not in words
    raised = page(people, query=f"?replaces={old.pk}&dose=150%20mg")
    assert field(raised, "dose-0") == "150 mg"
    assert 'id="f-dose-1"' not in raised, "a dose that was talked over is the whole of the change"


def test_a_medicine_without_an_offer_is_found_by_name_or_brand(people):
    for words in ("Zoloft", "sertraline", " SERTRALINE "):
        Order.objects.all().delete()
        order = a_draft(people, medicine="other", other=words)
        assert order.medicine == "sertraline"


# --- what cannot be read ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dose", "words"),
    [
        ("25", "25 of what? Write the unit as well: mg, mcg or g."),
        ("5 mg/kg", "Work out the dose and write it as one amount, for example 25 mg: what is signed is an amount."),
        ("-25 mg", "A dose cannot be below 0. Write for example 25 mg."),
        ("−25 mg", "A dose cannot be below 0. Write for example 25 mg."),
        ("9" * 5000 + " mg", "That is too long to be a dose. Write a number and a unit, for example 25 mg."),
        ("1,000 mg", "Write the dose without a comma, for example 1000 mg or 2.5 mg."),
        (".5 mg", "Write a 0 before the point, for example 0.5 mg."),
        ("0 mg", "A step of 0 is no dose. Take the step out; to stop, plan the stopping."),
        ("٢٥ mg", "Write a number and mg, mcg or g, for example 25 mg."),
        ("two tablets", "Write a number and mg, mcg or g, for example 25 mg."),
        ("NaN mg", "Write a number and mg, mcg or g, for example 25 mg."),
        ("1e3 mg", "Write a number and mg, mcg or g, for example 25 mg."),
        ("25 mL", "Write a number and mg, mcg or g, for example 25 mg."),
        ("30 mg", "30 mg cannot be made from 50 mg. The nearest is 25 mg."),
        ("", "Write the dose with its unit, for example 25 mg."),
    ],
)
def test_a_dose_that_cannot_be_read_is_refused_in_words_and_stays_as_typed(people, dose, words):
    answer = post(people, form(people, (dose, "morning", "")))
    assert answer.status_code == 200
    page_words = answer.content.decode()
    assert words in page_words
    assert "Not saved. One thing needs a look" in page_words
    assert f'value="{dose}"' in page_words
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("length", "words"),
    [
        ("0 days", "A step lasts at least 1 day."),
        ("2", "Say for how many days or weeks, for example 2 weeks."),
        ("a while", "Say for how many days or weeks, for example 2 weeks."),
        ("-1 week", "Say for how many days or weeks, for example 2 weeks."),
        ("9999 weeks", "That is longer than 3 years. Give a review day, and order again then."),
        ("", "Say for how long, for example 2 weeks: another step follows."),
    ],
)
def test_a_step_that_lasts_no_time_is_refused(people, length, words):
    answer = post(people, form(people, ("25 mg", "morning", length), ("50 mg", "morning", "")))
    assert words in answer.content.decode()
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("field", "days", "words"),
    [
        ("starts", -1, "This is before today. Pick"),
        ("starts", 500, "This is more than a year ahead. Pick a nearer day."),
        ("review_on", -1, "The review is before the first dose. Pick"),
        ("review_on", 500, "The review is more than a year after the first dose. Pick a nearer day."),
    ],
)
def test_days_out_of_order_are_refused(people, field, days, words):
    day = (on_of(people) + timedelta(days=days)).isoformat()
    answer = post(people, form(people, **{field: day}))
    assert words in answer.content.decode()
    assert not Order.objects.exists()


@pytest.mark.parametrize("starts", ["", "yesterday", "2026-02-31", "١"])
def test_a_day_that_is_none_is_refused(people, starts):
    assert "Give " in post(people, form(people, starts=starts)).content.decode()
    assert not Order.objects.exists()


def test_sixty_steps_are_too_many_and_are_all_still_there(people):
    rows = [("50 mg", "morning", "1 day")] * 60
    words = post(people, form(people, *rows)).content.decode()
    assert "That is 60 steps. One order holds at most 40: order the first part." in words
    assert 'name="dose-59"' in words
    assert not Order.objects.exists()


def test_a_medicine_that_is_not_in_the_knowledge_is_named(people):
    words = post(people, form(people, medicine="other", other="Wonderol")).content.decode()
    assert "“Wonderol” is not in Althea" in words
    assert "so nothing could be checked." in words
    assert not Order.objects.exists()


def test_tablets_of_another_medicine_are_refused(people):
    words = post(people, form(people, strength="300 mg")).content.decode()
    assert "Those tablets are of another medicine or form. Choose from those listed." in words
    assert not Order.objects.exists()


def test_another_medicine_than_she_decided_for_is_refused(people):
    entry = decided(people, "sertraline")
    words = post(people, form(people, medicine="mirtazapine", strength=None, decision=str(entry.pk))).content.decode()
    assert "She decided for “Sertraline”. To order mirtazapine, record her new decision first." in words


@pytest.mark.parametrize("field", ["replaces", "decision"])
def test_what_is_of_another_patient_does_not_exist(people, field):
    other = signed_order(people, patient=people.noor)
    assert post(people, form(people, **{field: str(other.pk)})).status_code == 404
    assert post(people, form(people, **{field: "not-an-id"})).status_code == 404


def test_a_long_text_is_refused_and_never_cut(people):
    words = post(people, form(people, words="a" * 2001)).content.decode()
    assert "That is 2001 characters. Keep it to 2000." in words
    assert "a" * 2001 in words


def test_markup_is_text(people):
    order = a_draft(people, why="<script>alert(1)</script>")
    assert "<script>alert(1)" not in page(people, order.pk)


# --- two at once -------------------------------------------------------------------------------------------------------


def test_the_second_of_two_editors_sees_both_and_loses_nothing(people):
    order = a_draft(people, ("25 mg", "morning", ""))
    both = {"version": "1"}
    assert post(people, form(people, ("50 mg", "morning", ""), **both), f"{order.pk}/draft").status_code == 302
    answer = post(people, form(people, ("75 mg", "morning", ""), why="Mine", **both), f"{order.pk}/draft")
    assert answer.status_code == 409
    words = answer.content.decode()
    assert "Not saved: Dr Marchetti changed this draft at" in words
    assert "Theirs: Sertraline, 50 mg once a day, in the morning" in words
    assert 'value="75 mg"' in words
    assert 'name="version" value="2"' in words
    order.refresh_from_db()
    assert order.steps[0]["dose"] == "50 mg"


@pytest.mark.parametrize("pressed", [{"do": "add"}, {"do": "save", "dose-0": "much"}])
def test_a_small_button_or_a_refusal_does_not_let_the_second_editor_write_over_what_was_never_shown(people, pressed):
    order = a_draft(people, ("25 mg", "morning", ""))
    post(people, form(people, ("50 mg", "morning", ""), version="1"), f"{order.pk}/draft")
    answer = post(people, form(people, ("75 mg", "morning", ""), version="1") | pressed, f"{order.pk}/draft")
    assert answer.status_code == 409
    words = answer.content.decode()
    assert "Theirs: Sertraline, 50 mg once a day, in the morning" in words
    assert f'value="{pressed.get("dose-0", "75 mg")}"' in words


def test_a_signed_order_is_not_edited_and_what_was_typed_is_still_there(people):
    old = signed_order(people)
    answer = post(people, form(people, ("75 mg", "morning", ""), version="1"), f"{old.pk}/draft")
    assert answer.status_code == 409
    assert "A signed order does not change: replace it with a new one, or end it." in answer.content.decode()
    assert 'value="75 mg"' in answer.content.decode()
    old.refresh_from_db()
    assert old.steps[0]["dose"] == "100 mg"


def test_a_form_sent_twice_makes_one_draft(people):
    client, fields = signed_in(people.marchetti.user), {**form(people), "key": "0a0a0a0a-0000-4000-8000-000000000001"}
    first, second = (client.post(address(people), fields) for _ in range(2))
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert Order.objects.count() == 1


def test_a_draft_is_discarded_and_a_version_that_was_not_shown_is_not(people):
    order = a_draft(people)
    assert post(people, {"version": "7"}, f"{order.pk}/discard").status_code == 409
    assert post(people, {"version": "1"}, f"{order.pk}/discard").status_code == 302
    assert not Order.objects.exists()


# --- who -----------------------------------------------------------------------------------------------------------------


def test_a_nurse_reads_a_draft_and_writes_none(people):
    order = a_draft(people)
    nurse = signed_in(people.nurse.user)
    words = nurse.get(address(people, order.pk)).content.decode()
    assert "A draft, not signed." in words
    assert "Sign order" not in words
    for end in ("new", f"{order.pk}/draft", f"{order.pk}/discard", f"{order.pk}/sign", f"{order.pk}/stop", "findings"):
        assert post(people, form(people), end, who=people.nurse).status_code == 404
    assert Order.objects.count() == 1


def test_a_prescriber_of_another_team_learns_nothing(people):
    order = a_draft(people)
    for end in ("new", order.pk, f"{order.pk}/sign", f"{order.pk}/stop", f"{order.pk}/paper"):
        assert signed_in(people.hale.user).get(address(people, end)).status_code == 404
