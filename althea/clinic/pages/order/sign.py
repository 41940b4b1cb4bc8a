"""Is this exactly what you mean?  The whole text, her consent, the checks before it, and a second factor for it.

The page shows what `care.ready.prepared` says and nothing else; its digest goes along in the form and in the passkey's
challenge. Whatever changes in between, the signature is refused and the page is shown as it is now.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST
from fido2.utils import websafe_encode

from althea.care import signing
from althea.care.actions import order as acting
from althea.care.aside import SUGGESTION
from althea.care.known import knowledge
from althea.care.models import Order
from althea.care.ready import CHECK_ANSWERS, LONGEST_WORDS, Prepared, prepared
from althea.clinic.pages.order import beside, composer, found
from althea.clinic.pages.order.answers import answers_of
from althea.clinic.pages.order.signed import of_hers, then
from althea.clinic.words import cited

ASKED = "passkey_of_an_order"
"""Where the session keeps what a passkey was asked; taken out at the first answer, right or wrong."""
MOST_OPEN = 5
"""So many sign pages may stand open in one session, each with its own question."""
LONGEST_CONSENT = 2000


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Any, patient: Any, order: Any) -> HttpResponse:
    her = request.patient
    row = of_hers(her, order)
    if row.signed_at is not None:
        messages.success(request, "This order is signed already. Nothing was signed twice.")
        return redirect("order", patient=her.pk, order=row.pk)
    if request.method != "POST":
        return shown(request, row)
    proof = signing.Proof(
        code=request.POST.get("code", "")[:20],
        passkey=request.POST.get("passkey", "")[:20_000],
        state=taken_out(request, row),
    )
    try:
        acting.sign(
            order=row, proof=proof, shown=request.POST.get("digest", ""), by=request.user, at=timezone.now()
        )  # fmt: skip
    except (signing.NotSigned, acting.NotNow) as sorry:
        return shown(request, of_hers(her, order), problem=str(sorry))
    messages.success(request, "Signed." if not row.stops else "Signed. The plan to stop is hers to see.")
    return redirect("order", patient=her.pk, order=row.pk)


def taken_out(request: Any, row: Order) -> dict[str, Any] | None:
    """What the passkey was asked for this draft. Whatever comes of the answer, it is asked once."""
    waiting = dict(request.session.get(ASKED, {}))
    state: dict[str, Any] | None = waiting.pop(str(row.pk), None)
    request.session[ASKED] = waiting
    return state


@require_POST
def ready(request: Any, patient: Any, order: Any) -> HttpResponse:
    """The baseline checks, answered."""
    row = of_hers(request.patient, order)
    return acted(
        request, row, acting.answer, seen=composer.version(request, row), answers=answers_of(request.POST),
        scale=request.POST.get("scale", "") if request.POST.get("scale") in knowledge().scales else "",
    )  # fmt: skip


@require_POST
def agreed(request: Any, patient: Any, order: Any) -> HttpResponse:
    """Her consent, given at the visit, with the exact text."""
    row = of_hers(request.patient, order)
    text = request.POST.get("text", "").strip()
    if not text or len(text) > LONGEST_CONSENT or "said_so" not in request.POST:
        problem = (
            "Write the text she agreed to."
            if not text
            else f"Keep the text to {LONGEST_CONSENT} characters."
            if len(text) > LONGEST_CONSENT
            else "Tick that she agreed to this text, if she did."
        )
        return shown(request, row, problem=problem, consent_text=text)
    return acted(request, row, acting.agreed_at_visit, text=text)


def acted(request: Any, row: Order, verb: Any, **given: Any) -> HttpResponse:
    try:
        verb(order=row, by=request.user, at=timezone.now(), **given)
    except acting.NotNow as sorry:
        messages.error(request, str(sorry))
    return redirect("sign-order", patient=row.patient_id, order=row.pk)


def shown(request: Any, row: Order, problem: str = "", consent_text: str = "") -> HttpResponse:
    """The page as it is now. A passkey is asked only for a text that may be signed."""
    prep = prepared(row, request.user, timezone.now())
    question = None
    if not prep.lacking:
        asked = signing.ask_passkey(request.user, prep.digest)
        if asked is not None:
            question, state = asked
            waiting = {**request.session.get(ASKED, {}), str(row.pk): state}
            request.session[ASKED] = dict(list(waiting.items())[-MOST_OPEN:])
    name = knowledge().name_of(row.medicine)
    old = next((one for one in prep.chart.orders if one.pk == row.replaces_id), None)
    holds = {
        **beside.her_head(request, row.patient, prep.chart, prep.on),
        "order": row,
        "draft": row,
        "in_words": beside.order_in_words(row),
        "problem": problem,
        "digest": prep.digest,
        "lacking": [words for _, words in prep.lacking],
        "findings": [then(one) for one in prep.shown["findings"]],
        "ticked": any(one["code"] == SUGGESTION for one in prep.shown["findings"]),
        "counted": found.counted(prep.reviewed),
        "not_checked": prep.reviewed.not_checked,
        "old": old,
        "not_begun": old is not None and date.fromisoformat(old.steps[0]["from"]) > prep.on,
        "begins": begins(prep),
        "both": beside.side_by_side(row.steps, row, prep.chart, prep.on),
        "consent": prep.consent,
        "consent_text": consent_text or acting.AGREES.format(name=name, prescriber=str(request.user)),
        "decision": row.decision,
        "checks": [
            {"key": one.key, "words": one.words, "answer": one.answer, "why": one.why, "open": one.open,
             "known": one.known}
            for one in prep.checks
        ],
        "check_answers": list(CHECK_ANSWERS.items()),
        "trial": prep.trial,
        "passkey": json.dumps(plain(question)) if question else "",
        "demo_code": signing.demo_code(request.user) if settings.ALTHEA_DEMO else "",
        "has_code": has_code(request.user),
        "longest": LONGEST_WORDS,
    }  # fmt: skip
    return render(request, "clinic/order/sign.html", holds)


def begins(prep: Prepared) -> dict[str, Any] | None:
    """The trial that begins, in words."""
    if prep.begins is None:
        return None
    scales = knowledge().scales
    source = next(iter(cited(prep.begins.sources, knowledge())), None)
    return {
        "problem": prep.begins.problem,
        "scale": scales[prep.begins.scale].name if prep.begins.scale in scales else "",
        "fair": prep.begins.fair,
        "source": source["title"] if source else "",
        "check_in": beside.first_check_in(
            date.fromisoformat(prep.order.steps[0]["from"]) if prep.order.steps else None, prep.begins.scale, prep.chart
        ),
    }


def plain(question: Any) -> Any:
    """The passkey's question as JSON: bytes are base64url, which `sign.js` reads back."""
    if isinstance(question, bytes):
        return websafe_encode(question)
    if hasattr(question, "items"):
        return {key: plain(value) for key, value in question.items() if value is not None}
    if isinstance(question, (list, tuple)):
        return [plain(one) for one in question]
    return question


def has_code(user: Any) -> bool:
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())
