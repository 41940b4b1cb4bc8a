"""Nothing stands at this address: say so in our look, and where to go."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def missing(request: HttpRequest, title: str, address: str, link: str) -> HttpResponse:
    return render(request, "clinic/missing.html", {"title": title, "address": address, "link": link}, status=404)
