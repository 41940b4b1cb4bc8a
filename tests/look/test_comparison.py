"""Options laid side by side from the frozen plain text: the same hundred, the same words, and nothing made up."""

import pytest

from althea.look.comparison import laid_out

SOURCES = [
    {"id": "a", "title": "A review", "publisher": "P", "edition": "1", "url": ""},
    {"id": "held", "title": "A label of another", "publisher": "P", "edition": "1", "url": ""},
]


def topic(about="sleep", standing="for", in_short="sleeps as before", grade="low"):
    return {"about": about, "name": about.capitalize(), "hers": False, "grade": grade, "standing": standing,
            "in_short": in_short, "for_her": "You sleep as before.", "says": "5 of 100.", "sources": ["a#1"],
            "mark": "read"}  # fmt: skip


def benefit(anyway=43, more=11, low=-1, high=29, here=True, weeks="after about 8 weeks"):
    return {"anyway": anyway, "more": more, "more_low": low, "more_high": high, "here": here, "weeks": weeks,
            "of_whom": "women with low mood", "for_her": "There are no numbers.", "sources": ["a#2"]}  # fmt: skip


def option(name="Sertraline", kind="medicine", **named):
    return {"id": name.lower(), "name": name, "kind": kind, "benefits": [named.pop("benefit", benefit())],
            "topics": [topic(**named)], "found": [], "held": []}  # fmt: skip


def comparison(*options):
    return laid_out({"offered": list(options), "situations": [{"for_her": "low mood", "outcome": "half gone"}],
                     "sources": SOURCES, "caution": "Compare with care."})  # fmt: skip


def test_people_of_a_hundred_with_the_range_of_the_study():
    (situation,) = comparison(option()).situations
    (one,) = situation.counted
    assert (one.people["better"], one.spread) == (54, "It could be from 1 fewer to 29 more.")
    assert (
        "43 of 100 better with time and support, 11 of 100 better because of the medicine"
        in one.people["drawing"].words
    )
    assert situation.whom == "women with low mood"
    assert situation.sources == ("A review",)


@pytest.mark.parametrize("missing", [{"anyway": None}, {"more": None}, {"anyway": None, "more": None}])
def test_without_a_number_there_is_no_picture_and_the_words_say_so(missing):
    (situation,) = comparison(option(benefit=benefit(**missing))).situations
    assert situation.counted == []
    assert situation.not_counted[0].says == "There are no numbers."


def test_fewer_than_anyway_is_said_and_never_drawn_as_more():
    (situation,) = comparison(option(benefit=benefit(more=-3))).situations
    assert situation.counted == []


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(3, 17, "It could be from 3 to 17 more."), (-9, -2, "It could be from 9 fewer to 2 fewer."), (None, 3, "")],
)
def test_the_range_in_words(low, high, words):
    (situation,) = comparison(option(benefit=benefit(low=low, high=high))).situations
    assert situation.counted[0].spread == words


def test_a_therapy_is_not_called_a_medicine():
    (situation,) = comparison(option(), option("CBT", "therapy")).situations
    assert [key.words for key in situation.keys] == [
        "Better with time and support", "Better because of the medicine", "Not yet better",
        "Better because of the therapy",
    ]  # fmt: skip


@pytest.mark.parametrize(("standing", "kind"), [("for", "ok"), ("between", "line"), ("against", "warn")])
def test_what_speaks_for_it_or_against_it_has_a_colour_and_words(standing, kind):
    (matter,) = comparison(option(standing=standing)).matters
    assert (matter.lines[0].kind, matter.lines[0].chip) == (kind, "Sleeps as before")


def test_what_is_too_long_for_a_chip_is_said_by_its_grade():
    (matter,) = comparison(option(in_short="a" * 35, grade="well studied")).matters
    assert matter.lines[0].chip == "Well studied"


def test_documents_that_speak_only_of_what_is_held_back_are_not_named():
    assert [one["id"] for one in comparison(option()).sources] == ["a"]


def test_nothing_to_compare():
    empty = laid_out({})
    assert (empty.situations, empty.matters, empty.options, empty.order) == ((), (), (), "")
