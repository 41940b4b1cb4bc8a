"""Whose is this line, and may any rule read it?  Told without reading what no rule asks for.

A line is looked at for its type, its person and its code; everything else is passed over, and a long narrative is left
behind. Whether a code matters is asked of the readers that read it later, once for each code, so the two cannot differ.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
from msgspec import Raw, Struct

from althea.fhir.elements import Json
from althea.fhir.read_conditions import read_conditions
from althea.fhir.read_observations import sort_observations
from althea.fhir.readings import LARGEST_MEMO, Readings

LONGEST_LINE = 2_000_000
"""A longer line is reported as one that cannot be read."""
LONG_NARRATIVE = 60
"""A longer one is left behind; to cut out a shorter one costs more than to carry it."""
NO_RESOURCE = "not a resource of this file's type with a person"
ABSENT = Raw()
BRACE = ord("{")
ANY_DAY = date(2000, 1, 1)
"""Whether a code is read does not depend on the day."""


class BadLine(Exception):
    """A line that is no resource of its file's type; its words say why."""


class Reference(Struct, gc=False):
    reference: str | None = None


class Own(Struct, gc=False):
    """A resource that is known by its own id."""

    resourceType: str = ""
    id: str = ""
    text: Raw = Raw()


class Hers(Struct, gc=False):
    """A resource about a person. `code` and `component` are not taken apart until somebody asks."""

    resourceType: str = ""
    subject: Reference | None = None
    patient: Reference | None = None
    code: Raw = ABSENT
    component: Raw = ABSENT
    text: Raw = ABSENT


class Coded(Struct, gc=False):
    code: Raw = Raw()


_own = msgspec.json.Decoder(Own)
_hers = msgspec.json.Decoder(Hers)
_components = msgspec.json.Decoder(list[Coded]).decode


class Reader:
    """Looks at the lines of one type of resource."""

    def __init__(self, kind: str, readings: Readings) -> None:
        self.kind = kind
        self._readings = readings
        self._own = kind in ("Patient", "Medication")
        self._coded = kind in ("Observation", "Condition")
        self._decoder: Any = _own if self._own else _hers
        self._reference = ""
        self._person = ""
        self._matters: dict[bytes, bool] = {}
        """Codes met before: does any reader make something of them?"""

    def together(self, block: bytes) -> tuple[int, list[tuple[str, bytes]]] | None:
        """(how many lines a block of whole lines has, (person, line) of those that are kept), all of them at once.

        None where any of them is not what it should be: then each is looked at by itself.
        """
        if len(block) > LONGEST_LINE or not is_utf8(block):
            return None
        try:
            resources = self._decoder.decode_lines(block)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None
        begins = _begins(block)
        if len(resources) != len(begins) - 1:
            return None  # an empty line among them, or two resources in one
        kept: list[tuple[str, bytes]] = []
        own, coded, kind, matters = self._own, self._coded, self.kind, self._matters
        begin = 0
        for one, end in zip(resources, begins[1:], strict=True):
            person = one.id if own else self._whose(one)
            if not person or one.resourceType != kind or block[begin] != BRACE:
                return None
            if coded:
                wanted = matters.get(bytes(one.code))
                if not wanted and (wanted is None or one.component is not ABSENT):
                    wanted = self._is_wanted(one)
            if not coded or wanted:
                kept.append((person, _without(bytes(one.text), block, begin, end)))
            begin = end
        return len(resources), kept

    def person(self, line: bytes) -> tuple[str, bytes]:
        """(whose it is, the line without its narrative); nobody's where no rule reads it. Raises BadLine.

        A Medication is nobody's; it is told by its own id.
        """
        try:
            one = self._decoder.decode(line)
        except msgspec.ValidationError:
            raise BadLine(NO_RESOURCE if line.lstrip().startswith(b"{") else "not a JSON object") from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise BadLine("not valid JSON" if line.lstrip().startswith(b"{") else "not a JSON object") from None
        person = one.id if self._own else self._whose(one)
        if not person or one.resourceType != self.kind:
            raise BadLine(NO_RESOURCE)
        if self._coded and not self._is_wanted(one):
            return "", b""
        return person, _without(bytes(one.text), line, 0, len(line))

    def _whose(self, one: Hers) -> str:
        """The person a resource is about; empty where it names nobody."""
        reference = one.subject.reference if one.subject is not None else None
        if reference is None:
            reference = one.patient.reference if one.patient is not None else None
            if reference is None:
                return ""
        if reference != self._reference:  # most exports hold what is hers together
            self._reference, self._person = reference, person_in(reference)
        return self._person

    def _is_wanted(self, one: Hers) -> bool:
        """May any rule read it?  By its code, or that of one of its components."""
        code = bytes(one.code)
        known = self._matters.get(code)
        if known is None:
            known = self._does_matter(code)
        if known or self.kind == "Condition":
            return known
        components = bytes(one.component)
        if not components:
            return False
        try:
            return any(self._does_matter(bytes(part.code)) for part in _components(components))
        except msgspec.ValidationError:
            return True  # a shape nobody expected: the reader will say so

    def _does_matter(self, code: bytes) -> bool:
        known = self._matters.get(code)
        if known is None:
            if len(self._matters) >= LARGEST_MEMO:
                self._matters.clear()
            known = self._matters[code] = matters(self.kind, code, self._readings)
        return known


def _without(narrative: bytes, text: bytes, begin: int, end: int) -> bytes:
    """The line between two places without a long narrative, which is an object that nobody reads anything from."""
    if len(narrative) < LONG_NARRATIVE or not narrative.startswith(b"{"):
        return text[begin:end]
    at = text.find(narrative[:LONG_NARRATIVE], begin, end)
    if not text.startswith(narrative, at):
        return text[begin:end]
    return text[begin:at] + b"{}" + text[at + len(narrative) : end]


def _begins(block: bytes) -> list[int]:
    """Where each line begins, and where the last one ends."""
    begins, find = [0], block.find
    end = find(b"\n")
    while end >= 0:
        begins.append(end + 1)
        end = find(b"\n", end + 1)
    if begins[-1] != len(block):
        begins.append(len(block))
    return begins


def is_utf8(text: bytes) -> bool:
    if text.isascii():
        return True
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def person_in(reference: str) -> str:
    """The id of the person a reference names: "Patient/w1", "https://ehr.example/fhir/Patient/w1/_history/2"."""
    return reference.partition("/_history/")[0].rpartition("/")[2].rpartition(":")[2]


def matters(kind: str, code: bytes, readings: Readings) -> bool:
    """Do the readers make anything of this code, a line that could not be read included?"""
    try:
        resource: Json = {"code": msgspec.json.decode(code) if code else None}
    except msgspec.DecodeError:
        return True
    unread: list[str] = []
    row = (resource, (kind, -1))
    if kind == "Observation":
        resource["effectiveDateTime"] = ANY_DAY.isoformat()
        return bool(sort_observations([row], ANY_DAY, readings, unread) or unread)
    found = read_conditions([row], ANY_DAY, readings, unread)
    return bool(found.rows or found.marks or unread)
