"""What she wrote of how much, how often and how long is read as exactly that number, or not at all."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from althea.care.intake import amounts
from althea.care.intake.proposals import proposals
from althea.care.intake.questions import questions
from althea.knowledge.quantity import Dose
from tests.people import NOW


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("50 mg", "50 mg"), ("50mg", "50 mg"), (" 50  MG ", "50 mg"), ("0,5 mg", "0.5 mg"), ("0.125 mg", "0.125 mg"),
        ("2,5 mg a day", "2.5 mg"), ("20 mg daily", "20 mg"), ("20 mg per day", "20 mg"), ("75 µg", "75 mcg"),
        ("1,200 mg", None), ("1.000 mg", None), ("1e3 mg", None), ("50-100 mg", None), ("2 x 20 mg", None),
        ("-5 mg", None), ("+5 mg", None), (".5 mg", None), ("5. mg", None), ("1_000 mg", None), ("٥ mg", None),
        ("about 50 mg", None), ("50 mg twice a day", None), ("50 mg/ml", None), ("50", None), ("1 tablet", None),
        ("12345678901234567890123456789012 mg", None), ("", None),
    ],
)  # fmt: skip
def test_a_dose_is_read_where_it_can_mean_one_thing(words, read):
    assert amounts.dose(words) == read


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("1", 1), ("24", 24), ("3x", 3), ("3 x daily", 3), ("2 times a day", 2), ("once", 1), ("twice a day", 2),
        ("three times", 3), ("Three a day", 3),
        ("0", None), ("25", None), ("1e1", None), ("2.5", None), ("1-2", None), ("3 times a week", None),
        ("twice a week", None), ("as needed, up to 3", None), ("daily", None), ("", None),
    ],
)  # fmt: skip
def test_how_often_is_read_where_it_says_so_of_a_day(words, read):
    assert amounts.often(words) == read


def test_when_needed_is_read_where_nothing_else_is_said():
    assert all(amounts.when_needed(one) for one in ("when needed", "As needed", "only when I need it", "prn"))
    assert not any(amounts.when_needed(one) for one in ("not when needed", "as needed, up to 3", "sometimes", ""))


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("8", 8), ("8 weeks", 8), ("one week", 1), ("2 months", 9), ("about two months", 9), ("for about 3 months", 13),
        ("a month", 4), ("half a year", 26), ("a year", 52), ("2 years", 104),
        ("6-8 weeks", None), ("a few weeks", None), ("over two months", None), ("half a month", None), ("1e3", None),
        ("two and a half months", None), ("-3", None), ("years", None), ("", None),
    ],
)  # fmt: skip
def test_how_long_is_read_in_whole_weeks(words, read):
    assert amounts.weeks(words) == read


def amount(words):
    """The number and the unit that stand in these words, written down apart from what reads them."""
    number = words.lower().strip().split("m")[0].split("µ")[0].split("g")[0].strip().replace(",", ".")
    return Decimal(number)


PIECES = st.sampled_from(
    ["0", "1", "5", "20", "000", "200", ",", ".", "-", "+", "e", "x", "/", " ", "_", "٥", "½", "mg"]
)
LIKE_A_DOSE = st.builds(
    "".join,
    st.tuples(st.lists(PIECES, max_size=6).map("".join), st.sampled_from([" mg", "mg", " g", " mcg a day", ""])),
)


@given(st.one_of(st.text(max_size=20), LIKE_A_DOSE))
@example("1,200 mg")
@example("1.000 mg")
@example("000.500 mg")
@example("0000000.000001 mcg")
@example("9999999.999999 g")
def test_any_text_is_read_as_exactly_the_number_written_or_not_at_all(words):
    read = amounts.dose(words)
    if read is not None:
        value, unit = read.split(" ")
        assert Decimal(value) == amount(words)
        assert unit in ("mg", "g", "mcg")
        assert Dose.parse(read).mg == Dose.of(amount(words), unit).mg


@example("0\x1f")
@given(st.one_of(st.text(max_size=20), st.text("0123456789 xe.,-+٥²", max_size=6)))
def test_how_often_and_how_long_never_raise_and_a_bare_number_is_that_number(words):
    for read in (amounts.often(words), amounts.weeks(words)):
        if read is not None and words.strip().isdigit():
            assert read == int(words.strip())


# --- what the prescriber is shown -----------------------------------------------------------------


def proposed(question, **row):
    (may,) = proposals(questions()[question], [{"what": "sertraline", **row}], NOW.date(), "answered")
    return may.words, may.body


@pytest.mark.parametrize("words", ["1,200 mg", "1e3 mg", "50-100 mg", "2 x 20 mg", "-5 mg"])
def test_a_dose_that_is_not_read_is_shown_in_her_words_and_is_no_number(words):
    said, body = proposed("medicines-now", dose=words, times="2")
    assert said == f"Takes sertraline, dose not read: “{words}”"
    assert body.dose is None
    said, body = proposed("medicines-before", dose=words)
    assert said == f"Took sertraline, dose not read: “{words}”"
    assert body.reached is None


def test_how_often_that_is_not_read_is_shown_in_her_words():
    said, body = proposed("medicines-now", dose="50 mg", times="3 times a week")
    assert said == "Takes sertraline, 50 mg, how often not read: “3 times a week”"
    assert (body.times_a_day, body.as_needed) == (None, False)
    assert proposed("medicines-now", dose="50 mg", times="when needed")[0] == "Takes sertraline, 50 mg"


def test_how_long_is_shown_as_it_was_read_with_her_words_or_as_not_read():
    said, body = proposed("medicines-before", weeks="about two months", result="partly")
    assert (said, body.weeks) == ("Took sertraline, for 9 weeks (“about two months”), partly", 9)
    said, body = proposed("medicines-before", weeks="until Easter")
    assert (said, body.weeks) == ("Took sertraline, how long: not read, “until Easter”", None)
    assert proposed("medicines-before", weeks="60")[0] == "Took sertraline, for 60 weeks"
