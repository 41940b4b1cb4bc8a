"""Whom do I look after?  The women of one's own list; for the front desk, names and times and nothing else."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Min, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from althea.care.access import hers_to_see
from althea.care.actions import patient as patients
from althea.care.days import age, today
from althea.care.models import Member, Patient, Role, Visit
from althea.clinic.frame import frame

ON_A_PAGE = 40
OPENS = {Role.PRESCRIBER: "chart", Role.NURSE: "chart", Role.THERAPIST: "progress-of"}
"""The page of a woman that a role may open; the front desk and the practice open none."""


@require_safe
def page(request: Any) -> HttpResponse:
    """A clinician sees her own patients; the front desk and the practice see who is registered."""
    member, now = request.who.member, timezone.now()
    clinical = member.role in (Role.PRESCRIBER, Role.NURSE, Role.THERAPIST)
    rows = hers_to_see(member) if clinical else Patient.objects.filter(clinic=member.clinic)
    asked = request.GET.get("q", "").strip()[:100]
    if asked:
        rows = rows.filter(Q(name__icontains=asked) | Q(called__icontains=asked))
    shown = Paginator(rows.order_by("name"), ON_A_PAGE).get_page(request.GET.get("page"))
    day, coming = today(member.clinic, now), next_visits([one.pk for one in shown], now)
    lines = [{"patient": one, "age": age(one.born_on, day), "next": coming.get(one.pk)} for one in shown]
    holds = {
        "lines": lines,
        "shown": shown,
        "asked": asked,
        "opens": OPENS.get(member.role, ""),
        "may_register": member.role in (Role.PRESCRIBER, Role.NURSE, Role.FRONT_DESK),
    }
    return render(request, "clinic/patients.html", frame(request, "patients") | holds)


def next_visits(women: list[UUID], now: datetime) -> dict[UUID, datetime]:
    """When does each of them come next?  Asked of those on the page only, however many there are in all."""
    rows = Visit.objects.filter(patient_id__in=women, at__gte=now).order_by().values_list("patient_id")
    return dict(rows.annotate(Min("at")))


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
    why = forms.CharField(label="Why she comes, in a few words", max_length=300)
    prescriber = forms.ModelChoiceField(label="Her prescriber", queryset=Member.objects.none())

    def __init__(self, *args: Any, member: Member, **named: Any) -> None:
        super().__init__(*args, **named)
        here = Member.objects.filter(clinic=member.clinic, role=Role.PRESCRIBER, left_on__isnull=True)
        self.fields["prescriber"].queryset = here.select_related("user")  # type: ignore[attr-defined]
        self.today = today(member.clinic, timezone.now())

    def clean_born_on(self) -> Any:
        born = self.cleaned_data["born_on"]
        if born is not None and not 1900 <= born.year <= self.today.year:
            raise forms.ValidationError(f"{born:%-d %B %Y} cannot be a date of birth. Enter the day she was born.")
        if born is not None and born > self.today:
            raise forms.ValidationError("This is after today. Enter the day she was born.")
        return born


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
