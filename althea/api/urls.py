"""The addresses for machines."""

from django.urls import path

from althea.api import cds_hooks, health

urlpatterns = [
    path("cds-services", cds_hooks.discovery),
    path("cds-services/<str:service_id>", cds_hooks.service),
    path("cds-services/<str:service_id>/feedback", cds_hooks.service_feedback),
    path("livez", health.livez),
    path("readyz", health.readyz),
]
