"""What is handed to the press: the signed order's own doses and days, and a quantity only where one can be worked out."""

from datetime import timedelta

import pytest

from althea.care.facts import chart_of
from althea.care.papers import in_letters, order_plain, taper_plain
from tests.clinic.prescribing import on_of, signed_order

pytestmark = pytest.mark.django_db
LINES = (("Any time", "call or text", "988"),)


def plain(people, **named):
    tablets = {"form": "oral tablet", "strengths": ["50 mg"], "halves": True}
    order = signed_order(people, findings={"tablets": tablets, "answers": {}, "trial": {}}, **named)
    return order_plain(order, chart_of(people.maya), LINES)


def test_without_an_end_or_a_review_nobody_can_say_how_many_tablets(people):
    assert plain(people)["supply"] == [
        {"product": "Sertraline 50 mg oral tablet", "quantity": "not stated", "repeats": "none"}
    ]


def test_until_the_review_the_tablets_are_counted_and_written_out(people):
    review = on_of(people) - timedelta(days=60) + timedelta(days=27)
    (row,) = plain(people, review_on=review)["supply"]
    assert row["quantity"] == "56 (fifty-six)"


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "none"), (7, "seven"), (19, "nineteen"), (20, "twenty"), (56, "fifty-six"), (100, "one hundred"),
     (365, "three hundred and sixty-five"), (1000, "1000")],
)  # fmt: skip
def test_a_quantity_is_read_twice(number, words):
    assert in_letters(number) == words


def test_a_step_that_ends_is_followed_by_none_on_both_papers(people):
    on = on_of(people)
    step = {"from": on.isoformat(), "until": on.isoformat(), "dose": "50 mg", "times_a_day": 2, "often": "twice",
            "when": "morning and evening", "take": "1 tablet of 50 mg morning and evening"}  # fmt: skip
    order = signed_order(people, steps=[step], stops=True)
    for given in (order_plain(order, chart_of(people.maya), ()), taper_plain(order, chart_of(people.maya), LINES)):
        first, last = given["steps"]
        assert (first["amount"], first["tablets"]) == (100, "1 tablet of 50 mg, twice a day")
        assert (last["starts"], last["amount"]) == (on + timedelta(days=1), 0)


def test_the_clinic_stands_first_among_those_to_call_and_allergies_say_whether_anybody_asked(people):
    given = plain(people)
    assert [one["number"] for one in given["calls"]] == ["555 0100", "988"]
    assert given["patient"] == [("Allergies", "not asked")]


def test_an_order_of_before_says_it_was_signed_and_nothing_of_tablets_it_does_not_know(people):
    given = order_plain(signed_order(people), chart_of(people.maya), ())
    assert given["supply"] == [{"product": "Sertraline", "quantity": "not stated", "repeats": "none"}]
    assert given["signed"].startswith("Signed by Dr Marchetti on ")
    assert given["what_for"] == "low mood"
