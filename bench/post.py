"""What do rules add to a CDS Hooks POST?  The same POST through the same middleware, with rules and without.

Django's own test client sends the quiet woman as an `order-sign` request with one draft. "Without" is the same request
under knowledge without rules: she is read, nothing is asked, cards are written. "Unread" is the same view with the body
read and checked as JSON, her resources never looked at. Wall time of single calls, taken in turns. The day stands still at
the day she was written for: a week later what is known of her is too old, and she is a quiet woman no longer.
"""

from __future__ import annotations

import json
import os
import statistics
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from althea.knowledge import load
from bench.one_woman import TODAY, WOMAN

PATH = "/cds-services/althea-order-sign"
KEYS = {"MedicationRequest": "medicines", "Condition": "conditions", "Observation": "observations"}


def request() -> bytes:
    """The quiet woman as a CDS Hooks request, with a draft of what she takes already."""
    resources = [entry["resource"] for entry in json.loads(WOMAN.read_text(encoding="utf-8"))["entry"]]
    prefetch: dict[str, Any] = {"patient": resources[0], "allergies": _bundle([])}
    for kind, key in KEYS.items():
        prefetch[key] = _bundle([one for one in resources if one["resourceType"] == kind])
    draft = next(dict(one) for one in resources if one["resourceType"] == "MedicationRequest")
    draft.update(id="draft-1", status="draft")
    return json.dumps(
        {
            "hook": "order-sign",
            "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
            "context": {"userId": "Practitioner/p1", "patientId": resources[0]["id"], "draftOrders": _bundle([draft])},
            "prefetch": prefetch,
        }
    ).encode()


def _bundle(resources: list[Any]) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": one} for one in resources]}


def measure(calls: int = 3000) -> dict[str, float]:
    """Ratio of the medians, and how far the slowest in a hundred stands from the median."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "althea.site.settings.demo"
    os.environ["ALTHEA_DEMO"] = "1"
    import django
    from django.test import Client

    django.setup()
    client, body = Client(headers={"host": "localhost"}), request()

    def post() -> float:
        began = time.perf_counter()
        response = client.post(PATH, body, content_type="application/json")
        took = time.perf_counter() - began
        if response.status_code != 200:
            raise RuntimeError(f"the POST was answered with {response.status_code}: {response.content[:200]!r}")
        return took

    patch("althea.api.cds_hooks.timezone.localdate", lambda: TODAY).start()
    knowledge = load()
    none = replace(knowledge, rules={})
    others: dict[str, Callable[[], AbstractContextManager[Any]]] = {
        "with": nullcontext,
        "without": lambda: patch("althea.api.cds_hooks._knowledge", lambda: none),
        "unread": lambda: patch("althea.fhir.cds.answer", lambda *_, **__: {"cards": []}),
    }
    took: dict[str, list[float]] = {name: [] for name in others}
    for turn in range(calls // 50 + 2):
        for name, other in others.items():
            with other():
                some = [post() for _ in range(50)]
            if turn > 1:  # the first turns load the knowledge and fill the caches
                took[name] += some
    best = {name: statistics.median(some) for name, some in took.items()}
    slow = sorted(took["with"])[len(took["with"]) * 99 // 100]
    return {
        "POST, median in microseconds": best["with"] * 1e6,
        "POST with rules against without": best["with"] / best["without"],
        "POST with rules against her unread": best["with"] / best["unread"],
        "POST, p99 against the median": slow / best["with"],
    }


if __name__ == "__main__":
    for name, value in measure().items():
        print(f"{name:36} {value:8.2f}")
