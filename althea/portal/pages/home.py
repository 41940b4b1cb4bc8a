"""What is the one thing today?  Her home."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def page(request: Any) -> HttpResponse:
    return render(request, "portal/home.html", {})
