"""For trying Althea on one's own machine: no real people, no tokens, reached from this machine only."""

import os

from django.core.management.utils import get_random_secret_key

from althea.site.settings.base import *  # noqa: F403
from althea.site.settings.base import MIDDLEWARE, ROOT


def _kept_secret() -> str:
    """The same key at every start, so that the demo's own audit trail still verifies tomorrow."""
    where = ROOT / ".demo" / "secret"
    if not where.exists():
        where.parent.mkdir(exist_ok=True)
        where.write_text(get_random_secret_key(), encoding="utf-8")
        where.chmod(0o600)
    return where.read_text(encoding="utf-8")


# Only the exact word counts: without it these settings ask for tokens like any other.
ALTHEA_DEMO = os.environ.get("ALTHEA_DEMO") == "1"
SECRET_KEY = _kept_secret()
ALTHEA_AUDIT_KEY = SECRET_KEY
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

# Made small on the way: a clinic's own files are made small once, by collectstatic.
MIDDLEWARE = ["django.middleware.gzip.GZipMiddleware", *MIDDLEWARE]

# Static files are served from where they lie: the demo needs no collectstatic.
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True

# Mail stays on this machine: it is read on the page "Demo outbox".
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # passkeys on http://localhost
MFA_TOTP_TOLERANCE = 10  # the code that the demo shows on its page holds for five minutes, so that one can read first
