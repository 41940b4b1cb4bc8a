"""For trying Althea on one's own machine: no real people, no tokens, reached from this machine only."""

import os

from django.core.management.utils import get_random_secret_key

from althea.site.settings.base import *  # noqa: F403

# Only the exact word counts: without it these settings ask for tokens like any other.
ALTHEA_DEMO = os.environ.get("ALTHEA_DEMO") == "1"
SECRET_KEY = get_random_secret_key()
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

# Static files are served from where they lie: the demo needs no collectstatic.
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
