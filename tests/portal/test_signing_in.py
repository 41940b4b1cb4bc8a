"""Signing in, and looking after one's own keys: in our words, on every page; and no mail that says what it is about."""

import re

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    generate_totp_secret,
)
from django.core import mail
from django.test import Client
from django.utils import timezone

from althea.care import outbox
from althea.care.models import Outgoing
from tests.codes import code_now
from tests.people import signed_in

pytestmark = pytest.mark.django_db
OWN = ["2fa/", "2fa/totp/activate/", "2fa/webauthn/", "2fa/webauthn/add/", "password/change/", "email/", "sessions/",
       "logout/", "reauthenticate/"]  # fmt: skip
BEFORE = ["login/", "password/reset/", "password/reset/done/", "password/reset/key/1-abc/", "signup/", "inactive/",
          "confirm-email/"]  # fmt: skip
THEIR_WORDS = ("Two-Factor", "Authenticator", "Passwordless", "Security Key", "Unverified", "Make Primary", "Bad Token",
               "contact us", "reauthenticate", "Recovery Code", "@example.com says", "django")  # fmt: skip


NOT_RIGHT = (
    "That code is not right, or its half minute is over. Type the one that your app shows now, or a spare code that"
)


def once_more(user):
    """Signed in, and having shown once more that it is them."""
    client = signed_in(user)
    client.post("/account/reauthenticate/", {"password": "a long enough password"})
    return client


def with_an_app(user):
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


@pytest.mark.parametrize("who", ["maya", "marchetti"])
@pytest.mark.parametrize("there", OWN)
def test_each_page_of_ones_own_account_opens_and_speaks_our_language(people, who, there):
    page = once_more(getattr(people, who).user).get(f"/account/{there}")
    words = page.content.decode()
    assert page.status_code == 200, there
    assert "<title>Notes</title>" in words
    assert len(re.findall(r"<h1[ >]", words)) == 1
    assert [one for one in THEIR_WORDS if one in re.sub(r"<script.*?</script>|<[^>]+>", " ", words, flags=re.S)] == []
    assert "Leave quickly" in words


@pytest.mark.parametrize("there", BEFORE)
def test_each_page_before_signing_in_opens_and_speaks_our_language(db, there):
    page = Client().get(f"/account/{there}")
    words = page.content.decode()
    assert page.status_code == 200, there
    assert "<title>Notes</title>" in words
    assert len(re.findall(r"<h1[ >]", words)) == 1
    assert [one for one in THEIR_WORDS if one in re.sub(r"<script.*?</script>|<[^>]+>", " ", words, flags=re.S)] == []
    assert not [word for word in ("psychiat", "mental", "depress", "diagnos") if word in words.lower()]


def test_with_an_app_and_spare_codes_the_pages_say_how_many(people):
    with_an_app(people.marchetti.user)
    client = once_more(people.marchetti.user)
    assert "10 are left." in client.get("/account/2fa/").content.decode()
    assert "It is switched on." in client.get("/account/2fa/").content.decode()
    assert "10 of 10 are left." in client.get("/account/2fa/recovery-codes/").content.decode()
    assert "will stop working" in client.get("/account/2fa/recovery-codes/generate/").content.decode()
    assert "Switch off the app with codes?" in client.get("/account/2fa/totp/deactivate/").content.decode()


def test_a_passkey_is_named_by_its_day_until_it_gets_a_better_name(people):
    page = once_more(people.marchetti.user).get("/account/2fa/webauthn/add/").content.decode()
    assert re.search(r'name="name" value="Added on \d+ \w+ \d{4}"', page)
    assert "Master key" not in page


def test_an_app_is_set_up_with_its_first_code_and_a_wrong_one_is_said(people):
    client = once_more(people.marchetti.user)
    page = client.get("/account/2fa/totp/activate/").content.decode()
    secret = re.search(r'id="authenticator_secret"[^>]*>(\w+)<', page)[1]
    wrong = client.post("/account/2fa/totp/activate/", {"code": "000000"}).content.decode()
    assert NOT_RIGHT in wrong
    assert "Not saved." in wrong
    assert client.post("/account/2fa/totp/activate/", {"code": code_now(secret)}).status_code == 302
    assert "It is switched on." in client.get("/account/2fa/").content.decode()


def test_signing_in_asks_for_the_second_step_and_opens_with_a_spare_code_once(people):
    with_an_app(people.marchetti.user)
    spare = RecoveryCodes(people.marchetti.user.authenticator_set.get(type="recovery_codes")).get_unused_codes()[0]
    login = {"login": "marchetti@example.org", "password": "a long enough password"}
    first = Client()
    assert first.post("/account/login/", login)["Location"] == "/account/2fa/authenticate/"
    assert first.get("/today").status_code == 302  # half signed in is not signed in
    page = first.get("/account/2fa/authenticate/").content.decode()
    assert "One more step" in page
    assert "Use my passkey" in page
    assert first.post("/account/2fa/authenticate/", {"code": spare})["Location"] == "/start"
    assert first.get("/today").status_code == 200
    again = Client()
    again.post("/account/login/", login)
    refused = again.post("/account/2fa/authenticate/", {"code": spare})
    assert refused.status_code == 200
    assert NOT_RIGHT in refused.content.decode()
    assert again.get("/today").status_code == 302


def test_before_keys_are_changed_she_shows_once_more_that_it_is_her(people):
    with_an_app(people.marchetti.user)
    client = signed_in(people.marchetti.user)
    there = client.get("/account/2fa/recovery-codes/generate/")
    assert there.status_code == 302
    page = client.get(there["Location"]).content.decode()
    assert "Is it you?" in page


def test_there_is_no_sign_in_by_a_code_in_a_mail(db):
    assert Client().get("/account/login/code/").status_code == 404
    assert "sign-in code" not in Client().get("/account/login/").content.decode()


# --- a forgotten password -------------------------------------------------------------------------------------------------


def test_a_forgotten_password_sends_a_neutral_notice_through_the_outbox(people):
    answer = Client().post("/account/password/reset/", {"email": "maya@example.org"})
    assert answer["Location"] == "/account/password/reset/done/"
    assert mail.outbox == []
    row = Outgoing.objects.get()
    assert (row.kind, row.user, row.patient) == ("sign-in", people.maya.user, None)
    outbox.send_due(timezone.now())
    (sent,) = mail.outbox
    assert (sent.subject, sent.to) == ("Here is the link you asked for.", ["maya@example.org"])
    assert not [word for word in ("password", "Althea", "clinic", "Maya", "Notes") if word in sent.subject]


def test_the_link_sets_a_new_password_once(people):
    Client().post("/account/password/reset/", {"email": "maya@example.org"})
    link, client = Outgoing.objects.get().link, Client()
    there = client.get(link)["Location"]
    page = client.get(there).content.decode()
    assert "Choose a new password" in page
    weak = client.post(there, {"password1": "password1234", "password2": "password1234"})
    assert "Not saved." in weak.content.decode()
    new = {"password1": "three words in a row", "password2": "three words in a row"}
    assert client.post(there, new)["Location"] == "/account/password/reset/key/done/"
    assert "This link does not open" in Client().get(link, follow=True).content.decode()
    signed = Client().post("/account/login/", {"login": "maya@example.org", "password": "three words in a row"})
    assert signed["Location"] == "/start"


def test_a_new_password_does_not_stand_in_for_the_second_step(people):
    with_an_app(people.marchetti.user)
    Client().post("/account/password/reset/", {"email": "marchetti@example.org"})
    link, client = Outgoing.objects.get().link, Client()
    there = client.get(link)["Location"]
    client.post(there, {"password1": "three words in a row", "password2": "three words in a row"})
    assert client.get("/today").status_code == 302
    login = {"login": "marchetti@example.org", "password": "three words in a row"}
    assert Client().post("/account/login/", login)["Location"] == "/account/2fa/authenticate/"


def test_an_unknown_address_gets_the_same_answer_and_no_mail(people):
    known = Client().post("/account/password/reset/", {"email": "maya@example.org"})
    unknown = Client().post("/account/password/reset/", {"email": "nobody@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert Outgoing.objects.count() == 1
    assert mail.outbox == []


def test_she_sees_where_she_is_signed_in_and_ends_the_others(people):
    here, elsewhere = Client(), Client(headers={"User-Agent": "An older phone"})
    login = {"login": "maya@example.org", "password": "a long enough password"}
    for one in (elsewhere, here):
        one.post("/account/login/", login)
        assert one.get("/home").status_code == 200
    page = here.get("/account/sessions/").content.decode()
    assert "Here, now" in page
    assert "An older phone" in page
    here.post("/account/sessions/")
    assert here.get("/home").status_code == 200
    assert elsewhere.get("/home").status_code == 302


def test_having_looked_at_ones_email_does_not_keep_one_from_a_second_step(people):
    client = once_more(people.marchetti.user)
    client.get("/account/email/")
    for there in ("2fa/totp/activate/", "2fa/webauthn/add/"):
        assert client.get(f"/account/{there}").status_code == 200
