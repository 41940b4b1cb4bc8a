"""Each paper says what it was given, to readers and to screen readers, on both sizes of paper."""

import re
import shutil
from dataclasses import replace
from datetime import date

import pytest
import typst

from althea.look.paper import Advice, Goal, HerWords, Step, Task, order_pdf, plan_pdf, press, taper_pdf
from tests.look.paper.reading import about, opened, tags, words
from tests.look.paper.sofia import CALLS, MADE, ORDER, PLAN, STEPS, TAPER, WHY

PAPERS = [(plan_pdf, PLAN), (taper_pdf, TAPER), (order_pdf, ORDER)]
each_paper = pytest.mark.parametrize(("pdf_of", "paper"), PAPERS, ids=["plan", "taper", "order"])


@each_paper
def test_a_paper_says_that_it_is_accessible_and_fit_for_an_archive(pdf_of, paper):
    said = about(pdf_of(paper))
    assert "<pdfuaid:part>1</pdfuaid:part>" in said
    assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in said


@each_paper
def test_a_paper_is_tagged_in_english_and_begins_with_its_title(pdf_of, paper):
    pdf = pdf_of(paper)
    root = opened(pdf).trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    kinds = [kind for kind, _, _ in tags(pdf)]
    assert next(kind for kind in kinds if re.fullmatch(r"H\d", kind)) == "H1"
    assert {"H2", "Table", "TH", "TD", "P"} <= set(kinds)


@each_paper
def test_who_sees_the_files_name_sees_notes(pdf_of, paper):
    pdf = opened(pdf_of(paper))
    assert pdf.metadata["/Title"] == "Notes"
    assert pdf.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"]
    assert not {"/Author", "/Subject", "/Keywords"} & set(pdf.metadata)


@each_paper
def test_the_same_paper_is_the_same_bytes_and_carries_its_own_day(pdf_of, paper):
    assert pdf_of(paper) == pdf_of(paper)
    assert opened(pdf_of(paper)).metadata["/CreationDate"] == "D:20260609000000Z"


@each_paper
@pytest.mark.parametrize(("size", "points"), [("a4", (595, 842)), ("us-letter", (612, 792))])
def test_a_paper_comes_as_a4_and_as_letter(pdf_of, paper, size, points):
    box = opened(pdf_of(paper, size)).pages[0].mediabox
    assert (round(box.width), round(box.height)) == points


@each_paper
def test_another_size_of_paper_is_refused(pdf_of, paper):
    with pytest.raises(ValueError, match="no paper of size 'a5': a4 or us-letter"):
        pdf_of(paper, "a5")


@each_paper
def test_each_step_stands_with_its_days_its_dose_and_its_tablets(pdf_of, paper):
    said = words(pdf_of(paper))
    assert "15 June 2026 12 July 2026 15 mg one 10 mg and one 5 mg tablet" in said
    assert "13 July 2026 9 Aug 2026 10 mg one 10 mg tablet" in said
    assert "from then on" in said


@each_paper
def test_whom_to_call_stands_on_it_and_when(pdf_of, paper):
    said = words(pdf_of(paper))
    assert "Any time, if I may hurt myself: call or text 988" in said
    assert "In danger: call 911" in said
    assert "My period is late: do a test and call" in said


@each_paper
def test_a_paper_says_who_made_it_with_whom_and_which_version_it_is(pdf_of, paper):
    said = words(pdf_of(paper))
    assert (
        "Sofia Lindqvist, born 30 Aug 1986 Made by Dr Lena Marchetti with Sofia and Karin, 9 June 2026, version 3"
        in said
    )
    assert "Sofia Lindqvist, version 3, 9 June 2026. Page 2 of 2" in said


@each_paper
def test_advice_that_no_clinician_reviewed_says_so(pdf_of, paper):
    assert "Not yet reviewed by a clinician. Source: made up for a test." in words(pdf_of(paper))


def test_advice_that_was_reviewed_says_by_whom():
    said = words(plan_pdf(replace(PLAN, advice=(replace(WHY, reviewed_by="Dr Ana Ruiz"),))))
    assert "Reviewed by Dr Ana Ruiz. Source: made up for a test." in said
    assert "Not yet reviewed" not in said


def test_what_she_and_her_clinician_agreed_is_not_called_unreviewed():
    assert "Not yet reviewed" not in words(plan_pdf(replace(PLAN, advice=())))


def test_her_goals_come_first_in_her_words_each_with_its_measure():
    said = words(plan_pdf(PLAN))
    first = said.index("“To run the half marathon with Karin.”")
    assert first < said.index("How we will see it: runs each week") < said.index("What we are treating")


@pytest.mark.parametrize(
    ("measure", "now", "there", "not_there"),
    [
        ("nights of 7", "4 of 7", "How we will see it: nights of 7. Now: 4 of 7", ""),
        ("", "Yes, fully", "Now: Yes, fully", "How we will see it"),
        ("nights of 7", "", "How we will see it: nights of 7.", "Now:"),
    ],
)
def test_how_a_goal_is_seen_and_how_it_stands_are_two_things(measure, now, there, not_there):
    said = words(plan_pdf(replace(PLAN, goals=(Goal(HerWords("Sleep"), measure, now),))))
    goals = said.partition("What we are treating")[0]
    assert there in goals
    assert not not_there or not_there not in goals


def test_her_words_are_read_aloud_in_her_language():
    pdf = plan_pdf(replace(PLAN, goals=(Goal(HerWords("Quiero dormir.", language="es"), "sleeps"),)))
    assert "es" in {language for _, _, language in tags(pdf)}


def test_a_language_that_is_none_is_refused():
    with pytest.raises(ValueError, match="'Spanish' is no language"):
        plan_pdf(replace(PLAN, goals=(Goal(HerWords("Quiero dormir.", language="Spanish"), "sleeps"),)))


def test_the_plan_says_who_does_what_by_when():
    assert "Karin Tell me, and the clinic if I ask her to, when I seem low any time" in words(plan_pdf(PLAN))


def test_a_plan_of_almost_nothing_is_still_a_paper():
    bare = replace(
        PLAN,
        made=replace(MADE, born=None, with_whom=(), sources=""),
        **dict.fromkeys(("goals", "medicines", "agreed", "therapy", "tasks", "dates", "advice"), ()),
        **dict.fromkeys(("call_when", "calls", "signed_by"), ()),
    )
    said = words(plan_pdf(bare))
    assert "Made by Dr Lena Marchetti, 9 June 2026, version 3" in said
    assert "What I want No goal is written down yet." in said


@pytest.mark.parametrize("more", range(0, 20, 2))
def test_lines_to_sign_on_never_stand_alone_on_a_sheet(more):
    """However long the plan is, something of what is signed stands on the sheet with the lines."""
    for bare in (replace(PLAN, tasks=(), advice=()), replace(PLAN, call_when=(), advice=())):
        longer = replace(bare, therapy=PLAN.therapy + ("Breathe",) * more, made=replace(MADE, sources=""))
        last = [page.extract_text() for page in opened(plan_pdf(longer, "us-letter")).pages][-1]
        before, signed, _ = last.partition("Signed")
        assert signed
        assert before.strip()


def test_a_plan_whose_tasks_have_no_day_has_no_empty_column():
    said = words(plan_pdf(replace(PLAN, tasks=(Task("Me", "Check-in on my phone"),))))
    assert "Who What Me Check-in on my phone" in said


@pytest.mark.parametrize(("pdf_of", "paper"), [(taper_pdf, TAPER), (order_pdf, ORDER)], ids=["taper", "order"])
def test_an_order_that_ends_sooner_says_so_on_each_sheet(pdf_of, paper):
    pdf = opened(pdf_of(replace(paper, ended="This order ends on 14 June 2026.")))
    assert all("This order ends on 14 June 2026." in page.extract_text() for page in pdf.pages)
    assert "This order ends" not in words(pdf_of(paper))


def test_her_choice_is_quoted_on_the_taper_before_its_first_step():
    said = words(taper_pdf(TAPER))
    assert said.index("“I have been well for over a year.") < said.index("Escitalopram, step by step")
    assert "before we try for a baby in January.” Said on 9 June 2026." in said


def test_the_taper_says_how_to_tell_adjusting_from_low_mood():
    assert "Starts within days of a step Comes on over weeks" in words(taper_pdf(TAPER))


def test_the_calendar_has_a_row_for_each_week_and_the_question_before_each_step():
    said = words(taper_pdf(TAPER))
    assert "15 June (1) 15 mg one 10 mg and one 5 mg tablet" in said
    assert "28 Sept (16) 1 mg 5 Oct (17) none check-in each week" in said
    assert said.count("did I feel steady for the last 7 days?") == 2


def test_the_picture_of_the_doses_is_described_in_words():
    described = [alt for kind, alt, _ in tags(taper_pdf(TAPER)) if kind == "Figure"]
    assert (
        "The dose over time: 20 mg now, 15 mg from 15 June 2026, 10 mg from 13 July 2026, 5 mg from 10 Aug 2026, "
        "2.5 mg from 7 Sept 2026, 1 mg from 21 Sept 2026, none from 5 Oct 2026."
    ) in described
    assert all(described)


def test_a_picture_without_words_for_it_is_an_error(tmp_path, monkeypatch):
    shutil.copytree(press.LOOK, tmp_path / "look", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    parts = tmp_path / "look/paper/parts.typ"
    parts.write_text(parts.read_text("utf-8").replace(', alt: "althea"', ""), "utf-8")
    monkeypatch.setattr(press, "LOOK", tmp_path / "look")
    with pytest.raises(typst.TypstError, match="missing alt text"):
        taper_pdf(TAPER)


def test_an_order_that_is_not_signed_is_not_valid_and_says_so():
    assert "Not signed. Not valid, and nothing may be given out on it, until it is." in words(order_pdf(ORDER))
    signed = words(order_pdf(replace(ORDER, signed="Signed by Dr Lena Marchetti, 9 June 2026, 10:42 am")))
    assert "Signed by Dr Lena Marchetti, 9 June 2026, 10:42 am" in signed
    assert "Not signed" not in signed


def test_the_pharmacys_sheet_has_her_name_in_law_and_hers_the_one_she_goes_by():
    pages = [" ".join(page.extract_text().split()) for page in opened(order_pdf(ORDER)).pages]
    assert "Name Sofia Maria Lindqvist Born 30 Aug 1986" in pages[0]
    assert "Sofia Maria Lindqvist, version 3, 9 June 2026. Page 1 of 2" in pages[0]
    assert pages[0].startswith("Prescription Sofia Maria Lindqvist Written by Dr Lena Marchetti, 9 June 2026")
    assert "Sofia Lindqvist" not in pages[0]
    assert "Karin" not in pages[0]
    assert "Sofia Maria" not in pages[1]
    assert "Escitalopram 10 mg tablets 56 (fifty-six) none" in pages[0]


def test_an_order_that_keeps_its_reason_to_itself_says_none():
    assert "for depression" not in words(order_pdf(replace(ORDER, what_for="")))


def test_many_weeks_repeat_the_calendars_head_on_each_sheet():
    far = (*STEPS[:5], Step(date(2027, 9, 6), 0, "mg"))
    pages = [page.extract_text() for page in opened(taper_pdf(replace(TAPER, steps=far))).pages]
    assert len(pages) == 4
    assert all("Week of" in page for page in pages[1:])


@pytest.mark.parametrize("path", ["/etc/hostname", "../../../pyproject.toml", "/../../pyproject.toml"])
def test_the_press_reads_nothing_outside_its_own_folder(path):
    job = press.job("plan.typ", {"day": ""}, "a4")
    with pytest.raises(typst.TypstError, match=r"not found|access|outside|escape"):
        typst.compile(**{**job, "input": f'#read("{path}")'.encode()})


def test_no_template_asks_for_a_package():
    assert [path.name for path in press.LOOK.glob("paper/*.typ") if "@preview" in path.read_text("utf-8")] == []


def test_no_template_has_a_warning():
    from althea.look.paper import order, plan, taper

    for name, room, paper in (("plan", plan, PLAN), ("taper", taper, TAPER), ("order", order, ORDER)):
        job = press.job(f"{name}.typ", room._words(paper), "a4")
        assert typst.compile_with_warnings(**job, pdf_standards=press.STANDARDS, timestamp=0)[1] == []


def test_the_papers_have_the_colours_of_the_pages():
    tokens = (press.LOOK / "static/look/tokens.css").read_text("utf-8")
    parts = (press.LOOK / "paper/parts.typ").read_text("utf-8")
    names = {"hairline": "line", "dose-colour": "dose"}
    colours = re.findall(r'^#let ([a-z0-9-]+) = rgb\("(#\w+)"\)', parts, re.MULTILINE)
    assert len(colours) == 9
    for name, colour in colours:
        assert f"--{names.get(name, name)}:light-dark({colour}," in tokens


def test_sources_may_be_left_out_of_advice():
    pdf = plan_pdf(replace(PLAN, made=replace(MADE, sources=""), advice=(Advice("Sleep", "Go to bed."),), calls=CALLS))
    assert "Source" not in words(pdf)
