"""The addresses for machines. Each caller carries its own token; `tokens.py` reads it."""

from althea.api import cds_hooks, health
from althea.care.access import MACHINE, PUBLIC, route

urlpatterns = [
    route("cds-services", cds_hooks.discovery, PUBLIC, name="cds-discovery"),
    route("cds-services/<str:service_id>", cds_hooks.service, MACHINE, name="cds-service"),
    route("cds-services/<str:service_id>/feedback", cds_hooks.service_feedback, MACHINE, name="cds-feedback"),
    route("livez", health.livez, PUBLIC, name="livez"),
    route("readyz", health.readyz, PUBLIC, name="readyz"),
]
