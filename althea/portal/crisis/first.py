"""Crisis first: whatever breaks behind it, the help page opens, and an answer that needs it leads there.

Stands before everything that touches the database. It looks only at what went wrong: an answer of 500 or more to the
help page becomes the plain help page; one to a check-in's question on self-harm, answered above 0, becomes the way to
the help page, which then says that the answer was not saved.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string

from althea.care.crisis.lines import lines
from althea.portal.questions import needs_help

log = logging.getLogger("althea.crisis")
HELP = "/help"


class CrisisFirst:
    """Django's middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            response = self.get_response(request)
        except Exception as error:  # nothing may stand between her and the numbers
            if not self._concerns(request):
                raise
            log.error("crisis: %s", type(error).__name__)
            return self._instead(request)
        if response.status_code >= 500 and self._concerns(request):
            return self._instead(request)
        return response

    def _concerns(self, request: HttpRequest) -> bool:
        return request.path == HELP or (request.method == "POST" and needs_help(request.path, request.POST))

    def _instead(self, request: HttpRequest) -> HttpResponse:
        if request.path != HELP:
            return HttpResponseRedirect(f"{HELP}?not-saved=1", status=303)
        return HttpResponse(render_to_string("portal/help.html", plain(request.GET.get("not-saved", ""))))


def plain(not_saved: str = "") -> dict[str, object]:
    """What the help page needs, and where none of it can fail."""
    first, *others = lines()
    return {
        "first": first,
        "danger": next((one for one in others if one.who == "in danger now"), None),
        "others": [one for one in others if one.who != "in danger now"],
        "not_saved": bool(not_saved),
    }
