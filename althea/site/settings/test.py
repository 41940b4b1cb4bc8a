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
