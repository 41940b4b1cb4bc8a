"""Her life stage, written at the clinic: each answer with its day, the contradiction shown, and all checked again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from althea.care import entries as said
from althea.care.actions import record
from althea.care.days import today
from althea.care.facts import facts_for
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
    return f"/patients/{people.maya.pk}/life-stage"


def write(people, address, topic, **fields):
    return send(signed_in(people.nurse.user), address, topic=topic, **fields)


def page(people, address):
    return signed_in(people.marchetti.user).get(address).content.decode()


def test_nothing_asked_is_not_no(people, address):
    assert "Nothing was asked yet. Unknown is not no." in page(people, address)


@pytest.mark.parametrize(
    ("topic", "fields", "value", "shown"),
    [
        ("pregnancy", {"value": "not pregnant"}, "not pregnant", "Not pregnant"),
        ("gestation", {"weeks": "12", "days": "3"}, "87", "12 weeks and 3 days"),
        ("infant", {"weeks": "39"}, "273", "39 weeks"),
        ("breastfeeding", {"value": "yes"}, "yes", "Yes"),
        ("contraception", {"methods": ["copper-iud"]}, "copper-iud", "Copper IUD"),
        ("contraception", {"none": "yes"}, "", "None"),
        ("planning", {"value": "no"}, "no", "No"),
        ("menopause", {"value": "peri"}, "peri", "Perimenopause"),
    ],
)
def test_each_answer_is_kept_with_its_day(people, address, on, topic, fields, value, shown):
    assert write(people, address, topic, on=on.isoformat(), **fields).status_code == 302
    entry = Entry.objects.get()
    assert (entry.body, entry.on) == ({"topic": topic, "value": value}, on)
    assert f"<td>{shown}</td>" in page(people, address)


def rows(people):
    return {(one.body["topic"], one.body["value"], one.on) for one in Entry.objects.all()}


def test_a_pregnancy_and_its_due_date_are_one_form(people, address, on):
    due = (on + timedelta(days=200)).isoformat()
    assert write(people, address, "pregnant", on=on.isoformat(), value=due).status_code == 302
    assert rows(people) == {("pregnancy", "pregnant", on), ("due", due, on)}
    assert "<strong>Pregnant" in page(people, address)


def test_how_far_she_is_in_weeks_will_do_and_so_will_neither(people, address, on):
    write(people, address, "pregnant", weeks="9", days="2")
    assert rows(people) == {("pregnancy", "pregnant", on), ("gestation", "65", on)}
    write(people, address, "pregnant", on=(on - timedelta(days=3)).isoformat())
    assert ("pregnancy", "pregnant", on - timedelta(days=3)) in rows(people)


def test_a_birth_with_its_weeks_and_breastfeeding_are_one_form(people, address, on):
    born = on - timedelta(days=4)
    write(people, address, "birth", value=born.isoformat(), weeks="38", days="2", feeds="yes")
    assert rows(people) == {
        ("delivery", born.isoformat(), born), ("infant", "268", born), ("breastfeeding", "yes", on),
    }  # fmt: skip


@pytest.mark.parametrize("what", ["pregnant", "birth"])
def test_days_without_weeks_are_asked_about_and_nothing_is_kept(people, address, on, what):
    sent = {"value": (on - timedelta(days=4)).isoformat()} if what == "birth" else {}
    words = write(people, address, what, days="5", **sent).content.decode()
    assert "Enter whole weeks, and days if they are known, for example 12 and 3." in words
    assert rows(people) == set()


def test_what_was_not_asked_of_a_birth_stays_unknown(people, address, on):
    write(people, address, "birth", value=on.isoformat(), feeds="")
    assert rows(people) == {("delivery", on.isoformat(), on)}


def test_one_change_is_open_at_a_time_and_what_was_refused_is_open_again(people, address):
    assert page(people, address).count('name="changed"') == 12
    assert 'name="changed" open' not in page(people, address)
    words = write(people, address, "birth", value="", weeks="38").content.decode()
    opened = words[words.index('name="changed" open') :]
    assert opened.index("She gave birth") < opened.index('value="38"') < opened.index("</details>")


def test_what_was_said_before_is_folded_beneath_the_newest(people, address, on):
    for back, value in ((30, "yes"), (0, "no")):
        write(people, address, "breastfeeding", value=value, on=(on - timedelta(days=back)).isoformat())
    words = page(people, address)
    assert words.index("<td>No</td>") < words.index("1 earlier statement") < words.index("<td>Yes</td>")


@pytest.mark.parametrize("topic", ["delivery", "period"])
def test_a_day_of_its_own_is_the_day_it_is_about(people, address, on, topic):
    day = on - timedelta(days=20)
    write(people, address, topic, value=day.isoformat())
    assert (Entry.objects.get().on, Entry.objects.get().body["value"]) == (day, day.isoformat())


def test_a_test_is_a_result_and_counts(people, address, on):
    write(people, address, "test", value="positive", on=on.isoformat())
    assert facts_for(people.maya, on).stage.pregnancy.status == "pregnant"
    assert "<td>positive</td>" in page(people, address)


@pytest.mark.parametrize(
    ("topic", "fields", "words"),
    [
        ("gestation", {"weeks": "50"}, "50 weeks is longer than a pregnancy lasts. Check the number."),
        ("gestation", {"weeks": "12,5"}, "Enter whole weeks, and days if they are known, for example 12 and 3."),
        ("gestation", {"weeks": "-1"}, "Enter whole weeks, and days if they are known"),
        ("gestation", {"weeks": "0"}, "Enter a week or more."),
        ("gestation", {"weeks": "12", "days": "9"}, "Days are 0 to 6. Seven days are a week more."),
        ("infant", {"weeks": "9"}, "Enter 20 weeks or more."),
        ("delivery", {"value": "2999-01-01"}, "1 January 2999 is after today. Enter the day it happened."),
        ("delivery", {"value": "1990-01-01"}, "1 January 1990 is before she was born. Check the year."),
        ("delivery", {"value": "2025-02-29"}, "Enter a day, for example 2026-04-07."),
        ("delivery", {"value": ""}, "Enter the day."),
        ("due", {"value": "2031-01-01"}, "is not within a pregnancy from today. Check the date."),
        ("pregnancy", {"value": "maybe"}, "Choose one of the answers."),
        ("contraception", {}, "Tick what she uses, or “None”."),
        ("contraception", {"none": "yes", "methods": ["condoms"]}, "Tick the methods she uses, or “None”, not both."),
        ("ended", {"value": "2026-01-01", "code": "F33.1"}, "Choose the code."),
        ("shoe size", {"value": "39"}, "Choose what to record."),
        ("pregnant", {"value": "2026-12-24", "weeks": "9"}, "Enter the due date or the weeks, not both"),
        ("pregnant", {"weeks": "50"}, "50 weeks is longer than a pregnancy lasts. Check the number."),
        ("birth", {"feeds": "yes"}, "Enter the day."),
        ("birth", {"value": "2026-01-01", "weeks": "9"}, "Enter 20 weeks or more."),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(people, address, topic, fields, words):
    answer = write(people, address, topic, **fields)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert "What you typed is still here." in answer.content.decode()
    assert not Entry.objects.exists()


def test_two_statements_that_disagree_are_both_shown(people, address, on):
    write(people, address, "pregnancy", value="pregnant", on=on.isoformat())
    write(people, address, "pregnancy", value="not pregnant", on=on.isoformat())
    words = page(people, address)
    assert "Two statements disagree: treated as possibly pregnant" in words
    assert "<li>pregnant by the record of" in words
    assert "<li>not pregnant by the record of" in words
    assert "Possibly pregnant" in words
    wrong = Entry.objects.get(body__value="pregnant")
    send(signed_in(people.nurse.user), f"{address}/{wrong.pk}")
    assert "Two statements disagree" not in page(people, address)
    assert send(signed_in(people.nurse.user), f"{address}/{wrong.pk}").status_code == 409


def test_how_long_an_answer_counts_is_said(people, address, on):
    for back, value in ((100, "not pregnant"),):
        record.add(patient=people.maya, body=said.LifeStage(topic="pregnancy", value=value),
                   on=on - timedelta(days=back), origin="hers", by=people.maya.user, at=NOW)  # fmt: skip
    assert "Too old to rely on: ask again" in page(people, address)
    write(people, address, "pregnancy", value="not pregnant", on=on.isoformat())
    assert "Counts until" in page(people, address)


def test_a_pregnancy_that_ended_is_coded_and_ends_what_was_said(people, address, on):
    before = (on - timedelta(days=10)).isoformat()
    write(people, address, "pregnancy", value="pregnant", on=before)
    write(people, address, "ended", value=(on - timedelta(days=1)).isoformat(), code="O03")
    assert "O03 Spontaneous abortion" in page(people, address)
    pregnancy = facts_for(people.maya, on).stage.pregnancy
    assert pregnancy is None or pregnancy.status == "not pregnant"


def test_a_pregnancy_on_valproate_shows_what_came_of_it(people, address, on):
    for topic in ("medicines", "conditions", "allergies", "observations"):
        record.add(patient=people.maya, body=said.Looked(topic=topic), on=on, origin="clinic",
                   by=people.marchetti.user, at=NOW)  # fmt: skip
    record.add(patient=people.maya, body=said.LifeStage(topic="contraception", value="copper-iud"), on=on,
               origin="clinic", by=people.marchetti.user, at=NOW)  # fmt: skip
    first = (on - timedelta(days=60)).isoformat()
    an_order(people, medicine="valproate", steps=[{"from": first, "until": None, "dose": "500 mg", "times_a_day": 1}])
    client = signed_in(people.nurse.user)
    send(client, address, topic="pregnancy", value="pregnant", on=on.isoformat())
    words = client.get(address).content.decode()
    assert "Checked again: 1 new critical" in words
    assert "Checked again: this came of it" in words
    assert "valproate" in words.lower()


def test_a_stranger_is_refused_and_the_page_takes_few_queries(people, address, on):
    for back in range(40):
        record.add(patient=people.maya, body=said.LifeStage(topic="breastfeeding", value="yes"),
                   on=on - timedelta(days=back), origin="hers", by=people.maya.user, at=NOW)  # fmt: skip
    assert signed_in(people.hale.user).get(address).status_code == 404
    client = signed_in(people.marchetti.user)
    with at_most(12):
        client.get(address)
