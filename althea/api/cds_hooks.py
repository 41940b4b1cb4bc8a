"""CDS Hooks 2.0 over HTTP: discovery, services, feedback.

What the cards say is `althea.fhir.cds`; this file carries it.
"""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from msgspec.json import encode

from althea.api import feedback
from althea.api.http import Refused, body_of, for_machines
from althea.api.tokens import check_token


@for_machines("GET", "HEAD")
def discovery(request: HttpRequest) -> HttpResponse:
    """Which services are there?  Open to all: it says nothing about anyone."""
    return JsonResponse({"services": _services()})


@for_machines("POST")
def service(request: HttpRequest, service_id: str) -> HttpResponse:
    """The cards for one woman at one moment."""
    from althea.fhir import cds

    asked = _service(service_id)
    check_token(request, [_address(request)])
    question = body_of(request)
    if question.get("hook") != asked["hook"]:
        raise Refused(400, f"hook: this service answers {asked['hook']}. Send that, or ask the other service.")
    try:
        cards = cds.answer(
            question,
            timezone.localdate(),
            _knowledge(),
            base_url=_base(request),
            jurisdiction=settings.ALTHEA_JURISDICTION,
        )
        return HttpResponse(encode(cards), content_type="application/json")
    except cds.BadRequest as bad:
        raise Refused(bad.status, str(bad)) from None


@for_machines("POST")
def service_feedback(request: HttpRequest, service_id: str) -> HttpResponse:
    """What became of the cards?  Kept without patient and without free text."""
    asked = _service(service_id)
    here = _address(request)
    check_token(request, [here, here.removesuffix("/feedback")])
    feedback.keep(asked["id"], body_of(request), timezone.now())
    return JsonResponse({})


def _services() -> list[dict[str, Any]]:
    from althea.fhir import cds

    return cds.services()


@cache
def _knowledge() -> Any:
    """Read once for each process: it does not change while the process lives."""
    from althea.knowledge.load import load

    return load()


def _service(service_id: str) -> dict[str, Any]:
    for one in _services():
        if one["id"] == service_id:
            return one
    raise Refused(404, "There is no such service. GET /cds-services lists them.")


def _address(request: HttpRequest) -> str:
    """The exact address that a token must be for."""
    return f"{_base(request)}{request.path}"


def _base(request: HttpRequest) -> str:
    """Where this service is reached, without a slash at its end."""
    return settings.ALTHEA_BASE_URL or request.build_absolute_uri("/").rstrip("/")
