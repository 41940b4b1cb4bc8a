"""A page that is being built."""

from django.http import HttpResponse
from django.shortcuts import render


def page(request, **named) -> HttpResponse:
    return render(request, "look/base.html", {})
