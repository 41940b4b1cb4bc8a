"""The front page: what is Althea, for whom, and what does it say of a written patient?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from althea.care.known import knowledge
from althea.clinic.written_women import everyone


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    known = knowledge()
    holds = {
        "women": everyone(timezone.localdate()).values(),
        "rules": f"{len(known.rules):,}",
        "medicines": len(known.monographs),
        "sources": len(known.sources),
        "scales": len(known.scales),
        "stamp": str(known.stamp),
    }
    return render(request, "clinic/front.html", holds)
