"""Which contraception does she use, does what was said of it still hold, and can she become pregnant at all?

What was stated last counts, until something later tells against it: a pregnancy, a birth or a loss after it, or the
end of the medicine that the method is. Then it is not known, which is neither "none" nor the old answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from althea.engine.facts import Medicine, State
from althea.fhir import codes
from althea.fhir.elements import Json, codings, first_known, quoted, shape_of
from althea.fhir.read_conditions import Mark
from althea.fhir.read_observations import Seen, value_words
from althea.fhir.readings import Readings
from althea.fhir.words import heard, plain_words

Stated = tuple[tuple[str, ...] | None, date | None]
"""(methods, the day they were stated). No methods: she uses none. None: not known."""
UNKNOWN: Stated = (None, None)
FOR_GOOD = (
    ("hysterectomy-record", "hysterectomy"),
    ("menopause", "after the menopause"),
    ("sterilisation-record", "sterilised"),
)


def read_methods(
    seen: list[Seen], medicines: Sequence[Medicine], pregnancy: date | None, readings: Readings, unread: list[str]
) -> Stated:
    """Every method stated on the newest day. A line that cannot be read leaves them unknown.

    `pregnancy`: the newest day that tells of one, or of the end of one.
    """
    if not seen:
        return UNKNOWN
    on = seen[0].on
    found: dict[str, None] = {}
    for one in seen:
        if one.on != on:
            break
        read = _method(one.body, readings)
        if not read:
            unread.append(
                f"birth control: not known, as said on {on}."
                if said_unknown(one.body)
                else f"birth control method not read: “{quoted(value_words(one.body))}”"
            )
            return UNKNOWN
        found.update(dict.fromkeys(read))
    methods = tuple(one for one in found if one != "none")
    if pregnancy is not None and on < pregnancy:
        unread.append(
            f"birth control was stated on {on}, before a pregnancy or birth on record ({pregnancy}): what she uses"
            " since is not known."
        )
        return UNKNOWN
    return _still_taken(methods, on, medicines, readings, unread)


def said_unknown(body: Json) -> bool:
    """Is the answer that it is not known?"""
    if first_known(body.get("valueCodeableConcept"), codes.PREGNANCY_SAID) == "unknown":
        return True
    return plain_words(value_words(body)) in (["unknown"], ["not", "known"])


def _still_taken(
    methods: tuple[str, ...], on: date, medicines: Sequence[Medicine], readings: Readings, unread: list[str]
) -> Stated:
    """Without those whose medicine ended since they were stated, by the record or by her word. What she uses in place
    of them is known only where another that she named works by itself."""
    book, left = readings.knowledge.methods, list(methods)
    for method in methods if medicines else ():
        record = book.get(method)
        if record is None or not record.ingredients:
            continue
        made_of = readings.knowledge.members(record.ingredients)
        hers = [row for row in medicines if row.id in made_of]
        if any(row.state is not State.STOPPED and _last_taken(row) is None for row in hers):
            continue
        ended = [(day, row.name) for row in hers if (day := _last_taken(row) or row.ended_on) is not None and day >= on]
        if ended:
            last, name = max(ended)
            unread.append(
                f"{record.name} was stated on {on}, and {name} ended on {last}: what she uses since is not known."
            )
            left.remove(method)
    if len(left) == len(methods) or any(one in book and book[one].effective for one in left):
        return tuple(left), on
    return UNKNOWN


def _last_taken(row: Medicine) -> date | None:
    """Before she left it, or before the last time without it: what she uses on such days is not known either."""
    return row.left_on or (row.gaps[-1].last if row.gaps else None)


def _method(body: Json, readings: Readings) -> tuple[str, ...]:
    """The methods one answer names; none where it cannot be read."""
    value = body.get("valueCodeableConcept")
    key = shape_of(value) if value is not None else None
    known: tuple[str, ...] | None = readings.stated.get(key) if key is not None else None
    if known is not None:
        return known
    lines = [value_words(body), *(display for _, _, display in codings(value))]
    read = next(
        (line for text in lines if text and ((line := heard(text, readings.methods)).says or line.denies)), None
    )
    says = read.says if read is not None else ()
    if value is not None and says:
        readings.remember(readings.stated, key, says)
    return says


def cannot(
    methods: tuple[str, ...] | None,
    methods_on: date | None,
    marks: tuple[Mark, ...],
    ended: date | None,
    readings: Readings,
    unread: list[str],
) -> str:
    """What makes a pregnancy impossible, in words; empty: nothing on record that is coded. What a later birth or loss
    shows to be otherwise (`ended`) does not."""
    for group, words in FOR_GOOD if marks else ():
        for mark in marks:
            if mark.group != group or not (mark.here or group != "menopause"):
                continue
            if ended is not None and mark.on is not None and mark.on < ended:
                unread.append(f"“{mark.text}” of {mark.on} stands before a birth or loss of {ended}: not relied on.")
            else:
                return f"{words}{f', on record since {mark.on}' if mark.on else ', on record'}"
    for method in methods or ():
        record = readings.knowledge.methods.get(method)
        if record is not None and record.permanent and not method.startswith("partner"):
            return f"{record.name.lower()}, stated {methods_on}"
    return ""
