"""What was done about a finding is read where it is signed, on the signed order, and on her chart."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from althea.care import entries as said
from althea.care.models import FindingSeen, Order, Signature
from tests.clinic.prescribing import (
    a_draft,
    address,
    code_of,
    form,
    looked,
    on_of,
    post,
    signed_order,
    tell,
    with_code,
)
from tests.people import signed_in

pytestmark = pytest.mark.django_db
WARN = "Warn about dizziness and double vision in the pill-free week."


@pytest.fixture(autouse=True)
def codes(people):
    with_code(people.marchetti)
    yield
    cache.clear()


@pytest.fixture
def order(people):
    """Lamotrigine beside the pill; of what the warning asks for, one sentence is ticked."""
    looked(people)
    tell(people, said.LifeStage(topic="contraception", value="combined-pill"))
    tell(people, said.Medicine(text="ethinylestradiol", medicine="ethinylestradiol", running=True))
    named = {"medicine": "lamotrigine", "strength": None}
    words = post(people, form(people, ("25 mg", "evening", ""), do="check", **named)).content.decode()
    key = words.split(f'value="{WARN}"')[0].rsplit('name="', 1)[1].split('"')[0]
    return a_draft(people, ("25 mg", "evening", ""), **named, **{key: WARN})


def read(people, end):
    return signed_in(people.marchetti.user).get(address(people, end)).content.decode()


def sign(people, order):
    digest = read(people, f"{order.pk}/sign").split('name="digest" value="')[1].split('"')[0]
    answer = post(people, {"digest": digest, "code": code_of(people.marchetti), "passkey": ""}, f"{order.pk}/sign")
    assert answer.status_code == 302
    return Order.objects.get(pk=order.pk)


def finding(words):
    return next(part for part in words.split("<article")[1:] if "expect about half the level" in part)


def test_the_page_that_is_signed_and_the_signed_order_say_what_will_be_done_before_why(people, order):
    told = finding(read(people, f"{order.pk}/sign"))
    assert f"<p>We will do this: {WARN}</p>" in told
    assert told.index(WARN) < told.index("Why and source") < told.index("glucuronidation")
    told = finding(read(people, str(sign(people, order).pk)))
    assert f"<p>We will do this: {WARN}</p>" in told


def test_it_is_a_row_of_her_record_and_sets_nothing_aside(people, order):
    signed = sign(people, order)
    row = FindingSeen.objects.get(order=signed, answer="settled")
    assert (row.code, row.words, row.until) == ("suggestion", WARN, None)


def test_her_chart_says_it_with_the_finding_of_the_same_matter_that_stays(people, order):
    chart = f"/patients/{people.maya.pk}/"
    assert "we will do this" not in signed_in(people.marchetti.user).get(chart).content.decode()
    sign(people, order)
    words = signed_in(people.marchetti.user).get(chart).content.decode()
    assert f"Dr Marchetti on {on_of(people):%-d %B}: we will do this. {WARN}" in words
    assert "lowers the lamotrigine level" in words


def test_what_was_only_shown_says_nothing_was_done(people):
    looked(people)
    tell(people, said.LifeStage(topic="contraception", value="combined-pill"))
    tell(people, said.Medicine(text="ethinylestradiol", medicine="ethinylestradiol", running=True))
    order = a_draft(people, ("25 mg", "evening", ""), medicine="lamotrigine", strength=None)
    told = finding(read(people, f"{order.pk}/sign"))
    assert "We will do this" not in told
    assert "glucuronidation" in told


def test_a_signed_order_says_under_her_name_who_signed_it_and_keeps_the_mark_of_the_text(people, order):
    signed = sign(people, order)
    words = read(people, str(signed.pk))
    assert f"Signed by Dr Marchetti on {on_of(people):%-d %B %Y}.</p>" in words
    assert Signature.objects.get(order=signed).digest in words.split("Mark of the text that was signed")[1]


def test_an_order_in_the_place_of_one_that_has_not_begun_says_what_becomes_of_that_one(people):
    looked(people)
    first = on_of(people) + timedelta(days=10)
    step = {"from": first.isoformat(), "until": None, "dose": "100 mg", "times_a_day": 1, "when": "each morning",
            "take": "2 tablets of 50 mg each morning", "often": "morning"}  # fmt: skip
    old = signed_order(people, steps=[step])
    words = read(people, f"new?replaces={old.pk}")
    assert "That one has not begun: begin this one sooner, and nothing of it is taken." in words
    order = a_draft(people, replaces=str(old.pk))
    words = read(people, f"{order.pk}/sign")
    assert "which has not begun. Begin sooner than it, and nothing of it is taken" in words
    begun = signed_order(people, medicine="quetiapine")
    assert "has not begun" not in read(people, f"new?replaces={begun.pk}")
