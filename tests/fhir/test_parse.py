"""What does this JSON say?  Strict reading, and a place for every refusal."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from althea.fhir.parse import NotReadable, parse

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**250), 10**250)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8", exclude_characters="\x00")), inner)
    ),
    max_leaves=20,
)


@given(json_values, st.booleans())
def test_what_is_written_is_read_back(value, ascii_only):
    assert parse(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


def refusal(body):
    """None when it was read; anything but a refusal comes through as the crash it is."""
    try:
        parse(body)
    except NotReadable as refused:
        return refused
    return None


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_and_nothing_else_happens(body):
    refused = refusal(body)
    assert refused is None or (refused.place and refused.why and refused.mend)


@given(st.text(alphabet='[]{}":,\\u0dD8eE.-+1NaIfinty \n', max_size=60))
def test_json_like_text_is_read_or_refused_and_nothing_else_happens(text):
    refused = refusal(text.encode())
    assert refused is None or refused.place.startswith("line ")


@pytest.mark.parametrize(
    ("body", "place", "why"),
    [
        (b"", "line 1 column 1", "it is empty"),
        (b"  \n ", "line 2 column 2", "it is empty"),
        (b'{"a":1', "line 1 column 7", "not JSON (expecting ',' delimiter)"),
        (b'{"a":1}\n]', "line 2 column 1", "not JSON (extra data)"),
        (b'{"a":\n "\xff"}', "line 2 byte 3", "not UTF-8"),
        (b'"\xed\xa0\x80"', "line 1 byte 2", "not UTF-8"),
        (b'{"a":\n  NaN}', "line 2 column 3", "NaN is not a JSON number"),
        (b'["NaN", Infinity]', "line 1 column 9", "Infinity is not a JSON number"),
        (b'["-Infinity", -Infinity]', "line 1 column 15", "-Infinity is not a JSON number"),
        (b'["1e999",\n1e999]', "line 2 column 1", "a number too large to hold"),
        (b"[" + b"9" * 350 + b"]", "line 1 column 2", "a number too large to hold"),
        (b"[1, " + b"9" * 5000 + b"]", "line 1 column 5", "a number of more than 400 digits"),
        (b"[0." + b"1" * 5000 + b"]", "line 1 column 2", "a number of more than 400 digits"),
        (rb'["\ud83d\ude00", "\ud83d"]', "line 1 column 19", "half of a surrogate pair"),
        (rb'["\ude00\ud83d"]', "line 1 column 3", "half of a surrogate pair"),
        (rb'{"\u0000": 1}', "line 1 column 3", "a NUL character"),
        (b'["\x00"]', "line 1 column 3", "not JSON (invalid control character at)"),
        (b"[" * 100_000 + b"]" * 100_000, "line 1 byte 201", "nested deeper than 200"),
        (b'\n{"a":' * 100_000, "line 202 byte 1", "nested deeper than 200"),
    ],
)
def test_a_refusal_names_the_place_and_why(body, place, why):
    with pytest.raises(NotReadable) as refused:
        parse(body)
    assert (refused.value.place, refused.value.why) == (place, why)


def test_two_hundred_deep_is_read():
    assert parse(b"[" * 200 + b"]" * 200)


def test_many_brackets_side_by_side_are_not_nesting():
    assert parse(b"[" + b"[[]], " * 500 + b"{}]") == [[[]]] * 500 + [{}]


def test_one_too_deep_among_many_side_by_side_is_refused_at_its_place():
    with pytest.raises(NotReadable) as refused:
        parse(b"[" + b"[], " * 500 + b"[" * 200 + b"]" * 200 + b"]")
    assert (refused.value.place, refused.value.why) == ("line 1 byte 2201", "nested deeper than 200")


@pytest.mark.parametrize("before", [0, 1, 50, 99, 100, 101, 260])
def test_a_whole_number_of_more_than_400_digits_is_refused_wherever_it_stands(before):
    assert "more than 400 digits" in str(refusal(b" " * before + b"[" + b"1" * 401 + b"]"))
    assert "too large to hold" in str(refusal(b" " * before + b"[" + b"9" * 309 + b"]"))
    assert parse(b" " * before + b"[" + b"1" * 309 + b"]") == [int("1" * 309)]


def test_numbers_keep_their_kind_and_their_digits():
    assert repr(parse(b"[1, 1.0, 1.50, 1e2, -0, -0.0, 18446744073709551616]")) == (
        "[1, 1.0, 1.5, 100.0, 0, -0.0, 18446744073709551616]"
    )


def test_brackets_inside_strings_are_not_nesting():
    assert parse(json.dumps(["[" * 5000, '\\"{' * 5000]).encode())


def test_an_escaped_backslash_before_u0000_is_not_a_nul():
    assert parse(rb'["\\u0000", "\\ud800"]') == ["\\u0000", "\\ud800"]


def test_the_last_of_two_same_keys_counts():
    assert parse(b'{"a": 1, "a": 2}') == {"a": 2}


def test_a_byte_order_mark_is_passed_over():
    assert parse(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


def test_a_refusal_repeats_nothing_of_the_text():
    with pytest.raises(NotReadable) as refused:
        parse(b'{"name": "Okafor-Lind" "birthDate"}')
    assert "Okafor" not in str(refused.value)


MEGABYTES = 10 * 1024 * 1024


@pytest.mark.parametrize(
    "body",
    [
        b"[" * MEGABYTES,
        b'{"a":' * (MEGABYTES // 5),
        b'["' + rb"\"" * (MEGABYTES // 2) + b"[" * 300,
        b'"' * MEGABYTES + b"[" * 300,
        b"\\" * MEGABYTES + b"[" * 300,
        b"[" * 300 + b"9" * MEGABYTES,
        b"[" + b"9" * MEGABYTES + b"]",
    ],
    ids=["lists", "objects", "escapes", "quotes", "backslashes", "digits-deep", "digits"],
)
def test_ten_hostile_megabytes_cost_seconds_at_most(body):
    started = time.process_time()
    with pytest.raises(NotReadable):
        parse(body)
    assert time.process_time() - started < 5
