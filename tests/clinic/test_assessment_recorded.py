"""Beside what she told stands what her record says of it now, where a person put it right: never "In her record" of a
dose that is not there."""

import pytest
from django.utils import timezone

from althea.care import entries as said
from althea.care.actions import record
from althea.care.intake.recorded import in_words
from althea.care.models import Entry, IntakeAnswer
from tests.intakes import intake
from tests.people import NOW, send, signed_in

__all__ = ["intake"]  # a fixture
pytestmark = pytest.mark.django_db


def her(people, there=""):
    return f"/patients/{people.maya.pk}/assessment{there}"


def told(intake, question, value):
    return IntakeAnswer.objects.create(intake=intake, question=question, value=value, at=NOW)


def beside(people):
    """The line of what may become, or became, her record."""
    page = signed_in(people.marchetti.user).get(her(people)).content.decode()
    return " ".join(page.split('<div class="may">')[1].split("</div>")[0].split())


def before(people, intake, **put_right):
    answer = told(intake, "medicines-before", [{"what": "fluoxetine", "dose": "5000 mg", "weeks": "8"}])
    sent = {"part": "0", "text": "fluoxetine", "reached": "5000 mg", "weeks": "8", "running": "no", "on": "2026-06-01"}
    send(signed_in(people.marchetti.user), her(people, f"/{answer.pk}/edit"), **sent | put_right)
    return answer


def test_a_dose_put_right_stands_as_it_is_in_her_record_and_hers_as_told(people, intake):
    before(people, intake, reached="20 mg")
    assert Entry.objects.get().body["reached"] == "20 mg"
    line = beside(people)
    assert "She told: Took fluoxetine, up to 5000 mg a day, for 8 weeks" in line
    assert "<bdi>In her record: fluoxetine up to 20 mg a day, for 8 weeks</bdi>" in line


def test_added_as_she_told_it_it_is_said_once(people, intake):
    before(people, intake)
    line = beside(people)
    assert "She told" not in line
    assert line.endswith("In her record</span>")


def test_put_right_later_on_another_page_it_stands_as_it_is_now(people, intake):
    before(people, intake)
    first = Entry.objects.get()
    body = said.Medicine(text="fluoxetine", medicine="fluoxetine", reached="20 mg", running=False)
    record.add(
        patient=people.maya, body=body, on=first.on, origin="clinic", by=people.marchetti.user, at=timezone.now(),
        supersedes=first,
    )  # fmt: skip
    assert "In her record: fluoxetine up to 20 mg a day" in beside(people)


def test_taken_out_as_an_error_it_is_not_said_to_be_in_her_record(people, intake):
    before(people, intake)
    record.withdraw(entry=Entry.objects.get(), by=people.marchetti.user, at=timezone.now())
    line = beside(people)
    assert "Added, and changed or taken out since" in line
    assert "In her record" not in line


@pytest.mark.parametrize(
    ("question", "value", "part", "sent", "words"),
    [
        ("illnesses", ["migraine"], "migraine", {"text": "Migraine", "code": "G43.909", "certainty": "confirmed",
                                                 "status": "active"}, "Migraine (G43.909), confirmed"),
        ("low-times", "9", "", {"number": "3"}, "3 times"),
        ("allergies", [{"what": "penicillin", "reaction": "rash"}], "0", {"text": "amoxicillin", "reaction": "rash"},
         "amoxicillin (rash)"),
        ("birth", "2026-04-07", "", {"value": "2026-04-17"}, "Gave birth: 17 April 2026"),
        ("contraception", ["condoms"], "", {"value": ["copper-iud"]}, "Contraception: Copper IUD"),
        ("smoking", "current", "", {"status": "stopped"}, "stopped"),
        ("goals", [{"words": "Sleep"}], "0", {"words": "Sleep all night", "rank": "1"}, "“Sleep all night”"),
        ("family", ["bipolar-family-history"], "bipolar-family-history", {"text": "Her brother: bipolar"},
         "Her brother: bipolar"),
    ],
)  # fmt: skip
def test_each_kind_says_what_was_made_of_it(people, intake, question, value, part, sent, words):
    answer = told(intake, question, value)
    send(signed_in(people.marchetti.user), her(people, f"/{answer.pk}/edit"), part=part, on="2026-06-01", **sent)
    entry = Entry.objects.get()
    assert f"<bdi>In her record: {words}</bdi>" in beside(people)
    assert in_words(said.of(entry.kind, entry.body)) == words
