"""What was handed over of whom, and how far was each topic looked through?

Two doors, one `Record`: the prefetch of a CDS Hooks request, and a plain Bundle. An absent key, null or an
OperationOutcome is *unknown*; an empty searchset is *none*; a next page or a larger total is *incomplete*. In a plain
Bundle a topic whose type does not occur is unknown. What belongs to somebody else is dropped, and said.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from althea.engine.facts import TOPICS, Known
from althea.fhir.elements import NOTHING, Json, a_text, an_object, objects, quoted
from althea.fhir.errors import BadRequest

TOPIC_OF = {
    "MedicationRequest": "medicines",
    "MedicationStatement": "medicines",
    "Condition": "conditions",
    "AllergyIntolerance": "allergies",
    "Observation": "observations",
}

Row = tuple[Json, tuple[str, int]]
"""A resource and where it stood: ("prefetch.medicines", 3)."""


@dataclass(slots=True)
class Record:
    """One person's resources by topic. `drafts`: MedicationRequests that are not signed."""

    patient: Json
    ids: frozenset[str] = frozenset()
    rows: dict[str, list[Row]] = field(default_factory=lambda: {topic: [] for topic in TOPICS})
    drafts: list[Row] = field(default_factory=list)
    medications: dict[str, Json] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    """fullUrl -> "MedicationRequest/m1"."""
    known: dict[str, Known] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    strangers: int = 0
    hers: dict[str, bool] = field(default_factory=dict)
    """References met before: does this one name her?"""


def place(where: tuple[str, int]) -> str:
    """prefetch.medicines.entry[3].resource"""
    return f"{where[0]}.entry[{where[1]}].resource" if where[1] >= 0 else where[0]


def tail(reference: str) -> str:
    """The id in a reference: relative, absolute, with a version, or urn:uuid."""
    reference = reference.partition("/_history/")[0].partition("?")[0].rstrip("/")
    return reference.rpartition("/")[2].removeprefix("urn:uuid:").removeprefix("urn:oid:")


def of_prefetch(prefetch: Json, patient_id: str) -> Record:
    """The record a CDS Hooks request carries. Raises BadRequest; 412 where the patient is not in it."""
    patient = _patient_of(prefetch.get("patient"), "prefetch.patient")
    if patient is None:
        raise BadRequest(
            "prefetch.patient: the patient is missing. Send the Patient resource under the prefetch key “patient”; "
            "Althea does not fetch it.",
            412,
        )
    own = a_text(patient.get("id"))
    if own and own != tail(patient_id):
        raise BadRequest(
            f"prefetch.patient: this is Patient/{quoted(own)}, and context.patientId names {quoted(patient_id)}. "
            "Send the patient the context names."
        )
    record = Record(patient, frozenset(filter(None, (own, tail(patient_id)))))
    for topic in TOPICS:
        record.known[topic] = _looked(prefetch.get(topic), topic, record)
    _say_strangers(record)
    return record


def of_bundle(bundle: Any) -> Record:
    """The record a plain Bundle holds: one patient, everything else by type. Raises BadRequest."""
    if not isinstance(bundle, dict) or bundle.get("resourceType") != "Bundle":
        raise BadRequest("this is not a FHIR Bundle. Send an object whose resourceType is “Bundle”.")
    entries = bundle.get("entry")
    if entries is not None and not isinstance(entries, list):
        raise BadRequest("entry: not a list. Write the resources as a list of entries.")
    patient = _patient_of(bundle, "the Bundle")
    if patient is None:
        raise BadRequest("entry: there is no Patient in the Bundle. Add the Patient the resources belong to.")
    record = Record(patient)
    ids = {a_text(patient.get("id"))}
    for entry in objects(entries):
        if entry.get("resource") is patient and "fullUrl" in entry:
            ids.add(tail(a_text(entry.get("fullUrl"))))
    record.ids = frozenset(ids - {""})
    whole = _take(entries or [], "Bundle", record)
    more = not whole or _has_more(bundle, len(entries or []))
    for topic in TOPICS:
        found = bool(record.rows[topic])
        record.known[topic] = Known.UNKNOWN if not found else Known.INCOMPLETE if more else Known.KNOWN
    kept: list[Row] = []
    for row in record.rows["medicines"]:
        draft = row[0].get("status") == "draft" and row[0].get("resourceType") == "MedicationRequest"
        (record.drafts if draft else kept).append(row)
    record.rows["medicines"] = kept
    _say_strangers(record)
    return record


def take_medications(entries: Any, record: Record) -> None:
    """Notes the Medication resources beside draft orders, so that a medicationReference finds them."""
    for entry in objects(entries):
        resource = an_object(entry.get("resource"))
        if resource.get("resourceType") == "Medication":
            _keep_medication(resource, entry, record)


def is_hers(resource: Json, record: Record) -> bool:
    """Does this resource name another patient?  One that names nobody came with hers and counts as hers."""
    subject = resource.get("subject") or resource.get("patient")
    reference = subject.get("reference") if isinstance(subject, dict) else None
    if not isinstance(reference, str) or not record.ids:
        return True
    known = record.hers.get(reference)
    if known is None:
        known = record.hers[reference] = _names_her(reference.strip(), record.ids)
    return known


def _names_her(reference: str, ids: frozenset[str]) -> bool:
    if not reference or reference.startswith("#"):
        return True
    kind = reference.partition("/_history/")[0].rpartition("/")[0].rpartition("/")[2]
    return kind in ("", "Patient") and tail(reference) in ids


def _patient_of(value: Any, where: str) -> Json | None:
    """The one Patient here; None where there is none. Two different ones are refused."""
    if value is None:
        return None
    if not isinstance(value, dict):
        raise BadRequest(f"{where}: not an object. Send a Patient resource.")
    kind = value.get("resourceType")
    if kind == "Patient":
        return value
    if kind == "OperationOutcome":
        return None
    if kind != "Bundle":
        raise BadRequest(f"{where}: not a Patient resource. Send an object whose resourceType is “Patient”.")
    found: list[Json] = []
    for entry in objects(value.get("entry")):
        one = entry.get("resource")
        if isinstance(one, dict) and one.get("resourceType") == "Patient":
            found.append(one)
    if len(found) == 1:
        return found[0]
    names = dict.fromkeys(a_text(one.get("id")) or "without an id" for one in found)
    if len(names) > 1:
        listed = " and ".join(f"Patient/{quoted(name)}" for name in list(names)[:4])
        raise BadRequest(f"{where}: there is more than one patient in it: {listed}. Send one person at a time.")
    return found[0] if found else None


def _looked(value: Any, topic: str, record: Record) -> Known:
    """How far was this topic looked through, judged by what came under its key?"""
    where = f"prefetch.{topic}"
    if value is None:
        return Known.UNKNOWN
    if not isinstance(value, dict):
        record.unread.append(f"{where} is not a Bundle and was not read. Send a searchset.")
        return Known.UNKNOWN
    kind = value.get("resourceType")
    if kind == "OperationOutcome":
        return Known.UNKNOWN
    if kind != "Bundle":
        record.unread.append(f"{where} is not a Bundle and was not read. Send a searchset.")
        return Known.UNKNOWN
    entries = value.get("entry")
    if entries is None:
        entries = []
    elif not isinstance(entries, list):
        record.unread.append(f"{where}.entry is not a list and was not read.")
        return Known.UNKNOWN
    whole = _take(entries, where, record)
    if not whole or _has_more(value, len(entries)):
        return Known.INCOMPLETE
    return Known.KNOWN if record.rows[topic] else Known.NONE


def _take(entries: list[Any], where: str, record: Record) -> bool:
    """Sorts the resources by topic. False where an entry could not be read, or something failed."""
    whole = True
    ids = record.ids
    rows = record.rows
    for number, entry in enumerate(entries):
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if not isinstance(resource, dict):
            whole = False
            record.unread.append(f"{where}.entry[{number}] holds no resource and was not read.")
            continue
        kind = resource.get("resourceType")
        topic = TOPIC_OF.get(kind) if isinstance(kind, str) else None
        if topic is not None:
            if ids and not is_hers(resource, record):
                record.strangers += 1
                whole = False
                continue
            rows[topic].append((resource, (where, number)))
            url = entry.get("fullUrl")
            if url is not None and isinstance(url, str) and isinstance(resource.get("id"), str):
                record.references[url] = f"{kind}/{resource['id']}"
        elif kind == "Medication":
            _keep_medication(resource, entry, record)
        elif kind == "OperationOutcome":
            whole = whole and not any(
                one.get("severity") in ("error", "fatal") for one in objects(resource.get("issue"))
            )
        elif not isinstance(kind, str):
            whole = False
            record.unread.append(f"{where}.entry[{number}].resource has no resourceType and was not read.")
    return whole


def _has_more(bundle: Json, entries: int) -> bool:
    """Is there a next page, or a total larger than what came?"""
    if any(one.get("relation") == "next" for one in objects(bundle.get("link"))):
        return True
    total = bundle.get("total")
    return isinstance(total, int) and not isinstance(total, bool) and total > entries


def _keep_medication(resource: Json, entry: Json, record: Record) -> None:
    own, url = a_text(resource.get("id")), a_text(entry.get("fullUrl"))
    if own:
        record.medications[own] = resource
    if url:
        record.medications[tail(url)] = resource


def _say_strangers(record: Record) -> None:
    if record.strangers:
        which = "1 entry belongs" if record.strangers == 1 else f"{record.strangers} entries belong"
        record.unread.append(f"{which} to another patient: not used.")


__all__ = ["NOTHING", "Record", "Row", "is_hers", "of_bundle", "of_prefetch", "place", "tail", "take_medications"]
