"""What the tags write where they write HTML themselves: every word from outside as words."""

import pytest
from django.utils.safestring import mark_safe

from althea.look.chart.drawing import Table
from tests.look.given import NASTY

SHOWN = "&lt;script&gt;"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ('"New"', '<span class="chip">New</span>'),
        ('"Outline" "line"', '<span class="chip line">Outline</span>'),
    ],
)
def test_a_chip_without_a_kind_or_only_with_a_line_has_no_icon(rendered, given, shown):
    assert rendered(f"{{% chip {given} %}}") == shown


def test_a_chip_has_the_icon_of_its_kind_or_its_own(rendered):
    assert "#i-check" in rendered('{% chip "Well studied" "ok" %}')
    assert "#i-clock" in rendered('{% chip "New" "warn" "clock" %}')


def test_a_chip_that_was_called_safe_does_not_make_the_same_words_safe_elsewhere(rendered):
    assert "<b>" in rendered("{% chip label %}", label=mark_safe("<b>once</b>"))
    assert "<b>" not in rendered("{% chip label %}", label="<b>once</b>")


def test_a_table_names_its_rows_and_sets_numbers_to_the_right(rendered):
    table = Table("PHQ-9", ("Day", "Score"), (("5 May", "21"), ("9 June", "13")), frozenset({1}))
    shown = rendered("{% as_table table %}", table=table)
    assert '<caption class="vh">PHQ-9</caption>' in shown
    assert '<th scope="col">Day</th><th scope="col" class="num">Score</th>' in shown
    assert '<tr><th scope="row" class="nowrap">5 May</th><td class="num">21</td></tr>' in shown


def test_words_in_a_table_or_a_select_are_shown_as_words(rendered):
    table = Table(NASTY, (NASTY,), ((NASTY,),))
    for shown in (
        rendered("{% as_table table %}", table=table),
        rendered("{% choices pairs %}", pairs=[(NASTY, NASTY)]),
        rendered("{% chip words %}", words=NASTY),
    ):
        assert "<script>" not in shown
        assert SHOWN in shown
        assert 'alert("1")' not in shown


def test_the_chosen_option_is_marked_and_no_other(rendered):
    pairs = [("a", "Morning"), ("b", "Night")]
    assert rendered('{% choices pairs "b" %}', pairs=pairs) == (
        '<option value="a">Morning</option><option value="b" selected>Night</option>'
    )
    assert "selected" not in rendered("{% choices pairs %}", pairs=pairs)
