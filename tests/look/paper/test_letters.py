"""Whatever people write stays text, and no letter of a name is lost in silence."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from althea.look.paper import Advice, Goal, HerWords, order_pdf, plan_pdf, taper_pdf, undrawn
from althea.look.paper.letters import BREAK, FONTS, drawable, drawn
from tests.look.paper.reading import opened, places, words
from tests.look.paper.sofia import MADE, ORDER, PLAN, TAPER


def named(name):
    return replace(PLAN, made=replace(MADE, called=name))


@pytest.mark.parametrize(
    "hostile",
    [
        '#eval("1 + 1")',
        '#read("/etc/passwd")',
        "$x^2$ and \\alpha \\",
        "*bold* _slanted_ `raw` @cite <label> // not a comment",
        "\"quoted\" 'twice' “so” ‘too’",
        "]#panic()[",
        "= no heading - no list + none /* none */",
        "https://example.org/a?b=c&d",
        '{"json": [1]}',
        "~ -- --- ... 1/2",
    ],
)
def test_signs_that_mean_something_to_a_program_stay_text(hostile):
    assert hostile in words(plan_pdf(named(hostile)))
    assert hostile in words(plan_pdf(replace(PLAN, goals=(Goal(HerWords(hostile), hostile),))))


def test_such_signs_stay_text_on_the_taper_and_the_order():
    hostile = '#eval("1") $x$ \\'
    assert hostile in words(taper_pdf(replace(TAPER, medicine=hostile, choice=HerWords(hostile))))
    assert hostile in words(order_pdf(replace(ORDER, name=hostile, substitution=hostile)))


@pytest.mark.parametrize("name", ["Ełżbieta Šimůnková", "Nguyễn Thị Đào", "Олена Ґалаґан", "Ελένη", "Ímelda Ñandú"])
def test_names_with_accents_cyrillic_and_greek_are_drawn(name):
    assert drawn(name) == (name, [])
    assert name in words(plan_pdf(named(name)))


def test_accents_written_apart_are_drawn_as_one_letter():
    assert drawn("Zoe\u0308") == ("Zoë", [])


@pytest.mark.parametrize("name", ["שרה לוי", "مريم الخطيب"])
def test_names_read_from_the_right_are_drawn_and_set_apart(name):
    assert drawn(name) == (f"\u2067{name}\u2069", [])
    pdf = plan_pdf(named(name))
    assert set(name.split()) <= set(words(pdf).split())
    line = [(text, across) for text, across, up in places(pdf) if 770 < up < 780]
    assert [text for text, _ in line][-1].endswith("born 30 Aug 1986")
    assert max(across for _, across in line) == line[-1][1]


def test_a_sentence_runs_the_way_of_most_of_its_letters():
    assert drawn("مريم wants to sleep")[0].startswith("\u2066")
    assert drawn("أريد أن أنام 8 h")[0].startswith("\u2067")


def test_no_sign_of_direction_can_turn_a_dose_around():
    assert drawn("\u202e15 mg\u202c, \u200f\u20672 mg\u2069") == ("15 mg, 2 mg", [])


def test_a_letter_no_font_draws_becomes_a_box_and_is_named_below_the_title():
    paper = named("Mei 美 😀")
    assert undrawn(paper) == ["美", "😀"]
    said = words(plan_pdf(paper))
    assert "Mei □ □" in said
    assert (
        "□ stands for a letter we cannot print. Please write it in by hand: U+7F8E cjk unified ideograph-7f8e, " in said
    )
    assert "U+1F600 grinning face." in said


def test_a_box_far_down_is_told_of_at_the_top():
    assert "□ stands for" in words(plan_pdf(replace(PLAN, therapy=("Walks 🐕",))))


def test_a_paper_without_boxes_says_nothing_of_them():
    assert undrawn(PLAN) == undrawn(TAPER) == undrawn(ORDER) == []
    assert "□" not in words(plan_pdf(PLAN))


def test_many_letters_that_cannot_be_drawn_are_counted():
    assert "U+4E05 cjk unified ideograph-4e05, and 4 more." in words(plan_pdf(named("一丁丂七丄丅丆万丈三")))


@pytest.mark.parametrize(
    ("written", "put"),
    [
        ("a\tb", "a b"),
        ("a\u202fb\u2009c", "a b c"),
        ("a\r\nb\u2028c", "a\nb\nc"),
        ("a\u2011b", "a-b"),
        ("\ufeffa\u00adb", "ab"),
        ("❤\ufe0f", "□"),
        ("a\ufe0f", "a"),
        ("👩\u200d👧", "□□"),
        ("a\x00b\x1b", "a□b□"),
        ("\ud800", "□"),
        ("\ue000", "□"),
        ("ב\u0302", "ב□"),
    ],
)  # fmt: skip
def test_gaps_signs_and_letters_that_do_not_exist(written, put):
    assert drawn(written)[0].strip("\u2067\u2069") == put.strip()


def test_a_word_without_end_may_break_so_that_it_stays_on_the_sheet():
    long = "W" * 100
    assert drawn(long)[0] == BREAK.join(["W" * 12] * 8 + ["W" * 4])
    assert drawn("W" * 24)[0] == "W" * 24
    page = opened(plan_pdf(replace(PLAN, therapy=(long,)))).pages[0].extract_text()
    assert page.count("W" * 24 + "\n") == 4


@pytest.mark.parametrize(("piece", "times"), [("slowly ", 1430), ("x", 10_000)], ids=["words", "one word"])
def test_ten_thousand_letters_are_printed_to_the_last_and_on_the_sheet(piece, times):
    long = piece * times + "!"
    paper = replace(
        PLAN, goals=(Goal(HerWords(long), long),), therapy=(long,), treating=long, advice=(Advice("Why", long),)
    )
    pdf = plan_pdf(replace(paper, dates=(("Visit", long),), call_when=(long,)))
    said = words(pdf)
    assert said.count(piece.strip()) >= 7 * times
    assert said.count("!") == 7
    for page in range(len(opened(pdf).pages)):
        assert all(40 < across < 560 and 20 < up < 820 for _, across, up in places(pdf, page))


def test_a_long_name_stands_whole_at_the_top_and_short_below():
    said = words(plan_pdf(named("Anna " * 2000 + "Last")))
    assert "Anna Last, born" in said
    assert said.count("…, version 3, 9 June 2026. Page") == len(opened(plan_pdf(named("Anna " * 2000 + "Last"))).pages)


def test_every_letter_we_say_we_draw_is_drawn():
    every = " ".join(sorted(chr(code) for code in frozenset.union(*drawable()) if code > 0x20))
    assert plan_pdf(replace(PLAN, treating=every)).startswith(b"%PDF-1.7")


def test_the_fonts_are_ours_with_their_licences_and_small():
    assert sum(path.stat().st_size for path in FONTS.glob("*.ttf")) < 600_000
    for family in ("Atkinson-Hyperlegible-Next", "Ysabeau-Office", "Noto-Sans-Hebrew", "Vazirmatn"):
        assert "SIL Open Font License, Version 1.1" in (FONTS / f"LICENSE-{family}.txt").read_text("utf-8")


@settings(max_examples=60)
@given(st.text(max_size=80))
def test_no_text_at_all_keeps_a_paper_from_being_printed(text):
    paper = replace(PLAN, made=replace(MADE, called=text, sources=text), treating=text, call_when=(text, text))
    assert plan_pdf(replace(paper, goals=(Goal(HerWords(text), text),))).startswith(b"%PDF-1.7")
