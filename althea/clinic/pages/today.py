"""Who needs my judgement today, and why?  The worklist, most urgent first."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def page(request: Any) -> HttpResponse:
    return render(request, "clinic/today.html", {})
