"""For the tests: everything in memory, unless DATABASE_URL names a PostgreSQL."""

import os

from althea.site.settings.base import *  # noqa: F403
from althea.site.settings.base import database

SECRET_KEY = "for tests only"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
DATABASES = {"default": database(os.environ.get("DATABASE_URL", ""), ":memory:")}
ALTHEA_BASE_URL = ""
ALTHEA_CDS_CLIENTS = {}
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

ALTHEA_AUDIT_KEY = "for tests only"
ALTHEA_AUDIT_ANCHOR = os.environ.get("ALTHEA_AUDIT_ANCHOR", "/nonexistent/audit-anchor.txt")
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
MFA_TOTP_TOLERANCE = 1  # a code must not run out between the line that makes it and the one that checks it
ACCOUNT_RATE_LIMITS = {}
