"""The form of a review is there from the beginning; a step is chosen at its card or in the form, and nothing before."""

from datetime import timedelta

import pytest

from althea.care import entries as said
from althea.care.models import Entry
from althea.look.words import day as day_words
from tests.clinic.reviewing import address, get, hidden, maya, on, taking, tell
from tests.people import send, signed_in

__all__ = ["maya", "on"]  # fixtures
pytestmark = pytest.mark.django_db


def sent(people, trial, words="", **fields):
    """The form as it stands in `words`, or on the page before a step is chosen, sent with these fields."""
    client = signed_in(people.marchetti.user)
    words = words or client.get(address(trial)).content.decode()
    given = {name: hidden(words, name) for name in ("drawn_for", "seen", "shown_dose")}
    return send(client, address(trial, "decide"), **(given | fields))


def without_a_dose(people, on, *days_ago):
    for back in days_ago:
        tell(people, said.DoseTaken(medicine="sertraline", taken=False), on, back)


def option(words, code):
    return words.split(f'<option value="{code}"')[1].split("</option>")[0]


def card(words, title):
    return words.split(f"<h3>{title}</h3>")[1].split("<h3>")[0].split("</ol>")[0]


def test_nothing_is_chosen_beforehand_and_the_form_is_there(people, maya):
    words = get(people, maya)
    assert option(words, "") == ">Choose a step"
    for code, title in (("optimise_dose", "Increase sertraline to 150 mg"), ("taper_stop", "Stop with a taper")):
        assert option(words, code) == f">{title}"
    for there in ("This choice was mostly", "Her reason, in her words", "Talked about benefits and side effects"):
        assert there in words
    assert 'name="dose"' not in words
    assert 'name="review_on"' not in words
    assert " checked>" not in words
    assert "Chosen</strong>" not in words
    assert " checked>" not in get(people, maya, "?choose=optimise_dose")


def test_a_step_chosen_at_its_card_stands_in_the_form_and_its_card_says_so(people, maya):
    words = get(people, maya, "?choose=augment")
    assert option(words, "augment") == " selected>Add a second medicine"
    assert "Chosen</strong>" in card(words, "Add a second medicine")
    assert "Choose a second medicine" not in words
    assert words.count("Chosen</strong>") == 1
    assert words.count('<li class="on">') == 1
    assert "Choose increase</a>" in words
    assert 'class="btn sm primary"' not in words


def test_a_step_that_is_not_there_chooses_nothing(people, maya):
    words = get(people, maya, "?choose=lobotomy")
    assert option(words, "") == ">Choose a step"
    assert "Chosen</strong>" not in words


def test_without_script_a_step_is_chosen_in_the_form_and_what_was_typed_stays(people, maya):
    answer = sent(people, maya, chosen="optimise_dose", check="1", whose="shared", reasons="My evenings.",
                  talked_over=["other options, and none"])  # fmt: skip
    words = answer.content.decode()
    assert answer.status_code == 200
    assert option(words, "optimise_dose").startswith(" selected>")
    assert "Checked again at 150 mg: no new findings." in words
    assert "My evenings.</textarea>" in words
    assert 'name="whose" value="shared" checked' in words
    assert words.count(" checked>") == 2
    assert "Not saved" not in words
    assert not Entry.objects.filter(kind="decision").exists()


def test_after_a_decision_without_a_step_the_cards_still_lead_to_the_review(people, maya):
    """The refused form stands at the address it was sent to, which cannot be opened."""
    words = sent(people, maya, chosen="").content.decode()
    assert f'href="{address(maya)}?choose=augment#decide"' in words


def test_another_step_than_the_one_that_was_read_is_shown_before_it_is_recorded(people, maya):
    words = get(people, maya, "?choose=continue_and_recheck")
    answer = sent(people, maya, words, chosen="optimise_dose", whose="hers", review_on="2999-01-01")
    shown = answer.content.decode()
    assert "Increase sertraline to 150 mg: look over what belongs to it below, then record it." in shown
    assert "Checked again at 150 mg" in shown
    assert "2999-01-01" not in shown
    assert not Entry.objects.filter(kind="decision").exists()


@pytest.mark.parametrize(
    ("dose", "words"), [("200 mg", "Checked again at 200 mg"), ("a lot", "a lot was not checked.")]
)
def test_a_dose_can_be_checked_before_anything_else_is_filled_in(people, maya, dose, words):
    page = get(people, maya, "?choose=optimise_dose")
    shown = sent(people, maya, page, chosen="optimise_dose", check="1", dose=dose).content.decode()
    assert words in shown
    assert f'value="{dose}"' in shown
    assert "Say whose choice it was" not in shown


def test_recorded_with_no_step_chosen_what_was_typed_is_still_there(people, maya):
    answer = sent(people, maya, chosen="", whose="hers", reasons="My evenings.")
    assert answer.status_code == 400
    shown = answer.content.decode()
    assert "Choose one of the steps first, then record it." in shown
    assert "My evenings.</textarea>" in shown
    assert 'name="whose" value="hers" checked' in shown


def test_where_the_dose_stays_what_is_open_is_still_said(people, maya, on):
    assert "Her dose stays: nothing new to check.</div>" in get(people, maya, "?choose=continue_and_recheck")
    taking(people, on, (10, "400 mg"), medicine="ibuprofen")
    words = get(people, maya, "?choose=continue_and_recheck")
    assert "Her dose stays: nothing new to check.<br>Still open: " in words
    assert "Her dose stays" not in get(people, maya, "?choose=switch")


def test_a_critical_finding_at_the_proposed_dose_takes_the_recommendation_back(people, maya):
    above = card(get(people, maya, "?choose=optimise_dose&dose=250 mg"), "Increase sertraline to 250 mg")
    assert "Recommended</span>" in above
    far = card(get(people, maya, "?choose=optimise_dose&dose=400 mg"), "Increase sertraline to 400 mg")
    assert "Not advised now</span>" in far
    assert "A critical finding speaks against 400 mg." in far


def test_a_week_without_a_dose_speaks_against_raising_it_and_not_against_going_on(people, maya, on):
    """The days at a dose are those of the order: who took none for a week has had a week less of it."""
    without_a_dose(people, on, 20, 12, 11, 10, 9, 8, 7, 6)
    words = get(people, maya)
    week = f"{day_words(on - timedelta(days=12), on)} to {day_words(on - timedelta(days=6), on)}"
    line = f"7 days in a row without a dose, {week}: the 42 days count them"
    assert line in card(words, "Increase sertraline to 150 mg")
    assert words.count(line) == 1


def test_one_day_without_a_dose_is_no_gap_nor_is_one_before_this_dose(people, maya, on):
    without_a_dose(people, on, 50, 49, 48, 9, 7, 5)
    assert "in a row without a dose" not in get(people, maya)
