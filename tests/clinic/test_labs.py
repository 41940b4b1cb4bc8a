"""Results: read as a laboratory's are, refused in words where they cannot be, and what is due beside them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from althea.care import entries as said
from althea.care import results
from althea.care.actions import record
from althea.care.days import today
from althea.care.models import Entry
from tests.care.test_facts import an_order
from tests.counting import at_most
from tests.people import NOW, send, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def on(people):
    return today(people.maya, timezone.now())


@pytest.fixture
def address(people):
    return f"/patients/{people.maya.pk}/labs"


def told(people, on, body):
    return record.add(patient=people.maya, body=body, on=on, origin="clinic", by=people.marchetti.user,
                      at=timezone.now())  # fmt: skip


def add(people, address, *rows, **more):
    columns = dict(zip(("measure", "value", "unit", "on"), map(list, zip(*rows, strict=True)), strict=True))
    client = signed_in(people.nurse.user)
    return client, client.post(f"{address}/add", {"key": str(uuid4()), **columns, **more})


def saved():
    return [
        said.Result(**row.body) for row in Entry.objects.current().filter(kind="result").order_by("recorded_at", "pk")
    ]


def test_no_result_is_not_the_same_as_none_done(people, address, on):
    words = signed_in(people.marchetti.user).get(address).content.decode()
    assert "No result is known. That is not the same as none done." in words
    assert "<title>Labs · Notes</title>" in words


def test_several_at_once_are_saved_and_shown_in_the_measures_own_unit(people, address, on):
    client, answer = add(people, address, ["tsh", "12,5", "mIU/L", ""], ["haemoglobin", "120", "g/L", on.isoformat()])
    assert answer.status_code == 302
    assert [(one.measure, str(one.value), one.unit) for one in saved()] == [
        ("tsh", "12.5", "mIU/L"), ("haemoglobin", "120", "g/L"),
    ]  # fmt: skip
    words = client.get(address).content.decode()
    assert "2 results saved. Checked again:" in words
    assert "<strong>12.5 mIU/L</strong>" in words
    assert "<strong>12 g/dL</strong>" in words
    assert "given as 120 g/L" in words


def test_repeated_results_draw_a_trend(people, address, on):
    for back, value in ((60, "0.6"), (30, "0.7"), (0, "0.9")):
        told(people, on - timedelta(days=back), said.Result(measure="lithium-level", value=value, unit="mmol/L"))
    words = signed_in(people.marchetti.user).get(address).content.decode()
    assert 'aria-label="Lithium level 0.6, 0.7, 0.9"' in words
    assert "2 more" in words


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (["tsh", "1,250", "mIU/L", ""], "1,250 could be read in two ways. Write it without a comma"),
        (["tsh", "2", "mmol/L", ""], "“mmol/L” is not a unit of this measure that we can convert. Use mIU/L"),
        (["tsh", "2", "", ""], "Choose the unit. Ours is mIU/L."),
        (["tsh", "-2", "mIU/L", ""], "TSH cannot be below 0. Check the number."),
        (["tsh", "high", "mIU/L", ""], "“high” is not a number."),
        (["tsh", "", "mIU/L", ""], "Enter the value, or tick that it could not be read."),
        (["", "2", "mIU/L", ""], "Choose what was measured."),
        (["tsh", "2", "mIU/L", "2999-01-01"], "1 January 2999 is after today. Enter the day it was taken."),
        (["tsh", "2", "mIU/L", "1990-01-01"], "1 January 1990 is before she was born. Check the year."),
        (["tsh", "2", "mIU/L", "2025-02-29"], "Enter the day it was taken, for example 2026-04-07."),
        (["tsh", "9" * 100, "mIU/L", ""], "That is too long for a result."),
        (["", "", "", ""], "Enter at least one result."),
    ],
)
def test_one_that_cannot_be_read_refuses_all_and_keeps_what_was_typed(people, address, row, words):
    _, answer = add(people, address, ["sodium", "140", "mmol/L", ""] if row[0] or row[1] else row, row)
    assert answer.status_code == 200
    shown = answer.content.decode()
    assert words in shown
    assert "140" in shown or row[0] == row[1] == ""
    assert saved() == []


def test_an_implausible_value_is_asked_about_and_saved_only_when_confirmed(people, address):
    row = ["sodium", "400", "mmol/L", ""]
    client, answer = add(people, address, row)
    assert "Sodium 400 mmol/L is outside what can be read (80 to 220 mmol/L). Is that right?" in answer.content.decode()
    assert saved() == []
    client, answer = add(people, address, row, sure="yes")
    assert answer.status_code == 302
    assert "Not used: 400 mmol/L is outside what is possible" in client.get(address).content.decode()


def test_could_not_be_read_is_a_result_too(people, address):
    client, answer = add(people, address, ["potassium", "haemolysed", "", ""], unreadable="0")
    assert answer.status_code == 302
    assert saved() == [said.Result(measure="potassium", said="haemolysed")]
    assert "<strong>haemolysed</strong>" in client.get(address).content.decode()


def test_a_pregnancy_test_is_answered_in_words(people, address):
    add(people, address, ["pregnancy-test", "Positive", "", ""])
    assert saved() == [said.Result(measure="pregnancy-test", said="positive")]


def test_the_unit_may_stand_with_the_number():
    assert results.read("tsh", "2.1 mIU/L", "").body == said.Result(measure="tsh", value="2.1", unit="mIU/L")
    assert results.read("tsh", "2.1 mIU/L", "mIU/L").body.unit == "mIU/L"


def test_what_is_due_says_since_when_with_its_source_and_what_could_not_be_checked(people, address, on):
    for topic in ("medicines", "conditions", "allergies", "observations"):
        told(people, on - timedelta(days=100), said.Looked(topic=topic))
    first = (on - timedelta(days=100)).isoformat()
    an_order(people, medicine="lithium", steps=[{"from": first, "until": None, "dose": "900 mg", "times_a_day": 1}])
    words = signed_in(people.marchetti.user).get(address).content.decode()
    assert "Lithium level: none on record; was due" in words
    assert "Source" in words
    aside = words[words.index('id="due"') :]
    assert "Nothing is due" not in aside


def test_without_a_whole_record_a_check_is_named_as_not_made(people, address, on):
    first = (on - timedelta(days=100)).isoformat()
    an_order(people, medicine="lithium", steps=[{"from": first, "until": None, "dose": "900 mg", "times_a_day": 1}])
    words = signed_in(people.marchetti.user).get(address).content.decode()
    assert "could not be checked" in words
    assert "Lithium level: her results" in words


def test_a_result_is_corrected_once_and_withdrawn(people, address, on):
    entry = told(people, on, said.Result(measure="tsh", value="21", unit="mIU/L"))
    client, where = signed_in(people.nurse.user), f"{address}/{entry.pk}"
    assert 'value="21"' in client.get(where).content.decode()
    fields = {"measure": "tsh", "unit": "mIU/L", "on": on.isoformat()}
    assert send(client, where, value="2.1", **fields).status_code == 302
    assert [str(one.value) for one in saved()] == ["2.1"]
    late = send(client, where, value="2.2", **fields)
    assert late.status_code == 409
    assert "2.1; mIU/L" in late.content.decode()
    standing = Entry.objects.current().get()
    assert send(client, f"{address}/{standing.pk}", do="withdraw").status_code == 302
    assert saved() == []


def test_all_results_gone_through(people, address):
    client = signed_in(people.nurse.user)
    send(client, f"{address}/through")
    assert "None, as gone through on" in client.get(address).content.decode()


def test_a_result_of_another_woman_is_not_there(people, address, on):
    theirs = record.add(patient=people.noor, body=said.Result(measure="tsh", value=2, unit="mIU/L"), on=on,
                        origin="clinic", by=people.hale.user, at=NOW)  # fmt: skip
    client = signed_in(people.marchetti.user)
    assert client.get(f"{address}/{theirs.pk}").status_code == 404
    assert send(client, f"{address}/{theirs.pk}", do="withdraw").status_code == 404


@pytest.mark.parametrize("count", [1, 120])
def test_the_page_takes_few_queries_with_years_of_results(people, address, on, count):
    for back in range(count):
        told(people, on - timedelta(days=back), said.Result(measure="tsh", value="2.1", unit="mIU/L"))
    client = signed_in(people.marchetti.user)
    with at_most(12):
        client.get(address)


def test_no_limit_of_what_can_be_read_stands_where_a_normal_range_would(people, address, on):
    """Read in a hurry, “Readable 0 to 15 mmol/L” says that 15 is normal. It is told when a value outside is typed."""
    told(people, on, said.Result(measure="potassium", value="4.2", unit="mmol/L"))
    client = signed_in(people.marchetti.user)
    page = client.get(address).content.decode()
    assert "4.2 mmol/L" in page
    assert "Readable" not in page
    limit = results.plausible("potassium")
    assert limit not in page
    _, answer = add(people, address, ["potassium", "99", "mmol/L", ""])
    assert f"is outside what can be read ({limit})" in answer.content.decode()


def test_one_row_stands_open_and_the_others_wait_behind_a_fold_until_one_is_filled(people, address):
    words = signed_in(people.marchetti.user).get(address).content.decode()
    form = words[words.index('id="add"') :]
    assert form.index('id="value-0"') < form.index("More rows") < form.index('id="value-1"')
    assert form.count('<fieldset class="labrow">') == 4
    assert '<details class="more">' in form
    _, answer = add(people, address, ["tsh", "2.1", "mIU/L", ""], ["tsh", "two", "mIU/L", ""])
    assert '<details class="more" open>' in answer.content.decode(), "what is wrong with a row is in sight"
