"""The site's addresses, and beside them bare pages to hold a page against.

For each shell one that asks nothing (`/bare/clinic`), the same behind the gate (`/bare/clinic/in`), which asks who that
is and writes its audit row; and for each page one behind the gate that asks Django for the page's own rows, by the
page's own queries, and shows them as a table, a line for each with its columns (`/bare/clinic/rows/chart`). JSON is left
out: nobody would show it as it is. The queries are put into SQL anew; that they are put together is left out as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import JSONField, QuerySet
from django.db.models.sql import Query
from django.http import HttpResponse
from django.template import engines
from django.urls import reverse

from althea.care.access import HERSELF, PUBLIC, route, staff
from althea.care.models import Role
from althea.clinic.frame import PLACES as AT_THE_CLINIC
from althea.portal.frame import PLACES as HERS
from althea.site.urls import urlpatterns as of_the_site

QUERIES: dict[str, Sequence[Query]] = {}
"""By the page's name: what it asks of the database, apart from what the gate asks. `pages.py` writes it down."""

_SHELLS = {
    shell: engines["django"].from_string(
        f'{{% extends "look/{shell}.html" %}}{{% block main %}}<h1>Bare</h1>{{% for rows in answers %}}<table>'
        "{% for row in rows %}<tr>{% for value in row %}<td>{{ value }}</td>{% endfor %}</tr>{% endfor %}</table>"
        "{% endfor %}{% endblock %}"
    )
    for shell in ("clinic", "phone")
}


def clinic(request: Any, page: str = "") -> HttpResponse:
    nav = [(label, reverse(name), icon, False) for label, name, icon, _ in AT_THE_CLINIC]
    return _drawn("clinic", request, page, nav=nav, who={"name": "Dr Bare", "url": "/"}, home="/today", demo=True)


def phone(request: Any, page: str = "") -> HttpResponse:
    nav = [(label, reverse(name), icon, False) for label, name, icon in HERS]
    return _drawn("phone", request, page, nav=nav, home="/home", demo=True)


def _drawn(shell: str, request: Any, page: str, **holds: Any) -> HttpResponse:
    answers = [_rows(query) for query in QUERIES[page]] if page else []
    return HttpResponse(_SHELLS[shell].render({**holds, "answers": answers}, request))


def _rows(query: Query) -> list[list[Any]]:
    """The columns of each object, made as the ORM makes it; of a query for values, the values."""
    if query.values_select or not query.default_cols or query.model is None:
        return [list(row) for row in query.get_compiler("default").results_iter()]
    columns = [field.attname for field in query.model._meta.concrete_fields if not isinstance(field, JSONField)]
    rows = QuerySet(model=query.model, query=query.chain())
    return [[vars(one)[name] for name in columns if name in vars(one)] for one in rows]  # what is deferred is not there


urlpatterns = [
    route("bare/clinic", clinic, PUBLIC, name="bare-clinic"),
    route("bare/phone", phone, PUBLIC, name="bare-phone"),
    route("bare/clinic/in", clinic, staff(Role.PRESCRIBER), name="bare-clinic-in"),
    route("bare/phone/in", phone, HERSELF, name="bare-phone-in"),
    route("bare/clinic/rows/<str:page>", clinic, staff(Role.PRESCRIBER), name="bare-clinic-rows"),
    route("bare/phone/rows/<str:page>", phone, HERSELF, name="bare-phone-rows"),
    *of_the_site,
]
