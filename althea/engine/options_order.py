"""The same comparison in another order of values?  What was shown is kept word for word; only where it stands changes.

She may say on another evening that something else matters more. What was prepared for her is frozen then, so the order
is made from the frozen text itself: each topic says whether it speaks for an option, against it or neither.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from althea.engine.options import IN_WORDS, order_in_words
from althea.knowledge.schema.choice import TOPICS, Topic


def topics_of(shown: Mapping[str, Any]) -> dict[str, str]:
    """What may matter to her in this comparison: the topics that applied when it was made, by id, with their names."""
    there = {topic["about"] for option in _all(shown) for topic in option["topics"]}
    return {about: name for about, name in TOPICS.items() if about in there}


def in_order_of(shown: Mapping[str, Any], values: Sequence[str]) -> dict[str, Any]:
    """The comparison (`Options.as_shown()`) in the order of these values, most important first.

    A value that did not apply when it was made, or that nobody compares by, is left out; each counts once.
    """
    known = {str(one): one for one in TOPICS}
    there = topics_of(shown)
    wanted: tuple[Topic, ...] = tuple(dict.fromkeys(known[one] for one in values if one in there))
    return {
        **shown,
        "values": list(wanted),
        "values_in_words": [TOPICS[one] for one in wanted],
        "order_in_words": order_in_words(wanted),
        "offered": _sorted(shown.get("offered", ()), wanted),
        "not_without_a_talk": _sorted(shown.get("not_without_a_talk", ()), wanted),
    }


def _all(shown: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [*shown.get("offered", ()), *shown.get("not_without_a_talk", ())]


def _sorted(options: Sequence[Mapping[str, Any]], wanted: Sequence[Topic]) -> list[dict[str, Any]]:
    def place(option: Mapping[str, Any]) -> tuple[Any, ...]:
        standing = {topic["about"]: IN_WORDS.index(topic["standing"]) for topic in option["topics"]}
        return (*(standing[one] for one in wanted), option["name"].casefold())

    return [_again(option, wanted) for option in sorted(options, key=place)]


def _again(option: Mapping[str, Any], wanted: Sequence[Topic]) -> dict[str, Any]:
    """One option with her topics first."""
    told = {topic["about"]: topic for topic in option["topics"]}
    others = [one for one in TOPICS if one in told and one not in wanted]
    topics = [{**told[one], "hers": one in wanted} for one in [*wanted, *others]]
    because = [f"{topic['name']}: {topic['in_short']}" for topic in topics if topic["hers"]]
    return {**option, "topics": topics, "because": because}
