"""Does this answer say yes or no?  Of what she was asked about her stage of life."""

from __future__ import annotations

from althea.fhir import codes
from althea.fhir.elements import Json, a_text, codings, words_of
from althea.fhir.read_observations import value_words
from althea.fhir.words import plain_words


def intention(body: Json) -> bool | None:
    """Does she want to become pregnant?  None: cannot be told."""
    if isinstance(body.get("valueBoolean"), bool):
        return bool(body["valueBoolean"])
    for _, code, _ in codings(body.get("valueCodeableConcept")):
        if code in ("LA33-6", "LA32-8"):
            return code == "LA33-6"
    words = " ".join(plain_words(value_words(body)))
    if any(phrase in words for phrase in codes.WANTS_NOT) or words in ("no", "n", "false") or words.startswith("no "):
        return False
    if any(phrase in words for phrase in codes.WANTS) or words in ("yes", "y", "true") or words.startswith("yes "):
        return True
    return None


def yes_or_no(body: Json) -> bool | None:
    """As a boolean, a code or a word."""
    if isinstance(body.get("valueBoolean"), bool):
        return bool(body["valueBoolean"])
    value = body.get("valueCodeableConcept")
    said = [code for _, code, _ in codings(value)]
    said += [
        " ".join(plain_words(text))
        for text in (words_of(value) if value else "", a_text(body.get("valueString")))
        if text
    ]
    for one in said:
        if one in codes.YES or one in codes.NO:
            return one in codes.YES
    return None
