"""What every address for machines does the same way: methods, CORS, errors as JSON, no caches."""

import logging
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from althea.api.quiet import where
from althea.fhir.parse import NotReadable, parse

log = logging.getLogger(__name__)

View = Callable[..., HttpResponse]


class Refused(Exception):
    """This request is not answered: the status, one sentence, and headers if the status asks for them."""

    def __init__(self, status: int, why: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(why)
        self.status = status
        self.why = why
        self.headers = headers or {}


def for_machines(*methods: str) -> Callable[[View], View]:
    """Wraps a view that answers these methods and may raise `Refused`."""
    allow = ", ".join([*methods, "OPTIONS"])

    def wrap(view: View) -> View:
        @csrf_exempt  # there are no cookies to forge: a caller is known by its token alone
        @wraps(view)
        def wrapped(request: HttpRequest, **named: str) -> HttpResponse:
            response = _answer(view, methods, allow, request, named)
            response["Access-Control-Allow-Origin"] = "*"
            response["Access-Control-Allow-Methods"] = allow
            response["Access-Control-Allow-Headers"] = "Authorization, Content-Type, Accept"
            response["Access-Control-Expose-Headers"] = "WWW-Authenticate"
            response["Cache-Control"] = "no-store"
            return response

        return wrapped

    return wrap


def _answer(
    view: View, methods: tuple[str, ...], allow: str, request: HttpRequest, named: dict[str, str]
) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers={"Allow": allow, "Access-Control-Max-Age": "600"})
    if request.method not in methods:
        return problem(405, f"This address answers {allow}.", {"Allow": allow})
    try:
        return view(request, **named)
    except Refused as refused:
        return problem(refused.status, refused.why, refused.headers)
    except Exception as error:
        log.error("a request to %s failed: %s", view.__name__, where(error))
        return problem(500, "Althea failed to answer. Nothing was checked: do not take this for a clear result.")


def problem(status: int, why: str, headers: dict[str, str] | None = None) -> HttpResponse:
    return JsonResponse({"error": why}, status=status, headers=headers)


def body_of(request: HttpRequest) -> dict[str, object]:
    """The JSON object that was sent.  Its size is looked at before a byte of it is read."""
    if request.headers.get("Transfer-Encoding"):
        raise Refused(411, "Send a Content-Length.")
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length[:20]) > settings.ALTHEA_BODY_LIMIT:
        megabytes = settings.ALTHEA_BODY_LIMIT // (1024 * 1024)
        raise Refused(413, f"The request is larger than {megabytes} MB. Ask for fewer or newer resources.")
    try:
        value = parse(request.body)
    except NotReadable as unreadable:
        raise Refused(400, str(unreadable)) from None
    except UnreadablePostError:
        raise Refused(400, "The request broke off before its end.") from None
    if not isinstance(value, dict):
        raise Refused(400, "line 1 column 1: not an object. Send one JSON object.")
    return value
