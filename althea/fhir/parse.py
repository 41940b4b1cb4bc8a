"""What does this JSON say?  Strict, and cheap on hostile input.

`parse(body)` gives plain dictionaries, lists, strings, numbers, booleans and None, or raises `NotReadable`
with the place, why, and the mend.  The web service and the command line both read through it.

Stricter than the standard library: no NaN or Infinity, no number that a float cannot hold or that has more
than 400 digits, no half of a surrogate pair, no NUL, no nesting deeper than 200.  A key that stands twice
counts as the last one.  Messages never repeat what was in the file, because it may be about a person.

Nearly every body is read at once by msgspec.  What it refuses, and what it might read less strictly, is read again by
the standard library with hooks: the same answer or the same refusal, only slower and with its place.
"""

import json
import math
import re
from collections.abc import Iterator
from itertools import accumulate
from typing import NoReturn

import msgspec

DEPTH = 200
DIGITS = 400


class NotReadable(ValueError):
    """This cannot be read: where, why, and what would mend it."""

    def __init__(self, place: str, why: str, mend: str) -> None:
        super().__init__(f"{place}: {why}. {mend}")
        self.place = place
        self.why = why
        self.mend = mend


def parse(body: bytes) -> object:
    """The JSON value in `body`, which is UTF-8 (a byte order mark is passed over)."""
    body = body.removeprefix(b"\xef\xbb\xbf")
    # What msgspec reads and we refuse: a NUL, and a whole number of more than 300 digits, which fill at least three
    # neighbours among every hundredth byte.
    if b"\\u0000" not in body and _DIGITS.search(body[::100]) is None:
        try:
            value: object = _QUICKLY.decode(body)
        except (msgspec.MsgspecError, ValueError, RecursionError, _BadNumber):
            pass  # said below, with its place
        else:
            if body.count(b"[") + body.count(b"{") <= DEPTH or not _is_deep(value):
                return value
    return _strictly(body)


def _is_deep(value: object) -> bool:
    """Is it nested deeper than we read?  Looked at level by level."""
    level, depth = [value], 0
    while level and depth <= DEPTH:
        held = [one.values() if type(one) is dict else one for one in level if type(one) in (dict, list)]
        level = [one for inside in held for one in inside]  # type: ignore[attr-defined]
        depth += bool(held)
    return depth > DEPTH


def _strictly(body: bytes) -> object:
    _refuse_deep_nesting(body)
    text = _text(body)
    try:
        value: object = json.loads(text, parse_int=_int, parse_float=_float, parse_constant=_constant)
    except json.JSONDecodeError as wrong:
        place = f"line {wrong.lineno} column {wrong.colno}"
        why = "it is empty" if not text.strip() else f"not JSON ({wrong.msg.lower()})"
        raise NotReadable(place, why, "Send one JSON value.") from None
    except _BadNumber as wrong:
        raise _at_the_number(text, wrong) from None
    if _SUSPECT.search(text):
        _refuse_bad_escapes(text)
    return value


# ---- text ----------------------------------------------------------------------------------------


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise NotReadable(_place_in(body, wrong.start), "not UTF-8", "Save the text as UTF-8.") from None


def _place(text: str, at: int) -> str:
    line, before = text.count("\n", 0, at) + 1, text.rfind("\n", 0, at)
    return f"line {line} column {at - before}"


def _place_in(body: bytes, at: int) -> str:
    line, before = body.count(b"\n", 0, at) + 1, body.rfind(b"\n", 0, at)
    return f"line {line} byte {at - before}"


# ---- nesting -------------------------------------------------------------------------------------

# A whole string, or one that never ends.  Possessive, so that a hostile text is read once, not n times.
_STRING = re.compile(rb'"(?:[^"\\]++|\\(?:.|\Z))*+(?:"|\Z)', re.DOTALL)
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_STEP = [1 if byte in b"[{" else -1 for byte in range(256)]


def _refuse_deep_nesting(body: bytes) -> None:
    """Before json.loads, which would recurse: how deep do the brackets outside strings go?"""
    if body.count(b"[") + body.count(b"{") <= DEPTH:
        return
    brackets = _STRING.sub(b"", body).translate(None, delete=_NOT_BRACKETS)
    if max(accumulate(map(_STEP.__getitem__, brackets)), default=0) > DEPTH:
        raise NotReadable(_place_of_depth(body), f"nested deeper than {DEPTH}", "Send it flatter.")


def _place_of_depth(body: bytes) -> str:
    depth = 0
    for found in re.finditer(_STRING.pattern + rb"|[\[\]{}]", body, re.DOTALL):
        if found[0][:1] != b'"':
            depth += _STEP[found[0][0]]
            if depth > DEPTH:
                return _place_in(body, found.start())
    return "the whole text"


# ---- numbers -------------------------------------------------------------------------------------


class _BadNumber(Exception):
    def __init__(self, why: str, mend: str) -> None:
        self.why = why
        self.mend = mend


def _int(digits: str) -> int:
    if len(digits) > 300:  # shorter ones fit a float
        _float(digits)
    return int(digits)


def _float(digits: str) -> float:
    if len(digits) > DIGITS:
        raise _BadNumber(f"a number of more than {DIGITS} digits", "Round it.")
    number = float(digits)
    if math.isinf(number):
        raise _BadNumber("a number too large to hold", "Check it: nothing measured is that large.")
    return number


def _constant(name: str) -> NoReturn:
    raise _BadNumber(f"{name} is not a JSON number", "Leave the value out when it is not known.")


_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|-?Infinity|NaN|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?', re.DOTALL)


def _at_the_number(text: str, wrong: _BadNumber) -> NotReadable:
    """The hooks of json do not know where they are, so look again, once, for the first number they refuse."""
    for found in _TOKEN.finditer(text):
        token = found[0]
        if token[0] == '"':
            continue
        try:
            if token[-1] in "yN":
                _constant(token)
            _float(token)
        except _BadNumber:
            return NotReadable(_place(text, found.start()), wrong.why, wrong.mend)
    return NotReadable("a number", wrong.why, wrong.mend)


_DIGITS = re.compile(rb"[0-9]{3}")
_QUICKLY = msgspec.json.Decoder(float_hook=_float)

# ---- escapes -------------------------------------------------------------------------------------

_SUSPECT = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
_ESCAPE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"  # a whole pair
    r"|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
    r"|(?P<nul>\\u0000)"
    r"|\\."
)


def _refuse_bad_escapes(text: str) -> None:
    for found in _bad_escapes(text):
        place = _place(text, found.start())
        if found["nul"]:
            raise NotReadable(place, "a NUL character", "Take it out.")
        raise NotReadable(place, "half of a surrogate pair", "Write the whole character in UTF-8.")


def _bad_escapes(text: str) -> Iterator[re.Match[str]]:
    return (found for found in _ESCAPE.finditer(text) if found["half"] or found["nul"])
