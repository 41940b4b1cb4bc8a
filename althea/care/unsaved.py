"""What became of what was typed, when it could not be saved?  It is still here, and the page says what to do.

These pages ask nothing of the database: it may be what failed. A form that may be sent again carries its own key, so
that whatever became of it the first time, it counts once.
"""

from __future__ import annotations

import logging
import re
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse

from althea.care.access import Policy, who

log = logging.getLogger("althea.gate")
HIDDEN = ("csrfmiddlewaretoken", "key", "version", "writer", "then", "do")
NOT_WRITTEN = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32,}")
"""A key or a digest that the page itself carried: nobody wrote it."""
NEVER_SHOWN = ("password", "credential")
"""Fields of signing in: a page that says what was typed does not say these."""
NO_SHAPE = (
    "There was a character in it that has no shape and cannot be kept. It is taken out below. Look it over, and save."
)
FULL = (
    "Your text is still here. Something is wrong on our side, and nothing was half done. "
    "Try again in a minute; if it goes on, keep a copy of it."
)


def refused(
    request: HttpRequest, status: int, words: str, *, again: str = "", fresh: bool = False, theirs: Any = None
) -> HttpResponse:
    """What was sent, and why it was not saved. `again`: the words of a button that sends it once more, with the same
    key or (`fresh`) as a form of its own. `theirs`: what somebody else wrote meanwhile."""
    sent = [(name, value.replace("\x00", "")) for name in request.POST for value in request.POST.getlist(name)]
    sent = [(name, value) for name, value in sent if name not in NEVER_SHOWN]
    holds = {
        "words": words,
        "status": status,
        "mine": _written(sent),
        "theirs": theirs,
        "path": request.path,
        "again": again,
        "fields": [(name, value) for name, value in sent if name not in ("csrfmiddlewaretoken", "key")],
        "key": str(uuid4()) if fresh else request.POST.get("key", ""),
        "token": get_token(request) if again else "",
        **_clothes(request),
    }
    response = HttpResponse(render_to_string("care/refused.html", holds), status=status)
    response["Cache-Control"] = "no-store"
    return response


def _written(sent: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What somebody wrote or chose, by the names of the fields as words; a single one needs none."""
    shown = [(name, value) for name, value in sent if name not in HIDDEN and value.strip()]
    shown = [(name, value) for name, value in shown if not NOT_WRITTEN.fullmatch(value)]
    if len(shown) == 1:
        return [("", shown[0][1])]
    return [(re.sub(r"[_-]+", " ", name).strip().capitalize(), value) for name, value in shown]


def no_storage(request: HttpRequest, error: Exception) -> HttpResponse:
    """The database did not take it, or did not answer."""
    log.error(
        "storage: %s at %s", type(error).__name__, request.resolver_match.view_name if request.resolver_match else ""
    )
    if request.method in ("GET", "HEAD", "OPTIONS"):
        words = "This page cannot be shown right now. What was saved is safe. Try again in a minute."
        holds = {"words": words, "title": "Not now", "path": request.path, **_clothes(request)}
        response = HttpResponse(render_to_string("care/refused.html", holds), status=503)
    else:
        response = refused(request, 503, FULL, again="Try again")
    response["Retry-After"] = "60"
    return response


def of_somebody_else(request: HttpRequest) -> HttpResponse:
    """The form was opened by one person and sent after another signed in on the same machine. What was typed belongs to
    the first: it is not saved as the other's, and the other does not get to read it."""
    words = (
        "Somebody else has signed in here since this page was opened, so what was typed is not theirs to "
        "save or to see. Go back in this tab to read it, and sign in as yourself to save it."
    )
    holds = {"words": words, "title": "Not saved", "path": "", **_clothes(request)}
    response = HttpResponse(render_to_string("care/refused.html", holds), status=403)
    response["Cache-Control"] = "no-store"
    return response


def signed_out_here(request: HttpRequest) -> HttpResponse:
    """In place of a part that a page asked for by itself, when nobody is signed in any more."""
    return HttpResponse(render_to_string("care/_signed_out.html", {"login": settings.LOGOUT_REDIRECT_URL}), status=401)


def not_from_here(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's view for a form whose token against forgery does not fit.

    Nearly always it is our own page, left open while somebody signed in beside it: then what was typed is shown with a
    button that saves it. A form that came from elsewhere gets nothing to press.
    """
    from althea.care.gate import WHOSE

    if request.method == "POST" and _of_ours(request) and _keeps_what_was_typed(request.path):
        if request.POST.get("writer", "") != request.COOKIES.get(WHOSE, ""):
            return of_somebody_else(request)
        words = "This page was left open while somebody signed in again. Look it over, then save it."
        return refused(request, 403, words, again="Save it now")
    words = "This form is out of date, or did not come from here. Nothing was changed. Open the page again."
    holds = {"words": words, "path": request.path, **_clothes(request)}
    return HttpResponse(render_to_string("care/refused.html", holds), status=403)


def page_above(path: str) -> str:
    """Where is the form that is sent to this address?  It may only be sent to, and there is nothing to read: who comes
    back from a refusal, or opens it by hand, is led to the nearest address above that is one."""
    while "/" in path.strip("/"):
        path = path.rstrip("/").rpartition("/")[0]
        for there in (path, f"{path}/"):
            if _policy(there) is not None:
                return there
    return "/"


def _of_ours(request: HttpRequest) -> bool:
    came = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return bool(came) and urlsplit(came).netloc == request.get_host()


def _keeps_what_was_typed(path: str) -> bool:
    policy = _policy(path)
    return policy is not None and policy.audience in ("herself", "staff") and not policy.asks


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's view for an address that is none, or none for whoever asks."""
    return _no_way(request, "404.html", 404)


def not_open(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's view for what may not be seen now."""
    return _no_way(request, "403.html", 403)


def _no_way(request: HttpRequest, template: str, status: int) -> HttpResponse:
    """To each in the clothes of their own pages, with a way back to where they begin."""
    user: Any = getattr(request, "user", None)  # none: it failed before anybody was asked for
    inside = user is not None and user.is_authenticated
    hers = inside and who(user).member is None
    begin = resolve_url(settings.LOGIN_REDIRECT_URL) if inside else ""
    holds = {"shell": "look/phone.html" if hers else "look/base.html", "begin": begin}
    if hers or not inside:
        holds["help"] = reverse("help")
    return HttpResponse(render_to_string(template, holds), status=status)


def _clothes(request: HttpRequest) -> dict[str, str]:
    """Her pages keep "Leave quickly" and the way to help, whatever went wrong."""
    policy = _policy(request.path)
    if policy is not None and policy.audience == "staff":
        return {"shell": "look/base.html"}
    return {"shell": "look/phone.html", "help": reverse("help")}


def _policy(path: str) -> Policy | None:
    from althea.care.gate import policy_of

    try:
        found = resolve(path)
    except Resolver404:
        return None
    return policy_of(found.func, found.view_name)
