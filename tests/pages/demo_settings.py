"""The demo on a file of its own, for the browser tests: works the same beside SQLite and beside PostgreSQL runs."""

import os

from althea.site.settings.test import *  # noqa: F403
from althea.site.settings.test import database

ALTHEA_DEMO = True
DATABASES = {"default": database("", os.environ.get("ALTHEA_DEMO_FILE", ":memory:"))}
MFA_TOTP_TOLERANCE = 10
