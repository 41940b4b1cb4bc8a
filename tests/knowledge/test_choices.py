"""The options she may choose between are cited, countable and plain, and each kind of mistake in them is named."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from althea.knowledge import Knowledge, NotKnowledge, load
from althea.knowledge.check import problems
from althea.knowledge.load import read
from althea.knowledge.schema.choice import STANDING, TOPICS
from althea.knowledge.schema.evidence import Mark
from tests.little import little

OPTIONS = """
[[option]]
id = "no-medicine"
kind = "no-medicine"
name = "No medicine now"
for_her = "You wait."

[[option]]
id = "sertraline"
kind = "medicine"
medicine = "sertraline"
name = "Sertraline"
for_her = "A medicine."

[[option.topics]]
about = "sleep"
grade = "mixed"
in_short = "mixed"
for_her = "Some sleep worse."
says = "x"
sources = ["label#6"]
mark = "read"
read_on = 2026-11-22
"""
CHOICE = """
[[choice]]
id = "liver"
name = "liver"
for_her = "x"
conditions = ["liver-disease"]
stages = ["neither"]
studied_stages = ["neither"]
outcome = "half"

[[choice.benefits]]
option = "no-medicine"
of_whom = "people"
studied = "x"
limits = "x"
limits_for_her = "It was short."
weeks = 8
anyway = 40
more = 0
sources = ["label#14"]
mark = "read"
read_on = 2026-11-22

[[choice.benefits]]
option = "sertraline"
of_whom = "people"
studied = "x"
limits = "x"
limits_for_her = "It was short."
weeks = 8
anyway = 40
odds_ratio = 1.5
sources = ["label#14"]
mark = "read"
read_on = 2026-11-22
"""


def with_choices(folder: Path, text: str) -> Knowledge:
    little(folder, "")
    (folder / "choices" / "all.toml").write_text(text)
    return read(folder, "test00")


def found(folder: Path, text: str) -> list[str]:
    """What is wrong with the choices; that the little world has no documents is not the point here."""
    told = [str(one) for one in problems(with_choices(folder, text), date(2026, 11, 22), folder)]
    return [one for one in told if one.startswith("choices/") and "'label' is not in sources/" not in one]


def test_a_sound_choice_has_no_problem(tmp_path: Path) -> None:
    assert found(tmp_path, OPTIONS + CHOICE) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('medicine = "sertraline"', 'medicine = "sertralin"', "medicine: 'sertralin' is not known"),
        ('kind = "medicine"', 'kind = "therapy"', "an option that is a medicine names it"),
        ('conditions = ["liver-disease"]', 'conditions = ["gout"]', "conditions: 'gout' is not known"),
        ('option = "sertraline"', 'option = "dragon"', "benefits.option: 'dragon' is not known"),
        ('option = "no-medicine"', 'option = "sertraline"', "no medicine now must stand in it, once"),
        ("odds_ratio = 1.5", "odds_ratio = 1.5\nmore = 9", "it gives its number in two ways"),
        ("odds_ratio = 1.5\n", "", "a number needs both how many are better anyway and how many more"),
        ("anyway = 40\nodds_ratio = 1.5", "anyway = 40\nmore = 70", "more than 100 or fewer than none"),
        ("Some sleep worse.", "About 10% sleep worse.", "a percentage stands in words for her"),
        ("Some sleep worse.", "word " * 21 + ".", "22 words in one sentence"),
        ("Some sleep worse.", "She was non-compliant.", "is a word we do not use of people"),
        ("It was short.", "word " * 21 + ".", "22 words in one sentence"),
        ('sources = ["label#6"]', "sources = []", "it names no source"),
        ('sources = ["label#14"]', 'sources = ["label"]', "names no place"),
        ('mark = "read"\nread_on = 2026-11-22', 'mark = "read"', "it is marked read and says not when"),
    ],
)
def test_what_shapes_cannot_see_in_a_choice_is_found(tmp_path: Path, old: str, new: str, words: str) -> None:
    text = OPTIONS + CHOICE
    assert old in text
    told = found(tmp_path, text.replace(old, new))
    assert any(words in one for one in told), told


def test_a_number_nobody_checked_may_not_hide_in_words_for_her(tmp_path: Path) -> None:
    unread = OPTIONS.replace("Some sleep", "10 of 100 sleep").replace(
        'mark = "read"\nread_on = 2026-11-22', 'mark = "unverified"'
    )
    assert any("sleep: a number nobody checked stands in words for her" in one for one in found(tmp_path, unread))
    unread = CHOICE.replace("It was short.", "It was 8 weeks.").replace(
        'mark = "read"\nread_on = 2026-11-22', 'mark = "unverified"'
    )
    assert any("a number nobody checked stands in words for her" in one for one in found(tmp_path, OPTIONS + unread))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('grade = "mixed"', 'grade = "splendid"', r"choices/all\.toml:\d+: option\[1\]\.topics\[0\]\.grade"),
        ('about = "sleep"', 'about = "sparkle"', r"option\[1\]\.topics\[0\]\.about"),
        ('stages = ["neither"]', 'stages = ["asleep"]', r"choice\[0\]\.stages\[0\]"),
        ("weeks = 8", "best = true", r"best: this key is not known"),
        ('option = "sertraline"\n', "", r"benefits\[1\]\.option: this key is missing"),
    ],
)
def test_a_choice_that_cannot_be_read_names_its_place(tmp_path: Path, old: str, new: str, words: str) -> None:
    with pytest.raises(NotKnowledge, match=words):
        with_choices(tmp_path, (OPTIONS + CHOICE).replace(old, new, 1))


def test_every_medicine_compared_is_one_we_know_whole() -> None:
    knowledge = load()
    medicines = {option.medicine for option in knowledge.options.values() if option.medicine}
    assert medicines <= set(knowledge.monographs)


def test_every_option_is_compared_somewhere() -> None:
    knowledge = load()
    compared = {benefit.option for choice in knowledge.choices.values() for benefit in choice.benefits}
    assert compared == set(knowledge.options)


def test_every_choice_has_a_therapy_and_no_medicine_now() -> None:
    knowledge = load()
    for choice in knowledge.choices.values():
        kinds = {knowledge.options[benefit.option].kind for benefit in choice.benefits}
        assert kinds == {"medicine", "therapy", "no-medicine"}, choice.id


def test_every_grade_has_a_standing_and_every_topic_a_name() -> None:
    knowledge = load()
    topics = [topic for option in knowledge.options.values() for topic in option.topics]
    assert {topic.grade for topic in topics} <= set(STANDING)
    assert {topic.about for topic in topics} == set(TOPICS)


def test_all_medicines_of_a_choice_share_those_better_anyway_of_their_source() -> None:
    for choice in load().choices.values():
        read = [benefit for benefit in choice.benefits if benefit.mark is not Mark.UNVERIFIED]
        for source in {one.sources[-1] for one in read}:
            assert len({one.anyway for one in read if one.sources[-1] == source}) == 1, (choice.id, source)


def test_the_numbers_are_those_that_were_read() -> None:
    """A tripwire: each stands so in its document; a change needs the document opened again."""
    knowledge = load()
    read = {
        (choice.id, one.option): (one.anyway, one.more)
        for choice in knowledge.choices.values()
        for one in choice.benefits
        if one.more is not None
    }
    assert read == {
        ("depression", "cbt"): (25, 18),
        ("depression", "no-medicine"): (38, 0),
        ("depression-after-birth", "sertraline"): (43, 11),
        ("depression-after-birth", "escitalopram"): (43, 11),
        ("depression-after-birth", "fluoxetine"): (43, 11),
        ("depression-after-birth", "paroxetine"): (43, 11),
        ("depression-after-birth", "no-medicine"): (43, 0),
        ("generalised-anxiety", "duloxetine"): (43, 22),
        ("generalised-anxiety", "sertraline"): (43, 20),
        ("generalised-anxiety", "venlafaxine"): (43, 19),
        ("generalised-anxiety", "escitalopram"): (43, 15),
        ("generalised-anxiety", "paroxetine"): (43, 9),
        ("generalised-anxiety", "no-medicine"): (43, 0),
        ("bipolar-depression", "quetiapine"): (36, 22),
        ("bipolar-depression", "no-medicine"): (36, 0),
    }


def test_words_for_her_read_at_about_eleven_years_of_age() -> None:
    """By the Flesch-Kincaid grade of all of them together: 6 is about eleven years."""
    knowledge = load()
    words = [
        text
        for option in knowledge.options.values()
        for text in (option.for_her, *option.means, *(topic.for_her for topic in option.topics))
    ]
    words += [one.limits_for_her for choice in knowledge.choices.values() for one in choice.benefits]
    assert _grade(" ".join(words)) < 6
    hard = [text for text in words if len(text.split()) >= 8 and _grade(text) > 8]
    assert hard == []


def _grade(text: str) -> float:
    sentences = len(re.findall(r"[.?!](?:\s|$)", text)) or 1
    words = text.split()
    return 0.39 * len(words) / sentences + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59


def _syllables(word: str) -> int:
    letters = re.sub("[^a-z]", "", word.lower())
    groups = len(re.findall("[aeiouy]+", letters))
    silent = letters.endswith("e") and not letters.endswith("le") and groups > 1
    return max(groups - silent, 1)
