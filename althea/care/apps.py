"""The room of the record, as Django knows it."""

from django.apps import AppConfig


class Care(AppConfig):
    name = "althea.care"
    label = "care"
    verbose_name = "Care"

    def ready(self) -> None:
        from althea.care import account_trail, checks  # noqa: F401  (registers the start-up checks)

        account_trail.listen()
