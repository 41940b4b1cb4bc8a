"""Serves the demo clinic: `python -m tests.pages.demo_site PORT FILE`. A process of its own, killed at the end."""

import os
import sys


def main() -> None:
    port, file = int(sys.argv[1]), sys.argv[2]
    os.environ["DJANGO_SETTINGS_MODULE"], os.environ["ALTHEA_DEMO_FILE"] = "tests.pages.demo_settings", file
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from django.core.management import call_command

    from althea.care.demo.build import build
    from althea.care.models import Patient
    from tests.faults.kill import serve

    call_command("migrate", verbosity=0)
    if not Patient.objects.exists():  # else it comes back after it was stopped
        build()
    serve(port)


if __name__ == "__main__":
    main()
