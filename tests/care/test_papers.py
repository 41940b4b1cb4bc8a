"""What is handed to the press: the signed order's own doses and days, and a quantity only where one can be worked out."""

from datetime import timedelta

import pytest
from django.utils import timezone

from althea.care import entries as said
from althea.care.facts import chart_of
from althea.care.models import OrderEnd
from althea.care.papers import in_letters, order_plain, taper_plain
from tests.clinic.prescribing import on_of, signed_order, tell

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


@pytest.mark.parametrize(
    ("take", "row"),
    [
        ("1 tablet of 50 mg each morning", "1 tablet of 50 mg"),
        ("1 tablet each morning with food", "1 tablet each morning with food"),
        ("1 tablet of 50 mg a day", "1 tablet of 50 mg a day"),
    ],
)
def test_what_heads_the_column_of_doses_is_not_said_again_in_each_row(people, take, row):
    step = {"from": on_of(people).isoformat(), "until": None, "dose": "50 mg", "times_a_day": 1, "take": take}
    given = order_plain(signed_order(people, steps=[step]), chart_of(people.maya), ())
    assert [one["tablets"] for one in given["steps"]] == [row]
    assert (given["when"] == "Each morning") == ("each morning" in take)


def test_the_clinic_stands_first_among_those_to_call_and_allergies_say_whether_anybody_asked(people):
    given = plain(people)
    assert [one["number"] for one in given["calls"]] == ["555 0100", "988"]
    assert given["patient"] == [("Allergies", "not asked")]


def test_an_order_of_before_says_it_was_signed_and_the_tablets_its_words_name_but_not_how_many(people):
    given = order_plain(signed_order(people), chart_of(people.maya), ())
    assert given["supply"] == [{"product": "Sertraline 50 mg oral tablet", "quantity": "not stated", "repeats": "none"}]
    assert given["signed"].startswith("Signed by Dr Marchetti on ")
    assert given["what_for"] == "low mood"


def products(people, *takes, medicine="escitalopram", **named):
    day = on_of(people).isoformat()
    steps = [{"from": day, "until": None, "dose": "10 mg", "times_a_day": 1, "take": take} for take in takes]
    given = order_plain(signed_order(people, medicine=medicine, steps=steps, **named), chart_of(people.maya), ())
    return [one["product"] for one in given["supply"]]


def test_form_and_strength_are_printed_where_the_order_has_them_and_missing_where_it_does_not(people):
    assert products(people, "10 mg and 5 mg tablet each morning") == [
        "Escitalopram 5 mg oral tablet", "Escitalopram 10 mg oral tablet",
    ]  # fmt: skip
    assert products(people, "one 10 mg tablet each morning", "2.5 mL of liquid each morning") == [
        "Escitalopram 10 mg oral tablet", "Escitalopram, form and strength not stated",
    ]  # fmt: skip
    assert products(people, "in the morning") == ["Escitalopram"]
    assert products(people, "1 tablet of 7 mg") == ["Escitalopram"], "no such tablet is made"


def test_a_form_is_not_guessed_where_two_could_be_meant(people):
    assert products(people, "1 tablet of 150 mg each morning", medicine="bupropion") == ["Bupropion"]


def test_where_the_doses_are_not_made_of_her_tablets_the_tablets_are_still_named(people):
    kept = {"tablets": {"form": "oral tablet", "strengths": ["50 mg"], "halves": False}, "answers": {}, "trial": {}}
    step = {"from": on_of(people).isoformat(), "until": None, "dose": "30 mg", "times_a_day": 1}
    given = order_plain(signed_order(people, steps=[step], findings=kept), chart_of(people.maya), ())
    assert given["supply"] == [{"product": "Sertraline 50 mg oral tablet", "quantity": "not stated", "repeats": "none"}]


@pytest.mark.parametrize(("value", "there"), [("no", False), ("yes", True), (None, True)])
def test_what_is_said_of_milk_stands_there_unless_she_is_known_not_to_breastfeed(people, value, there):
    if value is not None:
        tell(people, said.LifeStage(topic="breastfeeding", value=value))
    headings = [one["heading"] for one in order_plain(signed_order(people), chart_of(people.maya), ())["advice"]]
    assert ("Breastfeeding" in headings) is there


def test_a_paper_names_the_label_of_her_own_medicine_first(people):
    """A sheet of sertraline once rested on 'Celexa (citalopram)' alone, as if nobody had read hers."""
    given = order_plain(signed_order(people), chart_of(people.maya), ())
    sources = {one["heading"]: one["source"] for one in given["advice"]}
    assert sources["What it can do to me"].startswith("Zoloft (sertraline)")
    taper = taper_plain(signed_order(people), chart_of(people.maya), ())["advice"][0]["source"]
    assert taper.startswith("Zoloft (sertraline)")
    assert "Depression in adults" in taper, "the guideline stands there too"


def test_a_long_number_is_spaced_on_each_paper(people):
    for paper in (order_plain, taper_plain):
        given = paper(signed_order(people), chart_of(people.maya), [("Any time", "call", "18338526262")])
        assert given["calls"][-1]["number"] == "1-833-852-6262"


def test_an_order_that_ended_before_it_began_says_that_it_is_not_valid(people):
    order = signed_order(people)
    OrderEnd.objects.create(order=order, on=on_of(people) - timedelta(days=60), why="Over", by=people.marchetti.user,
                            at=timezone.now())  # fmt: skip
    given = order_plain(order, chart_of(people.maya), ())
    assert given["ended"] == "This order ended before it began, and is not valid."
    assert given["steps"]
