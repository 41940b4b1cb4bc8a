"""What can she choose between, what did she answer, and what did she decide?  Options, prepared and decided with her.

Nothing is chosen here before she chose. What she sees is shown as she sees it, frozen from the moment it is shared;
what is held back from her is apart, with the reason. "No medicine now" and "Not now" are decisions like any other.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from althea.care import choosing
from althea.care.actions import decide as deciding
from althea.care.actions import offer as acting
from althea.care.days import today, zone_of
from althea.care.facts import chart_of
from althea.care.her_plan import Decided, decisions_of
from althea.care.known import knowledge
from althea.care.models import Entry, Offer, Patient, Stale
from althea.care.typed import Day, Past, Text
from althea.clinic.heading import heading
from althea.engine.options_order import in_order_of
from althea.knowledge.schema.choice import TOPICS
from althea.look.comparison import laid_out, together

EVENINGS = 6
"""Answers of hers shown below the newest."""
MEANWHILE = "Somebody else changed this while you were working. Not saved: below is how it stands now."


class Words(forms.Form):
    words = Text(label="Your words to her", rows=4, help_text="She reads them above the options. Plain and short.")


class Decide(forms.Form):
    chosen = forms.ChoiceField(label="What was decided", widget=forms.RadioSelect)
    whose = forms.ChoiceField(
        label="This choice was mostly", choices=deciding.WHOSE, widget=forms.RadioSelect,
        error_messages={"required": "Say whose choice this mostly was: hers, shared or yours."},
    )  # fmt: skip
    reasons = Text(label="Her reason, in her words", rows=3)
    talked_over = forms.MultipleChoiceField(
        label="Before she decided", choices=deciding.TALKED_OVER, required=False, widget=forms.CheckboxSelectMultiple
    )
    review_on = Day(label="Look again together on", help_text="Needed where no medicine was chosen.")

    def __init__(self, shown: Any, on: date, changed: bool, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        chosen, talked = self.fields["chosen"], self.fields["talked_over"]
        assert isinstance(chosen, forms.ChoiceField)
        assert isinstance(talked, forms.MultipleChoiceField)
        chosen.choices = choosing.may_be_chosen(shown)
        chosen.error_messages |= {
            "required": "Pick what was decided.",
            "invalid_choice": "That is not among what she was shown. Pick one of those, or prepare options anew.",
        }
        if not changed:
            talked.choices = [one for one in deciding.TALKED_OVER if one[0] != deciding.CHANGED]
        self.fields["review_on"].widget.attrs["min"] = on.isoformat()

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        chosen = told.get("chosen")
        if chosen and not choosing.medicine_of(chosen) and not told.get("review_on") and "review_on" not in self.errors:
            self.add_error("review_on", deciding.NEEDS_A_DAY)
        return told


@require_safe
def page(request: Any, patient: Any) -> HttpResponse:
    """Where it stands: to be prepared, prepared, shared, or decided."""
    offered, waits = _the_one(request.patient, draft=bool(request.GET.get("draft")))
    if request.GET.get("anew"):
        return _preparing(request, None, beside=offered if offered is not None and offered.closed_at is None else None)
    if offered is None or (offered.shared_at is None and request.GET.get("change")):
        return _preparing(request, offered)
    return _standing(request, offered, draft_waits=waits, again=bool(request.GET.get("again")))


@require_POST
def prepare(request: Any, patient: Any) -> HttpResponse:
    """A draft with the medicines that were picked; therapies and no medicine now are always in it."""
    her, now = request.patient, timezone.now()
    draft = _named(her, request.POST.get("offer", ""))
    picked = [one for one in request.POST.getlist("candidate") if one in knowledge().medicines]
    values, _ = choosing.what_matters(her)
    options = choosing.compare(chart_of(her), today(her, now), values=values, candidates=tuple(dict.fromkeys(picked)))
    try:
        acting.prepare(patient=her, options=options, by=request.user, at=now, draft=draft, seen=_version(request))
    except acting.NotNow as sorry:
        return _sorry(request, str(sorry))
    except Stale:
        return _sorry(request, MEANWHILE, status=409, draft=True)
    return redirect(f"{reverse('offer', kwargs={'patient': her.pk})}?draft=1")


@require_POST
def share(request: Any, patient: Any) -> HttpResponse:
    """She sees it from now on."""
    offered = _named(request.patient, request.POST.get("offer", ""), needed=True)
    assert offered is not None
    form = Words(request.POST)
    if not form.is_valid():
        return _standing(request, offered, words=form)
    given = {"words": form.cleaned_data["words"], "by": request.user, "at": timezone.now(), "seen": _version(request)}
    try:
        acting.share(offer=offered, **given)
    except acting.NotNow as sorry:
        form.add_error(None, str(sorry))
        return _standing(request, offered, words=form)
    except Stale:
        return _sorry(request, MEANWHILE, status=409, draft=True, words=form)
    messages.success(request, f"{request.patient.first_name} sees it now. She got a neutral notice.")
    return redirect("offer", patient=request.patient.pk)


@require_POST
def close(request: Any, patient: Any) -> HttpResponse:
    """It is taken back: kept, and no longer to be answered."""
    offered = _named(request.patient, request.POST.get("offer", ""), needed=True)
    assert offered is not None
    try:
        acting.close(offer=offered, by=request.user, at=timezone.now(), words="Taken back.", seen=_version(request))
    except acting.NotNow as sorry:
        return _sorry(request, str(sorry))
    except Stale:
        return _sorry(request, MEANWHILE, status=409)
    messages.success(request, "Taken back. What she wrote is kept.")
    return redirect("plan", patient=request.patient.pk)


@require_POST
def decide(request: Any, patient: Any) -> HttpResponse:
    """What was decided at the visit."""
    her, now = request.patient, timezone.now()
    offered = _named(her, request.POST.get("offer", ""), needed=True)
    assert offered is not None
    instead = _decision(her, request.POST.get("instead", ""))
    changed = choosing.changed_since(offered, chart_of(her), today(her, now))
    form = Decide(offered.options, today(her, now), bool(changed), request.POST)
    if not form.is_valid():
        return _standing(request, offered, form=form, instead=instead)
    try:
        entry = deciding.decide(
            offered=offered, seen=_version(request) or 0, shown=request.POST.get("shown", ""), by=request.user, at=now,
            changed=bool(changed), instead=instead, **form.cleaned_data,
        )  # fmt: skip
    except Stale as stale:
        theirs = stale.theirs if isinstance(stale.theirs, Entry) else deciding.decision_of(offered)
        return _standing(request, offered, form=form, instead=theirs, theirs=theirs, status=409)
    except (acting.NotNow, Past) as sorry:
        form.add_error("review_on" if isinstance(sorry, Past) else None, str(sorry))
        return _standing(request, offered, form=form, instead=instead)
    messages.success(request, f"Recorded: {entry.body['chosen_words']}.")
    return redirect("offer", patient=her.pk)


@require_POST
def consent(request: Any, patient: Any) -> HttpResponse:
    """She agrees at the visit to the text that is on the page."""
    decision = _decision(request.patient, request.POST.get("decision", ""))
    if decision is None:
        raise Http404
    text = deciding.consent_text(decision, _offer_of(decision))
    given = {"text": text, "shown": request.POST.get("shown", ""), "how": "at the visit"}
    try:
        deciding.consent(decision=decision, by=request.user, at=timezone.now(), **given)
    except acting.NotNow as sorry:
        return _sorry(request, str(sorry))
    messages.success(request, "She agreed. The text she agreed to is kept.")
    return redirect("offer", patient=request.patient.pk)


# --- which offer -----------------------------------------------------------------------------------------------------


def _the_one(her: Patient, *, draft: bool = False) -> tuple[Offer | None, bool]:
    """The draft, where it is asked for; else the open one, else the last that was shared: None, there was none yet.
    And whether a draft waits beside one that she sees."""
    last = Offer.objects.filter(patient=her, shared_at__isnull=False).order_by("-shared_at").values("pk")[:1]
    open_or_last = Q(closed_at__isnull=True) | Q(pk=Subquery(last))
    rows = list(Offer.objects.filter(open_or_last, patient=her).order_by("-prepared_at"))
    prepared = next((one for one in rows if one.shared_at is None), None)
    sees = next((one for one in rows if one.shared_at is not None and one.closed_at is None), None)
    found = (prepared if draft else None) or sees or prepared or next(iter(rows), None)
    return found, prepared is not None and found is not prepared


def _named(her: Patient, key: str, *, needed: bool = False) -> Offer | None:
    """The offer of the form, if it is hers: another woman's does not exist."""
    if not key and not needed:
        return None
    try:
        found = Offer.objects.filter(patient=her, pk=UUID(key)).first()
    except ValueError:
        raise Http404 from None
    if found is None:
        raise Http404
    found.patient = her
    return found


def _decision(her: Patient, key: str) -> Entry | None:
    if not key:
        return None
    try:
        found = Entry.objects.filter(patient=her, kind="decision", pk=UUID(key)).first()
    except ValueError:
        raise Http404 from None
    if found is None:
        raise Http404
    found.patient = her
    return found


def _offer_of(decision: Entry) -> Offer | None:
    key = decision.body.get("offer", "")
    return Offer.objects.filter(patient_id=decision.patient_id, pk=key).first() if key else None


def _version(request: Any) -> int | None:
    told = request.POST.get("version", "")
    return int(told) if told.isdecimal() else None


# --- the pages -------------------------------------------------------------------------------------------------------


def _sorry(
    request: Any, why: str, *, status: int = 200, draft: bool = False, words: Words | None = None
) -> HttpResponse:
    """What cannot be done, above the page as it is now. Words that were typed are still in their field."""
    offered, waits = _the_one(request.patient, draft=draft)
    if offered is None:
        return _preparing(request, None, sorry=why, status=status)
    return _standing(request, offered, draft_waits=waits, sorry=why, words=words, status=status)


def _preparing(
    request: Any, draft: Offer | None, *, beside: Offer | None = None, sorry: str = "", status: int = 200
) -> HttpResponse:
    """Which medicines to compare: those studied in her situation, each with what speaks against it for her.

    `beside`: the offer that is open while another is prepared.
    """
    her, on = request.patient, today(request.patient, timezone.now())
    chart = chart_of(her)
    values, said_on = choosing.what_matters(her)
    picked = choosing.candidates_of(draft.options) if draft is not None else ()
    all_of_them = choosing.compare(chart, on, values=values, added=picked)
    there = {row.option for one in all_of_them.situations for row in knowledge().choices[one.id].benefits}
    medicines = [one for one in (*all_of_them.offered, *all_of_them.not_without_a_talk) if one.kind == "medicine"]
    holds = {
        **heading(request, chart, on, "plan"),
        "sorry": sorry,
        "draft": draft,
        "options": all_of_them,
        "studied": [(one, one.id in picked) for one in medicines if one.id in there],
        "always": together([one.name for one in all_of_them.offered if one.kind != "medicine"], " and "),
        "added": [(one, True) for one in medicines if one.id not in there],
        "others": _others({one.id for one in medicines}),
        "values": [TOPICS.get(one, one) for one in values],  # type: ignore[call-overload]
        "said_on": said_on,
        "open": beside,
    }
    return render(request, "clinic/offer_prepare.html", holds, status=status)


def _others(there: set[str]) -> list[tuple[str, str]]:
    """Every other medicine that is written up whole."""
    keys = [key for key in knowledge().monographs if key not in there]
    return sorted(((key, knowledge().name_of(key).capitalize()) for key in keys), key=lambda one: one[1])


def _standing(
    request: Any, offered: Offer, *, again: bool = False, draft_waits: bool = False, words: Words | None = None,
    form: Decide | None = None, instead: Entry | None = None, theirs: Entry | None = None, sorry: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    """An offer as she sees it, with what she answered, what is for her prescriber alone, and the decision."""
    her, on = request.patient, today(request.patient, timezone.now())
    chart = chart_of(her)
    decisions = decisions_of(chart)
    about_it = next((one for one in decisions if one.stands and one.body.offer == str(offered.pk)), None)
    replies = list(offered.replies.order_by("-at")[: EVENINGS + 1])
    last = replies[0] if replies else None
    shown = in_order_of(offered.options, last.values) if last is not None else offered.options
    open_ = offered.closed_at is None
    changed = choosing.changed_since(offered, chart, on) if open_ or again or form is not None else []
    deciding_now = (offered.shared_at is not None and open_) or (again and about_it is not None) or form is not None
    if deciding_now and form is None:
        form = Decide(offered.options, on, bool(changed))
    if again and about_it is not None:
        instead = about_it.entry
    holds = {
        **heading(request, chart, on, "plan"),
        "zone": zone_of(her),
        "sorry": sorry,
        "offer": offered,
        "draft_waits": draft_waits,
        "open": open_,
        "comparison": laid_out(shown),
        "held": shown.get("not_without_a_talk", []),
        "notes": shown.get("notes", []),
        "changed": changed,
        "last": last,
        "leans": choosing.in_words(offered.options, last.leaning) if last is not None and last.leaning else "",
        "values": [TOPICS.get(one, one) for one in (last.values if last is not None else shown.get("values", ()))],
        "earlier": replies[1:],
        "words": words or Words(initial={"words": offered.words}),
        "form": form if deciding_now else None,
        "instead": instead,
        "theirs": theirs,
        "digest": choosing.digest(offered),
        "decided": about_it,
        "consent": _to_agree(about_it, offered),
        "plan": {"decisions": decisions},
        "may_change": True,
    }
    return render(request, "clinic/offer.html", holds, status=status)


def _to_agree(decided: Decided | None, offered: Offer) -> dict[str, str] | None:
    """The text she may agree to here, of what was decided about this offer. None: there is nothing to agree to."""
    if decided is None or not decided.waits_for_her:
        return None
    text = deciding.consent_text(decided.entry, offered)
    return {"decision": str(decided.entry.pk), "text": text, "digest": deciding.text_digest(text)}
