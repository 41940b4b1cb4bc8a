"""For a clinic.  These settings refuse to start when something that keeps people safe is missing.

Before the first start: `manage.py migrate`, `manage.py createcachetable`, `manage.py collectstatic`.
"""

import os

from django.core.exceptions import ImproperlyConfigured

from althea.site.settings.base import *  # noqa: F403
from althea.site.settings.base import ALTHEA_BASE_URL, DATABASES


def _said_yes(name: str) -> bool:
    return os.environ.get(name, "").strip().lower() not in ("", "0", "false", "no", "off")


if os.environ.get("ALTHEA_DEMO"):
    raise ImproperlyConfigured("ALTHEA_DEMO is set: it lets anyone ask without a token. Unset it.")
for name in ("DEBUG", "DJANGO_DEBUG", "ALTHEA_DEBUG"):
    if _said_yes(name):
        raise ImproperlyConfigured(f"{name} is set: error pages would show what people told us. Unset it.")

SECRET_KEY = os.environ.get("ALTHEA_SECRET_KEY", "")
if len(SECRET_KEY) < 32:
    raise ImproperlyConfigured("ALTHEA_SECRET_KEY is missing or shorter than 32 characters. Set a random one.")

ALTHEA_AUDIT_KEY = os.environ.get("ALTHEA_AUDIT_KEY", "")
if len(ALTHEA_AUDIT_KEY) < 32 or ALTHEA_AUDIT_KEY == SECRET_KEY:
    raise ImproperlyConfigured("ALTHEA_AUDIT_KEY is missing, short, or the secret key. Set a random one of its own.")
if not os.environ.get("ALTHEA_AUDIT_ANCHOR"):
    raise ImproperlyConfigured(
        "ALTHEA_AUDIT_ANCHOR must name a file outside the database: where the trail's end is kept."
    )

ALLOWED_HOSTS = [host.strip() for host in os.environ.get("ALTHEA_ALLOWED_HOSTS", "").split(",") if host.strip()]
if not ALLOWED_HOSTS or any("*" in host or host.startswith(".") for host in ALLOWED_HOSTS):
    raise ImproperlyConfigured("ALTHEA_ALLOWED_HOSTS must name each host, separated by commas, without wildcards.")

if not ALTHEA_BASE_URL.startswith("https://"):
    raise ImproperlyConfigured("ALTHEA_BASE_URL must be the https address that clients use.")

if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql" and not os.environ.get("ALTHEA_SQLITE_PATH"):
    raise ImproperlyConfigured("Set DATABASE_URL (postgresql://...), or ALTHEA_SQLITE_PATH for a small clinic.")
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["NAME"] = os.environ["ALTHEA_SQLITE_PATH"]

# Token ids must be remembered by every worker, so the cache is a table.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "althea_cache",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    }
}

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
if _said_yes("ALTHEA_BEHIND_PROXY"):
    # Only where a proxy of yours sets this header and removes the caller's own.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
