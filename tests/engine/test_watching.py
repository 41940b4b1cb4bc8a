"""What is due, what a result says, what she says, what a scale says: monitoring, result, symptom, score."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from althea.engine.facts import shown
from althea.knowledge.schema.evidence import Level
from tests.cast import ask, order, someone, waited

LEVEL = """
[[rule]]
kind = "monitoring"
id = "level"
title = "Lithium level: {days} days ago."
of = ["lithium"]
measures = ["lithium-level"]
due_days = [7]
every_days = 90
from_day = 7
grace_days = 3
baseline_within_days = 30
"""
TAKING = "lithium 900 mg since 2026-01-01"


def test_a_level_is_overdue_after_the_interval_and_its_grace(knows):
    knowledge = knows(LEVEL)
    assert ask("level", someone(taking=TAKING, results={"lithium-level": (0.7, 93)}), knowledge) is None
    finding = ask("level", someone(taking=TAKING, results={"lithium-level": (0.7, 94)}), knowledge)
    assert finding is not None
    assert finding.title == "Lithium level: 94 days ago."


def test_none_in_a_whole_record_is_due_and_none_in_an_unknown_one_is_not_known(knows):
    knowledge = knows(LEVEL)
    assert ask("level", someone(taking=TAKING), knowledge) is not None
    assert waited("level", someone(taking=TAKING, unknown="observations"), knowledge) == ("lithium level: her results",)


def test_a_checkpoint_counts_a_result_a_little_before_it(knows):
    knowledge = knows(LEVEL)
    early = someone(taking="lithium 900 mg since 2026-11-10", results={"lithium-level": (0.7, 8)})
    assert ask("level", early, knowledge) is None
    never = someone(taking="lithium 900 mg since 2026-11-10")
    assert ask("level", never, knowledge) is not None
    soon = someone(taking="lithium 900 mg since 2026-11-12")
    assert ask("level", soon, knowledge) is None


def test_a_baseline_is_asked_for_at_the_start_only(knows):
    knowledge = knows(LEVEL)
    assert ask("level", someone(), knowledge, order("lithium 600 mg")) is not None
    assert ask("level", someone(results={"lithium-level": (0.7, 30)}), knowledge, order("lithium 600 mg")) is None
    assert ask("level", someone(results={"lithium-level": (0.7, 31)}), knowledge, order("lithium 600 mg")) is not None


CHANGED = """
[[rule]]
kind = "monitoring"
id = "changed"
title = "Lithium level after a change."
of = ["lithium"]
measures = ["lithium-level"]
after_dose_change_days = 7
grace_days = 3
"""


def test_a_change_that_is_only_drafted_does_not_put_off_the_check_after_the_last_one(knows):
    knowledge = knows(CHANGED)
    facts = someone(taking="lithium 600 mg since 2026-11-11")
    assert ask("changed", facts, knowledge) is not None
    assert ask("changed", facts, knowledge, order("lithium 900 mg since 2026-11-22")) is not None
    sooner = someone(taking="lithium 600 mg since 2026-11-12")
    assert ask("changed", sooner, knowledge, order("lithium 900 mg since 2026-11-22")) is None


def test_a_haemolysed_sample_was_at_least_taken(knows):
    assert ask("level", someone(taking=TAKING, results={"lithium-level": ("haemolysed", 10)}), knows(LEVEL)) is None


TOXIC = """
[[rule]]
kind = "result"
id = "toxic"
level = "critical"
title = "Lithium level {value} on {on}."
of = ["lithium"]
measure = "lithium-level"
at_least = 1.5
within_days = 14
"""


def test_a_result_at_the_bound_speaks_and_below_it_does_not(knows):
    knowledge = knows(TOXIC)
    finding = ask("toxic", someone(taking=TAKING, results={"lithium-level": (1.5, 1)}), knowledge)
    assert finding is not None
    assert finding.title == "Lithium level 1.5 mmol/L on 2026-11-21."
    assert ask("toxic", someone(taking=TAKING, results={"lithium-level": (1.49, 1)}), knowledge) is None
    assert ask("toxic", someone(taking=TAKING, results={"lithium-level": (1.5, 15)}), knowledge) is None


def test_only_the_newest_result_speaks(knows):
    facts = someone(taking=TAKING, results={"lithium-level": [(0.8, 1), (1.6, 5)]})
    assert ask("toxic", facts, knows(TOXIC)) is None


def test_a_result_nobody_can_read_is_neither_normal_nor_high(knows):
    facts = someone(taking=TAKING, results={"lithium-level": [("haemolysed", 1), (0.8, 5)]})
    assert waited("toxic", facts, knows(TOXIC)) == ("lithium level of 2026-11-21: haemolysed",)


FALL = '[[rule]]\nkind = "result"\nid = "fall"\nof = ["lithium"]\nmeasure = "egfr"\nfall_of = 10\nover_days = 365\n'
GAIN = '[[rule]]\nkind = "result"\nid = "gain"\nof = ["olanzapine"]\nmeasure = "weight"\nrise_percent = 5\nsince_start = true\n'


def test_a_trend_compares_with_the_earliest_of_the_window(knows):
    knowledge = knows(FALL)
    assert ask("fall", someone(taking=TAKING, results={"egfr": [(70, 1), (75, 100), (80, 300)]}), knowledge) is not None
    assert ask("fall", someone(taking=TAKING, results={"egfr": [(71, 1), (80, 300)]}), knowledge) is None
    assert ask("fall", someone(taking=TAKING, results={"egfr": [(70, 1), (80, 400)]}), knowledge) is None
    assert ask("fall", someone(taking=TAKING, results={"egfr": (70, 1)}), knowledge) is None


def test_a_gain_is_counted_from_the_start(knows):
    knowledge = knows(GAIN)
    taking = "olanzapine 10 mg since 2026-08-14"
    assert ask("gain", someone(taking=taking, results={"weight": [(73.5, 1), (70, 110)]}), knowledge) is not None
    assert ask("gain", someone(taking=taking, results={"weight": [(73.4, 1), (70, 110)]}), knowledge) is None
    assert ask("gain", someone(taking=taking, results={"weight": [(73.5, 1), (70, 250)]}), knowledge) is None


RASH = '[[rule]]\nkind = "symptom"\nid = "rash"\nlevel = "critical"\nof = ["lamotrigine"]\nsymptoms = ["rash", "fever"]\nwithin_days_of_start = 56\n'


def test_her_words_raise_at_most_a_warning_and_are_quoted(knows):
    facts = someone(taking="lamotrigine 25 mg since 2026-11-01", says={"rash": "itchy rash on my arms"})
    finding = ask("rash", facts, knows(RASH))
    assert finding is not None
    assert finding.level is Level.WARNING
    assert "she says: “itchy rash on my arms”" in [one.what for one in finding.because]
    late = someone(taking="lamotrigine 25 mg since 2026-09-26", says={"rash": "itchy rash"})
    assert ask("rash", late, knows(RASH)) is None


ITEM = '[[rule]]\nkind = "score"\nid = "item"\nlevel = "critical"\ntitle = "An answer asks."\nscale = ["epds"]\nitem = "item 10"\nitem_at_least = 1\n'
WORSE = '[[rule]]\nkind = "score"\nid = "worse"\ntitle = "A score asks."\nscale = ["phq-9"]\nworse_by = 6\n'


def test_one_answer_speaks_without_a_total(knows):
    knowledge = knows(ITEM)
    assert ask("item", someone(scores={"epds": {"item 10": 1}}), knowledge) is not None
    assert ask("item", someone(scores={"epds": {"item 10": 0}}), knowledge) is None
    assert ask("item", someone(scores={"epds": ({"item 10": 1}, 15)}), knowledge) is None


def test_worse_is_against_the_score_before(knows):
    knowledge = knows(WORSE)
    assert ask("worse", someone(scores={"phq-9": [(16, 0), (10, 30)]}), knowledge) is not None
    assert ask("worse", someone(scores={"phq-9": [(15, 0), (10, 30)]}), knowledge) is None
    assert ask("worse", someone(scores={"phq-9": 16}), knowledge) is None


def test_the_dates_are_the_calendars(knows):
    facts = someone(taking="lithium 900 mg since 2028-02-01", results={"lithium-level": (0.7, 0)}, on=date(2028, 2, 29))
    assert ask("level", facts, knows(LEVEL)) is None


SLOW = '[[rule]]\nkind = "monitoring"\nid = "slow"\nof = ["lithium"]\nmeasures = ["weight"]\ndue_days = [28, 56]\ngrace_days = 21\n'


def test_a_checkpoint_in_its_grace_does_not_excuse_an_earlier_one(knows):
    knowledge = knows(SLOW)
    never_since = someone(taking="lithium 900 mg since 2026-09-20", results={"weight": (70, 63)})
    assert ask("slow", never_since, knowledge) is not None
    weighed = someone(taking="lithium 900 mg since 2026-09-20", results={"weight": (70, 30)})
    assert ask("slow", weighed, knowledge) is None


def test_an_old_result_from_before_the_start_is_not_good_for_another_interval(knows):
    rule = (
        '[[rule]]\nkind = "monitoring"\nid = "again"\nof = ["lithium"]\nmeasures = ["creatinine"]\nevery_days = 180\n'
    )
    knowledge = knows(rule)
    old = someone(taking="lithium 900 mg since 2026-08-01", results={"creatinine": (0.8, 300)})
    fresh = someone(taking="lithium 900 mg since 2026-08-01", results={"creatinine": (0.8, 150)})
    assert ask("again", old, knowledge) is not None
    assert ask("again", fresh, knowledge) is None


def test_a_result_is_shown_without_the_decimals_of_a_conversion():
    assert [shown(Decimal(one)) for one in ("11.22184", "1.62184", "0.68", "0.7", "120", "0.43219")] == [
        "11.2", "1.62", "0.68", "0.7", "120", "0.432",
    ]  # fmt: skip
