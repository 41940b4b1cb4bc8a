"""How much, how fast, how long, and how it ends: dose, titration, duration, stopping."""

from __future__ import annotations

from althea.knowledge.schema.evidence import Level
from tests.cast import ask, order, someone, waited

MAX = """
[[rule]]
kind = "dose"
id = "max"
title = "{medicine} {dose} a day is above {limit}."
of = ["sertraline"]
max_daily = "200 mg"
critical_above = "300 mg"
"""


def test_the_limit_itself_is_quiet_and_the_next_milligram_is_not(knows):
    knowledge = knows(MAX)
    assert ask("max", someone(), knowledge, order("sertraline 200 mg")) is None
    finding = ask("max", someone(), knowledge, order("sertraline 201 mg"))
    assert finding is not None
    assert finding.title == "Sertraline 201 mg a day is above 200 mg."
    assert finding.level is Level.WARNING


def test_far_above_is_critical(knows):
    knowledge = knows(MAX)
    loud = ask("max", someone(), knowledge, order("sertraline 301 mg"))
    edge = ask("max", someone(), knowledge, order("sertraline 300 mg"))
    assert loud is not None
    assert edge is not None
    assert (edge.level, loud.level) == (Level.WARNING, Level.CRITICAL)


def test_running_orders_are_added_up(knows):
    taking = ["sertraline 150 mg since 2026-01-01", "sertraline 100 mg since 2026-02-01"]
    finding = ask("max", someone(taking=taking), knows(MAX))
    assert finding is not None
    assert finding.title == "Sertraline 250 mg a day is above 200 mg."


def test_a_draft_replaces_what_she_takes(knows):
    assert (
        ask("max", someone(taking="sertraline 150 mg since 2026-01-01"), knows(MAX), order("sertraline 200 mg")) is None
    )


def test_a_dose_nobody_wrote_is_asked_for(knows):
    assert waited("max", someone(), knows(MAX), order("sertraline")) == ("the dose of sertraline",)


def test_a_limit_for_each_kilogram_waits_for_her_weight(knows):
    knowledge = knows('[[rule]]\nkind = "dose"\nid = "kg"\nof = ["valproate"]\nmax_daily = "60 mg"\nper_kg = true\n')
    assert waited("kg", someone(), knowledge, order("valproate 3000 mg")) == ("her weight",)
    assert ask("kg", someone(results={"weight": 50}), knowledge, order("valproate 3000 mg")) is None
    finding = ask("kg", someone(results={"weight": 49}), knowledge, order("valproate 3000 mg"))
    assert finding is not None
    assert "weighs 49 kg" in [one.what for one in finding.because]


def test_a_first_dose_has_a_limit_of_its_own(knows):
    knowledge = knows('[[rule]]\nkind = "dose"\nid = "start"\nof = ["sertraline"]\nmax_start = "50 mg"\n')
    assert ask("start", someone(), knowledge, order("sertraline 100 mg")) is not None
    assert (
        ask("start", someone(taking="sertraline 50 mg since 2026-10-01"), knowledge, order("sertraline 100 mg")) is None
    )


KIDNEY = '[[rule]]\nkind = "dose"\nid = "kidney"\nof = ["lithium"]\nmax_daily = "300 mg"\nwho = { results = [ { measure = "egfr", below = 60, within_days = 365 } ] }\n'


def test_a_limit_by_kidney_needs_a_result_and_says_so(knows):
    knowledge = knows(KIDNEY)
    assert ask("kidney", someone(results={"egfr": 59}), knowledge, order("lithium 900 mg")) is not None
    assert ask("kidney", someone(results={"egfr": 60}), knowledge, order("lithium 900 mg")) is None
    assert waited("kidney", someone(), knowledge, order("lithium 900 mg")) == ("eGFR: no result that can be read",)
    assert waited("kidney", someone(results={"egfr": (59, 366)}), knowledge, order("lithium 900 mg")) == (
        "eGFR: the last result is 366 days old",
    )
    assert waited("kidney", someone(results={"egfr": "haemolysed"}), knowledge, order("lithium 900 mg")) == (
        "eGFR: no result that can be read",
    )


STEPS = """
[[rule]]
kind = "titration"
id = "steps"
level = "critical"
title = "{medicine} {dose} is above what day {days} allows ({limit})."
of = ["lamotrigine"]
steps = [ { from_day = 0, max_daily = "25 mg" }, { from_day = 14, max_daily = "50 mg" }, { from_day = 28, max_daily = "100 mg" } ]
restart_after_gap_days = 5
"""


def test_a_schedule_allows_on_the_day_and_not_the_day_before(knows):
    knowledge = knows(STEPS)
    for since, allowed in (("2026-11-08", True), ("2026-11-09", False)):
        facts = someone(taking=f"lamotrigine 25 mg since {since}")
        assert (ask("steps", facts, knowledge, order("lamotrigine 50 mg")) is None) is allowed, since


def test_steps_that_follow_each_other_are_one_course(knows):
    facts = someone(
        taking=["lamotrigine 25 mg since 2026-10-25 until 2026-11-08", "lamotrigine 50 mg since 2026-11-08"]
    )
    assert ask("steps", facts, knows(STEPS), order("lamotrigine 100 mg")) is None
    assert ask("steps", facts, knows(STEPS), order("lamotrigine 150 mg")) is not None


def test_the_first_day_allows_the_first_step_only(knows):
    assert ask("steps", someone(), knows(STEPS), order("lamotrigine 25 mg")) is None
    finding = ask("steps", someone(), knows(STEPS), order("lamotrigine 50 mg"))
    assert finding is not None
    assert finding.title == "Lamotrigine 50 mg is above what day 0 allows (25 mg)."


def test_after_a_gap_the_schedule_begins_anew(knows):
    knowledge = knows(STEPS)
    facts = someone(taking="lamotrigine 100 mg since 2026-01-01 until 2026-11-16")
    finding = ask("steps", facts, knowledge, order("lamotrigine 100 mg"))
    assert finding is not None
    assert "none taken for 6 days" in [one.what for one in finding.because]
    facts = someone(taking="lamotrigine 100 mg since 2026-01-01 until 2026-11-17")
    assert ask("steps", facts, knowledge, order("lamotrigine 100 mg")) is None


def test_a_lower_dose_is_never_too_fast(knows):
    facts = someone(taking="lamotrigine 200 mg since 2026-11-10")
    assert ask("steps", facts, knows(STEPS), order("lamotrigine 100 mg")) is None


STEP = (
    '[[rule]]\nkind = "titration"\nid = "step"\nof = ["sertraline"]\nmax_step = "50 mg"\nmin_days_between_steps = 7\n'
)


def test_a_step_may_be_too_large_or_too_soon(knows):
    knowledge = knows(STEP)
    assert (
        ask("step", someone(taking="sertraline 50 mg since 2026-11-01"), knowledge, order("sertraline 150 mg"))
        is not None
    )
    assert (
        ask("step", someone(taking="sertraline 50 mg since 2026-11-01"), knowledge, order("sertraline 100 mg")) is None
    )
    assert (
        ask("step", someone(taking="sertraline 50 mg since 2026-11-16"), knowledge, order("sertraline 100 mg"))
        is not None
    )
    assert (
        ask("step", someone(taking="sertraline 50 mg since 2026-11-15"), knowledge, order("sertraline 100 mg")) is None
    )


STOP = '[[rule]]\nkind = "stopping"\nid = "stop"\nof = ["sertraline"]\nafter_days = 28\ndrop_percent = 60\n'


def test_an_abrupt_stop_matters_after_four_weeks(knows):
    knowledge = knows(STOP)
    for since, quiet in (("2026-10-25", False), ("2026-10-26", True)):
        facts = someone(taking=f"sertraline 100 mg since {since}")
        assert (ask("stop", facts, knowledge, order(stop="sertraline")) is None) is quiet, since


def test_a_deep_cut_counts_and_a_shallow_one_does_not(knows):
    facts = someone(taking="sertraline 100 mg since 2026-01-01")
    assert ask("stop", facts, knows(STOP), order("sertraline 40 mg")) is not None
    assert ask("stop", facts, knows(STOP), order("sertraline 50 mg")) is None


def test_stopping_what_is_not_on_the_list_asks_since_when(knows):
    assert waited("stop", someone(), knows(STOP), order(stop="sertraline")) == ("since when she has taken sertraline",)


LONG = '[[rule]]\nkind = "duration"\nid = "long"\nof = ["lamotrigine"]\nlonger_than_days = 28\nsupply_longer_than_days = 14\nrepeat_within_days = 56\n'


def test_too_long_too_much_and_again_too_soon(knows):
    knowledge = knows(LONG)
    assert ask("long", someone(taking="lamotrigine 25 mg since 2026-10-25"), knowledge) is None
    assert ask("long", someone(taking="lamotrigine 25 mg since 2026-10-24"), knowledge) is not None
    assert ask("long", someone(), knowledge, order("lamotrigine 25 mg for 14 days")) is None
    assert ask("long", someone(), knowledge, order("lamotrigine 25 mg for 15 days")) is not None
    again = someone(taking="lamotrigine 25 mg since 2026-09-01 until 2026-09-28")
    assert ask("long", again, knowledge, order("lamotrigine 25 mg")) is not None


def test_a_course_stepped_up_too_fast_elsewhere_warns_for_two_weeks(knows):
    knowledge = knows(STEPS)
    lately = ask("steps", someone(taking="lamotrigine 100 mg since 2026-11-19"), knowledge)
    assert lately is not None
    assert lately.level is Level.WARNING
    assert ask("steps", someone(taking="lamotrigine 25 mg since 2026-11-19"), knowledge) is None
    assert ask("steps", someone(taking="lamotrigine 100 mg since 2026-11-07"), knowledge) is None


def test_a_running_medicine_of_unknown_start_is_not_on_its_first_day(knows):
    facts = someone(taking="lamotrigine 150 mg")
    assert waited("steps", facts, knows(STEPS), order("lamotrigine 200 mg")) == (
        "since when lamotrigine has been taken",
    )


def test_a_lapse_of_days_is_not_a_new_start(knows):
    knowledge = knows('[[rule]]\nkind = "dose"\nid = "start"\nof = ["sertraline"]\nmax_start = "50 mg"\n')
    lapsed = someone(taking="sertraline 100 mg since 2026-01-01 until 2026-11-19")
    assert ask("start", lapsed, knowledge, order("sertraline 100 mg")) is None
    long_ago = someone(taking="sertraline 100 mg since 2026-01-01 until 2026-11-01")
    assert ask("start", long_ago, knowledge, order("sertraline 100 mg")) is not None


def test_a_stop_rule_of_drafts_is_quiet_when_the_medicine_is_ended(knows):
    knowledge = knows(STOP + 'state = "ordered"\n')
    facts = someone(taking="sertraline 100 mg since 2026-01-01")
    assert ask("stop", facts, knowledge, order(stop="sertraline")) is None
    assert ask("stop", facts, knowledge, order("sertraline 25 mg")) is not None
