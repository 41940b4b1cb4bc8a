"""Django's command line.  Which settings?  The demo's, unless DJANGO_SETTINGS_MODULE names others."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "althea.site.settings.demo")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
