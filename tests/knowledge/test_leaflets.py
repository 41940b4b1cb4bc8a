"""What she reads of her medicine alone is read by somebody, plain, without doses, and each kind of mistake is named."""

from __future__ import annotations

from datetime import date

import pytest

from althea.knowledge import NotKnowledge, load
from althea.knowledge.check import problems
from althea.knowledge.load import read
from althea.knowledge.schema.evidence import Mark
from tests.little import little

LEAFLET = """
[leaflet]
id = "sertraline"

[[leaflet.lines]]
about = "effect"
effect = "Upset stomach"
words = "It often passes."
of_100 = 26
of_100_without = 12
of_whom = "adults in the label's studies"
sources = ["label#6.1"]
mark = "read"
read_on = 2026-11-22
"""


def with_leaflet(folder, text):
    little(folder, "")
    (folder / "leaflets" / "sertraline.toml").write_text(text)
    return read(folder, "test00")


def found(folder, text):
    """What is wrong with the leaflet; that the little world has no documents is not the point here."""
    told = [str(one) for one in problems(with_leaflet(folder, text), date(2026, 11, 22), folder)]
    return [one for one in told if one.startswith("leaflets/") and "'label' is not in sources/" not in one]


def test_a_sound_leaflet_has_no_problem(tmp_path):
    assert found(tmp_path, LEAFLET) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('mark = "read"\nread_on = 2026-11-22', 'mark = "unverified"', "nobody read this in its document"),
        ('words = "It often passes."', 'words = "Take 50 mg."', "a percentage or a dose stands in words for her"),
        ('words = "It often passes."', 'words = "It helps 20%."', "a percentage or a dose stands in words for her"),
        ('words = "It often passes."', 'words = "You must wait."', "is a word we do not use of people"),
        ('about = "effect"', 'about = "missed"', "a line about an effect names it, and no other does"),
        ("of_100_without = 12\n", "", "go together"),
        ("of_100 = 26", "of_100 = 126", "it is a number of 100 people"),
        ('id = "sertraline"', 'id = "placebo"', "'placebo' is not known"),
    ],
)
def test_each_mistake_is_named(tmp_path, old, new, words):
    assert any(words in one for one in found(tmp_path, LEAFLET.replace(old, new)))


def test_a_key_that_is_not_known_is_refused(tmp_path):
    with pytest.raises(NotKnowledge, match=r"leaflets/sertraline.toml:\d+: leaflet\[0\].sung: this key is not known"):
        with_leaflet(tmp_path, LEAFLET.replace('id = "sertraline"', 'id = "sertraline"\nsung = "x"'))


def test_every_line_we_have_was_read():
    lines = [line for leaflet in load().leaflets.values() for line in leaflet.lines]
    assert all(line.mark in (Mark.READ, Mark.READ_TWICE) for line in lines)


def test_every_whole_medicine_says_what_it_is_for_and_when_to_call():
    book = load()
    assert set(book.leaflets) == {key for key, medicine in book.medicines.items() if medicine.whole}
    for key, leaflet in book.leaflets.items():
        assert {"for", "same-day"} <= {line.about for line in leaflet.lines}, key


def test_no_line_calls_for_a_tablet_more_or_fewer():
    """A dose missed is caught up or left out; how much she takes is never said, nor that she should stop."""
    for key, leaflet in load().leaflets.items():
        for line in leaflet.lines:
            for said in ("take less", "take more", "stop taking", "stop it by"):
                assert said not in line.words.lower(), (key, line.words)
