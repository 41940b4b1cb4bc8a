"""Hormonal contraception in the weeks after an enzyme inducer ended."""

import pytest

from althea.knowledge import load
from tests.cast import answer, ask, order, someone, waited

KNOWLEDGE = load()
ENDED = "st-johns-wort 900 mg since 2026-08-01 until {}"


@pytest.mark.parametrize(
    ("taking", "rule"),
    [
        (["st-johns-wort 900 mg since 2026-08-01"], "inducer-progestogen-contraception"),
        ([ENDED.format("2026-11-22")], "inducer-stopped-contraception"),
        ([ENDED.format("2026-10-26")], "inducer-stopped-contraception"),
        ([ENDED.format("2026-10-25")], None),
        ([ENDED.format("2026-11-20"), "carbamazepine 400 mg since 2026-08-01"], "inducer-progestogen-contraception"),
        (["modafinil 200 mg since 2026-08-01"], "modafinil-contraception"),
        (["armodafinil 150 mg since 2026-08-01"], "modafinil-contraception"),
        (["modafinil 200 mg since 2026-08-01 until 2026-10-23"], "modafinil-stopped-contraception"),
        (["modafinil 200 mg since 2026-08-01 until 2026-10-22"], None),
        (["pitolisant 17.8 mg since 2026-08-01"], "pitolisant-contraception"),
        (["pitolisant 17.8 mg since 2026-08-01 until 2026-10-26"], "inducer-stopped-contraception"),
        (["pitolisant 17.8 mg since 2026-08-01 until 2026-10-25"], None),
    ],
)
def test_her_pill_is_weaker_until_four_weeks_after_the_inducer(taking, rule):
    """The finding said to keep condoms until 28 days after it stops, and was gone the day she stopped it."""
    found = answer(someone(taking=taking, contraception="progestogen-only-pill"), KNOWLEDGE).findings
    assert [one.rule for one in found if one.rule.endswith("-contraception")] == ([rule] if rule else [])


@pytest.mark.parametrize(("taking", "until"), [("modafinil 200 mg", "one month"), ("pitolisant 17.8 mg", "28 days")])
def test_a_label_that_excepts_no_hormonal_method_offers_none(taking, until):
    her = someone(taking=f"{taking} since 2026-08-01", contraception="combined-pill")
    found = next(one for one in answer(her, KNOWLEDGE).findings if one.rule.endswith("-contraception"))
    words = " ".join(found.do)
    assert "copper IUD" in words
    assert until in words
    assert "levonorgestrel" not in words
    assert "DMPA" not in words


def test_every_inducer_of_the_class_is_found_beside_the_pill_while_taken_and_after_it():
    for name in sorted(KNOWLEDGE.members(("enzyme-inducer-contraception",))):
        for ended in ("", " until 2026-11-15"):
            her = someone(taking=f"{name} since 2026-08-01{ended}", contraception="combined-pill")
            found = answer(her, KNOWLEDGE)
            told = [one.rule for one in (*found.findings, *found.not_checked) if "contraception" in one.rule]
            assert told, name + ended


def test_the_order_that_ends_an_inducer_says_that_her_pill_stays_weaker():
    taking = "st-johns-wort 900 mg since 2026-08-01"
    her = someone(taking=taking, contraception="combined-pill")
    finding = ask("inducer-stopped-contraception", her, KNOWLEDGE, order(stop="st-johns-wort"))
    assert finding is not None
    assert finding.title == "St John's wort ended less than 28 days ago: contraception by Combined pill can still fail."


def test_whether_an_inducer_ended_is_not_guessed_from_an_unknown_list():
    her = someone(unknown="medicines", contraception="progestogen-only-pill")
    assert waited("inducer-stopped-contraception", her, KNOWLEDGE) == ("her other medicines",)
