"""Options laid side by side from the frozen plain text: the same hundred, the same words, and nothing made up."""

import pytest

from althea.engine.options_numbers import NOTHING_CHECKED
from althea.look.comparison import NOT_COUNTED, laid_out, together

SOURCES = [
    {"id": "a", "title": "A review", "publisher": "P", "edition": "1", "url": ""},
    {"id": "held", "title": "A label of another", "publisher": "P", "edition": "1", "url": ""},
]


def topic(about="sleep", standing="for", in_short="sleeps as before", grade="low"):
    return {"about": about, "name": about.capitalize(), "hers": False, "grade": grade, "standing": standing,
            "in_short": in_short, "for_her": "You sleep as before.", "says": "5 of 100.", "sources": ["a#1"],
            "mark": "read"}  # fmt: skip


def benefit(anyway=43, more=11, low=-1, high=29, here=True, weeks="after about 8 weeks", **named):
    return named | {"anyway": anyway, "more": more, "more_low": low, "more_high": high, "here": here, "weeks": weeks,
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
    assert (one.people["better"], one.people["more"]) == (54, ["It could be from 1 fewer to 29 more."])
    assert (
        "43 of 100 better with time and support, 11 of 100 better because of the medicine"
        in one.people["drawing"].words
    )
    assert situation.whom == "women with low mood"
    assert situation.sources == ("A review",)


@pytest.mark.parametrize("missing", [{"anyway": None}, {"more": None}, {"anyway": None, "more": None}])
def test_without_a_number_there_is_no_picture_and_the_words_say_so(missing):
    (situation,) = comparison(option(benefit=benefit(**missing))).situations
    assert situation.counted == ()
    assert situation.not_counted[0].says == "There are no numbers."
    assert situation.in_words == ()


def test_fewer_than_anyway_is_said_and_never_drawn_as_more():
    (situation,) = comparison(option(benefit=benefit(more=-3))).situations
    assert (situation.counted, situation.not_counted) == ((), ())
    assert situation.in_words[0].says == "There are no numbers."


def test_options_counted_as_one_family_share_a_picture_that_says_so():
    ssris = {"family": "SSRIs"}
    options = [option(name, benefit=benefit(**ssris)) for name in ("Escitalopram", "Sertraline")]
    none = option("No medicine now", "no-medicine", benefit=benefit(more=0, low=None))
    (situation,) = comparison(options[0], none, options[1]).situations
    assert [one.title for one in situation.counted] == ["Escitalopram or sertraline", "No medicine now"]
    assert situation.counted[0].people["more"][-1] == "This is the number of SSRIs together."
    assert "Escitalopram or sertraline: 43 of 100" in situation.counted[0].people["drawing"].words


@pytest.mark.parametrize(
    "other", [{"more": 12}, {"high": 20}, {"weeks": "after 6 weeks"}, {"family": "SNRIs"}, {"family": ""}]
)
def test_another_number_or_another_family_has_a_picture_of_its_own(other):
    first, second = benefit(family="SSRIs"), benefit(**{"family": "SSRIs"} | other)
    (situation,) = comparison(option(benefit=first), option("Venlafaxine", benefit=second)).situations
    assert len(situation.counted) == 2


def test_the_same_number_by_chance_is_not_one_picture():
    (situation,) = comparison(option(), option("Fluoxetine")).situations
    assert [one.title for one in situation.counted] == ["Sertraline", "Fluoxetine"]


def test_that_there_are_no_numbers_is_said_once_above_all_it_is_true_of():
    assert NOT_COUNTED == NOTHING_CHECKED, "what is left out is what the engine says"
    told = benefit(anyway=None) | {"for_her": f"{NOT_COUNTED} It helps many."}
    bare = benefit(anyway=None) | {"for_her": NOT_COUNTED}
    (situation,) = comparison(
        option("Talking therapy: CBT", "therapy", benefit=told), option("Talking therapy: IPT", "therapy", benefit=told),
        option("Lithium", benefit=bare),
    ).situations  # fmt: skip
    assert [(one.title, one.says) for one in situation.not_counted] == [
        ("Talking therapy: CBT or IPT", "It helps many."), ("Lithium", ""),
    ]  # fmt: skip


def test_studied_in_others_is_said_beside_the_number():
    (situation,) = comparison(option(benefit=benefit(here=False))).situations
    assert situation.counted[0].people["more"][-1] == "Studied in other people than you."


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["Sertraline"], "Sertraline"),
        (["Talking therapy: CBT", "Talking therapy: IPT"], "Talking therapy: CBT or IPT"),
        (["Escitalopram", "Fluoxetine", "Sertraline"], "Escitalopram, fluoxetine or sertraline"),
        (["Talking therapy: CBT", "Talking therapy: IPT", "Zuranolone"], "Talking therapy: CBT or IPT; zuranolone"),
    ],
)
def test_names_in_one_breath(names, words):
    assert together(names) == words


def test_neighbours_of_whom_the_same_is_said_share_a_row_and_her_prescriber_reads_each():
    alike = [option("Talking therapy: CBT", "therapy"), option("Talking therapy: IPT", "therapy")]
    other = option("Zuranolone", in_short="sleepy", standing="against")
    (matter,) = comparison(*alike, other).matters
    assert [one.option for one in matter.rows] == ["Talking therapy: CBT or IPT", "Zuranolone"]
    assert [one.option for one in matter.lines] == ["Talking therapy: CBT", "Talking therapy: IPT", "Zuranolone"]
    (apart,) = comparison(alike[0], other, alike[1]).matters
    assert len(apart.rows) == 3, "the order is kept"


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(3, 17, "It could be from 3 to 17 more."), (-9, -2, "It could be from 9 fewer to 2 fewer."), (None, 3, "")],
)
def test_the_range_in_words(low, high, words):
    (situation,) = comparison(option(benefit=benefit(low=low, high=high))).situations
    assert situation.counted[0].people["more"] == ([words] if words else [])


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
