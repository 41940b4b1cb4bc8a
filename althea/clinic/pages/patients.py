"""Whom do I look after?  The women of one's own list; for the front desk, names, times and how each is reached."""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, Min, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from althea.care.access import hers_to_see
from althea.care.actions import patient as patients
from althea.care.days import age, today, zone_of
from althea.care.known import knowledge
from althea.care.models import Member, Order, Patient, Role, Visit
from althea.care.named import found, named
from althea.care.schedule import over
from althea.care.typed import Phone
from althea.clinic.at_a_glance import at_a_glance
from althea.clinic.frame import frame
from althea.look.words import day

ON_A_PAGE, MOST_MEDICINES = 40, 5
OPENS: dict[str, str] = {Role.PRESCRIBER: "chart", Role.NURSE: "chart", Role.THERAPIST: "progress-of"}
"""The page of her record that a role may open; the front desk and the practice open none."""


@require_safe
def page(request: Any) -> HttpResponse:
    """A clinician sees her own patients; the front desk and the practice see who is registered."""
    member, now = request.who.member, timezone.now()
    clinical = member.role in (Role.PRESCRIBER, Role.NURSE, Role.THERAPIST)
    rows = hers_to_see(member) if clinical else Patient.objects.filter(clinic=member.clinic)
    asked, on = request.GET.get("q", "").strip()[:100], today(member.clinic, now)
    treats = OPENS.get(member.role) == "chart"
    medicines = medicines_named(asked) if treats and asked else []
    if asked:
        ordered = Order.objects.filter(patient=OuterRef("pk"), signed_at__isnull=False, medicine__in=medicines)
        runs = ordered.filter(Q(end__isnull=True) | Q(end__on__gt=on)).exclude(pk__in=run_out(medicines, rows, on))
        takes = Exists(runs) if medicines else Q(pk__in=[])
        rows = rows.filter(Q(name__icontains=asked) | Q(called__icontains=asked) | Q(takes))
    shown = Paginator(rows.order_by("name", "pk"), ON_A_PAGE).get_page(request.GET.get("page"))
    coming = next_visits([one.pk for one in shown], now)
    lines = [{"patient": one, "age": age(one.born_on, on), "next": coming.get(one.pk)} for one in shown]
    if treats:
        glance = at_a_glance([one.pk for one in shown], member.clinic, on)
        lines = [line | {"glance": glance[one.pk]} for line, one in zip(lines, shown, strict=True)]
    holds = {
        "lines": lines,
        "treats": treats,
        "shown": shown,
        "asked": asked,
        "medicines": [told_of(one) for one in medicines],
        "opens": opened_by(member),
        "may_register": member.role in (Role.PRESCRIBER, Role.NURSE, Role.FRONT_DESK),
    }
    return render(request, "clinic/patients.html", frame(request, "patients") | holds)


def opened_by(member: Member) -> str:
    """Where her name leads; for the front desk to how she is reached, and to nothing of her record."""
    return "reach" if member.role == Role.FRONT_DESK else OPENS.get(member.role, "")


def run_out(medicines: list[str], rows: Any, on: date) -> list[Any]:
    """Which orders of these ended by themselves, on the last day they were signed to?  Nobody writes an end of them.
    One query."""
    if not medicines:
        return []
    signed = Order.objects.filter(patient__in=rows, medicine__in=medicines, signed_at__isnull=False, end__isnull=True)
    return [one.pk for one in signed.select_related("end").only("steps", "end") if over(one, on)]


def medicines_named(asked: str) -> list[str]:
    """Which medicines these letters name, or begin to name, by name or brand."""
    ids = list(named(asked).medicines)
    for name, _ in found(asked):
        ids += [one for one in named(name).medicines if one not in ids]
    return [one for one in ids if one in knowledge().medicines][:MOST_MEDICINES]


def told_of(medicine: str) -> tuple[str, str]:
    """(its name, the page that tells of it): its own, or the rules that name it."""
    name = knowledge().name_of(medicine)
    whole = medicine in knowledge().monographs
    url = reverse("medicine", args=[medicine]) if whole else f"{reverse('rules')}?{urlencode({'q': name})}"
    return f"{name[:1].upper()}{name[1:]}", url


def next_visits(women: list[UUID], now: datetime) -> dict[UUID, datetime]:
    """When does each of them come next?  Asked of those on the page only, however many there are in all."""
    rows = Visit.objects.filter(patient_id__in=women, at__gte=now).order_by().values_list("patient_id")
    return dict(rows.annotate(Min("at")))


NEEDED = {
    "name": "Enter her name.", "email": "Enter her email address.", "why": "Say in a few words why she comes.",
    "prescriber": "Choose her prescriber.",
}  # fmt: skip


class Register(forms.Form):
    name = forms.CharField(label="Her name", max_length=200)
    called = forms.CharField(label="What she wants to be called", max_length=100, required=False)
    born_on = forms.DateField(
        label="Date of birth",
        required=False,
        help_text="Without it her checks cannot be made: Althea's knowledge is for adults.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    email = forms.EmailField(label="Email", help_text="Her invitation goes here. Ask whether anybody else reads it.")
    phone = Phone(label="Phone", help_text="So that somebody can call her when it cannot wait.")
    why = forms.CharField(label="Why she comes, in a few words", max_length=300)
    prescriber = forms.ModelChoiceField(label="Her prescriber", empty_label="Choose", queryset=Member.objects.none())
    others = forms.ModelMultipleChoiceField(
        label="Who else looks after her",
        help_text="They see her record, and what cannot wait. Nobody else at the clinic does.",
        queryset=Member.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, member: Member, **named: Any) -> None:
        super().__init__(*args, **named)
        here = Member.objects.filter(clinic=member.clinic, left_on__isnull=True).select_related("user")
        self.fields["prescriber"].queryset = here.filter(role=Role.PRESCRIBER)  # type: ignore[attr-defined]
        beside = here.filter(role__in=(Role.NURSE, Role.THERAPIST)).order_by("role", "pk")
        self.fields["others"].queryset = beside  # type: ignore[attr-defined]
        self.fields["others"].initial = [member.pk]
        self.today = today(member.clinic, timezone.now())
        self.member, self.twins = member, list[dict[str, Any]]()
        for field, words in NEEDED.items():
            self.fields[field].error_messages["required"] = words

    def clean_born_on(self) -> Any:
        born = self.cleaned_data["born_on"]
        if born is not None and not 1900 <= born.year <= self.today.year:
            raise forms.ValidationError(f"{born:%-d %B %Y} cannot be a date of birth. Enter the day she was born.")
        if born is not None and born > self.today:
            raise forms.ValidationError("This is after today. Enter the day she was born.")
        return born

    def clean_email(self) -> str:
        """An email invites one woman. Nobody of another clinic is asked about, and none is named who is not theirs."""
        email: str = self.cleaned_data["email"]
        there = Patient.objects.filter(clinic=self.member.clinic, email__iexact=email).first()
        if there is not None:
            who = there.name if may_name(self.member, there) else "Somebody of this clinic"
            raise forms.ValidationError(
                f"{who} is registered with this email, and one email invites one woman only. If it is she, she is "
                "here already; if not, ask for another email."
            )
        return email

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        known = twins(self.member, given.get("name", ""), given.get("born_on"))
        said_another = set(self.data.getlist("another")) if hasattr(self.data, "getlist") else set()
        self.twins = [shown_twin(one, self.member, self.today, str(one.pk) in said_another) for one in known]
        if not all(one["another"] for one in self.twins):
            self.add_error(None, "Somebody of this name is registered already. Look below whether it is she.")
        return given


def twins(member: Member, name: str, born_on: Any) -> list[Patient]:
    """Who at this clinic has the same name and the same birthday?  A birthday nobody knows may be the same."""
    if not name:
        return []
    rows = Patient.objects.filter(clinic=member.clinic)
    if born_on is not None:
        rows = rows.filter(Q(born_on=born_on) | Q(born_on__isnull=True))
    rows = rows.only("name", "born_on", "created_at", "clinic_id").order_by("created_at")
    return [one for one in rows if plain(one.name) == plain(name)]


def plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def may_name(member: Member, patient: Patient) -> bool:
    """Does this member see her name on a list?  The front desk sees who is registered, a clinician her own."""
    return member.role not in OPENS or hers_to_see(member).filter(pk=patient.pk).exists()


def shown_twin(one: Patient, member: Member, on: Any, another: bool) -> dict[str, Any]:
    """Somebody who may be the same woman, and the page of hers this role may open. Of a woman who is not theirs a
    clinician learns no more than the name that was typed."""
    hers = may_name(member, one)
    born = f"born {one.born_on:%-d %B %Y}" if one.born_on is not None else "date of birth not known"
    since = one.created_at.astimezone(zone_of(member.clinic)).date()
    words = [one.name, *([born] if hers else []), "registered today" if since == on else f"registered {day(since, on)}"]
    opens = opened_by(member) if hers else ""
    return {"pk": str(one.pk), "words": ", ".join(words), "opens": opens, "another": another}


@require_http_methods(["GET", "POST"])
def new(request: Any) -> HttpResponse:
    member = request.who.member
    form = Register(request.POST or None, member=member)
    if request.method == "POST" and form.is_valid():
        now: datetime = timezone.now()
        made, _ = patients.register(
            clinic=member.clinic, by=request.user, at=now, on=today(member.clinic, now), **form.cleaned_data
        )
        messages.success(request, f"{made.name} is registered. Her invitation is on its way.")
        return redirect("patients")
    return render(request, "clinic/new_patient.html", frame(request, "patients", within=True) | {"form": form})
