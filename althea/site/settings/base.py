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
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "althea.look",  # before allauth: its pages wear our clothes
    "althea.care",
    "althea.clinic",
    "althea.portal",
    "althea.api",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_tasks",
    "django_tasks_db",
]

# Security headers come first, so that static files and error pages carry them too.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "althea.portal.crisis.first.CrisisFirst",  # before anything that touches the database
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "althea.care.gate.Gate",  # who may, in one place
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
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "althea.portal.sign_in_words.words",
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

# ---- signing in ----------------------------------------------------------------------------------

AUTH_USER_MODEL = "care.User"
AUTHENTICATION_BACKENDS = ["althea.care.sign_in.Backend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "althea.care.sign_in.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # the invitation went to her address: following it proves it
ACCOUNT_EMAIL_NOTIFICATIONS = False  # no mail that says what changed and where
ACCOUNT_LOGIN_BY_CODE_ENABLED = False  # a code in a mail opens the account to whoever reads that mail
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nothing goes to an address that nobody signs in with
PASSWORD_RESET_TIMEOUT = 3600  # seconds that a link for a new password opens
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_RATE_LIMITS = {"login_failed": "5/m/ip,3/5m/key", "login": "30/m/ip"}
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_SESSION_REMEMBER = None  # she says whether it is her own phone
USERSESSIONS_ADAPTER = "althea.care.account_trail.Sessions"
MFA_ADAPTER = "althea.care.sign_in.SecondStep"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # her invitation proved the address
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Notes"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
ALTHEA_KEPT_FORM_SECONDS = 30 * 60
ALTHEA_IDLE_SECONDS = 15 * 60  # somebody of the clinic; a woman is never signed out in the middle of a check-in

# ---- mail and jobs -------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = os.environ.get("ALTHEA_MAIL_FROM", "Notes <notes@localhost>")
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ.get("ALTHEA_MAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("ALTHEA_MAIL_PORT", "25"))
EMAIL_TIMEOUT = 10
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "mail"]}}

# The key and the file that keep the audit trail honest: neither lies in the database.
ALTHEA_AUDIT_KEY = os.environ.get("ALTHEA_AUDIT_KEY", "")
ALTHEA_AUDIT_ANCHOR = os.environ.get("ALTHEA_AUDIT_ANCHOR", str(ROOT / ".demo" / "audit-anchor.txt"))

LANGUAGE_CODE = "en"
TIME_ZONE = os.environ.get("ALTHEA_TIME_ZONE", "UTC")  # which day it is for the clinic
USE_TZ = True

STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "althea.look.styles.Joined",  # four sheets as one
]
STATIC_URL = "/static/"
STATIC_ROOT: Path | None = ROOT / "staticfiles"

# Not "no-referrer": browsers then send "Origin: null" with every form, which the guard against forgery must refuse.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "althea.care.unsaved.not_from_here"

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
        "worker-src": [SELF],
        "manifest-src": [SELF],
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
