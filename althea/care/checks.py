"""Is anything missing without which Althea must not start?  Run by Django before it serves anything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.checks import Error, register
from django.urls import URLPattern, URLResolver, get_resolver

from althea.care.access import DECLARED, Policy
from althea.care.gate import policy_of


def routes(resolver: Any = None, before: str = "", space: str = "") -> Iterator[tuple[str, str, Any]]:
    """Every route of the site: (its pattern, its full name, its view)."""
    for entry in (resolver or get_resolver()).url_patterns:
        address = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from routes(entry, address, inner)
        elif isinstance(entry, URLPattern):
            yield address, f"{space}{entry.name or ''}", entry.callback


@register()
def every_route_has_a_policy(app_configs: object, **named: object) -> list[Error]:
    """A route without a policy would be a door nobody decided about."""
    problems = []
    for address, name, view in routes():
        policy = policy_of(view, name)
        if policy is None:
            hint = "Add it with care.access.route(...), or declare it in site/urls.py."
            problems.append(Error(f"The route /{address} has no policy.", hint=hint, id="althea.E001"))
        elif isinstance(policy, Policy) and policy.patient and policy.audience == "staff" and "patient>" not in address:
            hint = "Put <uuid:patient> into the address."
            problems.append(Error(f"The route /{address} names no patient.", hint=hint, id="althea.E002"))
    for name in DECLARED:
        if name not in {full for _, full, _ in routes()}:
            problems.append(Error(f"A policy is declared for {name}, which is no route.", id="althea.E003"))
    return problems
