"""How do people sign in?  allauth does it; here is only what differs for Althea.

Nobody signs up by themselves: a woman follows her invitation, a colleague is added by the practice. Who she is, and
where she works, is fetched with the user in one query.
"""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.utils import timezone

from althea.care import outbox
from althea.care.access import who
from althea.care.models import User

WAYS = {
    "reauthenticate": "Use my password",
    "mfa_reauthenticate": "Use a code",
    "mfa_reauthenticate:webauthn": "Use my passkey",
}
RESET = "account/email/password_reset_key"


class Backend(AuthenticationBackend):
    def get_user(self, user_id: Any) -> User | None:
        found = User.objects.select_related("member__clinic", "patient__clinic").filter(pk=user_id).first()
        return found if found is not None and found.is_active else None


class Adapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The ways to show once more that it is you, in our words."""
        return [one | {"description": WAYS[one["id"]]} for one in super().get_reauthentication_methods(user)]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """allauth's own mails name what happened and where. Ours go through the outbox, with neutral words and a link,
        and only the one that somebody asked for: a new password."""
        if template_prefix == RESET:
            user, at = context["user"], timezone.now()
            clinic = who(user).clinic
            if clinic is not None:
                outbox.add(
                    clinic=clinic, kind="sign-in", user=user, at=at, link=urlsplit(context["password_reset_url"]).path,
                    send_key=f"sign-in/{user.pk}/{at:%Y-%m-%dT%H:%M}",
                )  # fmt: skip


class SecondStep(DefaultMFAAdapter):
    error_messages: ClassVar[dict[str, Any]] = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "That code is not right, or its half minute is over. Type the one that your app shows now, "
        "or a spare code that was not used yet."
    }

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """What a new passkey is called until somebody gives it a better name: by the day, as two are told apart."""
        return f"Added on {timezone.localdate():%-d %B %Y}"
