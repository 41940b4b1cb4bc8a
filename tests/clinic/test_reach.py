"""How she is reached is put right by her team or the front desk: a number, a typing error, a link that is too old."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.utils import timezone

from althea.care import entries as said
from althea.care import outbox
from althea.care.actions import patient as patients
from althea.care.actions import safety
from althea.care.models import AuditRow, Clinic, Invitation, Outgoing, Patient, User
from althea.care.outbox import send_due
from tests.care.test_outbox import FORBIDDEN
from tests.clinic.reviewing import tell
from tests.people import NOW, a_user, send, signed_in

pytestmark = pytest.mark.django_db
PASSWORD = "three warm grey stones"


def registered(people, at=None, email="amara@exmaple.org"):
    now = at or timezone.now()
    return patients.register(
        clinic=people.clinic, name="Amara Nwosu", called="", born_on=None, email=email, prescriber=people.marchetti,
        why="Low mood", by=people.desk.user, at=now, on=now.date(), others=[people.nurse],
    )  # fmt: skip


def where(her):
    return f"/patients/{her.pk}/reach"


def opens(token):
    return signed_in(None).get(f"/welcome/{token}")


def newest_token(her):
    return Outgoing.objects.filter(patient=her, kind="invitation").order_by("-created_at").first().link.split("/")[-1]


# --- her invitation ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["desk", "marchetti", "nurse"])
def test_a_new_link_is_sent_and_the_old_one_opens_nothing_any_more(people, who):
    her, token = registered(people)
    client = signed_in(getattr(people, who).user)
    assert "Send a new invitation" in client.get(where(her)).content.decode()
    send(client, where(her), do="invite")
    gone = opens(token)
    assert gone.status_code == 404
    assert "The clinic sent you a newer link since. Use that one." in gone.content.decode()
    assert opens(newest_token(her)).status_code == 200
    rows = AuditRow.objects.filter(patient=her, verb="invited")
    assert rows.count() == 2
    assert rows.order_by("-seq").first().actor == getattr(people, who).user


def test_one_that_is_too_old_says_so_and_the_new_one_opens_her_account(people):
    her, token = registered(people, timezone.now() - timedelta(days=15))
    page = signed_in(people.desk.user).get(where(her)).content.decode()
    assert "<strong>it is too old</strong>" in page
    send(signed_in(people.desk.user), where(her), do="invite")
    assert "too old" not in signed_in(people.desk.user).get(where(her)).content.decode()
    signed_in(None).post(f"/welcome/{newest_token(her)}", {"password": PASSWORD})
    her.refresh_from_db()
    assert her.user.check_password(PASSWORD)
    assert opens(token).status_code == 404


def test_a_link_that_waits_to_be_sent_is_not_sent_once_a_newer_one_is(people):
    her, _ = registered(people)
    send(signed_in(people.desk.user), where(her), do="invite")
    send_due(timezone.now())
    assert [one.to for one in mail.outbox] == [["amara@exmaple.org"]]


def test_a_wrong_address_is_put_right_and_the_link_goes_there_at_once(people):
    her, token = registered(people)
    send_due(timezone.now())
    send(signed_in(people.desk.user), where(her), email="amara@example.org", phone="")
    her.refresh_from_db()
    assert her.email == "amara@example.org"
    assert opens(token).status_code == 404
    token = newest_token(her)
    send_due(timezone.now())
    assert [one.to for one in mail.outbox] == [["amara@exmaple.org"], ["amara@example.org"]]
    signed_in(None).post(f"/welcome/{token}", {"password": PASSWORD})
    assert User.objects.get(email="amara@example.org").patient == her


def test_her_own_list_of_looks_tells_who_changed_it_and_the_trail_holds_neither_number_nor_address(people):
    her, _ = registered(people)
    send(signed_in(people.desk.user), where(her), email="amara@example.org", phone="555 0177")
    signed_in(None).post(f"/welcome/{newest_token(her)}", {"password": PASSWORD})
    page = signed_in(User.objects.get(email="amara@example.org")).get("/who-looked").content.decode()
    assert "<strong>Front desk</strong> changed how to reach you" in page
    assert "<strong>Front desk</strong> sent you a link to make your account" in page
    trail = str(list(AuditRow.objects.values()))
    assert "555 0177" not in trail
    assert "amara@" not in trail


def test_a_woman_with_an_account_gets_no_invitation(people):
    client = signed_in(people.desk.user)
    page = client.get(where(people.maya)).content.decode()
    assert "She has her own account." in page
    assert "Send a new invitation" not in page
    send(client, where(people.maya), do="invite")
    assert not Invitation.objects.exists()
    assert "She has her account already." in client.get(where(people.maya)).content.decode()


# --- the email she signs in with ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["marchetti", "nurse"])
def test_her_team_changes_the_email_she_signs_in_with(people, who):
    EmailAddress.objects.create(user=people.maya.user, email="maya@example.org", primary=True)
    page = signed_in(getattr(people, who).user).get(where(people.maya)).content.decode()
    assert "She signs in with it. Be sure that it is she who asks, and that nobody else reads it." in page
    send(signed_in(getattr(people, who).user), where(people.maya), email="Maya.New@example.org", phone="")
    people.maya.refresh_from_db()
    assert (people.maya.email, people.maya.user.email) == ("Maya.New@example.org", "maya.new@example.org")
    assert not EmailAddress.objects.exists()
    assert not Invitation.objects.exists()

    def signs_in(login):
        sent = {"login": login, "password": "a long enough password"}
        return signed_in(None).post("/account/login/", sent).status_code == 302

    assert signs_in("maya.new@example.org")
    assert not signs_in("maya@example.org")
    assert "changed the email for signing in" in signed_in(people.maya.user).get("/who-looked").content.decode()


def test_the_front_desk_does_not_for_it_opens_her_record(people):
    page = signed_in(people.desk.user).get(where(people.maya)).content.decode()
    assert "She signs in with it, so her prescriber or nurse changes it, when she asks." in page
    send(signed_in(people.desk.user), where(people.maya), email="desk@example.net", phone="555 0133")
    people.maya.refresh_from_db()
    assert (people.maya.email, people.maya.phone) == ("maya@example.org", "555 0133")
    assert people.maya.user.email == "maya@example.org"


# --- the address before ----------------------------------------------------------------------------------------------------


def moved(people, email="maya.new@example.org", at=NOW):
    people.maya.refresh_from_db()
    return patients.address(patient=people.maya, email=email, by=people.nurse.user, at=at)


def test_the_address_before_is_told_once_in_neutral_words_and_whom_to_call(people):
    moved(people)
    assert not moved(people, "MAYA.NEW@example.org"), "saved as it was"
    send_due(NOW)
    send_due(NOW + timedelta(hours=1))
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["maya@example.org"], "You have an update.")
    assert letter.body == (
        "You have an update.\n\nThe email address of your account was changed. Nothing more comes to this one. "
        "If you did not ask for that, call the people who gave you the account.\n"
    )
    assert [word for word in FORBIDDEN if word in f"{letter.subject} {letter.body}".lower()] == []
    assert "http" not in letter.body, "nothing in it leads to a place that names the clinic"


def test_without_a_number_of_the_clinic_it_says_whom_to_call_all_the_same(people):
    Clinic.objects.filter(pk=people.clinic.pk).update(phone="")
    people.maya.clinic.refresh_from_db()
    moved(people)
    send_due(NOW)
    assert "call the people who gave you the account." in mail.outbox[0].body


def test_the_letter_is_of_the_same_transaction_and_the_address_is_kept_no_longer_than_it_is_needed(people, monkeypatch):
    def breaks(**named):
        raise OSError

    with monkeypatch.context() as broken:
        broken.setattr(outbox, "add", breaks)
        with pytest.raises(OSError):
            moved(people)
    people.maya.refresh_from_db()
    assert people.maya.email == "maya@example.org", "changed and told, or neither"
    moved(people)
    row = Outgoing.objects.get()
    assert row.link == "mailto:maya@example.org"
    send_due(NOW)
    row.refresh_from_db()
    assert (row.state, row.link) == ("sent", "")


def test_her_own_words_stand_on_the_lock_screen_and_it_comes_by_day(people):
    Patient.objects.filter(pk=people.maya.pk).update(notice_words="Parcel")
    moved(people, at=NOW + timedelta(hours=13))  # seven past eleven in the evening in New York
    assert outbox.send_due(NOW + timedelta(hours=13)).sent == 0
    assert outbox.send_due(NOW + timedelta(hours=24)).sent == 1
    assert mail.outbox[0].subject == "Parcel"


def test_who_wants_no_notices_gets_none_and_her_team_reads_that_before_it_changes_the_address(people):
    page = signed_in(people.nurse.user).get(where(people.maya)).content.decode()
    assert "The address before gets a neutral note that it was changed." in page
    Patient.objects.filter(pk=people.maya.pk).update(notices="none")
    page = signed_in(people.nurse.user).get(where(people.maya)).content.decode()
    assert "She wants no notices, so the address before is not told that it was changed." in page
    moved(people)
    send_due(NOW)
    assert mail.outbox == []


def test_changed_back_before_it_was_sent_nobody_is_told_of_an_address_that_is_hers_again(people):
    moved(people)
    moved(people, "maya@example.org")
    send_due(NOW)
    assert [letter.to for letter in mail.outbox] == [["maya.new@example.org"]]


def test_without_an_account_there_is_no_letter_but_an_invitation(people):
    her, _ = registered(people)
    patients.address(patient=her, email="amara@example.org", by=people.desk.user, at=timezone.now())
    assert set(Outgoing.objects.values_list("kind", flat=True)) == {"invitation"}


@pytest.mark.parametrize("who", ["maya", "nurse"])
def test_nobody_changes_their_own_address_by_a_form_of_the_library(people, who):
    """Her page says that the clinic changes it, so that nobody who holds her phone can take her account."""
    user, client = getattr(people, who).user, signed_in(getattr(people, who).user)
    client.post("/account/reauthenticate/", {"password": "a long enough password"})
    for deed in ("action_add", "action_primary"):
        assert client.post("/account/email/", {deed: "", "email": "thief@example.net"}).status_code == 405
    user.refresh_from_db()
    assert user.email != "thief@example.net"
    assert client.get("/account/email/").status_code == 200


# --- what is refused ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("noor@example.org", "Somebody of this clinic is registered with this email"),
        ("NOOR@example.org", "Somebody of this clinic is registered with this email"),
        ("ibarra@example.org", "Somebody signs in here with this email. Ask her for another one."),
        ("", "Enter her email address."),
        ("maya", "Enter a valid email address."),
    ],
)
def test_an_address_that_cannot_be_hers_is_refused_and_nothing_changes(people, email, words):
    page = send(signed_in(people.marchetti.user), where(people.maya), email=email, phone="555 0100").content.decode()
    assert words in page
    assert "Noor" not in page
    people.maya.refresh_from_db()
    assert (people.maya.email, people.maya.phone) == ("maya@example.org", "")


def test_a_woman_without_an_account_gets_no_address_that_somebody_signs_in_with(people):
    her, token = registered(people)
    a_user("Taken", "taken@example.org")
    page = send(signed_in(people.desk.user), where(her), email="taken@example.org", phone="").content.decode()
    assert "Somebody signs in here with this email." in page
    assert opens(token).status_code == 200


def test_a_form_that_does_not_hold_her_number_does_not_empty_it(people):
    Patient.objects.filter(pk=people.maya.pk).update(phone="555 0133")
    send(signed_in(people.desk.user), where(people.maya), words="x")
    people.maya.refresh_from_db()
    assert people.maya.phone == "555 0133"


def test_saved_as_it_was_nothing_changes_and_no_link_goes(people):
    her, token = registered(people)
    client = signed_in(people.desk.user)
    send(client, where(her), email="amara@exmaple.org", phone="")
    assert "Nothing was changed." in client.get(where(her)).content.decode()
    assert opens(token).status_code == 200


# --- whom it is shown to ------------------------------------------------------------------------------------------------


def test_the_front_desk_sees_how_she_is_reached_and_nothing_of_her_record(people):
    tell(people, said.Allergy(text="penicillin"), timezone.now().date())
    Patient.objects.filter(pk=people.maya.pk).update(confidant="Sam", confidant_phone="555 0142", phone="555 0133")
    page = signed_in(people.desk.user).get(where(people.maya)).content.decode()
    assert 'value="555 0133"' in page
    for words in ("penicillin", '"Sam"', ">Sam<", "555 0142", "/chart", "Assessment"):
        assert words not in page


def test_of_another_clinic_or_another_team_she_does_not_exist(people):
    assert signed_in(people.desk.user).get(where(people.far)).status_code == 404
    assert signed_in(people.hale.user).get(where(people.maya)).status_code == 404
    for who in ("therapist", "admin"):
        assert signed_in(getattr(people, who).user).get(where(people.maya)).status_code == 404


def test_the_lists_lead_there(people):
    her, _ = registered(people)
    desk = signed_in(people.desk.user).get("/patients").content.decode()
    assert f'<a href="{where(people.maya)}"><bdi>Maya Okafor-Lind</bdi></a>' in desk
    assert (
        f'<a class="small no-account" href="{where(her)}">No account yet<span class="vh">: Amara Nwosu</span></a>'
        in desk
    )
    assert desk.count("No account yet") == 1
    page = signed_in(people.marchetti.user).get(f"/patients/{her.pk}/who").content.decode()
    assert f'<a href="{where(her)}">see her invitation</a>' in page
    assert "Not written down" in page


# --- her number ------------------------------------------------------------------------------------------------------------


def test_it_is_asked_when_she_is_registered(people):
    sent = {
        "name": "Amara Nwosu",
        "email": "amara@example.org",
        "why": "Low mood",
        "prescriber": str(people.marchetti.pk),
    }
    client = signed_in(people.desk.user)
    assert "Enter a number to call" in send(client, "/patients/new", **sent, phone="ask her").content.decode()
    send(client, "/patients/new", **sent, phone=" +1 555 0177 ")
    assert Patient.objects.get(name="Amara Nwosu").phone == "+1 555 0177"


@pytest.mark.parametrize(("phone", "words"), [("no", "Enter a number to call, for example 555 0123, or leave it empty."),
                                              ("5" * 41, "That is 41 characters. A number has 40 at most.")])  # fmt: skip
def test_what_is_no_number_is_refused_in_words(people, phone, words):
    page = send(signed_in(people.desk.user), where(people.maya), phone=phone).content.decode()
    assert words in page


def test_call_her_has_her_number_or_says_that_there_is_none_and_whom_she_would_call(people):
    safety.asked_for_a_call(patient=people.maya, by=people.maya.user, at=timezone.now())
    client, chart = signed_in(people.marchetti.user), f"/patients/{people.maya.pk}/"
    page = client.get(chart).content.decode()
    assert "No phone number of hers is written down." in page
    assert f'<a href="{where(people.maya)}">Write it down</a>' in page
    assert "whom she would call" not in page
    Patient.objects.filter(pk=people.maya.pk).update(confidant="Sam", confidant_phone="555 0142")
    page = client.get(chart).content.decode()
    assert '<bdi>Sam</bdi>, whom she would call: <a href="tel:555 0142">555 0142</a>.' in page
    send(client, where(people.maya), email="maya@example.org", phone="555 0133")
    page = client.get(chart).content.decode()
    assert 'href="tel:555 0133">Call Maya: 555 0133</a>' in page
    assert "No phone number" not in page
