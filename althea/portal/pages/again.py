"""She was signed out while saving: what she typed is still here. Save it now?"""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from althea.care.gate import KEPT, whose


@require_safe
def page(request: Any) -> HttpResponse:
    kept = request.session.pop(KEPT, None)
    if kept is None or kept["whose"] != whose(request.user.pk):
        return HttpResponseRedirect(reverse("start"))
    fields = [(name, value) for name, values in kept["fields"].items() for value in values]
    return render(request, "portal/again.html", {"path": kept["path"], "fields": fields})
