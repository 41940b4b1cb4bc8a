"""What was done with an account: signing in and out, the password, the second factor, sessions that were ended.

allauth does it and says so by signal; here each becomes a row of the trail, in the transaction of the request
(`gate.with_its_trail`). The
second factor is what signs an order, so who took one away, and when, must be known as surely as the order.
"""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from django.contrib.auth import signals as django_auth
from django.db.models.signals import post_delete, post_save
from django.utils import timezone

from althea.care import audit
from althea.care.access import who
from althea.care.models import User


def write(user: User | None, verb: str) -> None:
    """A row in the trail of the clinic that this person belongs to. Of whom it is not known, nothing can be kept."""
    if user is None or (clinic := who(user).clinic) is None:
        return
    own = getattr(user, "patient", None)
    audit.write(clinic=clinic, by=user, verb=verb, at=timezone.now(), patient=own, about=f"account {user.pk}")


def signed_in(sender: Any, user: User, **named: Any) -> None:
    write(user, "signed in")


def signed_out(sender: Any, user: User | None, **named: Any) -> None:
    write(user, "signed out")


def not_signed_in(sender: Any, credentials: dict[str, Any], **named: Any) -> None:
    """A wrong password for an account that there is."""
    wanted = credentials.get("email") or credentials.get("username") or ""
    write(User.objects.filter(email__iexact=str(wanted)).first(), "gave a wrong password")


def password(sender: Any, user: User, **named: Any) -> None:
    write(user, "changed password")


def factor_added(sender: Any, instance: Authenticator, created: bool, **named: Any) -> None:
    if created:
        write(instance.user, f"added second factor: {instance.type}")


def factor_removed(sender: Any, instance: Authenticator, **named: Any) -> None:
    write(instance.user, f"removed second factor: {instance.type}")


def factor_refused(sender: Any, user: User, **named: Any) -> None:
    write(user, "gave a wrong second factor")


class Sessions(DefaultUserSessionsAdapter):
    def end_sessions(self, sessions: Any) -> None:
        for user in {one.user for one in sessions}:
            write(user, "ended other sessions")
        super().end_sessions(sessions)


def listen() -> None:
    """Once, when Django is ready."""
    for signal, heard in (
        (account.user_logged_in, signed_in), (django_auth.user_logged_out, signed_out),
        (django_auth.user_login_failed, not_signed_in), (account.password_changed, password),
        (account.password_set, password), (account.password_reset, password),
        (mfa.authentication_failed, factor_refused),
    ):  # fmt: skip
        signal.connect(heard, dispatch_uid=f"althea {heard.__name__}")
    # allauth tells of these once they are saved for good; the row has to be part of it.
    post_save.connect(factor_added, sender=Authenticator, dispatch_uid="althea factor_added")
    post_delete.connect(factor_removed, sender=Authenticator, dispatch_uid="althea factor_removed")
