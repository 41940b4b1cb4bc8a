"""What was shown, in another order of her values: the same words, and where the engine itself would put them."""

import itertools

import pytest

from althea.engine.options import options_for
from althea.engine.options_order import in_order_of, topics_of
from althea.knowledge import load
from tests.cast import someone

KNOWLEDGE = load()
WOMEN = {
    "after a birth": someone(has=["depression", "postpartum-depression"], born_days_ago=70, breastfeeding=True),
    "bipolar disorder": someone(has="bipolar"),
    "worry": someone(has="gad"),
}


@pytest.mark.parametrize("who", WOMEN)
@pytest.mark.parametrize(
    "values", [(), ("sex",), ("sleep", "weight"), *itertools.permutations(("breastfeeding", "sex", "cost-effort"))]
)
def test_it_is_what_the_engine_would_have_shown(who, values):
    frozen = options_for(WOMEN[who], KNOWLEDGE, values=("side-effects",)).as_shown()
    asked = options_for(WOMEN[who], KNOWLEDGE, values=values).as_shown()
    again = in_order_of(frozen, values)
    for name in ("offered", "not_without_a_talk", "values", "values_in_words", "order_in_words"):
        assert again[name] == asked[name], name


def test_what_does_not_apply_or_is_no_topic_is_left_out_and_each_counts_once():
    frozen = options_for(WOMEN["worry"], KNOWLEDGE).as_shown()
    assert "breastfeeding" not in topics_of(frozen)
    assert in_order_of(frozen, ("breastfeeding", "luck", "sex", "sex"))["values"] == ["sex"]


def test_the_frozen_one_is_not_touched():
    frozen = options_for(WOMEN["worry"], KNOWLEDGE).as_shown()
    before = repr(frozen)
    in_order_of(frozen, ("weight", "sleep"))
    assert repr(frozen) == before


def test_an_offer_without_options_stays_empty():
    assert in_order_of({}, ("sex",))["offered"] == []
    assert topics_of({}) == {}
