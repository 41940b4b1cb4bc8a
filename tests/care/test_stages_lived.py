"""The stages of her life: births and counts are facts, what nobody counted is said so, and nothing runs on past its end."""

from datetime import date, timedelta

import pytest

from althea.care import entries as said
from althea.care.actions import record
from althea.care.facts import chart_of
from althea.care.stages_lived import NOT_KNOWN, stages, weeks_after
from tests.people import NOW

pytestmark = pytest.mark.django_db
ON = date(2026, 6, 9)
BIRTH = date(2026, 4, 7)


def told(people, topic, value, on=ON, at=NOW):
    body = said.LifeStage(topic=topic, value=value)
    record.add(patient=people.maya, body=body, on=on, origin="hers", by=people.marchetti.user, at=at)


def diagnosed(people, code, since, on=None, text="Written down", **named):
    body = said.Condition(text=text, code=code, status="resolved", since=since, until=since, **named)
    record.add(patient=people.maya, body=body, on=on or since, origin="clinic", by=people.marchetti.user, at=NOW)


def lived(people, on=ON):
    return [(one.words, one.first, one.last) for one in stages(chart_of(people.maya), on)]


def test_of_a_woman_who_was_not_asked_nothing_is_drawn(people):
    assert lived(people) == []
    assert weeks_after(stages(chart_of(people.maya), ON)) == []


def test_the_pregnancy_before_a_birth_is_as_long_as_the_babys_weeks(people):
    told(people, "delivery", BIRTH.isoformat(), BIRTH)
    told(people, "infant", "276", BIRTH)
    begun = BIRTH - timedelta(days=276)
    assert lived(people) == [
        ("Pregnant", begun, BIRTH - timedelta(days=1)),
        ("Postpartum", BIRTH, None),
    ]


def test_without_the_babys_weeks_or_a_count_its_length_is_said_to_be_unknown(people):
    told(people, "delivery", BIRTH.isoformat(), BIRTH)
    assert lived(people)[0][0] == NOT_KNOWN == "Pregnant, how long is not known"
    told(people, "gestation", "140", date(2025, 11, 18))
    assert lived(people)[0][:2] == ("Pregnant", date(2025, 7, 1))


def test_breastfeeding_is_said_as_it_was_told_last(people):
    told(people, "delivery", BIRTH.isoformat(), BIRTH)
    told(people, "breastfeeding", "yes", date(2026, 4, 10))
    assert lived(people)[-1][0] == "Postpartum, breastfeeding"
    told(people, "breastfeeding", "no", date(2026, 6, 1))
    assert lived(people)[-1][0] == "Postpartum"


def test_weeks_six_and_twelve_are_counted_from_the_birth(people):
    told(people, "delivery", BIRTH.isoformat(), BIRTH)
    assert weeks_after(stages(chart_of(people.maya), ON)) == [
        (date(2026, 5, 19), "week 6"),
        (date(2026, 6, 30), "week 12"),
    ]


def test_the_year_after_a_birth_ends_and_a_birth_to_come_is_none(people):
    told(people, "delivery", "2024-05-01", date(2024, 5, 1))
    told(people, "delivery", "2026-12-01", date(2026, 6, 1))
    assert lived(people)[-1] == ("Postpartum", date(2024, 5, 1), date(2025, 5, 1))


def test_a_pregnancy_now_begins_where_the_count_puts_it(people):
    told(people, "pregnancy", "pregnant", date(2026, 6, 8))
    assert lived(people) == [(NOT_KNOWN, date(2026, 6, 8), None)]
    told(people, "gestation", "36", date(2026, 6, 8))
    assert lived(people) == [("Pregnant", date(2026, 5, 3), None)]


def test_by_the_due_date_alone_it_begins_forty_weeks_before(people):
    told(people, "due", "2027-01-01", date(2026, 6, 1))
    assert lived(people) == [("Pregnant", date(2026, 3, 27), None)]


def test_a_pregnancy_that_ended_is_drawn_as_far_as_it_was_spoken_of_and_the_next_is_its_own(people):
    told(people, "gestation", "56", date(2025, 9, 1))
    told(people, "pregnancy", "not pregnant", date(2025, 9, 20))
    assert lived(people) == [("Pregnant", date(2025, 7, 7), date(2025, 9, 1))]
    told(people, "gestation", "35", date(2026, 6, 2))
    assert lived(people)[1] == ("Pregnant", date(2026, 4, 28), None)


def test_a_pregnancy_of_which_no_end_was_told_does_not_run_on_for_years(people):
    told(people, "gestation", "56", date(2024, 9, 1))
    assert lived(people) == [("Pregnant", date(2024, 7, 7), date(2024, 9, 1))]


def test_a_pregnancy_soon_after_a_birth_ends_the_time_after_it(people):
    told(people, "delivery", "2026-01-01", date(2026, 1, 1))
    told(people, "gestation", "42", date(2026, 6, 1))
    assert lived(people)[1:] == [
        ("Postpartum", date(2026, 1, 1), date(2026, 4, 19)),
        ("Pregnant", date(2026, 4, 20), None),
    ]


# --- an end that a diagnosis tells ------------------------------------------------------------------------------------


def test_a_pregnancy_that_a_code_ended_is_drawn_to_the_day_of_its_end(people):
    told(people, "gestation", "56", date(2026, 4, 10))
    diagnosed(people, "O03", date(2026, 5, 20))
    assert lived(people) == [("Pregnant", date(2026, 2, 13), date(2026, 5, 20))]


def test_the_day_of_the_end_counts_and_not_the_day_it_was_written_down(people):
    told(people, "gestation", "42", date(2026, 6, 1))
    diagnosed(people, "O03.9", date(2019, 5, 20), on=date(2026, 6, 8))
    assert lived(people) == [("Pregnant", date(2026, 4, 20), None)], "an earlier one ends nothing of today"


def test_a_loss_told_in_her_own_words_is_drawn_to_its_day_too(people):
    told(people, "gestation", "56", date(2026, 4, 10))
    told(people, "pregnancy", "not pregnant", date(2026, 5, 20))
    diagnosed(people, "", date(2026, 5, 20), text="Pregnancy loss, told by her", certainty="provisional")
    assert lived(people) == [("Pregnant", date(2026, 2, 13), date(2026, 5, 20))]


@pytest.mark.parametrize("named", [{"code": "F33.1"}, {"code": "O03", "certainty": "ruled-out"}, {"code": "O09.9"}])
def test_what_is_no_end_or_was_ruled_out_ends_nothing(people, named):
    told(people, "gestation", "56", date(2026, 4, 10))
    diagnosed(people, since=date(2026, 5, 20), **named)
    assert lived(people) == [("Pregnant", date(2026, 2, 13), None)]


def test_a_loss_before_a_birth_is_a_pregnancy_of_its_own_and_its_count_is_not_that_of_the_next(people):
    told(people, "gestation", "56", date(2025, 8, 1))
    diagnosed(people, "O03", date(2025, 8, 20))
    told(people, "delivery", BIRTH.isoformat(), BIRTH)
    assert lived(people) == [
        ("Pregnant", date(2025, 6, 6), date(2025, 8, 20)),
        (NOT_KNOWN, date(2025, 8, 21), BIRTH - timedelta(days=1)),
        ("Postpartum", BIRTH, None),
    ]


def test_a_birth_that_a_code_tells_is_a_birth_and_care_weeks_after_one_ends_what_was_said(people):
    told(people, "gestation", "260", date(2026, 4, 1))
    diagnosed(people, "Z39.2", date(2026, 5, 19))
    assert lived(people) == [("Pregnant", date(2025, 7, 15), date(2026, 4, 1))], "when it ended is not known"
    diagnosed(people, "O80", BIRTH)
    assert lived(people) == [
        ("Pregnant", date(2025, 7, 15), BIRTH - timedelta(days=1)),
        ("Postpartum", BIRTH, None),
    ]


# --- what was told twice ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("first", "then", "words"), [("yes", "no", ""), ("no", "yes", ", breastfeeding")])
def test_of_two_answers_of_one_day_the_one_that_was_told_last_counts(people, first, then, words):
    told(people, "delivery", BIRTH.isoformat(), BIRTH)
    told(people, "breastfeeding", first)
    told(people, "breastfeeding", then, at=NOW + timedelta(minutes=5))
    assert lived(people)[-1][0] == f"Postpartum{words}"


@pytest.mark.parametrize(("first", "then"), [("98", "105"), ("105", "98")])
def test_a_count_that_was_corrected_on_the_same_day_moves_the_beginning(people, first, then):
    told(people, "gestation", first)
    told(people, "gestation", then, at=NOW + timedelta(minutes=5))
    assert lived(people) == [("Pregnant", ON - timedelta(days=int(then)), None)]


@pytest.mark.parametrize("days", [-1, 1, -139, 139])
def test_a_birth_that_was_told_again_with_another_day_is_one_birth_of_the_day_told_last(people, days):
    told(people, "delivery", BIRTH.isoformat(), BIRTH)
    told(people, "infant", "276", BIRTH)
    right = BIRTH + timedelta(days=days)
    told(people, "delivery", right.isoformat(), right, at=NOW + timedelta(hours=1))
    on = date(2026, 9, 1)
    assert lived(people, on) == [
        ("Pregnant", right - timedelta(days=276), right - timedelta(days=1)),
        ("Postpartum", right, None),
    ]


def test_births_as_far_apart_as_births_can_be_are_two(people):
    first = BIRTH - timedelta(days=140)
    for born in (BIRTH, first):
        told(people, "delivery", born.isoformat(), born)
    assert [one.first for one in stages(chart_of(people.maya), ON) if one.birth] == [first, BIRTH]


def test_the_menopause_stands_at_the_day_it_was_told_and_says_so(people):
    told(people, "menopause", "peri", date(2025, 10, 2))
    (one,) = stages(chart_of(people.maya), ON)
    assert (one.words, one.first, one.told) == ("Perimenopause", date(2025, 10, 2), True)
    assert lived(people, date(2025, 10, 1)) == [], "not before it was told"
