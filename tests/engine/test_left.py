"""She told that she left it, and its order runs on: what begins low again counts from that day, all else as taken."""

import pytest

from tests.cast import answer, ask, order, someone, waited

RESTART = """
[[rule]]
kind = "titration"
id = "restart"
level = "critical"
title = "{medicine} was off for {days} days: restart at {limit}, not {dose}."
of = ["lamotrigine"]
steps = [ { from_day = 0, max_daily = "25 mg" } ]
restart_after_gap_days = 5
only_restart = true
"""
STEPS = """
[[rule]]
kind = "titration"
id = "steps"
of = ["lamotrigine"]
steps = [ { from_day = 0, max_daily = "25 mg" }, { from_day = 14, max_daily = "50 mg" } ]
restart_after_gap_days = 5
"""
PAIR = '[[rule]]\nkind = "interaction"\nid = "pair"\nof = ["lamotrigine"]\nmeets = ["valproate"]\n'
WASHOUT = '[[rule]]\nkind = "washout"\nid = "washout"\nof = ["sertraline"]\nafter = ["lamotrigine"]\ndays = 14\n'
RUNS = "lamotrigine 200 mg since 2026-01-01"


def test_the_dose_of_before_is_found_on_the_sixth_day_and_not_on_the_fifth(knows):
    finding = ask("restart", someone(taking=f"{RUNS} left 2026-11-16"), knows(RESTART), order("lamotrigine 200 mg"))
    assert finding is not None
    assert finding.title == "Lamotrigine was off for 6 days: restart at 25 mg, not 200 mg."
    assert finding.about_order
    assert "none taken for 6 days, by what was told" in [one.what for one in finding.because]
    facts = someone(taking=f"{RUNS} left 2026-11-17")
    assert ask("restart", facts, knows(RESTART), order("lamotrigine 200 mg")) is None


def test_what_nobody_told_to_have_left_has_no_gap(knows):
    assert ask("restart", someone(taking=RUNS), knows(RESTART), order("lamotrigine 200 mg")) is None
    assert ask("restart", someone(taking=RUNS), knows(RESTART)) is None


def test_a_low_dose_after_it_is_a_start_as_it_should_be(knows):
    facts = someone(taking=f"{RUNS} left 2026-11-01")
    assert ask("restart", facts, knows(RESTART), order("lamotrigine 25 mg")) is None


def test_an_order_that_ended_later_ended_on_the_day_she_told(knows):
    facts = someone(taking=f"{RUNS} until 2026-11-21 left 2026-11-01")
    finding = ask("restart", facts, knows(RESTART), order("lamotrigine 200 mg"))
    assert finding is not None
    assert "none taken for 21 days, by what was told" in [one.what for one in finding.because]


def test_without_a_draft_the_dose_of_her_order_speaks_as_soon_as_it_is_too_high_to_begin_with(knows):
    finding = ask("restart", someone(taking=f"{RUNS} left 2026-11-16"), knows(RESTART))
    assert finding is not None
    assert [one.what for one in finding.because] == [
        "ordered: lamotrigine 200 mg a day; last taken 2026-11-16, by what was told",
        "her order says 200 mg a day; after such a gap the schedule allows 25 mg",
    ]
    assert not finding.about_order
    assert ask("restart", someone(taking=f"{RUNS} left 2026-11-17"), knows(RESTART)) is None
    low = "lamotrigine 25 mg since 2026-01-01 left 2026-11-01"
    assert ask("restart", someone(taking=low), knows(RESTART)) is None


def test_where_the_dose_of_her_order_is_not_known_it_says_so(knows):
    facts = someone(taking="lamotrigine since 2026-01-01 left 2026-11-01")
    assert waited("restart", facts, knows(RESTART)) == ("the dose of lamotrigine",)


def test_what_was_to_begin_after_that_day_never_began(knows):
    """The next step of her order was signed ahead: on the day it begins she has long left it."""
    facts = someone(
        taking=[f"{RUNS} until 2026-11-09 left 2026-11-01", "lamotrigine 225 mg since 2026-11-10 left 2026-11-01"]
    )
    assert ask("restart", facts, knows(RESTART), order("lamotrigine 225 mg")) is not None


def test_what_was_begun_anew_since_counts_from_its_own_first_day(knows):
    taking = [f"{RUNS} until 2026-11-09 left 2026-10-20", "lamotrigine 25 mg since 2026-11-10"]
    assert ask("restart", someone(taking=taking), knows(RESTART), order("lamotrigine 200 mg")) is None
    assert ask("steps", someone(taking=taking), knows(STEPS), order("lamotrigine 50 mg")) is not None
    earlier = [f"{RUNS} until 2026-11-07 left 2026-10-20", "lamotrigine 25 mg since 2026-11-08"]
    assert ask("steps", someone(taking=earlier), knows(STEPS), order("lamotrigine 50 mg")) is None


@pytest.mark.parametrize("left", ["", " left 2026-01-10"])
def test_what_meets_it_is_found_whether_she_left_it_or_not(knows, left):
    facts = someone(taking=[f"{RUNS}{left}", "valproate 500 mg since 2026-01-01"])
    assert ask("pair", facts, knows(PAIR)) is not None


def test_no_wait_is_counted_from_her_word_while_its_order_runs(knows):
    facts = someone(taking=f"{RUNS} left 2026-11-10")
    assert ask("washout", facts, knows(WASHOUT), order("sertraline 50 mg")) is None
    assert not answer(facts, knows(WASHOUT), order("sertraline 50 mg")).findings


# --- taken again ---------------------------------------------------------------------------------------------------------


def test_taken_again_after_six_days_is_found_for_two_weeks_and_after_five_it_is_not(knows):
    finding = ask("restart", someone(taking=f"{RUNS} gap 2026-11-02/2026-11-08/2026-11-08"), knows(RESTART))
    assert finding is not None
    assert finding.title == "Lamotrigine was off for 6 days: restart at 25 mg, not 200 mg."
    assert [one.what for one in finding.because] == [
        "takes lamotrigine 200 mg a day",
        "none taken from 2026-11-03 to 2026-11-07, by what was told, taken again on 2026-11-08; her order says 200 mg a "
        "day, and after such a gap the schedule allows 25 mg",
    ]
    assert ask("restart", someone(taking=f"{RUNS} gap 2026-11-03/2026-11-08/2026-11-08"), knows(RESTART)) is None
    assert ask("restart", someone(taking=f"{RUNS} gap 2026-10-20/2026-11-07/2026-11-07"), knows(RESTART)) is None


def test_of_an_order_that_says_no_more_than_the_schedule_allows_by_then_nothing_is_found(knows):
    taking = "lamotrigine 50 mg since 2026-01-01 gap 2026-10-20/2026-11-{0}/2026-11-{0}"
    assert ask("steps", someone(taking=taking.format("08")), knows(STEPS)) is None
    assert ask("steps", someone(taking=taking.format("09")), knows(STEPS)) is not None


def test_where_its_dose_is_not_known_it_says_so_of_what_was_taken_again(knows):
    facts = someone(taking="lamotrigine since 2026-01-01 gap 2026-11-01/2026-11-20/2026-11-20")
    assert waited("restart", facts, knows(RESTART)) == ("the dose of lamotrigine",)


def test_a_draft_of_the_old_dose_counts_from_the_day_she_took_it_again(knows):
    facts = someone(taking=f"{RUNS} gap 2026-11-01/2026-11-20/2026-11-20")
    finding = ask("restart", facts, knows(RESTART), order("lamotrigine 200 mg"))
    assert finding is not None
    assert [one.what for one in finding.because][1:] == [
        "200 mg a day is ordered on day 3 of the course; the schedule allows 25 mg",
        "none taken for 19 days until 2026-11-20, by what was told",
    ]
    assert ask("restart", facts, knows(RESTART), order("lamotrigine 25 mg")) is None


def test_a_day_without_it_now_does_not_hide_the_gap_before(knows):
    facts = someone(taking=f"{RUNS} gap 2026-11-01/2026-11-20/2026-11-20 left 2026-11-20")
    assert ask("restart", facts, knows(RESTART)) is not None
    assert ask("restart", facts, knows(RESTART), order("lamotrigine 200 mg")) is not None


def test_that_nothing_is_told_after_a_gap_is_no_all_clear_however_long_ago(knows):
    facts = someone(taking=f"{RUNS} gap 2026-08-02/2026-08-10")
    finding = ask("restart", facts, knows(RESTART))
    assert finding is not None
    assert finding.title == "Lamotrigine was off for 8 days: restart at 25 mg, not 200 mg."
    assert "none taken from 2026-08-03 to 2026-08-09, by what was told, nothing told since" in finding.because[1].what
    assert ask("restart", facts, knows(RESTART), order("lamotrigine 200 mg")) is not None


def test_silence_after_a_gap_rests_on_what_the_gap_itself_rested_on(knows):
    """What was set aside while she was without it stays so until she tells of a dose."""
    news = [
        ask("restart", someone(taking=f"{RUNS} {told}"), knows(RESTART)).because[1].news
        for told in ("left 2026-11-02", "gap 2026-11-02/2026-11-10", "gap 2026-11-02/2026-11-10/2026-11-12")
    ]
    assert news == ["last taken 2026-11-02", "last taken 2026-11-02", "again 2026-11-12"]


def test_what_was_ended_and_is_ordered_anew_keeps_its_gap(knows):
    facts = someone(taking=f"{RUNS} until 2026-11-21 gap 2026-11-01/2026-11-12/2026-11-12")
    assert ask("restart", facts, knows(RESTART), order("lamotrigine 200 mg")) is not None
    assert ask("restart", someone(taking=[f"{RUNS} until 2026-11-21 gap 2026-11-01/2026-11-12/2026-11-12",
               "lamotrigine 200 mg since 2026-11-22"]), knows(RESTART)) is None, "it was looked at when it was signed"  # fmt: skip


def test_what_was_never_begun_is_not_offered_at_the_dose_it_was_to_reach(knows):
    facts = someone(taking="lamotrigine 200 mg since 2026-11-01 left 2026-10-31")
    assert ask("restart", facts, knows(RESTART)) is not None
