"""Routes of the tests: one that changes something, one that forgets its trail, one that fails half-way."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import include, path
from django.utils import timezone

from althea.care import entries
from althea.care.access import HERSELF, chart, route
from althea.care.actions import record
from althea.care.models import Origin, Patient


def goal(request, **named):
    """Adds a goal to her record, once a form."""
    if request.method == "GET":
        return HttpResponse(f"chart of {request.patient.name}")
    body = entries.Goal(words=request.POST["words"])
    record.add(patient=request.patient, body=body, on=timezone.localdate(), origin=Origin.HERS, by=request.user,
               at=timezone.now())  # fmt: skip
    if request.POST.get("then") == "fail":
        raise RuntimeError("half-way")
    if request.POST.get("then") == "show again":
        return HttpResponse("There is a mistake in it.")
    messages.success(request, "Kept.")
    return HttpResponseRedirect("/done", status=303)


def no_trail(request):
    Patient.objects.filter(pk=request.patient.pk).update(called="Somebody")
    return HttpResponseRedirect("/done", status=303)


def said(request):
    """What the page after a form says of it: once, as every page does."""
    return HttpResponse(" ".join(one.message for one in messages.get_messages(request)))


urlpatterns = [
    path("", include("althea.site.urls")),
    route("goal", goal, HERSELF, name="goal"),
    route("said", said, HERSELF, name="said"),
    route("no-trail", no_trail, HERSELF, name="no-trail"),
    route("patients/<uuid:patient>/goal", goal, chart(), name="chart-goal"),
]
