"""For the kills: a database on disk with the real settings, and the test routes that write."""

import os

from althea.site.settings.test import *  # noqa: F403
from althea.site.settings.test import database

ROOT_URLCONF = "tests.care.routes"
DATABASES = {"default": database(os.environ.get("DATABASE_URL", ""), os.environ["FAULTS_SQLITE"])}
ALTHEA_IDLE_SECONDS = 24 * 3600  # two hundred kills may take longer than somebody may be idle
