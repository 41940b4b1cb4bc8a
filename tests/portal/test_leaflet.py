"""What she reads of her medicine: read lines with their source, and what is not written is named."""

from dataclasses import replace
from datetime import date

import pytest

from althea.care.known import knowledge
from althea.care.models import Clinic
from althea.knowledge.schema.evidence import Mark
from althea.knowledge.schema.leaflet import Leaflet, LeafletLine
from althea.portal import leaflet as leaflets
from althea.portal.leaflet import leaflet_of
from tests.people import signed_in
from tests.portal.test_home import taking

READ = {"sources": ("sertraline-label#17",), "mark": Mark.READ, "read_on": date(2026, 11, 29)}


@pytest.fixture
def written(monkeypatch):
    """A leaflet of sertraline with one line of each sort but one."""
    lines = (
        LeafletLine(about="works", words="it keeps more serotonin at work.", **READ),
        LeafletLine(about="effect", effect="Upset stomach", words="It often passes.", of_100=26, of_100_without=12,
                    of_whom="adults", **READ),
        LeafletLine(about="same-day", words="you hardly need sleep", **READ),
        LeafletLine(about="same-day", words="your baby is very sleepy", for_whom="breastfeeding", **READ),
        LeafletLine(about="emergency", words="a seizure", **READ),
    )  # fmt: skip
    book = replace(knowledge(), leaflets={"sertraline": Leaflet(id="sertraline", lines=lines)})
    monkeypatch.setattr(leaflets, "knowledge", lambda: book)


def test_it_says_what_is_written_and_names_what_is_not(written):
    shown = leaflet_of("sertraline", Clinic(country="US"))
    assert shown.same_day == ("you hardly need sleep", "if you breastfeed, your baby is very sleepy")
    assert shown.missing == ("what it is for", "if you miss a dose")
    assert (shown.emergency_call, shown.emergency_words) == ("911", "Call 911")
    assert shown.sources[0].endswith(", 17")


def test_without_a_leaflet_everything_is_missing_and_said_so():
    shown = leaflet_of("a medicine nobody wrote of", Clinic())
    assert len(shown.missing) == 6
    assert (shown.folds, shown.effects, shown.sources) == ((), (), ())


@pytest.mark.django_db
def test_her_page_shows_it_with_both_numbers_of_a_hundred(written, people):
    from django.utils import timezone

    from althea.care.days import today

    taking(people, today(people.maya, timezone.now()))
    words = " ".join(signed_in(people.maya.user).get("/medicine").content.decode().split())
    for said in (
        "about 26 of 100; 12 with a dummy tablet",
        "Of 100 adults.",
        '<a class="btn wide" href="/messages?about=side-effect">',
        "We are closed, or you cannot wait?",
        "if this happens:",
        "And always when a life may be in danger, written here or not.",
        "It keeps more serotonin at work.",
        "<li>if you breastfeed, your baby is very sleepy</li>",
        "Not written here yet: what it is for, if you miss a dose. The leaflet from your pharmacist says it",
        "In our own words. Not yet reviewed by a clinician.",
    ):
        assert said in words, said


def test_what_the_most_notice_comes_first_and_the_rest_is_folded_not_dropped(monkeypatch):
    counts = {"A": 3, "B": 26, "C": None, "D": 20, "E": 14, "F": 12}
    lines = tuple(
        LeafletLine(about="effect", effect=name, words="It often passes.", of_100=many, of_whom="women" * (name == "A"),
                    of_100_without=None if many is None else 1, **READ)
        for name, many in counts.items()
    )  # fmt: skip
    book = replace(knowledge(), leaflets={"sertraline": Leaflet(id="sertraline", lines=lines)})
    monkeypatch.setattr(leaflets, "knowledge", lambda: book)
    shown = leaflet_of("sertraline", Clinic(country="US"))
    assert [one.effect for one in shown.effects] == ["B", "D", "E", "F"]
    assert [one.effect for one in shown.more_effects] == ["A", "C"]


@pytest.mark.django_db
def test_without_a_line_on_an_emergency_it_says_whom_to_call_all_the_same(monkeypatch, people):
    from django.utils import timezone

    from althea.care.days import today

    lines = (LeafletLine(about="for", words="It treats depression.", **READ),)
    book = replace(knowledge(), leaflets={"sertraline": Leaflet(id="sertraline", lines=lines)})
    monkeypatch.setattr(leaflets, "knowledge", lambda: book)
    taking(people, today(people.maya, timezone.now()))
    words = " ".join(signed_in(people.maya.user).get("/medicine").content.decode().split())
    assert "Call 911</a></strong> when a life may be in danger, written here or not." in words
    assert "when to call us, when to call for help at once. The leaflet from your pharmacist says it" in words
