"""Dates and numbers are said one way: for a dose this is safety, not style."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import override_settings

from althea.look.words import dated, day, day_long, dose, moment, number, of_100, weeks_ago

TODAY = date(2026, 6, 9)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (75, "75 mg"),
        (75.0, "75 mg"),
        (Decimal("75.00"), "75 mg"),
        (0.5, "0.5 mg"),
        (Decimal(".5"), "0.5 mg"),
        (2.50, "2.5 mg"),
        (1000, "1,000 mg"),
        (Decimal("1E+3"), "1,000 mg"),
        (0.1 + 0.2, "0.3 mg"),
        (0.0625, "0.0625 mg"),
        (0, "0 mg"),
    ],
)
def test_a_dose_has_a_leading_zero_always_and_trailing_zeros_never(amount, words):
    assert dose(amount, "mg") == words


def test_a_dose_is_never_below_zero_and_never_no_number():
    with pytest.raises(ValueError, match="below zero"):
        dose(-5, "mg")
    with pytest.raises(ValueError, match="not a number"):
        number(float("nan"))
    with pytest.raises(ValueError, match="not a number"):
        number(Decimal("Infinity"))


def test_ten_keeps_its_zero():
    assert (number(10), number(10.0), number(Decimal("100.0"))) == ("10", "10", "100")


@pytest.mark.parametrize(
    ("people", "words"),
    [
        (55, "55 of 100"),
        (0, "0 of 100"),
        (100, "100 of 100"),
        (12.4, "about 12 of 100"),
        (12.5, "about 13 of 100"),
        (Decimal("12.5"), "about 13 of 100"),
        (0.4, "fewer than 1 of 100"),
        (99.6, "more than 99 of 100"),
    ],
)
def test_a_share_is_said_in_people(people, words):
    assert of_100(people) == words


def test_more_than_a_hundred_of_a_hundred_is_refused():
    with pytest.raises(ValueError, match="cannot be"):
        of_100(101)


def test_a_year_is_said_only_when_it_is_another():
    assert day(date(2026, 5, 28), TODAY) == "28 May"
    assert day(date(2025, 9, 11), TODAY) == "11 Sept 2025"
    assert day(date(2026, 5, 28)) == "28 May 2026"


def test_months_of_up_to_five_letters_are_written_out():
    assert [day(date(2026, month, 1), TODAY) for month in (2, 3, 4, 6, 7, 8)] == [
        "1 Feb", "1 March", "1 April", "1 June", "1 July", "1 Aug",
    ]  # fmt: skip


def test_the_head_of_a_page_has_its_weekday():
    assert day_long(TODAY) == "Tuesday 9 June"


def test_a_visit_is_today_or_tomorrow_or_on_a_day_with_its_name():
    today = date(2026, 6, 9)
    said = [moment(datetime(2026, 6, at, 9, 5), today) for at in (8, 9, 10, 11)]
    assert said == ["Monday 8 June at 09:05", "today at 09:05", "tomorrow at 09:05", "Thursday 11 June at 09:05"]


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (date(2026, 6, 9), "today"),
        (date(2026, 6, 8), "yesterday"),
        (date(2026, 6, 10), "tomorrow"),
        (date(2026, 5, 27), "13 days ago"),
        (date(2026, 5, 26), "2 weeks ago"),
        (date(2026, 6, 23), "in 2 weeks"),
        (date(2025, 6, 10), "52 weeks ago"),
        (date(2025, 6, 9), "1 year ago"),
        (date(2023, 6, 9), "3 years ago"),
    ],
)
def test_how_long_ago_is_said_in_days_then_weeks_then_years(when, words):
    assert weeks_ago(when, TODAY) == words


@override_settings(TIME_ZONE="Pacific/Auckland")
def test_a_moment_is_the_day_it_is_in_the_clinic(rendered):
    evening = datetime(2026, 6, 8, 20, 0, tzinfo=UTC)
    assert rendered("{{ at|day:today }}", at=evening, today=TODAY) == "9 June"


def test_what_is_not_known_is_not_a_date_or_a_dose(rendered):
    assert (
        rendered(
            "[{{ on|day:today }}{{ on|day_long }}{{ on|weeks_ago:today }}{{ on|dose:'mg' }}]", on=None, today=TODAY
        )
        == "[]"
    )


def test_an_icon_that_is_not_there_is_an_error_not_an_empty_place(rendered):
    with pytest.raises(ValueError, match="no icon 'pil'"):
        rendered('{% icon "pil" %}')


def test_an_icon_is_read_aloud_only_if_it_has_a_name(rendered):
    assert 'aria-hidden="true"' in rendered('{% icon "pill" %}')
    assert rendered('{% icon "info" label=words %}', words='<"').count('role="img" aria-label="&lt;&quot;"') == 1


def test_only_a_drawing_is_trusted_as_svg(rendered):
    with pytest.raises(TypeError, match="takes a Drawing"):
        rendered("{% chart words %}", words="<svg onload=x>")
    with pytest.raises(TypeError, match="takes a Key"):
        rendered("{% key_mark words %}", words="<svg onload=x>")


def test_days_within_a_sentence_are_said_as_people_say_them():
    assert dated("EPDS 16 (2026-11-26): assess her.", date(2026, 12, 1)) == "EPDS 16 (26 Nov): assess her."
    assert dated("Since 2025-02-01.", date(2026, 12, 1)) == "Since 1 Feb 2025."


def test_what_is_no_day_stays_as_it_stands():
    for said in ("2026-13-40", "rule-2026-11-26-x", "12026-11-26", ""):
        assert dated(said) == said
