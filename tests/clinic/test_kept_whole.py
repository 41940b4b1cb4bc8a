"""Tablets that release at their own pace are kept whole: in the composer, on the stop page, on paper and in the taper."""

from decimal import Decimal

import pytest
from django.utils import timezone

from althea.care.actions import order as acting
from althea.care.actions.order import Asked
from althea.care.models import Order
from althea.care.papers import NOT_STATED, _supply
from althea.care.ready import prepared
from althea.care.regimen import Row, forms_of, lay_out, not_halved, pieces
from althea.engine.calendar import NotInTablets
from althea.knowledge.quantity import Dose
from tests.clinic.prescribing import address, form, looked, on_of, post, signed_order
from tests.people import signed_in

pytestmark = pytest.mark.django_db
EXTENDED, DELAYED = "Extended-release tablets are not halved.", "Delayed-release tablets are not halved."
KINDS = (
    ("bupropion", "extended release oral tablet", "150 mg", "75 mg", EXTENDED),
    ("quetiapine", "extended release oral tablet", "300 mg", "150 mg", EXTENDED),
    ("lithium", "extended release oral tablet", "450 mg", "225 mg", EXTENDED),
    ("valproate", "delayed release oral tablet", "500 mg", "250 mg", DELAYED),
)


def made(medicine, name):
    return next(one for one in forms_of(medicine) if one.name == name)


def test_of_every_form_that_exists_only_plain_tablets_may_be_halved():
    for medicine in ("bupropion", "quetiapine", "lithium", "valproate", "paroxetine", "venlafaxine", "sertraline"):
        for one in forms_of(medicine):
            tablets = one.tablets(one.strengths, halves=True)
            assert tablets.split is (one.thing == "tablet" and "release" not in one.name), (medicine, one.name)
            assert bool(one.kept_whole) is (one.thing == "tablet" and "release" in one.name), (medicine, one.name)


@pytest.mark.parametrize(("medicine", "name", "strength", "half", "why"), KINDS)
def test_half_of_one_is_no_dose_and_the_words_say_why(medicine, name, strength, half, why):
    tablets = made(medicine, name).tablets([Dose.parse(strength)], halves=True)
    with pytest.raises(NotInTablets, match=why):
        pieces(Dose.parse(half), tablets)
    laid = lay_out([Row(half, "morning", "")], None, tablets)
    assert laid.errors[0].endswith(why)
    assert laid.takes == ("",)
    assert pieces(Dose.parse(strength), tablets) == ((Decimal(1), Dose.parse(strength)),)


def test_a_plain_tablet_is_halved_as_before():
    tablets = made("sertraline", "oral tablet").tablets([Dose.parse("50 mg")], halves=True)
    assert pieces(Dose.parse("25 mg"), tablets) == ((Decimal("0.5"), Dose.parse("50 mg")),)


@pytest.mark.parametrize(("medicine", "name", "strength", "half", "why"), KINDS)
def test_the_composer_has_no_box_for_halves_and_says_why(people, medicine, name, strength, half, why):
    looked(people)
    fields = form(people, (half, "morning", ""), medicine=medicine, made_as=name, strength=strength, do="look")
    words = post(people, fields).content.decode()
    assert 'name="halves"' not in words
    assert why in words
    assert "half a tablet" not in words


@pytest.mark.parametrize("do", ["save", "sign"])
def test_a_form_with_halves_ticked_for_them_is_refused_in_words(people, do):
    looked(people)
    fields = form(
        people, ("150 mg", "morning", ""), medicine="bupropion", made_as="extended release oral tablet",
        strength="150 mg", halves="on", do=do,
    )  # fmt: skip
    answer = post(people, fields)
    assert answer.status_code == 200
    assert f"{EXTENDED} Write doses of whole ones, or choose another form." in answer.content.decode()
    assert not Order.objects.exists()


def test_where_another_form_was_chosen_the_tick_of_the_first_is_let_go(people):
    """She ticked halves of a plain tablet, then chose the other form: the page that comes back can be saved."""
    looked(people)
    fields = form(
        people, ("150 mg", "morning", ""), medicine="bupropion", made_as="extended release oral tablet",
        strength="150 mg", halves="on", do="look",
    )  # fmt: skip
    assert "Write doses of whole ones" not in post(people, fields).content.decode()
    del fields["halves"]
    assert post(people, {**fields, "do": "save"}).status_code == 302


def a_draft(people, **tablets):
    step = {
        "from": on_of(people).isoformat(), "until": on_of(people).isoformat(), "dose": "75 mg", "times_a_day": 1, "when": "each morning",
        "take": "half a tablet of 150 mg each morning", "often": "morning",
    }  # fmt: skip
    asked = Asked(
        medicine="bupropion", steps=[step], why="Low mood",
        tablets={"form": "extended release oral tablet", "strengths": ["150 mg"], "halves": True, **tablets},
    )  # fmt: skip
    return acting.draft(patient=people.maya, asked=asked, by=people.marchetti.user, at=timezone.now())


@pytest.mark.parametrize("halves", [True, False])
def test_a_draft_that_was_laid_out_in_halves_of_them_cannot_be_signed(people, halves):
    looked(people)
    ready = prepared(a_draft(people, halves=halves), people.marchetti.user, timezone.now())
    assert ("steps", f"{EXTENDED} Change the draft.") in ready.lacking


def test_of_plain_tablets_nothing_is_said():
    steps = [{"take": "half a tablet of 50 mg each morning"}]
    assert not_halved("sertraline", {"form": "oral tablet", "halves": True}, steps) == ""
    assert not_halved("bupropion", {}, steps) == ""


def test_the_prescription_counts_no_halves_of_them(people):
    looked(people)
    assert [one["quantity"] for one in _supply(a_draft(people))] == [NOT_STATED]


def test_the_stop_page_has_no_box_and_no_lower_dose_of_halves(people):
    looked(people)
    first = on_of(people)
    step = {
        "from": first.isoformat(), "until": None, "dose": "150 mg", "times_a_day": 1, "when": "each morning",
        "take": "1 tablet of 150 mg each morning", "often": "morning",
    }  # fmt: skip
    kept = {"tablets": {"form": "extended release oral tablet", "strengths": ["150 mg"], "halves": True}}
    order = signed_order(people, medicine="bupropion", steps=[step], findings=kept)
    words = signed_in(people.marchetti.user).get(address(people, f"{order.pk}/stop")).content.decode()
    assert 'name="halves"' not in words
    assert EXTENDED in words
    fields = {
        "how": "own", "do": "draft", "strength": "150 mg", "made_as": "extended release oral tablet", "halves": "on",
        "starts": first.isoformat(), "why": "Well for a year",
    }  # fmt: skip
    answer = post(people, fields, f"{order.pk}/stop")
    assert answer.status_code == 200
    assert "Write doses of whole ones, or choose another form." in answer.content.decode()
    del fields["halves"]
    assert post(people, fields, f"{order.pk}/stop").status_code == 302
