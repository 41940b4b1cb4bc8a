"""What do we answer a CDS Hooks request, or a plain Bundle?  The one function that the web and the command both carry.

Request -> record -> facts and order -> review -> cards. Nothing is fetched: what is not in the prefetch is unknown.
"""

from __future__ import annotations

import gc
import re
from datetime import date
from typing import Any

from althea.engine.index import index_of
from althea.engine.review import review
from althea.fhir.cards import cards_of, plain_card
from althea.fhir.elements import Json, a_text, an_object, quoted
from althea.fhir.errors import BadRequest
from althea.fhir.read import read, read_order, why_not_checked
from althea.fhir.readings import readings_of
from althea.fhir.record import Record, of_bundle, of_prefetch, tail, take_medications
from althea.knowledge import Knowledge
from althea.knowledge.codes import CodeMap

BASE_URL = "http://localhost:8000"
UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
PREFETCH = {
    "patient": "Patient/{{context.patientId}}",
    "medicines": "MedicationRequest?patient={{context.patientId}}&_sort=-authoredon&_count=500",
    "conditions": "Condition?patient={{context.patientId}}&_count=500",
    "allergies": "AllergyIntolerance?patient={{context.patientId}}",
    "observations": "Observation?patient={{context.patientId}}"
    "&category=laboratory,vital-signs,social-history,survey,exam&_sort=-date&_count=1000",
}
AGAINST = "against pregnancy, lactation, contraception, labs and interactions."
DESCRIPTIONS = {
    "patient-view": f"Checks her psychotropic medicines {AGAINST}",
    "order-select": f"Checks the selected psychotropic orders {AGAINST}",
    "order-sign": f"Checks draft psychotropic orders {AGAINST}",
}
SERVICES: dict[str, Json] = {
    f"althea-{hook}": {
        "hook": hook,
        "id": f"althea-{hook}",
        "title": "Althea: women's psychiatric medicines",
        "description": description,
        "usageRequirements": "FHIR R4",
        "prefetch": PREFETCH,
    }
    for hook, description in DESCRIPTIONS.items()
}
HOOK_OF = {service["id"]: hook for hook, service in zip(DESCRIPTIONS, SERVICES.values(), strict=True)}
NEEDED = {
    "patient-view": ("userId", "patientId"),
    "order-select": ("userId", "patientId", "selections", "draftOrders"),
    "order-sign": ("userId", "patientId", "draftOrders"),
}


def services() -> list[Json]:
    """The services of discovery, as they stand under the key `services`."""
    return [{**one, "prefetch": {**PREFETCH}} for one in SERVICES.values()]


def answer(
    request: Any,
    today: date,
    knowledge: Knowledge,
    *,
    service: str | None = None,
    base_url: str = BASE_URL,
    jurisdiction: str = "US",
    codes: CodeMap | None = None,
) -> Json:
    """The cards for one CDS Hooks request. Raises BadRequest, which names the place and the mend."""
    hook, context = _checked(request, service)
    record = of_prefetch(an_object(request.get("prefetch")), context["patientId"])
    if words := why_not_checked(record.patient, today):
        return _not_ours(words, knowledge, base_url)
    order = None
    unread = record.unread
    if "draftOrders" in NEEDED[hook]:
        entries, selected = _drafts(context, hook, record)
        order = read_order(entries, record, today, knowledge, codes, selected=selected, unread=unread)
    return _answered(record, order, today, knowledge, base_url, jurisdiction, codes, may_suggest=hook != "patient-view")


def answer_bundle(
    bundle: Any,
    today: date,
    knowledge: Knowledge,
    *,
    base_url: str = BASE_URL,
    jurisdiction: str = "US",
    codes: CodeMap | None = None,
) -> Json:
    """The cards for a plain Bundle of one person; its MedicationRequests with status `draft` are the order."""
    record = of_bundle(bundle)
    if words := why_not_checked(record.patient, today):
        return _not_ours(words, knowledge, base_url)
    order = read_order(record.drafts, record, today, knowledge, codes, unread=record.unread)
    return _answered(record, order, today, knowledge, base_url, jurisdiction, codes, may_suggest=True)


def _answered(
    record: Record,
    order: Any,
    today: date,
    knowledge: Knowledge,
    base_url: str,
    jurisdiction: str,
    codes: CodeMap | None,
    *,
    may_suggest: bool,
) -> Json:
    if id(knowledge) not in _settled:
        _settle(knowledge, codes)
    facts = read(record, today, knowledge, codes)
    said = review(facts, order, knowledge, jurisdiction=jurisdiction)
    return {"cards": cards_of(said, facts, order, knowledge, base_url=base_url, may_suggest=may_suggest)}


_settled: dict[int, Knowledge] = {}


def _settle(knowledge: Knowledge, codes: CodeMap | None) -> None:
    """What every answer needs is made with the first, and never looked through for rubbish again: a server would
    else stop now and then in the middle of an answer to search all of the knowledge."""
    readings_of(knowledge, codes)
    index_of(knowledge)
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)  # an answer makes some thousands of small things, and no rings among them
    while len(_settled) > 4:
        del _settled[next(iter(_settled))]
    _settled[id(knowledge)] = knowledge


def _not_ours(words: str, knowledge: Knowledge, base_url: str) -> Json:
    detail = f"{words}. No rule was asked. Knowledge {knowledge.stamp}. Not yet reviewed by a clinician."
    return {"cards": [plain_card(words, detail, knowledge, base_url=base_url)]}


# --- is it a request? ---------------------------------------------------------------------------------------


def _checked(request: Any, service: str | None) -> tuple[str, Json]:
    """(hook, context) of a request that may be answered."""
    if not isinstance(request, dict):
        raise BadRequest("the request is not an object. Send a CDS Hooks 2.0 request.")
    hook = request.get("hook")
    if service is not None and service not in HOOK_OF:
        raise BadRequest(f"there is no service {quoted(service)}. Use one of: {', '.join(HOOK_OF)}.", 404)
    if not isinstance(hook, str) or hook not in NEEDED:
        raise BadRequest(f"hook: missing, or none that is answered here. Use one of: {', '.join(NEEDED)}.")
    if service is not None and HOOK_OF[service] != hook:
        raise BadRequest(
            f"hook: {quoted(hook)} is not the hook of {service}. Send {HOOK_OF[service]}, or ask althea-{hook}."
        )
    instance = request.get("hookInstance")
    if not isinstance(instance, str) or not UUID.fullmatch(instance):
        raise BadRequest("hookInstance: not a UUID. Send one such as d1577c69-dfbe-44ad-ba6d-3e05e953b2ea.")
    if request.get("fhirAuthorization") is not None and not a_text(request.get("fhirServer")):
        raise BadRequest("fhirAuthorization: sent without fhirServer. Send both or neither.")
    if request.get("prefetch") is not None and not isinstance(request["prefetch"], dict):
        raise BadRequest("prefetch: not an object. Send the resources under the keys the service lists.")
    context = request.get("context")
    if not isinstance(context, dict):
        raise BadRequest(f"context: missing. Send an object with {', '.join(NEEDED[hook])}.")
    for key in NEEDED[hook]:
        _check_context(key, context.get(key), hook)
    return hook, context


def _check_context(key: str, value: Any, hook: str) -> None:
    if key in ("userId", "patientId"):
        if not isinstance(value, str) or not value.strip():
            raise BadRequest(f"context.{key}: missing, or not a text. {hook} needs it.")
    elif key == "selections":
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise BadRequest(
                "context.selections: not a list of references. Send, for example, [“MedicationRequest/draft-1”]."
            )
    elif not isinstance(value, dict) or value.get("resourceType") != "Bundle":
        raise BadRequest(f"context.{key}: not a Bundle. Send the draft orders as a FHIR Bundle.")


def _drafts(
    context: Json, hook: str, record: Record
) -> tuple[list[tuple[Any, tuple[str, int]]], frozenset[str] | None]:
    """(the medication drafts with their places, the selected ids or None for all)."""
    entries = context["draftOrders"].get("entry")
    if entries is None:
        entries = []
    if not isinstance(entries, list):
        raise BadRequest("context.draftOrders.entry: not a list. Write the drafts as a list of entries.")
    take_medications(entries, record)
    found: list[tuple[Any, tuple[str, int]]] = []
    ids: dict[str, str] = {}
    for number, entry in enumerate(entries):
        resource = an_object(entry).get("resource")
        if not isinstance(resource, dict):
            raise BadRequest(f"context.draftOrders.entry[{number}].resource: missing. Send the draft order there.")
        if resource.get("resourceType") == "MedicationRequest":
            found.append((resource, ("context.draftOrders", number)))
            own = a_text(resource.get("id"))
            ids[own] = own
            if url := a_text(an_object(entry).get("fullUrl")):
                ids[tail(url)] = own
    if hook != "order-select":
        return found, None
    selected: set[str] = set()
    for number, reference in enumerate(context["selections"]):
        kind = reference.rpartition("/")[0].rpartition("/")[2]
        if kind not in ("", "MedicationRequest"):
            continue  # another kind of order: not ours to judge
        if tail(reference) not in ids:
            raise BadRequest(
                f"context.selections[{number}]: {quoted(reference)} is not among the draft orders. "
                "Send its draft, or take it out."
            )
        selected.add(ids[tail(reference)])
    return found, frozenset(selected)


__all__ = ["BadRequest", "answer", "answer_bundle", "services"]
