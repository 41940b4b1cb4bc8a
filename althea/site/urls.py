"""Every address.  Each room brings its own."""

from django.urls import include, path

urlpatterns = [
    path("", include("althea.api.urls")),
    path("", include("althea.clinic.urls")),
]
