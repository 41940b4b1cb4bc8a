"""That she does not know is an answer: whatever she was asked, it reaches the person who reads, and stays unknown."""

from datetime import timedelta

import pytest
from django.utils import timezone

from althea.care import entries as said
from althea.care.days import today
from althea.care.facts import chart_of, facts_of
from althea.care.intake.proposals import proposals
from althea.care.intake.questions import UNKNOWN, questions
from althea.care.known import knowledge
from althea.care.models import Entry, IntakeAnswer
from althea.care.stage_words import stage_of
from althea.clinic.entry_form import EntryForm
from althea.engine import stage
from tests.intakes import intake
from tests.people import NOW, send, signed_in

__all__ = ["intake"]  # a fixture
pytestmark = pytest.mark.django_db
ASKED = [key for key, one in questions().items() if one.unknown]
OF_HER_STAGE = [key for key in ASKED if questions()[key].becomes.startswith("life-stage:")]
A_DAY = ["due", "period"]
"""Her record has no word for a day that is not known: it stays her answer."""


def does_not_know(intake, question, at=NOW):
    return IntakeAnswer.objects.create(intake=intake, question=question, value=None, said=UNKNOWN, at=at)


def page(people, there=""):
    return signed_in(people.marchetti.user).get(f"/patients/{people.maya.pk}/assessment{there}").content.decode()


def line(words, question):
    """One answer as it stands on the page."""
    (found,) = [one for one in words.split('<div class="answer')[1:] if questions()[question].text in one]
    return found


def add(people, answer, part=""):
    where = f"/patients/{people.maya.pk}/assessment/settle"
    return send(signed_in(people.nurse.user), where, answer=str(answer.pk), part=part)


@pytest.mark.parametrize("question", ASKED)
def test_whatever_she_does_not_know_is_before_her_prescriber_to_be_asked_about(people, intake, question):
    does_not_know(intake, question)
    words = page(people)
    assert "I don&#x27;t know" in line(words, question)
    assert "Not known: ask her</span>" in line(words, question)
    assert "Ask her</span>" in line(words, question).split("<summary")[1]
    assert "1 she does not know: ask her." in words


@pytest.mark.parametrize("question", OF_HER_STAGE)
def test_of_her_life_stage_it_is_one_click_into_the_record_where_the_record_can_say_it(people, intake, question):
    answer = does_not_know(intake, question)
    told = proposals(questions()[question], None, NOW.date(), UNKNOWN)
    assert [one.body.value for one in told] == ([] if question in A_DAY else ["unknown"])
    for one in told:
        topic = questions()[question].becomes.partition(":")[2]
        assert one.words == f"{topic.capitalize()}: not known"
        assert f"{one.words}</span>" in line(page(people), question)
        assert add(people, answer).status_code == 302
        assert Entry.objects.get().body == {"topic": topic, "value": "unknown"}
        assert "In her record" in line(page(people), question)
        assert "Not known: ask her" not in page(people), "it is settled"


@pytest.mark.parametrize("question", ["pregnant", "contraception", "planning"])
def test_once_added_it_is_unknown_to_every_check_and_never_none(people, intake, question):
    add(people, does_not_know(intake, question))
    chart, on = chart_of(people.maya), today(people.maya, NOW)
    facts = facts_of(chart, on)
    assert facts.stage.methods is None
    assert facts.stage.planning is None
    assert stage.pregnancy_now(facts, knowledge())[0] == "unknown"
    if question != "pregnant":
        assert any("not known, as said on" in one for one in facts.unread), facts.unread


def test_that_she_does_not_know_what_she_uses_stands_after_her_name_and_is_not_not_asked(people, intake):
    add(people, does_not_know(intake, "contraception"))
    chart, on = chart_of(people.maya), today(people.maya, NOW)
    said_ = [(entry.on, body) for entry, body in chart.of(said.LifeStage)]
    assert stage_of(said_, on).label == "Cycle, contraception not known"


def test_what_she_knew_before_is_no_longer_relied_on_once_she_said_she_does_not_know(people, intake):
    before = said.LifeStage(topic="contraception", value="copper-iud")
    Entry.objects.create(patient=people.maya, kind=before.kind, on=NOW.date().replace(day=1), body=before.body(),
                         origin="hers", recorded_by=people.nurse.user, recorded_at=NOW)  # fmt: skip
    add(people, does_not_know(intake, "contraception"))
    assert facts_of(chart_of(people.maya), today(people.maya, NOW)).stage.methods is None


def test_asked_meanwhile_the_answer_is_put_in_its_place(people, intake):
    answer = does_not_know(intake, "contraception")
    assert "Not known" in page(people, f"/{answer.pk}/edit?part=")
    where = f"/patients/{people.maya.pk}/assessment/{answer.pk}/edit"
    sent = {"part": "", "on": "2026-06-01"}
    both = send(signed_in(people.nurse.user), where, value=["copper-iud", "unknown"], **sent)
    assert "Tick what she uses, or only “Not known”" in both.content.decode()
    assert not Entry.objects.exists()
    send(signed_in(people.nurse.user), where, value=["copper-iud"], **sent)
    assert Entry.objects.get().body["value"] == "copper-iud"
    assert "In her record: Contraception: " in line(page(people), "contraception")


@pytest.mark.parametrize("question", ["pregnant", "contraception", "planning"])
def test_the_form_shows_that_it_is_not_known(question):
    (may,) = proposals(questions()[question], None, NOW.date(), UNKNOWN)
    form = EntryForm(may.body, may.on)
    assert ("unknown", "Not known") in form.fields["value"].choices
    assert form["value"].value() == "unknown"


def test_what_she_would_rather_talk_about_or_left_out_proposes_nothing(people, intake):
    for how in ("rather-talk", "left-out"):
        assert proposals(questions()["contraception"], None, NOW.date(), how) == []


def test_an_allergy_she_does_not_know_of_is_not_said_to_be_not_asked(people, intake):
    assert "Allergies not asked" in page(people)
    does_not_know(intake, "allergies")
    assert "Allergies not known to her" in page(people)
    assert "No known allergies" not in page(people)


def test_an_older_answer_takes_nothing_back_that_was_asked_since(people, intake):
    """She does not know in the morning; the nurse asks her at noon; her answers are added in the afternoon."""
    now = timezone.now()
    row = does_not_know(intake, "contraception", now - timedelta(seconds=5))
    nurse = signed_in(people.nurse.user)
    send(nurse, f"/patients/{people.maya.pk}/life-stage", topic="contraception", methods=["copper-iud"])
    nurse.get(f"/patients/{people.maya.pk}/life-stage")
    where = f"/patients/{people.maya.pk}/assessment"
    words = nurse.get(send(nurse, f"{where}/settle", answer=str(row.pk), part="")["Location"]).content.decode()
    send(nurse, f"{where}/section", section="body")
    assert facts_of(chart_of(people.maya), today(people.maya, now)).stage.methods == ("copper-iud",)
    assert Entry.objects.filter(kind="life-stage").count() == 1
    assert "She was asked since she answered this, and her record says so. Set it aside." in words


def test_asked_again_the_same_day_the_chip_and_the_checks_say_one_thing(people, intake):
    now = timezone.now()
    for value, how, at in ((None, UNKNOWN, now), (["copper-iud"], "answered", now + timedelta(seconds=1))):
        add(people, IntakeAnswer.objects.create(intake=intake, question="contraception", value=value, said=how, at=at))
    chart, on = chart_of(people.maya), today(people.maya, now)
    assert stage_of([(entry.on, body) for entry, body in chart.of(said.LifeStage)], on).label == "Cycle, copper IUD"
    assert facts_of(chart, on).stage.methods == ("copper-iud",)
