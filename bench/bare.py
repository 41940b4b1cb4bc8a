"""The site's addresses, and beside them a bare page for each shell: no query, one line of words.

`/in`: the same page behind the gate, for somebody who is signed in; the gate asks who that is and writes its audit row.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.template import engines
from django.urls import reverse

from althea.care.access import HERSELF, PUBLIC, route, staff
from althea.care.models import Role
from althea.clinic.frame import PLACES as AT_THE_CLINIC
from althea.portal.frame import PLACES as HERS
from althea.site.urls import urlpatterns as of_the_site

_SHELLS = {
    shell: engines["django"].from_string(
        f'{{% extends "look/{shell}.html" %}}{{% block main %}}<h1>Bare</h1><p>Nothing is asked here.</p>{{% endblock %}}'
    )
    for shell in ("clinic", "phone")
}


def clinic(request: Any) -> HttpResponse:
    nav = [(label, reverse(name), icon, False) for label, name, icon, _ in AT_THE_CLINIC]
    holds = {"nav": nav, "who": {"name": "Dr Bare", "url": "/"}, "home": "/today", "demo": True}
    return HttpResponse(_SHELLS["clinic"].render(holds, request))


def phone(request: Any) -> HttpResponse:
    nav = [(label, reverse(name), icon, False) for label, name, icon in HERS]
    return HttpResponse(_SHELLS["phone"].render({"nav": nav, "home": "/home", "demo": True}, request))


urlpatterns = [
    route("bare/clinic", clinic, PUBLIC, name="bare-clinic"),
    route("bare/phone", phone, PUBLIC, name="bare-phone"),
    route("bare/clinic/in", clinic, staff(Role.PRESCRIBER), name="bare-clinic-in"),
    route("bare/phone/in", phone, HERSELF, name="bare-phone-in"),
    *of_the_site,
]
