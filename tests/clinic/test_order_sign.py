"""Signing: exactly this text, with a second factor, once; and what stands there afterwards."""

from datetime import timedelta
from uuid import uuid4

import pytest

from althea.care import entries as said
from althea.care.facts import facts_for
from althea.care.models import AuditRow, CheckIn, Entry, Order, OrderEnd, Outgoing, Signature, Trial
from althea.care.signing import NO_FACTOR, WRONG_CODE
from althea.engine.facts import State
from althea.look.words import day as day_words
from tests.clinic.prescribing import (
    a_draft,
    address,
    code_of,
    codes,
    decided,
    digest,
    form,
    looked,
    on_of,
    post,
    signed_order,
    tell,
)
from tests.counting import at_most
from tests.people import signed_in

__all__ = ["codes"]  # a fixture
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("codes")]


def page(people, order, who=None):
    return signed_in((who or people.marchetti).user).get(address(people, f"{order.pk}/sign")).content.decode()


def sign(people, order, code=None, shown=None, **fields):
    shown = shown if shown is not None else digest(page(people, order))
    code = code if code is not None else code_of(people.marchetti)
    return post(people, {"digest": shown, "code": code, "passkey": "", **fields}, f"{order.pk}/sign")


# --- it shows ----------------------------------------------------------------------------------------------------------


def test_the_page_shows_the_whole_text_that_is_signed(people):
    looked(people)
    order = a_draft(people, ("25 mg", "morning", "1 week"), ("50 mg", "evening", ""))
    words = page(people, order)
    for line in (
        "This is exactly what you sign. Read it once more.", "sertraline 50 MG Oral Tablet", "Low mood", "With food.",
        "half a tablet of 50 mg each morning", "1 tablet of 50 mg each evening", "once a day, in the evening",
        "Findings you sign with", "Not yet reviewed by a clinician.", "Code from your authenticator",
    ):  # fmt: skip
        assert line in words
    assert "<title>Sign · Notes</title>" in words


def test_outside_the_demo_no_code_is_ever_shown(people):
    order = a_draft(people)
    assert "This is the demo" not in page(people, order)
    assert code_of(people.marchetti) not in page(people, order)


def test_in_the_demo_the_page_says_so_and_shows_the_code_it_would_ask_for(people, settings):
    settings.ALTHEA_DEMO = True
    order = a_draft(people)
    words = page(people, order)
    assert "<strong>This is the demo.</strong>" in words
    code = words.split("data-demo-code>")[1].split("<")[0]
    assert sign(people, order, code).status_code == 302
    assert Order.objects.get(pk=order.pk).signature.method == "totp"


def test_it_takes_few_queries(people):
    entry = decided(people)
    order = a_draft(people, decision=str(entry.pk), scale="phq-9")
    client = signed_in(people.marchetti.user)
    with at_most(12):
        client.get(address(people, f"{order.pk}/sign"))


# --- it signs ----------------------------------------------------------------------------------------------------------


def test_signed_with_a_code_it_is_read_only_with_its_signature_and_what_was_shown(people):
    looked(people)
    order = a_draft(people, ("250 mg", "morning", ""), strength=None, halves="on")
    answer = sign(people, order)
    assert (answer.status_code, answer["Location"]) == (302, address(people, order.pk))
    words = signed_in(people.nurse.user).get(address(people, order.pk)).content.decode()
    assert "Signed by Dr Marchetti on" in words
    assert "with a one-time code" in words
    assert "Sertraline 250 mg a day is above the maximum of 200 mg." in words
    assert "What was shown then" in words
    assert "Change the dose" not in words
    assert Outgoing.objects.get(patient=people.maya).kind == "update"
    assert AuditRow.objects.filter(verb="signed order").count() == 1


@pytest.mark.parametrize("code", ["", "000000", "12 34", "9" * 5000, "<b>"])
def test_a_wrong_code_signs_nothing_and_says_what_to_do(people, code):
    order = a_draft(people)
    answer = sign(people, order, code)
    assert answer.status_code == 200
    assert WRONG_CODE in answer.content.decode()
    assert "Not signed" in answer.content.decode()
    assert Order.objects.get(pk=order.pk).signed_at is None
    assert not Signature.objects.exists()


def test_a_used_code_signs_nothing(people):
    first, second = a_draft(people), a_draft(people, ("15 mg", "bedtime", ""), medicine="mirtazapine", strength="15 mg")
    code = code_of(people.marchetti)
    assert sign(people, first, code).status_code == 302
    assert WRONG_CODE in sign(people, second, code).content.decode()
    assert Signature.objects.count() == 1


def test_a_text_of_another_draft_is_not_signed(people):
    first = a_draft(people)
    second = a_draft(people, ("75 mg", "morning", ""))
    answer = sign(people, second, shown=digest(page(people, first)))
    assert "Something changed since this page was shown. Read it again, then sign." in answer.content.decode()
    assert not Signature.objects.exists()


@pytest.mark.parametrize("shown", ["", "0" * 64, "x" * 5000])
def test_a_text_that_was_never_shown_is_not_signed(people, shown):
    assert "Something changed since" in sign(people, a_draft(people), shown=shown).content.decode()
    assert not Signature.objects.exists()


def test_what_came_up_since_the_page_was_shown_stops_the_signature_and_is_shown(people):
    looked(people)
    order = a_draft(people)
    shown = digest(page(people, order))
    tell(people, said.Medicine(text="phenelzine", medicine="phenelzine", dose="15 mg", times_a_day=3, running=True))
    words = sign(people, order, shown=shown).content.decode()
    assert "Read it again, then sign. To sign, act on" in words
    assert "Still needed:" in words
    assert not Signature.objects.exists()


def test_two_tabs_sign_once(people):
    order = a_draft(people)
    shown = digest(page(people, order))
    assert sign(people, order, shown=shown).status_code == 302
    answer = sign(people, order, code_of(people.marchetti, 1), shown=shown)
    assert (answer.status_code, answer["Location"]) == (302, address(people, order.pk))
    assert Signature.objects.count() == 1
    back = signed_in(people.marchetti.user).get(address(people, f"{order.pk}/sign"))
    assert back["Location"] == address(people, order.pk)


def test_a_double_click_signs_once_and_gets_one_answer(people):
    order = a_draft(people)
    client = signed_in(people.marchetti.user)
    fields = {"digest": digest(page(people, order)), "code": code_of(people.marchetti), "key": str(uuid4())}
    answers = [client.post(address(people, f"{order.pk}/sign"), fields) for _ in range(2)]
    assert {one["Location"] for one in answers} == {address(people, order.pk)}
    assert Signature.objects.count() == 1


def test_a_prescriber_without_a_second_factor_is_shown_where_to_set_one_up(people):
    from allauth.mfa.models import Authenticator

    Authenticator.objects.all().delete()
    order = a_draft(people)
    words = page(people, order)
    assert "You have no second factor yet." in words
    assert 'href="/account/2fa/"' in words
    assert NO_FACTOR in sign(people, order, "123456").content.decode()


def test_a_nurse_signs_nothing(people):
    order = a_draft(people)
    shown = digest(page(people, order))
    answer = post(
        people, {"digest": shown, "code": code_of(people.marchetti)}, f"{order.pk}/sign", who=people.nurse
    )  # fmt: skip
    assert answer.status_code == 404
    assert not Signature.objects.exists()


def test_without_script_the_form_is_a_form(people):
    words = page(people, a_draft(people))
    assert '<form class="stack" method="post" id="sign-form">' in words
    assert "Sign this order</button>" in words


# --- consent and checks ------------------------------------------------------------------------------------------------


def first_order(people, **named):
    looked(people)
    tell(people, said.Condition(text="Major depressive disorder", code="F33.1"))
    entry = decided(people)
    review = (on_of(people) + timedelta(days=56)).isoformat()
    return a_draft(people, decision=str(entry.pk), scale="phq-9", review_on=review, **named)


def test_her_consent_is_recorded_at_the_visit_with_the_exact_text(people):
    order = first_order(people)
    words = page(people, order)
    assert "She has not agreed yet." in words
    assert "Her consent is not recorded yet." in words
    text = "I have talked it over. I agree."
    answer = post(people, {"text": text}, f"{order.pk}/agreed")
    assert "Tick that she agreed to this text, if she did." in answer.content.decode()
    assert text in answer.content.decode()
    assert not Entry.objects.filter(kind="consent").exists()
    assert post(people, {"text": text, "said_so": "on"}, f"{order.pk}/agreed").status_code == 302
    entry = Entry.objects.get(kind="consent")
    assert (entry.body["text"], entry.body["how"], entry.origin) == (text, "at the visit", "hers")
    assert f"{text}</p>" in page(people, order)


@pytest.mark.parametrize("text", ["", " ", "a" * 2001])
def test_an_empty_or_endless_consent_is_none(people, text):
    order = first_order(people)
    assert post(people, {"text": text, "said_so": "on"}, f"{order.pk}/agreed").status_code == 200
    assert not Entry.objects.filter(kind="consent").exists()


def answered(people, order):
    """Her consent, and each check answered on the page as it stands."""
    post(people, {"text": "I agree.", "said_so": "on"}, f"{order.pk}/agreed")
    words = page(people, order)
    keys = {part.split('"')[0] for part in words.split('name="how-')[1:]}
    if keys:
        version = words.split('name="version" value="')[1].split('"')[0]
        fields = {"version": version} | {f"how-{key}": "is-done" for key in keys}
        assert post(people, fields, f"{order.pk}/ready").status_code == 302


def test_a_first_order_begins_the_trial_that_her_decision_asked_for(people):
    order = first_order(people)
    assert "A trial begins with it: Low mood, by PHQ-9." in page(people, order)
    answered(people, order)
    assert sign(people, order).status_code == 302
    trial = Trial.objects.get(patient=people.maya)
    assert (trial.problem, trial.scale, trial.state) == ("Low mood", "phq-9", "titrating")


def test_the_first_check_in_is_a_week_after_the_first_dose_on_the_page_and_in_her_phone(people):
    tell(people, said.Score(scale="phq-9", total=18))
    order, on = first_order(people), on_of(people)
    words = page(people, order)
    assert f"First check-in {day_words(on + timedelta(days=7), on)}." in words
    assert "before the first dose is on record" not in words
    answered(people, order)
    sign(people, order)
    assert CheckIn.objects.earliest("due_on").due_on == on + timedelta(days=7)
    assert "Nothing to do today" in signed_in(people.maya.user).get("/home").content.decode()


def test_without_a_score_to_begin_from_she_is_asked_on_the_first_day_and_the_page_says_why(people):
    order, on = first_order(people), on_of(people)
    words = page(people, order)
    assert f"First check-in {day_words(on, on)}." in words
    assert "No PHQ-9 of the 14 days before the first dose is on record: she is asked on that day." in words
    answered(people, order)
    sign(people, order)
    assert CheckIn.objects.earliest("due_on").due_on == on


def test_a_scale_her_phone_may_not_show_says_so_where_it_is_chosen_and_where_it_is_signed(people):
    order, on = first_order(people), on_of(people)
    composer = signed_in(people.marchetti.user).get(address(people, str(order.pk))).content.decode()
    hint = "Her phone may not show the questions of the EPDS: enter it from paper."
    assert hint not in composer, "another scale is chosen"
    assert ">EPDS, from paper</option>" in composer
    order.put(findings={**order.findings, "trial": {"scale": "epds"}})
    assert hint in signed_in(people.marchetti.user).get(address(people, str(order.pk))).content.decode()
    words = page(people, order)
    assert f"First check-in {day_words(on + timedelta(days=7), on)}." in words
    assert "No EPDS of the 14 days before the first dose is on record: enter one from paper." in words
    assert hint in words


def test_what_was_answered_before_the_signature_stays_when_the_draft_is_saved_again(people):
    entry = decided(people, "lithium")
    order = a_draft(
        people, ("300 mg", "twice", ""), medicine="lithium", made_as="oral capsule", strength="300 mg", halves=None,
        decision=str(entry.pk), scale="phq-9",
    )  # fmt: skip
    answered(people, order)
    order.refresh_from_db()
    before = order.findings["answers"]
    assert len(before) > 2
    fields = form(
        people, ("300 mg", "twice", ""), medicine="lithium", made_as="oral capsule", strength="300 mg", halves=None,
        decision=str(entry.pk), scale="phq-9", version=str(order.version),
    )  # fmt: skip
    assert post(people, fields, f"{order.pk}/draft").status_code == 302
    order.refresh_from_db()
    assert order.findings["answers"] == before


def test_answers_to_a_draft_that_changed_meanwhile_are_refused(people):
    order = first_order(people)
    answer = post(people, {"version": "7", "how-x": "is-done"}, f"{order.pk}/ready")
    assert answer.status_code == 409


# --- afterwards ----------------------------------------------------------------------------------------------------------


def test_a_raise_ends_the_old_order_and_both_name_each_other(people):
    looked(people)
    old = signed_order(people)
    new = a_draft(people, ("150 mg", "morning", ""), replaces=str(old.pk))
    assert "A draft that would take its place was saved on" in signed_in(people.marchetti.user).get(
        address(people, old.pk)
    ).content.decode()  # fmt: skip
    assert sign(people, new).status_code == 302
    assert OrderEnd.objects.get(order=old).on == on_of(people)
    running = [row for row in facts_for(people.maya, on_of(people)).medicines if row.state is State.RUNNING]
    assert [str(row.daily) for row in running] == ["150 mg"]
    client = signed_in(people.marchetti.user)
    assert "The order that took its place" in client.get(address(people, old.pk)).content.decode()
    assert "It took the place of" in client.get(address(people, new.pk)).content.decode()


def test_an_order_is_ended_with_a_day_and_a_reason(people):
    looked(people)
    order = signed_order(people)
    on = on_of(people)
    words = signed_in(people.marchetti.user).get(address(people, f"{order.pk}/end")).content.decode()
    assert "is stopped in one step" in words
    assert "Say whether she stopped it herself, or it is over." in post(
        people, {"on": on.isoformat(), "why": "x"}, f"{order.pk}/end"
    ).content.decode()  # fmt: skip
    for day, why, refusal in (
        ((on + timedelta(days=1)).isoformat(), "x", "This lies ahead. To stop later, plan the stopping"),
        ((on - timedelta(days=61)).isoformat(), "x", "This is before it began. Pick"),
        ("", "x", "Give a day, for example"),
        (on.isoformat(), " ", "Say why: it stays with the record."),
        (on.isoformat(), "a" * 501, "That is 501 characters. Keep it to 500."),
    ):
        assert refusal in post(people, {"on": day, "why": why, "how": "over"}, f"{order.pk}/end").content.decode()
    assert not OrderEnd.objects.exists()
    fields = {"on": on.isoformat(), "why": "She stopped it herself", "how": "herself"}
    assert post(people, fields, f"{order.pk}/end").status_code == 302
    assert OrderEnd.objects.get(order=order).why == "She stopped it herself"
    assert post(people, fields, f"{order.pk}/end").status_code == 302
    assert OrderEnd.objects.count() == 1


def test_the_composer_signs_only_what_it_saved(people):
    answer = post(people, form(people, ("75 mg", "morning", ""), do="sign"))
    order = Order.objects.get()
    assert answer["Location"] == address(people, f"{order.pk}/sign")
    assert order.signed_at is None
