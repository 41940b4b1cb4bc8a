"""How do people sign in?  allauth does it; here is only what differs for Althea.

Nobody signs up by themselves: a woman follows her invitation, a colleague is added by the practice. Who she is, and
where she works, is fetched with the user in one query.
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from althea.care.models import User


class Backend(AuthenticationBackend):
    def get_user(self, user_id: Any) -> User | None:
        found = User.objects.select_related("member__clinic", "patient__clinic").filter(pk=user_id).first()
        return found if found is not None and found.is_active else None


class Adapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """allauth's own mails name what happened; ours say only that there is something to see."""
        context["current_site"] = "Notes"
        super().send_mail(template_prefix, email, context)
