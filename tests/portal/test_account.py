"""An invitation, an account, and who has looked: hers to begin, hers to see."""

from datetime import timedelta

import pytest
from django.utils import timezone

from althea.care.actions import people as letting_in
from althea.care.actions.patient import register
from althea.care.models import AuditRow, Intake, Outgoing, Patient, Proxy, User
from tests.people import NOW, send, signed_in

pytestmark = pytest.mark.django_db
PASSWORD = "otter lamp seven river"


def invited(people):
    return register(
        clinic=people.clinic, name="Amara Nwosu", called="", born_on=None, email="amara@example.org", on=NOW.date(),
        prescriber=people.marchetti, why="Low mood", by=people.desk.user, at=timezone.now(),
    )  # fmt: skip


def test_the_front_desk_registers_her_and_her_invitation_is_on_its_way(people):
    answer = send(
        signed_in(people.desk.user), "/patients/new", name="Amara Nwosu", email="amara@example.org", why="Low mood",
        prescriber=str(people.marchetti.pk), born_on="1996-02-29",
    )  # fmt: skip
    assert answer.status_code == 302
    amara = Patient.objects.get(name="Amara Nwosu")
    assert amara.team.get().member == people.marchetti
    assert Intake.objects.get().patient == amara
    assert Outgoing.objects.get().kind == "invitation"


@pytest.mark.parametrize(
    ("born", "words"),
    [
        ("2999-01-01", "cannot be a date of birth. Enter the day she was born."),
        ("1850-01-01", "cannot be a date of birth. Enter the day she was born."),
        ("yesterday", "Enter a valid date."),
    ],
)
def test_a_date_of_birth_that_cannot_be_is_refused(people, born, words):
    page = send(signed_in(people.desk.user), "/patients/new", name="A", email="a@example.org", why="x", born_on=born,
                prescriber=str(people.marchetti.pk))  # fmt: skip
    assert words in page.content.decode()
    assert not Patient.objects.filter(name="A").exists()


def test_a_prescriber_of_another_clinic_cannot_be_hers(people):
    page = send(signed_in(people.desk.user), "/patients/new", name="A", email="a@example.org", why="x",
                prescriber=str(people.ibarra.pk))  # fmt: skip
    assert page.status_code == 200
    assert not Patient.objects.filter(name="A").exists()


def test_she_follows_the_link_and_is_at_home(people):
    _, token = invited(people)
    client = signed_in(None)
    page = client.get(f"/welcome/{token}").content.decode()
    assert "Hello, Amara" in page
    assert "<title>Notes</title>" in page
    assert client.post(f"/welcome/{token}", {"password": PASSWORD})["Location"] == "/home"
    assert client.get("/home").status_code == 200
    assert User.objects.get(email="amara@example.org").check_password(PASSWORD)


def test_a_link_opens_once(people):
    _, token = invited(people)
    signed_in(None).post(f"/welcome/{token}", {"password": PASSWORD})
    again = signed_in(None).get(f"/welcome/{token}")
    assert again.status_code == 404
    assert "This link was used already. Sign in, or ask the clinic for a new one." in again.content.decode()


def test_an_old_link_does_not_open(people):
    amara, _ = invited(people)
    token = letting_in.invite(patient=amara, by=people.desk.user, at=timezone.now() - timedelta(days=15))
    assert (
        "This link is too old. Ask the clinic for a new one."
        in signed_in(None).get(f"/welcome/{token}").content.decode()
    )


@pytest.mark.parametrize("password", ["short", "123456789012", "amara@example.org"])
def test_a_weak_password_is_refused_and_the_link_stays_open(people, password):
    _, token = invited(people)
    assert signed_in(None).post(f"/welcome/{token}", {"password": password}).status_code == 200
    assert not User.objects.filter(email="amara@example.org").exists()


def test_the_token_itself_is_not_kept(people):
    _, token = invited(people)
    assert token not in str(list(AuditRow.objects.values()))
    assert letting_in.Invitation.objects.get().digest != token


def test_she_sees_who_looked(people):
    signed_in(people.marchetti.user).get(f"/patients/{people.maya.pk}/messages")
    signed_in(people.marchetti.user).get(f"/patients/{people.maya.pk}/messages")
    page = signed_in(people.maya.user).get("/who-looked").content.decode()
    assert "<strong>Dr Marchetti, prescriber</strong> looked at your record, 2 times" in page


def test_who_is_called_a_nurse_is_not_called_one_twice(people):
    signed_in(people.nurse.user).get(f"/patients/{people.maya.pk}/messages")
    page = signed_in(people.maya.user).get("/who-looked").content.decode()
    assert "<strong>Nurse Okoye</strong> looked at your record" in page


def test_her_notices_are_hers_to_choose(people):
    client = signed_in(people.maya.user)
    send(client, "/account/mine", notices="email", notice_words="Garden club", quiet_from="20:00", quiet_until="10:00")
    people.maya.refresh_from_db()
    assert (people.maya.notices, people.maya.notice_words) == ("email", "Garden club")
    assert str(people.maya.quiet_until) == "10:00:00"


def test_words_too_long_for_a_lock_screen_are_refused(people):
    page = send(signed_in(people.maya.user), "/account/mine", notices="email", notice_words="x" * 41)
    assert page.status_code == 200
    people.maya.refresh_from_db()
    assert people.maya.notice_words == ""


def test_sam_sees_nothing_though_she_let_him_see_visits(people):
    Proxy.objects.create(
        patient=people.maya, user=people.sam, may=["see visits"], until=NOW + timedelta(days=900), accepted_at=NOW
    )
    for address in (
        "/home",
        "/messages",
        "/progress",
        "/medicine",
        "/options",
        "/who-looked",
        f"/patients/{people.maya.pk}/",
    ):
        assert signed_in(people.sam).get(address).status_code == 404


def test_signing_in_says_nothing_of_what_this_is(people):
    page = signed_in(None).get("/account/login/").content.decode()
    assert "<title>Notes</title>" in page
    assert "Welcome back" in page
    assert "No name of the app, no medicine, no clinic. You choose the words." in page


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(people):
    def answer(login):
        page = signed_in(None).post("/account/login/", {"login": login, "password": "not the one"}).content.decode()
        return page.replace(login, "")

    def bare(page):
        import re

        return re.sub(r'value="[A-Za-z0-9]{64}"|nonce="[^"]*"', "", page)

    assert bare(answer("maya@example.org")) == bare(answer("nobody@example.org"))


def test_a_question_that_was_left_open_is_named_without_two_marks(people):
    page = send(signed_in(people.maya.user), "/people", called="", email="").content.decode()
    assert "What do you call this person: Write a name, such as Sam." in page
    assert "?:" not in page[page.index("Not saved.") : page.index("</ul>", page.index("Not saved."))]


def test_her_number_is_hers_to_write_and_the_email_says_who_changes_it(people):
    client = signed_in(people.maya.user)
    assert "Your clinic changes that for you: ask them." in client.get("/account/mine").content.decode()
    send(client, "/account/mine", do="phone", phone=" 555 0133 ")
    people.maya.refresh_from_db()
    assert (people.maya.phone, people.maya.notices) == ("555 0133", "email")
    assert 'value="555 0133"' in client.get("/account/mine").content.decode()
    page = send(client, "/account/mine", do="phone", phone="ask Sam").content.decode()
    assert "Enter a number to call, for example 555 0123, or leave it empty." in page
    send(client, "/account/mine", do="phone", phone="")
    people.maya.refresh_from_db()
    assert people.maya.phone == ""


def test_her_notices_saved_leave_her_number_as_it_is(people):
    people.maya.put(phone="555 0133")
    send(signed_in(people.maya.user), "/account/mine", notices="none")
    people.maya.refresh_from_db()
    assert (people.maya.phone, people.maya.notices) == ("555 0133", "none")
