"""A name that is nearly one we know: she is asked, one click each way; what stays unread is said to her and her team."""

import re

import pytest
from django.utils import timezone

from althea.care.days import today
from althea.care.models import Entry, IntakeAnswer, Outgoing, WorklistItem
from tests.intakes import intake, maya, said
from tests.people import send, signed_in
from tests.portal.test_changes import go, looked, taking

__all__ = ["intake"]  # a fixture
pytestmark = pytest.mark.django_db


def clicks(page, button):
    """What the form of this button sends."""
    form = next(one for one in re.findall(r"<form.*?</form>", page, re.S) if f"<bdi>{button}</bdi>" in one)
    found = {}
    for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form):
        found.setdefault(name, []).append(value)
    return {name: value for name, value in found.items() if name not in ("csrfmiddlewaretoken", "key", "writer")}


def told(client, change):
    assert send(client, f"/changes/{change}")["Location"] == "/changes/told"
    return client.get("/changes/told").content.decode()


def item():
    return WorklistItem.objects.get(reason__startswith="told:")


@pytest.fixture
def on(people):
    on = today(people.maya, timezone.now())
    looked(people, on)
    taking(people, on)
    return on


def test_a_misspelt_allergy_is_asked_about_before_anything_is_kept(people, on):
    page = send(maya(people), "/changes/allergy/what", value="sertralin").content.decode()
    assert "<strong>Did you mean sertraline?</strong>" in page
    assert "Nothing is saved yet." in page
    assert page.index("Did you mean") < page.index("<h1"), "it stands where the page opens"
    assert 'value="sertralin"' in page
    assert maya(people).get("/changes/allergy").status_code == 302, "the question is still open"


def test_in_the_intake_the_page_opens_at_the_question_and_does_not_say_that_it_saves(people, intake):
    before = maya(people).get("/intake/medicines-now").content.decode()
    assert "Saved as you go." in before
    page = send(maya(people), "/intake/medicines-now", what="sertralin").content.decode()
    assert '<section class="note warn" role="alert" tabindex="-1" autofocus>' in page
    assert page.index("Did you mean") < page.index("<h1"), "it stands where the page opens"
    assert "This one is not saved yet." in page
    assert "Saved as you go." not in page
    wrong = send(maya(people), "/intake/medicines-now", dose="5 mg").content.decode()
    assert "This one is not saved yet." in wrong
    assert "Saved as you go." not in wrong


def test_one_click_for_the_name_she_meant_and_the_allergy_is_found(people, on):
    client = maya(people)
    page = send(client, "/changes/allergy/what", value="sertralin").content.decode()
    after = send(client, "/changes/allergy/what", **clicks(page, "Yes, sertraline"))
    assert after["Location"] == "/changes/allergy/reaction"
    send(client, "/changes/allergy/reaction", value="Hives")
    words = told(client, "allergy")
    assert "We have looked again at your medicine, with what else you take and how you are" in words
    assert Entry.objects.get(kind="allergy").body["text"] == "sertraline"
    assert item().level == "critical"
    assert "Not recognised" not in item().why


def test_one_click_to_keep_it_and_her_team_is_told_loudly_that_nothing_was_checked(people, on):
    client = maya(people)
    page = send(client, "/changes/allergy/what", value="sertralin").content.decode()
    send(client, "/changes/allergy/what", **clicks(page, "No, keep “sertralin”"))
    send(client, "/changes/allergy/reaction", value="Hives")
    over = client.get("/changes/allergy").content.decode()
    assert "We do not know “<bdi>sertralin</bdi>”, so we cannot check it." in over
    words = told(client, "allergy")
    assert "We could not check “<bdi>sertralin</bdi>”: we do not know it." in words
    assert "We have looked again" not in words
    assert item().level == "warning"
    asked = "Not recognised: “sertralin”. Nothing was checked against it. Did she mean sertraline?"
    assert asked in item().why
    assert "nothing new speaks" not in item().why
    assert Outgoing.objects.filter(kind="staff", user=people.marchetti.user).exists()
    medicines = signed_in(people.marchetti.user).get(f"/patients/{people.maya.pk}/medicines").content.decode()
    assert asked in medicines
    assert "Allergies not recognised" in medicines


def test_the_clinic_puts_the_name_right_and_the_allergy_is_found(people, on):
    client = maya(people)
    send(client, "/changes/allergy/what", value="sertralin", keep="sertralin")
    send(client, "/changes/allergy/reaction", how="unknown")
    told(client, "allergy")
    first = item()
    entry, address = Entry.objects.get(kind="allergy"), f"/patients/{people.maya.pk}/medicines"
    nurse = signed_in(people.nurse.user)
    assert "Not saved." in nurse.get(send(nurse, f"{address}/{entry.pk}", allergy=" ")["Location"]).content.decode()
    page = nurse.get(send(nurse, f"{address}/{entry.pk}", allergy="sertraline")["Location"]).content.decode()
    assert "Saved: sertraline. Checked again: 1 new critical" in page
    assert "Allergies not recognised" not in page
    first.refresh_from_db()
    assert first.closing == "Put right since."


def test_a_misspelt_medicine_keeps_its_dose_beside_the_name(people, on):
    client = maya(people)
    page = send(client, "/changes/new-medicine/what", value="Tramadoll 50 mg").content.decode()
    assert "Did you mean tramadol?" in page
    assert clicks(page, "Yes, tramadol")["value"] == ["tramadol 50 mg"]
    unknown = dict.fromkeys(("dose", "often", "since", "whom"), "how:unknown")
    send(client, "/changes/new-medicine/what", value="Tramadoll 50 mg", keep="Tramadoll 50 mg")
    go(client, "new-medicine", **unknown)
    assert "We could not check “<bdi>Tramadoll 50 mg</bdi>”" in told(client, "new-medicine")
    assert item().level == "warning"
    assert "nothing new speaks" not in item().why


def test_another_name_in_the_field_is_asked_about_anew(people, on):
    page = send(maya(people), "/changes/allergy/what", value="lithum", keep="sertralin").content.decode()
    assert "Did you mean lithium?" in page


def test_what_is_near_no_name_is_kept_without_a_question_and_said_not_to_be_checked(people, on):
    client = maya(people)
    go(client, "allergy", what="peanuts", reaction="how:unknown")
    assert "We could not check “<bdi>peanuts</bdi>”: we do not know it." in told(client, "allergy")
    assert item().level == "warning"
    assert "Did she mean" not in item().why


@pytest.mark.parametrize("what", ["sertraline", "Zoloft", "NSAIDs"])
def test_a_name_or_a_class_that_we_know_is_not_asked_about(people, on, what):
    client = maya(people)
    go(client, "allergy", what=what, reaction="how:unknown")
    assert "We have looked again at your medicine, with what else you take and how you are" in told(client, "allergy")
    assert "Not recognised" not in item().why


def test_in_the_intake_each_line_is_asked_about_and_the_others_stay(people, intake):
    client = maya(people)
    page = send(client, "/intake/medicines-now", what=["Zoloft", "tramadoll"], dose=["50 mg", ""], times=["1", ""],
                since=["", ""], whom=["", ""]).content.decode()  # fmt: skip
    assert "Did you mean tramadol?" in page
    assert not IntakeAnswer.objects.exists()
    send(client, "/intake/medicines-now", **clicks(page, "Yes, tramadol"))
    assert said(intake)["medicines-now"] == [{"what": "Zoloft", "dose": "50 mg", "times": "1"}, {"what": "tramadol"}]


def test_in_the_intake_what_she_keeps_is_asked_once_and_the_clinic_reads_that_it_is_not_checked(people, intake):
    client = maya(people)
    page = send(client, "/intake/allergies", what="sertralin", reaction="Hives").content.decode()
    send(client, "/intake/allergies", **clicks(page, "No, keep “sertralin”"))
    again = send(client, "/intake/allergies", what=["sertralin", "latex"], reaction=["Hives", ""])
    assert again.status_code == 302, "she answered that"
    send(client, "/intake")
    clinic, address = signed_in(people.marchetti.user), f"/patients/{people.maya.pk}/assessment"
    words = clinic.get(address).content.decode()
    assert "“sertralin” not recognised: not checked (did she mean sertraline?)" in words
    answer = IntakeAnswer.objects.order_by("at").last()
    send(clinic, f"{address}/settle", answer=answer.pk, part="0")
    unread = WorklistItem.objects.get(reason__startswith="unread:")
    assert unread.level == "warning"
    assert unread.why == "Not recognised: “sertralin”. Nothing was checked against it. Did she mean sertraline?"
