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
    ],
)
def test_her_pill_is_weaker_until_four_weeks_after_the_inducer(taking, rule):
    """The finding said to keep condoms until 28 days after it stops, and was gone the day she stopped it."""
    found = answer(someone(taking=taking, contraception="progestogen-only-pill"), KNOWLEDGE).findings
    assert [one.rule for one in found if one.rule.endswith("-contraception")] == ([rule] if rule else [])


def test_the_order_that_ends_an_inducer_says_that_her_pill_stays_weaker():
    taking = "st-johns-wort 900 mg since 2026-08-01"
    her = someone(taking=taking, contraception="combined-pill")
    finding = ask("inducer-stopped-contraception", her, KNOWLEDGE, order(stop="st-johns-wort"))
    assert finding is not None
    assert finding.title == "St John's wort ended less than 28 days ago: contraception by Combined pill can still fail."


def test_whether_an_inducer_ended_is_not_guessed_from_an_unknown_list():
    her = someone(unknown="medicines", contraception="progestogen-only-pill")
    assert waited("inducer-stopped-contraception", her, KNOWLEDGE) == ("her other medicines",)
