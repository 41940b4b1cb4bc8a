"""On paper: the prescription and her instructions, or the taper with its calendar. Only of what is signed."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from althea.care.facts import chart_of
from althea.care.papers import order_plain, taper_plain
from althea.clinic.pages.order.signed import of_hers
from althea.look.paper import order_paper, order_pdf, taper_paper, taper_pdf
from althea.look.paper.press import Size

SIZES: dict[str, Size] = {"US": "us-letter", "CA": "us-letter"}


@require_safe
def order(request: Any, patient: Any, order: Any) -> HttpResponse:
    """`?of=taper`: her taper and its calendar, of an order that stops; else the order's sheets."""
    row = of_hers(request.patient, order)
    if row.signed_at is None:
        raise Http404
    chart, size = chart_of(request.patient), SIZES.get(request.patient.clinic.country, "a4")
    if row.stops and request.GET.get("of") == "taper":
        return as_pdf(taper_pdf(taper_paper(taper_plain(row, chart, ())), size))
    return as_pdf(order_pdf(order_paper(order_plain(row, chart, ())), size))


def as_pdf(pdf: bytes) -> HttpResponse:
    """Never kept by the browser, and named so that a list of downloads tells nothing."""
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="notes.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer
