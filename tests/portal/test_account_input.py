"""Whatever is typed into a form of signing in, or of one's own account: it is kept whole or refused in words, and no
page breaks. The forms that a link of a mail opens are here too."""

from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from althea.care.access import VISITS
from althea.care.actions import people as inviting
from althea.care.actions import trusted
from althea.care.checks import routes
from althea.care.gate import policy_of
from althea.care.models import Outgoing
from tests.care.test_bad_input import FIRST, LAST, LONG, ODD
from tests.care.test_matrix import undone
from tests.care.test_signing import SoftKey
from tests.care.walking import addresses, answering, forms_on, name_of
from tests.faults.test_steps import whole
from tests.people import signed_in
from tests.portal.test_signing_in import once_more, with_an_app

pytestmark = pytest.mark.django_db
NOT_WRITTEN_AGAIN = ("password", "password1", "password2", "oldpassword", "code")
"""Where one signs in or chooses a password, a page does not say what was typed."""
NO_FORM = {
    "account_confirm_email": "it asks for a yes, and no such mail is sent",
    "account_confirm_login_code": "codes in a mail are switched off",
    "account_signup": "nobody signs up by themselves",
    "demo-as": "only in the demo, where it is a button",
    "mfa_download_recovery_codes": "it gives a file",
    "usersessions_list": "one button, for who is signed in twice",
}


def pages(people):
    """(who asks, the page) of all that is before signing in, and of an account with a second factor of each kind."""
    now, out = timezone.now(), signed_in(None)
    yield out, f"/welcome/{inviting.invite(patient=people.far, by=people.ibarra.user, at=now)}"
    _, token = trusted.invite(patient=people.maya, called="Sam", email="new@example.org", may=[VISITS],
                              until=now + timedelta(days=9), by=people.maya.user, at=now)  # fmt: skip
    yield out, f"/let-in/{token}"
    out.post("/account/password/reset/", {"email": "maya@example.org"})
    yield out, out.get(Outgoing.objects.filter(kind="sign-in").latest("created_at").link)["Location"]
    yield once_more(people.maya.user), "/account/2fa/totp/activate/"
    people.noors.set_unusable_password()
    people.noors.save()
    yield signed_in(people.noors), "/account/password/set/"
    with_an_app(people.marchetti.user)
    SoftKey(people.marchetti.user)
    half = Client()
    half.post("/account/login/", {"login": "marchetti@example.org", "password": "a long enough password"})
    yield half, "/account/2fa/authenticate/"
    own = once_more(people.marchetti.user)
    key = people.marchetti.user.authenticator_set.get(type="webauthn").pk
    for address, name, view in routes():
        for there in addresses(address.replace("<int:pk>", str(key)), name, {}):
            if policy_of(view, name).audience in ("anyone", "signed in"):
                yield (out if policy_of(view, name).audience == "anyone" else own), there


@pytest.fixture
def forms(people):
    found = []
    for client, there in pages(people):
        client.raise_request_exception = False
        found += [(client, *form) for form in forms_on(client, [there])]
    return found


@pytest.mark.parametrize("text", [LONG, ODD], ids=["ten thousand characters and more", "emoji, right to left, markup"])
def test_what_is_typed_into_a_form_of_the_account_breaks_nothing(forms, text):
    wrong, typed = [], 0
    for client, _, action, sent, written in forms:
        for field in sorted(written):
            typed += 1
            with undone():
                answer = client.post(action, {**dict(sent), field: text})
                kept = repr(whole())
            page, where = answer.content.decode(), f"{field} of {name_of(action)}"
            if answer.status_code not in (200, 302):
                wrong.append(f"{where} gave {answer.status_code}")
            if "<script>alert(1)" in page:
                wrong.append(f"{where} is run")
            if kept.count(FIRST) != kept.count(LAST):
                wrong.append(f"{where} is cut")
            if answer.status_code == 200 and field not in NOT_WRITTEN_AGAIN and text not in unescape(page):
                wrong.append(f"{where} is gone")
    assert not wrong, "\n".join(wrong)
    assert typed >= 15


def test_every_route_of_the_account_that_takes_a_form_is_among_them(people, forms):
    walked = {name_of(action) for _, _, action, *_ in forms}
    taking = answering(["anyone", "signed in"], lambda policy: once_more(people.maya.user), people.maya)
    assert taking - walked == NO_FORM.keys()
