"""What every place shares.  Nothing here makes a place safe or unsafe by itself."""

import os
from pathlib import Path

from csp.constants import NONCE, NONE, SELF

from althea.site.clients import cds_clients
from althea.site.database import database

ROOT = Path(__file__).resolve().parents[3]

DEBUG = False
ALTHEA_DEMO = False
ALLOWED_HOSTS: list[str] = []

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "csp",
    "althea.look",
    "althea.clinic",
    "althea.api",
]

# Security headers come first, so that static files and error pages carry them too.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]

ROOT_URLCONF = "althea.site.urls"
WSGI_APPLICATION = "althea.site.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "csp.context_processors.nonce",
            ],
        },
    }
]

DATABASES = {"default": database(os.environ.get("DATABASE_URL", ""), ROOT / ".demo" / "althea.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The cache remembers which token ids were used.  Django's default of 300 entries would forget too soon.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

LANGUAGE_CODE = "en"
TIME_ZONE = os.environ.get("ALTHEA_TIME_ZONE", "UTC")  # which day it is for the clinic
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT: Path | None = ROOT / "staticfiles"

SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_COOKIE_HTTPONLY = True

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# One request of CDS Hooks, prefetch and all.
ALTHEA_BODY_LIMIT = 10 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = ALTHEA_BODY_LIMIT

# Where this Althea is reached from outside, without a slash at the end.  Empty: the address that was asked.
ALTHEA_BASE_URL = os.environ.get("ALTHEA_BASE_URL", "").rstrip("/")
ALTHEA_JURISDICTION = os.environ.get("ALTHEA_JURISDICTION", "US")
"""Whose rules warn where sources differ: US, UK, CA or AU."""

# Who may ask for advice: JSON, or the path of a JSON file.
ALTHEA_CDS_CLIENTS = cds_clients(os.environ.get("ALTHEA_CDS_CLIENTS", ""))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_values": {"()": "althea.api.quiet.NoValues"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_values"]},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "althea": {"level": "INFO"},
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}
