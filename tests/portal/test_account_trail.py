"""What is done with an account is in the trail, and a form of an invitation that is sent twice is one deed."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from althea.care import audit
from althea.care.access import VISITS
from althea.care.actions import people as actions
from althea.care.actions import trusted
from althea.care.models import AuditRow, User
from tests.codes import code_now
from tests.people import a_patient
from tests.portal.test_signing_in import once_more, with_an_app

pytestmark = pytest.mark.django_db
PASSWORD = "otter lamp seven river"


def rows(user):
    return list(AuditRow.objects.filter(about=f"account {user.pk}").order_by("seq").values_list("verb", flat=True))


def test_signing_in_and_out_and_a_wrong_password_are_rows_of_her_clinics_trail(people):
    user = people.maya.user
    user.set_password(PASSWORD)
    user.save()
    client = Client()
    client.post("/account/login/", {"login": user.email, "password": "not this one at all"})
    assert rows(user) == ["gave a wrong password"]
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    client.post("/account/logout/")
    assert rows(user) == ["gave a wrong password", "signed in", "signed out"]
    row = AuditRow.objects.filter(verb="signed in").get()
    assert (row.actor, row.patient, row.role) == (user, people.maya, "herself")
    assert audit.verify(people.clinic) is None


def test_an_address_that_nobody_has_leaves_no_row(people):
    Client().post("/account/login/", {"login": "nobody@example.org", "password": "x" * 14})
    assert not AuditRow.objects.filter(verb="gave a wrong password").exists()


def test_a_second_factor_added_and_taken_away_is_told_with_its_kind(people):
    user = people.marchetti.user
    client = once_more(user)
    client.get("/account/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    assert client.post("/account/2fa/totp/activate/", {"code": code_now(secret)}).status_code == 302
    assert "added second factor: totp" in rows(user)
    client.post("/account/2fa/totp/deactivate/")
    assert "removed second factor: totp" in rows(user)
    assert not Authenticator.objects.filter(user=user, type="totp").exists()


def test_a_wrong_second_factor_is_told(people):
    user = people.marchetti.user
    with_an_app(user)
    user.set_password(PASSWORD)
    user.save()
    client = Client()
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    client.post("/account/2fa/authenticate/", {"code": "000000"})
    assert "gave a wrong second factor" in rows(user)
    assert "signed in" not in rows(user)


def test_a_new_password_is_told_and_kept_only_with_its_row(people, monkeypatch):
    user = people.maya.user
    new = {"oldpassword": "a long enough password", "password1": PASSWORD, "password2": PASSWORD}

    def full(**row):
        raise RuntimeError("no room")

    with monkeypatch.context() as without_room:
        without_room.setattr(audit, "write", full)
        with pytest.raises(RuntimeError):
            once_more(user).post("/account/password/change/", new)
    assert User.objects.get(pk=user.pk).check_password("a long enough password")
    once_more(user).post("/account/password/change/", new)
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)
    assert "changed password" in rows(user)


# --- sent twice -----------------------------------------------------------------------------------------------------------


def invited(people):
    her = a_patient(people.clinic, "Nora Vale")
    return her, actions.invite(patient=her, by=people.desk.user, at=timezone.now())


def test_a_double_click_on_her_first_page_leads_home_twice_and_makes_one_account(people):
    her, token = invited(people)
    first, second = (Client().post(f"/welcome/{token}", {"password": PASSWORD}) for _ in range(2))
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"]) == (302, "/home")
    assert User.objects.filter(email=her.email).count() == 1


def test_another_password_or_a_later_day_is_no_double_click(people, time_machine):
    _, token = invited(people)
    Client().post(f"/welcome/{token}", {"password": PASSWORD})
    assert Client().post(f"/welcome/{token}", {"password": "quite another password"}).status_code == 404
    time_machine.move_to(timezone.now() + timedelta(minutes=11))
    assert Client().post(f"/welcome/{token}", {"password": PASSWORD}).status_code == 404


def test_a_helpers_double_click_leads_to_where_she_let_them_in_and_not_once_it_is_over(people):
    at = timezone.now()
    row, token = trusted.invite(
        patient=people.maya, called="Ida", email="ida@example.org", may=[VISITS], until=at + timedelta(days=30),
        by=people.maya.user, at=at,
    )  # fmt: skip
    there = [Client().post(f"/let-in/{token}", {"password": PASSWORD}) for _ in range(2)]
    assert [one["Location"] for one in there] == [f"/with/{row.pk}"] * 2
    row.refresh_from_db()
    trusted.let_go(proxy=row, by=people.maya.user, at=timezone.now())
    assert Client().post(f"/let-in/{token}", {"password": PASSWORD}).status_code == 404
