"""Each part alone: with as little as it may be given, with words from anywhere, and what it says about levels."""

import re
from dataclasses import fields, is_dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from althea.look.chart.drawing import Drawing
from althea.look.chart.people import people
from althea.look.chart.spark import spark
from althea.look.comparison import Line, Matter, Situation
from althea.look.levels import LEVELS, NOTES
from tests.look.given import EMOJI, HEBREW, NASTY, TODAY, DoseStep, Order, calendar, schedule

PARTS = Path("althea/look/templates/look")

FEWEST = {
    "calendar": {"calendar": calendar()},
    "chart": {"drawing": people("Sertraline", 43, 12)},
    "choice": {"name": "q", "legend": "Sleep", "options": [("0", "Not at all", "")]},
    "demo_bar": {},
    "empty": {"title": "Nothing needs you right now"},
    "error_summary": {"form": Order()},
    "errors": {"field": Order()["dose"]},
    "field": {"field": Order()["dose"]},
    "from": {"sources": ()},
    "filters": {"filters": [{"label": "All", "url": "?"}]},
    "finding": {"finding": {"level": "info", "title": "No thyroid test since birth"}},
    "finding_source": {"finding": {"source": "Label, section 5.2", "rule": "lithium-nsaid"}},
    "heat": {"caption": "By stage", "columns": ["Cycle"], "rows": []},
    "her_words": {"quote": "I want my evenings back."},
    "hundreds": {"situation": Situation("low mood", "women", "")},
    "matters": {"matter": Matter("sleep", "Sleep", "bed", False, (), (), ())},
    "mark": {},
    "note": {"words": "Saved."},
    "option_card": {"option": {"name": "m", "value": "none", "title": "No medicine now", "words": "Therapy first."}},
    "panel": {"title": "Her goals"},
    "people": {
        "people": {"title": "Sertraline", "drawing": people("Sertraline", 43, 12), "better": 55, "words": "feel better"}
    },
    "people_key": {"keys": people("Sertraline", 43, 12).legend},
    "progress": {"progress": {"title": "How it felt", "drawing": people("x", 1, 1)}},
    "progress_steps": {"now": 1, "last": 1},
    "ranked": {"step": {"title": "Continue", "words": "Still falling."}},
    "schedule": {"columns": [], "rows": []},
    "stage_chip": {"stage": {"label": "Perimenopause"}},
    "tabs": {"label": "Record", "tabs": []},
    "toast": {"toast": {"words": "Dose changed."}},
    "worklist_row": {"row": {"name": "Maya", "url": "#", "why": "Visit at 10:20."}},
    "brand": {},
}


@pytest.mark.parametrize("name", sorted(path.stem[1:] for path in PARTS.glob("_*.html")))
def test_a_part_needs_no_more_than_its_fewest_context(part, name):
    shown = part(name, **FEWEST[name])
    assert "None" not in shown
    assert "{%" not in shown
    assert "style=" not in shown, "the content policy forbids inline style"


def test_the_readme_names_every_part_and_no_other():
    words = Path("althea/look/README.md").read_text("utf-8")
    parts = words[words.index("## Parts") : words.index("Levels are")]
    named = set(
        re.findall(r"`(\w+)`", " ".join(row.split("|")[1] for row in parts.splitlines() if row.startswith("| `")))
    )
    assert named == {path.stem[1:] for path in PARTS.glob("_*.html")} - {"brand", "mark", "errors", "finding_source"}
    assert len(words.splitlines()) <= 120


NAMED = {
    "empty": {"title": "X", "words": "X"},
    "her_words": {"quote": "X", "who": "X", "title": "X", "said": "X"},
    "matters": {"matter": Matter("sleep", "X", "bed", False, (), (Line("X", "X", "ok", "X", "X", ("X",)),), ("X",))},
    "note": {"words": "X", "strong": "X"},
    "panel": {"title": "X", "side": "X"},
    "finding": {"finding": {"level": "critical", "title": "X", "facts": [("X", "X")], "words": ["X"], "source": "X", "rule": "X", "by": "X", "reason": "X"}},
    "worklist_row": {"row": {"name": "X", "url": "#", "why": "X", "age": "X", "when": "X", "stage": {"label": "X"}, "score": "X", "spark": spark("X", [1]), "action": {"label": "X", "url": "#"}}},
    "ranked": {"step": {"title": "X", "words": "X", "in_favour": ["X"], "against": ["X"], "source": "X", "support": {"label": "X"}}},
    "option_card": {"option": {"name": "m", "value": "X", "title": "X", "words": "X", "small": "X", "fit": {"label": "X"}}},
    "choice": {"name": "q", "legend": "X", "ask": "X", "options": [("X", "X", "X")]},
    "tabs": {"label": "X", "tabs": [("X", "#", False)]},
    "toast": {"toast": {"words": "X", "undo": "/x/", "undo_label": "X"}},
    "schedule": {"columns": ["X"], "rows": [{"cells": ["X"], "start": "X", "error": "X"}]},
    "filters": {"filters": [{"label": "X", "value": "X"}], "label": "X", "name": "n"},
    "heat": {"caption": "X", "columns": ["X"], "rows": [{"level": "critical", "title": "X", "cells": []}]},
}  # fmt: skip


def swap(given, words):
    if isinstance(given, str):
        return words if given == "X" else given
    if is_dataclass(given) and not isinstance(given, Drawing):
        return replace(given, **{one.name: swap(getattr(given, one.name), words) for one in fields(given)})
    if isinstance(given, dict):
        return {key: swap(value, words) for key, value in given.items()}
    if isinstance(given, list | tuple):
        return type(given)(swap(value, words) for value in given)
    return given


@pytest.mark.parametrize("name", sorted(NAMED))
@pytest.mark.parametrize("words", [NASTY, HEBREW, EMOJI, '"><img src=x onerror=alert(1)>'])
def test_words_from_outside_are_shown_as_words(part, name, words):
    shown = part(name, **swap(NAMED[name], words))
    assert "<script>" not in shown
    assert "<img" not in shown
    whole = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    assert whole in shown


@pytest.mark.parametrize("name", ["critical", "warning", "info"])
def test_a_level_is_a_word_and_a_shape_before_it_is_a_colour(part, name):
    level = LEVELS[name]
    finding = part("finding", finding={"level": name, "title": "T"})
    assert f'<span class="sev">{level.word}</span>' in finding
    assert f"#i-{level.icon}" in finding
    row = part("worklist_row", row={"level": name, "name": "N", "url": "#", "why": "W"})
    assert f'role="img" aria-label="{level.word}"' in row


def test_every_level_and_kind_has_a_shape_of_its_own():
    assert list(LEVELS) == ["critical", "warning", "info"], "the loudest first"
    assert len({level.icon for level in LEVELS.values()}) == 3
    assert len({NOTES[kind] for kind in ("ok", "warn", "crit", "info")}) == 4


def test_an_overridden_finding_says_by_whom_and_why(part):
    shown = part(
        "finding", finding={"level": "overridden", "title": "T", "by": "Dr Marchetti, 2 June", "reason": "Her choice"}
    )
    assert "Overridden by Dr Marchetti, 2 June" in shown
    assert "“Her choice”" in shown
    assert 'class="finding over"' in shown


def test_a_finding_says_from_her_record_only_with_facts_from_it(part):
    assert "From her record" not in part("finding", finding={"level": "info", "title": "T", "words": ["W"]})
    assert "From her record" in part(
        "finding", finding={"level": "info", "title": "T", "facts": [("Sertraline 75 mg", "since 28 May")]}
    )


def test_what_is_put_into_a_part_sees_the_page_and_the_part_does_not(rendered):
    shown = rendered(
        '{% part "panel" title="T" %}{{ page_word }}{% endpart %}', page_word="of the page", side="not for you"
    )
    assert "of the page" in shown
    assert "not for you" not in shown


def test_a_part_within_a_part_keeps_what_is_put_into_it_apart(rendered):
    shown = rendered('{% part "panel" title="Out" %}{% include "look/_note.html" with words="In" only %}{% endpart %}')
    assert shown.count("In") == 1


def test_hers_has_the_leaf_her_voice_and_a_date(part):
    shown = part("her_words", quote="I want my evenings back.", who="Maya", on=date(2026, 6, 9), today=TODAY)
    assert '<section class="hers">' in shown
    assert '<p class="voice" dir="auto">“I want my evenings back.”</p>' in shown
    assert "<bdi>Maya</bdi>, 9 June</span>" in shown


def test_a_quote_without_a_day_of_today_says_its_year(part):
    assert "9 June 2026" in part("her_words", quote="Q", who="Maya", on=date(2026, 6, 9))


def test_nothing_is_chosen_for_her(part):
    shown = part("choice", name="q", legend="L", options=[("", "Not sure", ""), ("a", "A", "")])
    assert "checked" not in shown
    assert "checked" not in part("option_card", option={"name": "m", "value": "", "title": "T", "words": "W"})


def test_what_she_chose_stays_chosen(part):
    shown = part("choice", name="q", legend="L", options=[("0", "No", ""), ("1", "Yes", "")], chosen="1")
    assert re.search(r'value="1" checked', shown)
    assert shown.count("checked") == 1


def test_an_error_is_named_linked_and_in_focus(part):
    form = Order({"dose": "", "start": "10 May", "often": "od"})
    shown = part("error_summary", form=form)
    assert 'tabindex="-1" autofocus' in shown
    assert "Not saved. 4 things need a look" in shown
    assert '<a href="#id_start">Start date: This is no date. Write it as 2026-06-09.</a>' in shown
    assert 'href="#id_whose_0"' in shown, "radios: the first of them"
    field = part("field", field=form["start"])
    assert 'aria-describedby="id_start_error"' in field
    assert 'aria-invalid="true"' in field
    assert 'id="id_start_error"' in field


def test_a_form_without_errors_has_no_summary(part):
    assert part("error_summary", form=Order()).strip() == ""


def test_a_hint_belongs_to_its_field(part):
    field = part("field", field=Order()["dose"])
    assert 'aria-describedby="id_dose_helptext"' in field
    assert '<span class="hint" id="id_dose_helptext">Number and unit, for example 75 mg</span>' in field


def test_radios_are_a_group_with_a_legend(part):
    field = part("field", field=Order()["whose"])
    assert (
        '<fieldset class="field" aria-describedby="id_whose_helptext"><legend class="lab">This choice was mostly</legend>'
        in field
    )


def test_every_field_of_a_schedule_says_its_column_and_step(part):
    rows = schedule()
    rows[0]["error"] = "Step 1 starts above the label's 25 mg."
    shown = part("schedule", columns=["Dose", "How often", "For"], rows=rows, removable=True)
    assert 'aria-label="Dose, step 1"' in shown
    assert 'aria-label="For, step 3"' in shown
    assert 'aria-describedby="step-1-error"' in shown
    assert '<span class="err" id="step-1-error">' in shown
    assert 'aria-label="Remove step 2"' in shown
    assert shown.count('<tr class="now">') == 1


def test_words_in_a_schedule_stand_as_they_are(part):
    rows = [{"cells": ["25 mg", "once a day", "2 weeks"], "start": "10 June"}]
    shown = part("schedule", columns=["Dose", "How often", "For"], rows=rows)
    assert "<td>25 mg</td>" in shown
    assert "Remove" not in shown
    assert DoseStep.base_fields, "a form would do as well"


def test_a_row_of_the_worklist_has_one_action_that_names_her_and_what_else_may_be_done_under_its_reason(part, rendered):
    row = {"name": "Maya", "url": "#", "why": "W", "action": {"label": "Review trial", "url": "#r"}}
    assert 'Review trial<span class="vh"> for Maya</span>' in part("worklist_row", row=row)
    with_more = rendered('{% part "worklist_row" row=row %}<details>More</details>{% endpart %}', row=row)
    assert '<p class="why" dir="auto">W</p><details>More</details></div>' in with_more
    assert with_more.count("Review trial") == 1


def test_a_newborn_is_0_and_not_without_an_age(part):
    assert '<span class="muted small">0</span>' in part(
        "worklist_row", row={"name": "N", "url": "#", "why": "W", "age": 0}
    )


def test_a_filter_with_nobody_says_0(part):
    assert "Visit today 0" in part("filters", filters=[{"label": "Visit today", "url": "?", "count": 0}])


def test_undo_is_posted_with_its_token(part):
    shown = part("toast", toast={"words": "Dose changed to 100 mg.", "undo": "/undo/"})
    assert '<form method="post" action="/undo/">' in shown
    assert "csrfmiddlewaretoken" in shown


def test_progress_is_said_in_words(part):
    shown = part("progress_steps", now=5, last=8)
    assert 'aria-label="Week 5 of 8"' in shown
    assert shown.count('class="on"') == 4
    assert shown.count('class="cur"') == 1
    below = part("progress_steps", now=3, last=9, thing="Question", below="Saved as you go.")
    assert "Question 3 of 9. Saved as you go." in below


def test_a_count_is_always_a_number_beside_its_tint(part):
    shown = part(
        "heat",
        caption="C",
        columns=["A", "B"],
        rows=[{"level": "critical", "title": "T", "cells": [{"count": 6, "step": 4}, {"count": 0}]}],
    )
    assert '<b class="v4">6</b>' in shown
    assert '<span class="vh">0</span>' in shown


def test_the_demo_says_that_nobody_is_real(part):
    assert "all made up" in part("demo_bar")


@pytest.mark.parametrize(("level", "folds"), [("critical", False), ("warning", False), ("info", True)])
def test_only_what_informs_has_its_source_behind_the_fold(part, level, folds):
    finding = {"level": level, "title": "T", "source": "The label", "rule": "r", "more": ["Why."]}
    shown = part("finding", finding=finding)
    assert shown.count("The label") == 1
    assert (shown.index("<details") < shown.index("The label") < shown.index("</details>")) == folds
    assert "<details" not in part("finding", finding=finding | {"more": []}), "without a fold it stays in sight"
    assert "The label" in part("finding", finding=finding | {"more": []})
