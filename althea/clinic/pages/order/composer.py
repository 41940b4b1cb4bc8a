"""Prescribe: the schedule on one side, what speaks against it on the other, and what she said beside both.

Only "Save draft" and "Sign order" keep anything. Every other button shows the page again with what it did, so that all
of it works without script; with script only the part that changed is swapped.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from althea.care import entries as said
from althea.care import ready
from althea.care.actions import order as acting
from althea.care.actions.trial import may_ask
from althea.care.days import today
from althea.care.draft import Reviewed, reviewed
from althea.care.facts import Chart, chart_of
from althea.care.known import knowledge
from althea.care.left import left_of
from althea.care.models import Order, Patient, Stale
from althea.care.regimen import OFTEN, Row, forms_of
from althea.care.schedule import signed_until
from althea.clinic.pages.order import beside, form, found
from althea.clinic.pages.order.form import Typed
from althea.clinic.pages.order.in_brief import facts_in_brief
from althea.clinic.words import cited
from althea.engine.course import SPEAKS, same
from althea.engine.facts import Condition, Facts, plain

SCALES_FIRST = ("phq-9", "gad-7", "epds")
AFTER_BIRTH = {"postpartum-depression": "EPDS"}
"""Made for it, and asked on paper: it speaks where the scale that can be asked on her phone was not filled in."""


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Any, patient: Any) -> HttpResponse:
    """An order that nobody saved yet."""
    her, now = request.patient, timezone.now()
    chart, on = chart_of(her), today(her, now)
    if request.method != "POST":
        typed = form.fresh(her, chart, request.GET, on)
        return shown(request, her, chart, on, typed, None)
    typed = form.of_post(request.POST, her)
    return saved(request, her, chart, on, typed, None)


@require_POST
def save(request: Any, patient: Any, order: Any) -> HttpResponse:
    """A draft, changed."""
    her, on = request.patient, today(request.patient, timezone.now())
    row = a_draft(her, order)
    return saved(request, her, chart_of(her), on, form.of_post(request.POST, her, row), row)


@require_POST
def findings(request: Any, patient: Any) -> HttpResponse:
    """What the checks say of the form as it stands; nothing is kept. `?draft=`: the draft it is a form of."""
    her, on = request.patient, today(request.patient, timezone.now())
    of = request.GET.get("draft", "")
    row = a_draft(her, form.uuid(of)) if of else None
    typed = form.of_post(request.POST, her, row)
    return render(request, "clinic/order/_beside.html", context(request, her, chart_of(her), on, typed, row, part=True))


@require_POST
def discard(request: Any, patient: Any, order: Any) -> HttpResponse:
    row = a_draft(request.patient, order)
    try:
        acting.discard(order=row, seen=version(request, row), by=request.user, at=timezone.now())
    except acting.NotNow as sorry:
        messages.error(request, str(sorry))
        return redirect("order", patient=request.patient.pk, order=row.pk)
    messages.success(request, "Draft discarded. Nothing was ordered.")
    return redirect("chart", patient=request.patient.pk)


def a_draft(her: Patient, order: Any) -> Order:
    """A draft of hers; a signed order is not one, and says so."""
    row = Order.objects.select_related("decision", "replaces", "drafted_by").filter(patient=her, pk=order).first()
    if row is None:
        raise Http404
    row.patient = her
    return row


def version(request: Any, order: Order) -> int:
    """The version that the page showed; what is not a number is none that ever was."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def saved(request: Any, her: Patient, chart: Chart, on: date, typed: Typed, row: Order | None) -> HttpResponse:
    """Keep it where that was asked and everything can be read; else show it again."""
    do = request.POST.get("do", "")
    changed_rows(request.POST, typed)
    stale = row is not None and row.version != version(request, row)
    if do not in ("save", "sign"):
        typed.halves = typed.halves and not (typed.made_as is not None and typed.made_as.kept_whole)
        return shown(request, her, chart, on, typed, row, stale=stale)
    asked, _ = form.read(typed, chart, on)
    if do == "sign":
        needed(typed)
    if typed.errors:
        return shown(request, her, chart, on, typed, row, tried=True, stale=stale)
    now = timezone.now()
    try:
        if row is None:
            row = acting.draft(patient=her, asked=asked, by=request.user, at=now)
        else:
            acting.change(order=row, seen=version(request, row), asked=asked, by=request.user, at=now)
    except acting.NotNow as sorry:
        return shown(request, her, chart, on, typed, None, problem=str(sorry))
    except Stale:
        return shown(request, her, chart, on, typed, a_draft(her, row.pk if row else None), stale=True)
    if do == "sign":
        return redirect("sign-order", patient=her.pk, order=row.pk)
    messages.success(request, "Draft saved. Nothing is ordered until it is signed.")
    return redirect("order", patient=her.pk, order=row.pk)


def changed_rows(post: Any, typed: Typed) -> None:
    """What the small buttons do to the form: a row more or less, the label's own, the limit, a day for the review."""
    rows = typed.rows
    if post.get("do") == "add":
        rows.append(Row(often=rows[-1].often if rows else "morning"))
    elif (at := _place(post.get("remove"), rows)) is not None:
        del rows[at]
        typed.rows = rows or [Row()]
    elif form.a_day(post.get("review", "")) is not None:
        typed.review_on = post["review"].strip()
    elif post.get("label", "").isdecimal():
        label = beside.rows_of_label(typed.medicine, int(post["label"][:4]), rows[0].often if rows else "morning")
        typed.rows = [Row(*one) for one in label] or rows
    elif ":" in post.get("fix", ""):
        number, _, dose = post["fix"].partition(":")
        if (at := _place(number, rows)) is not None:
            rows[at] = replace(rows[at], dose=dose[:40])


def _place(text: str | None, rows: list[Row]) -> int | None:
    text = text or ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 and int(text) < len(rows) else None


def shown(
    request: Any,
    her: Patient,
    chart: Chart,
    on: date,
    typed: Typed,
    row: Order | None,
    *,
    tried: bool = False,
    problem: str = "",
    stale: bool = False,
) -> HttpResponse:
    """The composer. `tried`: saving was asked, so what is wrong, and what was left empty, stands first. `stale`:
    somebody saved in between; theirs is shown above what was typed, and nothing of either is lost."""
    holds = context(request, her, chart, on, typed, row, tried=tried)
    holds["summary"] = summary(typed) if tried else []
    holds["problem"], holds["signing"] = problem, request.POST.get("do") == "sign"
    if stale and row is not None:
        by_whom = {"by": str(row.drafted_by), "at": row.drafted_at, "why": row.why}
        holds["theirs"] = {**beside.order_in_words(row), **by_whom}
    return render(request, "clinic/order/composer.html", holds, status=409 if stale or problem else 200)


def context(
    request: Any,
    her: Patient,
    chart: Chart,
    on: date,
    typed: Typed,
    row: Order | None,
    *,
    part: bool = False,
    tried: bool = False,
) -> dict[str, Any]:
    """Everything the composer shows; `part`: only what changes as she types."""
    asked, laid = form.read(typed, chart, on)
    if not tried:
        typed.errors = {name: words for name, words in typed.errors.items() if not _empty(typed, name)}
    draft = Order(patient=her, pk=row.pk if row else None, **asked.fields())
    review = reviewed(draft, chart, on) if typed.medicine else Reviewed()
    numbers = laid.numbers or (1,)
    placed = [replace(one, step=numbers[min(one.step, len(numbers)) - 1]) for one in review.found]
    review = replace(review, found=tuple(placed))
    facts = beside.facts_on(chart, on)
    plans = beside.schedules(typed.medicine, facts, her, typed.tablets) if typed.medicine else []
    plans = plans if typed.replaces is None else []
    open_ = [one for one in review.found if one.critical and not one.settled]
    waiting = sum(not ready.answered(one, typed.answers) for one in open_)
    made = typed.made_as
    address = reverse("draft-order", kwargs={"patient": her.pk, "order": row.pk}) if row else reverse(
        "new-order", kwargs={"patient": her.pk}
    )  # fmt: skip
    holds = {
        "address": address,
        "asks": reverse("order-findings", kwargs={"patient": her.pk}) + (f"?draft={row.pk}" if row else ""),
        "typed": typed,
        "errors": typed.errors,
        "rows": found.rows_shown(typed, laid, review, on),
        "often": [(key, label) for key, (label, _, _, _) in OFTEN.items()],
        "forms": forms_of(typed.medicine) if typed.medicine else (),
        "made": made,
        "depot": any(one.depot for one in forms_of(typed.medicine, depots=True)) if typed.medicine else False,
        "strengths": [(str(one), str(one) in typed.strengths) for one in made.strengths] if made and made.thing else [],
        "may_halve": made is not None and made.thing == "tablet" and not made.kept_whole,
        "name": knowledge().name_of(typed.medicine) if typed.medicine else "",
        "plans": plans,
        "found": found.findings_shown(review, typed, plans, on),
        "counted": found.counted(review),
        "not_checked": review.not_checked,
        "notes": review.notes,
        "waiting": f"To sign, act on {waiting} critical finding{'' if waiting == 1 else 's'} or give a reason."
        if waiting
        else "",
        "begins": begins(typed),
        "none_after": None if typed.stops else signed_until(draft),
        "no_review": begins(typed) and not typed.review_on.strip(),
        "knowledge": str(knowledge().stamp),
        "patient": her,
        "on": on,
        "part": part,
    }
    if part:
        return holds
    choices = scales(chart, facts, typed)
    chosen = next((key for key, _, is_chosen in choices if is_chosen), "")
    return {
        **beside.her_head(request, her, chart, on),
        **holds,
        "first_check_in": beside.first_check_in(laid.starts[0] if laid.starts else None, chosen, chart),
        "on_paper": beside.on_paper([chosen]),
        "draft": row,
        "hers": beside.hers(chart, typed),
        "facts": facts_in_brief(facts),
        "cards": [] if typed.stops or typed.replaces else beside.cards(her, chart, facts, typed),
        "medicines": sorted(one.name for one in knowledge().medicines.values() if one.whole),
        "scales": choices,
        "drafts": drafts_of(her) if row is None and request.method != "POST" else [],
        "not_begun": typed.replaces is not None and date.fromisoformat(typed.replaces.steps[0]["from"]) > on,
        "left": left_of(chart, typed.medicine, on) if typed.medicine else None,
        "taper": taper_of(typed),
        "fair": beside.fair_in_words(typed.medicine, chart, on) if begins(typed) else "",
        "reviews": beside.reviews(typed.medicine, chart, on, laid.starts[0] if laid.starts else None, laid.steps)
        if holds["no_review"]
        else [],
        "both": beside.side_by_side(asked.steps, draft, chart, on),
        "about": about(typed, chart, facts),
    }


def drafts_of(her: Patient) -> list[Order]:
    """What was begun and not signed: nobody writes it a second time unknowing."""
    return list(Order.objects.filter(patient=her, signed_at__isnull=True).select_related("drafted_by")[:5])


def about(typed: Typed, chart: Chart, facts: Facts) -> str:
    """One line on what this order is, under her name: for which diagnosis, her latest score, what she decided."""
    if typed.stops:
        return "A plan to stop, step by step. It is signed like an order."
    hers = [one.text for one in treated(typed, facts)]
    named = " and ".join(text if text[1:2].isupper() else f"{text[:1].lower()}{text[1:]}" for text in hers[:2])
    newest = {body.scale: (body.total, entry.on) for entry, body in reversed(chart.of(said.Score))}
    latest = "; ".join(
        f"{knowledge().scales[key].name} {plain(newest[key][0])}, {newest[key][1]:%-d %B}"
        for key in fitting(chart, facts, typed)
        if key in newest and newest[key][0] is not None
    )
    first = f"{'New order' if typed.replaces is None else 'Change of an order'}{f' for {named}' if named else ''}"
    first += f" ({latest})." if latest else "."
    if typed.decision is None:
        alone = " It stands on no decision of hers: no trial begins with it."
        return first + (alone if typed.replaces is None else "")
    words = typed.decision.body.get("chosen_words", "")
    return f"{first} She decided on {typed.decision.on:%-d %B}: {words}."


def treated(typed: Typed, facts: Facts) -> list[Condition]:
    """Her diagnoses that the medicine is given for, by what the knowledge says of its doses."""
    book = knowledge().monographs.get(typed.medicine)
    treats = {group for one in (book.dosing if book is not None else ()) for group in one.indication}
    treats |= {group for one in (book.adequate_trial if book is not None else ()) for group in one.indication}
    return [one for one in facts.conditions if treats.intersection(one.groups)]


def fitting(chart: Chart, facts: Facts, typed: Typed) -> list[str]:
    """Which of the scales she has filled in can show whether it helps?  The one that was chosen; else those made for
    what the order is for; where there is none, those of the newest day. Of several nobody here picks one."""
    books = knowledge().scales
    if typed.scale in books:
        return [typed.scale]
    newest: dict[str, date] = {}
    for entry, body in chart.of(said.Score):
        if body.scale in books:
            newest.setdefault(body.scale, entry.on)
    groups = {group for one in treated(typed, facts) for group in one.groups}
    for made_for in (SPEAKS, AFTER_BIRTH):
        names = [name for group, name in made_for.items() if group in groups]
        if fit := [key for key in newest if any(same(books[key].name, name) for name in names)]:
            return fit
    last = max(newest.values(), default=None)
    return [key for key, on in newest.items() if on == last]


def begins(typed: Typed) -> bool:
    """Does a trial begin with it?"""
    return typed.decision is not None and typed.replaces is None and not typed.stops


def needed(typed: Typed) -> None:
    """What a signature needs beside what a draft does: told at its field, not on the page after."""
    if not begins(typed):
        return
    if not typed.why.strip():
        typed.errors.setdefault("why", "Say what it is for: the trial is judged by it.")
    if typed.scale not in knowledge().scales:
        typed.errors.setdefault("scale", "Choose the scale that will show whether it helps.")
    if not typed.review_on.strip():
        typed.errors.setdefault("review_on", "Give a day for the review.")


def _empty(typed: Typed, name: str) -> bool:
    """Was nothing written there yet?  Then nothing is said of it before somebody wants to save."""
    if name.startswith("dose-"):
        return typed.rows[int(name[5:])].empty
    if name == "medicine":
        return not typed.medicine and not typed.none and not typed.other.strip()
    return name == "why" or (name == "made_as" and not typed.form)


def scales(chart: Chart, facts: Facts, typed: Typed) -> list[tuple[str, str, bool]]:
    """The scales she has filled in, newest first, then the usual ones; the one that fits is chosen, of two neither."""
    hers = list(dict.fromkeys(body.scale for _, body in chart.of(said.Score)))
    keys = [one for one in dict.fromkeys([*hers, *SCALES_FIRST]) if one in knowledge().scales]
    fit = fitting(chart, facts, typed)
    chosen = fit[0] if len(fit) == 1 else ""
    paper = {key: "" if may_ask(key) else ", from paper" for key in keys}
    return [(key, f"{knowledge().scales[key].name}{paper[key]}", key == chosen) for key in keys]


def taper_of(typed: Typed) -> Any:
    """What the knowledge says of stopping it; None: nothing."""
    book = knowledge().monographs.get(typed.medicine)
    if not typed.stops or book is None or not book.taper:
        return None
    taper = book.taper[0]
    return {
        "advice": taper.advice, "min_days": taper.min_days, "mark": taper.mark.value,
        "sources": "; ".join(one["title"] for one in cited(taper.sources, knowledge())),
    }  # fmt: skip


def summary(typed: Typed) -> list[tuple[str, str]]:
    """(the id of the field, what is wrong with it), in the order of the page."""
    return [(f"f-{name}", words) for name, words in typed.errors.items()]
