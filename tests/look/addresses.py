"""Pages for the tests only: every part once, and both shells, as a page builder would use them."""

from pathlib import Path

from django.http import HttpResponse
from django.template import engines
from django.urls import path

from tests.look.given import EVERYTHING

ALONE = {
    "ROOT_URLCONF": "tests.look.addresses",
    "MIDDLEWARE": [
        "django.middleware.security.SecurityMiddleware",
        "csp.middleware.CSPMiddleware",
        "whitenoise.middleware.WhiteNoiseMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
    ],
}
"""Settings that show these pages by themselves: their policy of content and their files, nobody signed in."""
PAGES = Path(__file__).parent / "pages"


def page(request, name):
    words = (PAGES / f"{name}.html").read_text("utf-8")
    given = EVERYTHING()
    given["nav"] = given["phone_nav" if "phone.html" in words else "clinic_nav"]
    given |= {"demo": "demo" in request.GET, "toast": given["done"] if "toast" in request.GET else None}
    return HttpResponse(engines["django"].from_string(words).render(given, request))


urlpatterns = [path("<slug:name>/", page)]
