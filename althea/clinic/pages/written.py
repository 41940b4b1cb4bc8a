"""A written patient put through the checks: her record on the left, her order and what Althea says on the right."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from althea.clinic.pages.missing import missing
from althea.clinic.words import day
from althea.clinic.written_women import everyone


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    today = timezone.localdate()
    women = everyone(today)
    if slug not in women:
        return missing(request, "There is no written patient of that name", "/", "See all of them")
    names = list(women)
    after = women[names[(names.index(slug) + 1) % len(names)]]
    return render(request, "clinic/written.html", {"her": women[slug], "after": after, "today": day(today)})
