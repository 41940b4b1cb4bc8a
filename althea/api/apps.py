"""The name under which Django knows this room."""

from django.apps import AppConfig


class Api(AppConfig):
    name = "althea.api"
