"""A part rendered by itself, and the pages of all parts in the browser."""

from urllib.parse import urlsplit

import pytest
from django.template import engines
from django.test import RequestFactory, override_settings

from tests.look.addresses import ALONE
from tests.pages.browser import serving


@pytest.fixture
def rendered():
    """`rendered("{% include … %}", **context)`: the words of a template, as a page would show them."""

    def render(template, /, **context):
        return engines["django"].from_string("{% load look %}" + template).render(context, RequestFactory().get("/"))

    return render


@pytest.fixture
def part(rendered):
    """`part("chip", label="New")`: the part with what it is given and nothing put in."""

    def render(name, /, **given):
        takes = " ".join(f"{key}={key}" for key in given)
        return rendered(f'{{% part "{name}" {takes} %}}{{% endpart %}}', **given)

    return render


@pytest.fixture(scope="module")
def site():
    with override_settings(**ALONE), serving() as address:
        yield address


@pytest.fixture
def opened(browser, site):
    """`opened("/parts/", **how the browser is set)`: the page, what it asked for and what the console said."""
    contexts = []

    def open_(path, **settings):
        context = browser.new_context(
            **{"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce", **settings}
        )
        contexts.append(context)
        page = context.new_page()
        page.elsewhere, page.said = [], []
        page.on("request", lambda request: page.elsewhere.append(request.url) if _away(request.url) else None)
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.goto(site + path, wait_until="load")
        return page

    yield open_
    for context in contexts:
        context.close()


def _away(url):
    return urlsplit(url).hostname not in ("127.0.0.1", None)
