"""A page that is being built."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def page(request: Any, **named: Any) -> HttpResponse:
    return render(request, "look/base.html", {})
