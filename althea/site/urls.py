"""Every address.  Each room brings its own."""

from django.urls import include, path

from althea.clinic.pages import front

urlpatterns = [
    path("", include("althea.api.urls")),
    path("", front.page, name="front"),
]
