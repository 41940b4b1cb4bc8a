"""Every address.  Each room brings its own, with its policy; those of allauth get theirs here."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import URLPattern, include, path
from django.views.decorators.http import require_safe

from althea.care.access import DECLARED, PUBLIC, SIGNED_IN
from althea.care.gate import with_its_trail

handler403 = "althea.care.unsaved.not_open"
handler404 = "althea.care.unsaved.not_found"
urlpatterns = [
    path("", include("althea.api.urls")),
    path("", include("althea.clinic.urls")),
    path("", include("althea.portal.urls")),
    path("account/", include("allauth.urls")),
]


def addresses(patterns: Iterable[Any]) -> Iterator[URLPattern]:
    """Each single address of these, however deep it lies."""
    for one in patterns:
        yield from ([one] if isinstance(one, URLPattern) else addresses(one.url_patterns))


for account in addresses(urlpatterns[-1:]):
    account.callback = with_its_trail(account.callback)
    if account.name == "account_email":  # it is read there, and changed by her clinic only: never by the library's form
        account.callback = require_safe(account.callback)

BEFORE_SIGN_IN = (
    "account_login", "account_logout", "account_inactive", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done", "mfa_authenticate", "mfa_login_webauthn",
    "account_signup", "account_confirm_email", "account_email_verification_sent", "account_confirm_login_code",
)  # fmt: skip
DECLARED |= dict.fromkeys(BEFORE_SIGN_IN, PUBLIC)
OWN_ACCOUNT = (
    "account_reauthenticate", "account_change_password", "account_set_password", "account_email", "mfa_index",
    "mfa_activate_totp", "mfa_deactivate_totp", "mfa_generate_recovery_codes", "mfa_view_recovery_codes",
    "mfa_download_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn",
    "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "usersessions_list",
)  # fmt: skip
DECLARED |= dict.fromkeys(OWN_ACCOUNT, SIGNED_IN)
