"""May this request pass, and does it count once?  The one place where access, audit and repetition are decided.

For every request: the route's policy; who is asking, and whether a second factor was given; the one patient the
address names, if she is theirs. A look at a record writes its audit row. A change runs in one transaction together
with its audit row, its outgoing messages and its key: the same form sent again gets the same answer and does nothing,
and a page that changed something without saying so in the trail is rolled back.
"""

from __future__ import annotations

import functools
import hashlib
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.signing import BadSignature
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from althea.care import audit, unsaved
from althea.care.access import DECLARED, Policy, Who, patient_for, proxy_for, who
from althea.care.days import zone_of
from althea.care.models import Deed, OnlyAdded, Stale

log = logging.getLogger("althea.gate")
READS = ("GET", "HEAD", "OPTIONS")
SEEN, WHOSE = "seen", "whose"
KEPT = "kept_form"
"""Where a form waits that arrived after its session had ended: sign in again, and it is saved. Somebody else who signs
in on the same machine does not see it."""


class Changed:
    """Did a page write anything?  Looks at what is said to the database, not at what the page says of itself."""

    def __init__(self) -> None:
        self.anything = False

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            self.anything = True
        return execute(sql, *rest)


class NoTrail(Exception):
    """A page changed something and wrote no audit row."""


class Gate:
    """Django's middleware; must stand after authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], named: dict[str, Any]
    ) -> HttpResponse | None:
        try:
            return self._decided(request, view, args, named)
        except (OperationalError, InterfaceError) as error:  # full, stopped, locked: said, not hidden
            return unsaved.no_storage(request, error)

    def _decided(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], named: dict[str, Any]
    ) -> HttpResponse | None:
        policy = policy_of(view, request.resolver_match.view_name if request.resolver_match else "")
        if policy is None:
            log.error("no policy: %s", request.resolver_match.route if request.resolver_match else "")
            raise Http404
        if policy.audience in ("anyone", "machine"):
            return None
        if not request.user.is_authenticated:
            return _sign_in_first(request, policy)
        asking = who(request.user)
        if asking.member is not None and idle(request):
            logout(request)
            return _sign_in_first(request, policy)
        request.who = asking  # type: ignore[attr-defined]
        if (whose := asking.patient or asking.clinic) is not None:
            timezone.activate(zone_of(whose))  # every time on the page is wall time where she or the clinic is
        if policy.audience == "signed in":
            return None
        if asking.member is not None and not second_factor(request):
            return redirect("mfa_index")
        _admit(request, asking, policy, named)
        if without_shape(request):
            return unsaved.refused(request, 400, unsaved.NO_SHAPE, again="Save it" if request.POST else "", fresh=True)
        if request.method in READS or policy.asks:
            response = self._look(request, policy, view, args, named)
        else:
            response = _once(request, view, args, named)
        if not policy.asks:
            _was_here(request, response)
        return response

    def _look(
        self,
        request: Any,
        policy: Policy,
        view: Callable[..., HttpResponse],
        args: tuple[Any, ...],
        named: dict[str, Any],
    ) -> HttpResponse:
        response = view(request, *args, **named)
        if response.status_code == 405 and request.method == "GET" and not policy.asks:  # only sent to
            return redirect(unsaved.page_above(request.path))
        if not policy.quiet and response.status_code < 300:
            verb = f"looked at {request.resolver_match.view_name}"
            about = " ".join(str(value) for key, value in named.items() if key != "patient")
            clinic = request.patient.clinic if request.patient is not None else request.who.clinic
            try:
                audit.write(
                    clinic=clinic, by=request.user, verb=verb, at=timezone.now(), patient=request.patient, about=about,
                    role="helper" if policy.audience == "helper" else "",
                )  # fmt: skip
            except OperationalError:  # no room to write: a record that cannot be read harms her more than a line here
                log.error(
                    "a look without its row: %s by %s at %s", verb, request.user.pk, getattr(request.patient, "pk", "")
                )
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def policy_of(view: Callable[..., Any], name: str) -> Policy | None:
    """The route's own policy, or the one declared for a library's route."""
    found = getattr(view, "policy", None)
    return found if isinstance(found, Policy) else DECLARED.get(name)


def second_factor(request: HttpRequest) -> bool:
    """Was a passkey or a code given at this sign-in?  A password alone opens no chart."""
    methods = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    return any(one.get("method") == "mfa" for one in methods)


def idle(request: HttpRequest) -> bool:
    """Was nothing done for too long?  Somebody of the clinic signs in again; what was typed is kept.

    The last deed is a signed cookie of this session's own: no query, and dropping it gains nothing, for then the moment
    of signing in counts. A question that the page asks by itself is no deed.
    """
    methods = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    last = max((float(one.get("at", 0)) for one in methods), default=0.0)
    salt = f"seen {request.session.session_key}"
    with suppress(BadSignature, ValueError):
        last = max(last, float(request.get_signed_cookie(SEEN, default="0", salt=salt) or 0))
    return timezone.now().timestamp() - last > settings.ALTHEA_IDLE_SECONDS


def _was_here(request: HttpRequest, response: HttpResponse) -> None:
    """Two cookies: when this session last did something, and whose it is, should it end in the middle of a form."""
    how: Any = {"httponly": True, "samesite": "Lax", "secure": settings.SESSION_COOKIE_SECURE}
    now = str(int(timezone.now().timestamp()))
    response.set_signed_cookie(SEEN, now, salt=f"seen {request.session.session_key}", **how)
    response.set_cookie(WHOSE, whose(request.user.pk), **how)


def whose(user: object) -> str:
    """A mark of this user that says nothing to anybody else."""
    return salted_hmac("althea kept form", str(user)).hexdigest()


def with_its_trail(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of the library that keeps accounts: what it changes and its row of the trail are both kept, or neither."""

    @functools.wraps(view)
    def both(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        if request.method in READS:
            return view(request, *args, **named)
        with transaction.atomic():
            return view(request, *args, **named)

    return both


def _admit(request: Any, asking: Who, policy: Policy, named: dict[str, Any]) -> None:
    """Set request.patient, or raise Http404: what is not theirs does not exist for them."""
    request.patient = None
    if policy.audience == "helper":
        request.proxy = proxy_for(asking.user, named.get("proxy"))
        if request.proxy is None:
            raise Http404
        request.patient = request.proxy.patient
        return
    if asking.clinic is None:
        raise Http404
    if policy.audience == "staff" and (asking.member is None or asking.member.role not in policy.roles):
        raise Http404
    if policy.audience == "herself" and asking.patient is None:
        raise Http404
    if policy.patient:
        request.patient = patient_for(asking, policy, named.get("patient"))
        if request.patient is None:
            raise Http404


def without_shape(request: HttpRequest) -> bool:
    """Is there a NUL in what was sent?  PostgreSQL keeps none, and nobody means one."""
    return any(
        "\x00" in value for sent in (request.GET, request.POST) for _, values in sent.lists() for value in values
    )


def cut_short(request: HttpRequest) -> bool:
    """Did the line end in the middle of the form?  Servers hand over what came; half a text must not pass for all."""
    told = request.META.get("CONTENT_LENGTH") or "0"
    whole = request.content_type != "application/x-www-form-urlencoded" or not told.isdigit()
    return not whole and len(request.body) < int(told)


def _sign_in_first(request: HttpRequest, policy: Policy) -> HttpResponse:
    """To the sign-in page, and back. What was typed waits in the session and is saved after signing in.

    What a page asks by itself (the findings beside a draft) must not take the place of what a person sends.
    """
    if policy.asks or request.headers.get("HX-Request"):
        return unsaved.signed_out_here(request)
    there = reverse("account_login")
    if request.method in READS:
        return redirect(f"{there}?next={request.path}")
    request.session[KEPT] = {
        "path": request.path,
        "whose": request.COOKIES.get(WHOSE, ""),
        "fields": {name: request.POST.getlist(name) for name in request.POST if name != "csrfmiddlewaretoken"},
    }
    request.session.set_expiry(settings.ALTHEA_KEPT_FORM_SECONDS)
    return redirect(f"{there}?next={reverse('again')}")


def _once(
    request: Any, view: Callable[..., HttpResponse], args: tuple[Any, ...], named: dict[str, Any]
) -> HttpResponse:
    """Run a change once. The key came with the form; without one the form is refused."""
    if request.POST.get("writer", mine := whose(request.user.pk)) != mine:
        return unsaved.of_somebody_else(request)
    if cut_short(request):
        return unsaved.refused(request, 400, "Only a part of it arrived, and nothing was saved. Send it again.")
    try:
        key = UUID(request.POST.get("key", ""))
    except ValueError:
        return unsaved.refused(request, 400, "This form is out of date. Look it over, then save it.", again="Save it",
                               fresh=True)  # fmt: skip
    fields = sorted((name, request.POST.getlist(name)) for name in request.POST if name != "csrfmiddlewaretoken")
    digest = hashlib.sha256(repr((request.path, fields)).encode("utf-8", "surrogatepass")).hexdigest()
    audit.written.set(0)
    try:
        with transaction.atomic():
            try:
                with transaction.atomic():
                    deed = Deed.objects.create(user=request.user, key=key, request_digest=digest, at=timezone.now())
            except IntegrityError:
                return _again(request, Deed.objects.get(user=request.user, key=key), digest)
            changed, unread = Changed(), len(messages.get_messages(request))
            with connection.execute_wrapper(changed):
                response = view(request, *args, **named)
            if response.status_code >= 400 or response.status_code == 200:
                transaction.set_rollback(True)  # a form shown again, with what is wrong in it: nothing was done
                return response
            if changed.anything and not audit.written.get():
                raise NoTrail(request.resolver_match.view_name)
            deed.status, deed.location = response.status_code, response.headers.get("Location", "")
            deed.said = _said(request)[unread:]
            deed.save(update_fields=["status", "location", "said"])
            if request.session.modified:  # what the next page says of it is kept with it, or neither
                request.session.save()
                request.session.modified = False
            return response
    except Stale as stale:
        return unsaved.refused(request, 409, str(stale), theirs=stale.theirs)
    except OnlyAdded as refused:
        return unsaved.refused(request, 409, str(refused))


def _again(request: HttpRequest, deed: Deed, digest: str) -> HttpResponse:
    if deed.request_digest != digest:
        words = "This form was already sent, with something else in it. That was saved. Save this as well?"
        return unsaved.refused(request, 422, words, again="Save this as well", fresh=True)
    unread = _said(request)
    for level, words in deed.said:  # a browser that sends twice drops the first answer, and what came with it
        if [level, words] not in unread:
            messages.add_message(request, level, words)
    return HttpResponseRedirect(deed.location or request.path, status=deed.status or 303)


def _said(request: HttpRequest) -> list[list[Any]]:
    """What the next page will say, as [level, words]. To read it here is not to have said it."""
    waiting: Any = messages.get_messages(request)
    found = [[one.level, str(one.message)] for one in waiting]
    waiting.used = False
    return found
