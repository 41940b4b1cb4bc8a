"""Her life stage, written at the clinic: each answer with its day, the contradiction shown, and all checked again."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from althea.care import entries as said
from althea.care.actions import changes, record, worklist
from althea.care.days import today
from althea.care.facts import chart_of, facts_for, facts_of
from althea.care.models import Entry, Outgoing, WorklistItem
from althea.care.stage_words import stage_of
from althea.care.trial_case import case_of
from tests.care.test_facts import an_order
from tests.clinic.reviewing import a_trial
from tests.clinic.sweeping import swept
from tests.counting import at_most
from tests.people import NOW, send, signed_in

pytestmark = pytest.mark.django_db
CHIP = re.compile(r'<span class="chip stage[^>]*>(?:<svg.*?</svg>)?([^<]*)</span>', re.DOTALL)


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


def test_a_slip_in_the_weeks_is_put_right_the_same_day(people, address, on):
    write(people, address, "pregnancy", value="pregnant")
    for weeks in ("32", "12", "14", "13"):
        write(people, address, "gestation", weeks=weeks)
    assert facts_for(people.maya, on).stage.gestation_days == 13 * 7


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
        ("delivery", {"value": "2001-06-09"}, "9 June 2001 is before she was 10 years old. Check the year."),
        ("delivery", {"value": "2025-02-29"}, "Enter a day, for example 2026-04-07."),
        ("delivery", {"value": ""}, "Enter the day."),
        ("due", {"value": "2031-01-01"}, "is not within a pregnancy from today. Check the date."),
        ("pregnancy", {"value": "maybe"}, "Choose one of the answers."),
        ("contraception", {}, "Tick what she uses, or “None”, or “Not known”."),
        ("contraception", {"none": "yes", "methods": ["condoms"]}, "or “None”, or “Not known”: one of the three."),
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
    assert f"<li>pregnant by the record of {on.day} {on:%B %Y}" in words
    assert f"<li>not pregnant by the record of {on.day} {on:%B %Y}" in words
    assert "Possibly pregnant" in words
    wrong = Entry.objects.get(body__value="pregnant")
    send(signed_in(people.nurse.user), f"{address}/{wrong.pk}")
    assert "Two statements disagree" not in page(people, address)
    assert send(signed_in(people.nurse.user), f"{address}/{wrong.pk}").status_code == 409


def test_pregnant_days_after_she_said_she_was_not_is_news_and_her_prescriber_is_told(people, address, on):
    an_order(people, medicine="sertraline", steps=[{"from": on.isoformat(), "until": None, "dose": "50 mg"}])
    record.add(patient=people.maya, body=said.LifeStage(topic="pregnancy", value="not pregnant"),
               on=on - timedelta(days=5), origin="hers", by=people.maya.user, at=NOW)  # fmt: skip
    write(people, address, "pregnant", on=on.isoformat(), weeks="5")
    assert facts_for(people.maya, on).stage.pregnancy.status == "pregnant"
    words = page(people, address)
    assert "Two statements disagree" not in words
    assert "Pregnant, 5 weeks" in words
    item = WorklistItem.objects.get(reason__startswith="told:")
    assert item.why.startswith("A pregnancy was recorded anew. ")
    assert (item.group, item.level) == ("cannot-wait", "warning")
    assert Outgoing.objects.filter(kind="staff", user=people.marchetti.user).exists()
    write(people, address, "gestation", weeks="6", days="0")
    assert WorklistItem.objects.filter(reason__startswith="told:").count() == 1, "it is no news any more"


def test_a_pregnancy_of_a_woman_who_takes_nothing_needs_no_line(people, address, on):
    write(people, address, "pregnant", on=on.isoformat(), weeks="5")
    assert not WorklistItem.objects.filter(reason__startswith="told:").exists()


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


@pytest.fixture
def lost(people, address, on):
    """By the forms: eight weeks pregnant sixty days ago, and twenty days ago it ended early."""
    write(people, address, "pregnant", on=(on - timedelta(days=60)).isoformat(), weeks="8")
    write(people, address, "ended", value=(on - timedelta(days=20)).isoformat(), code="O03")


def chips(people):
    """What stands after her name: on the chart, on the list of patients, on the worklist, and above the life stage."""
    worklist.place(patient=people.maya, group="labs", level="info", reason="labs", why="Lithium level due.",
                   action="Open chart", at=timezone.now())  # fmt: skip
    client = signed_in(people.marchetti.user)
    pages = (f"/patients/{people.maya.pk}/", "/patients", "/today", f"/patients/{people.maya.pk}/life-stage")
    return [CHIP.search(client.get(one).content.decode())[1] for one in pages]


def test_after_it_ended_no_page_says_that_she_is_pregnant(people, address, on, lost):
    assert "<strong>Not pregnant" in page(people, address)
    assert chips(people) == ["Not pregnant"] * 4


def test_she_was_pregnant_until_the_day_before_it_ended(people, address, on, lost):
    told = chart_of(people.maya).of(said.LifeStage)
    before = stage_of([(entry.on, body) for entry, body in told], on - timedelta(days=21))
    assert before.label == "Pregnant, 13 weeks"


def test_what_else_she_said_stands_after_her_name_once_it_has_ended(people, address, on, lost):
    write(people, address, "contraception", methods=["copper-iud"])
    assert chips(people) == ["Cycle, copper IUD"] * 4


def test_taken_back_she_is_pregnant_as_before(people, address, on, lost):
    wrong = Entry.objects.get(kind="condition")
    wrong.patient = people.maya
    changes.withdraw(entry=wrong, by=people.marchetti.user, at=timezone.now())
    assert chips(people) == ["Pregnant, 16 weeks"] * 4


def test_pregnant_again_soon_after_is_pregnant_as_the_facts_have_it(people, address, on, lost):
    write(people, address, "pregnant", on=on.isoformat())
    assert facts_for(people.maya, on).stage.pregnancy.status == "pregnant"
    assert chips(people) == ["Pregnant"] * 4


def test_an_end_of_years_ago_written_down_today_ends_nothing_of_today(people, address, on):
    write(people, address, "pregnant", on=(on - timedelta(days=10)).isoformat(), weeks="8")
    body = said.Condition(text="Miscarriage", code="O03.9", status="resolved", since=on - timedelta(days=2000))
    record.add(patient=people.maya, body=body, on=on, origin="clinic", by=people.marchetti.user, at=timezone.now())
    assert facts_for(people.maya, on).stage.pregnancy.status == "pregnant"
    assert chips(people) == ["Pregnant, 9 weeks"] * 4


def test_a_birth_told_by_a_code_is_one_and_the_weeks_since_are_said(people, address, on):
    write(people, address, "pregnant", on=(on - timedelta(days=60)).isoformat(), weeks="37")
    body = said.Condition(text="Birth", code="O80", since=on - timedelta(days=43))
    record.add(patient=people.maya, body=body, on=on, origin="clinic", by=people.marchetti.user, at=timezone.now())
    assert facts_for(people.maya, on).stage.delivered_on == on - timedelta(days=43)
    assert chips(people) == ["Postpartum, 6 weeks"] * 4


def test_the_sweep_and_a_trial_know_of_the_end_too(people, address, on, lost):
    trial = a_trial(people, on)
    chart = chart_of(people.maya)
    assert case_of(trial, chart, facts_of(chart, on), on).told.life_stage == "Not pregnant"
    assert swept(people).women.get(patient=people.maya).stage == "cycle"


def test_a_due_date_of_the_one_that_ended_does_not_count_for_the_next(people, address, on):
    write(people, address, "pregnant", on=(on - timedelta(days=200)).isoformat(),
          value=(on - timedelta(days=10)).isoformat())  # fmt: skip
    write(people, address, "ended", value=(on - timedelta(days=150)).isoformat(), code="O03")
    write(people, address, "pregnant", on=on.isoformat())
    assert chips(people) == ["Pregnant"] * 4


@pytest.mark.parametrize(("first", "then", "words"), [("yes", "no", ""), ("no", "yes", " - breastfeeding")])
def test_corrected_five_minutes_later_the_correction_stands_after_her_name(people, on, first, then, words):
    born, now = on - timedelta(days=63), timezone.now()
    for minutes, topic, value, day in (
        (0, "delivery", born.isoformat(), born), (1, "breastfeeding", first, on), (6, "breastfeeding", then, on),
    ):  # fmt: skip
        record.add(patient=people.maya, body=said.LifeStage(topic=topic, value=value), on=day, origin="hers",
                   by=people.maya.user, at=now + timedelta(minutes=minutes))  # fmt: skip
    assert facts_for(people.maya, on).stage.breastfeeding is (then == "yes")
    assert chips(people) == [f"Postpartum, 9 weeks{words}"] * 4


def test_a_count_of_weeks_corrected_on_the_same_day_stands_after_her_name(people, on):
    now = timezone.now()
    for minutes, topic, value in ((0, "pregnancy", "pregnant"), (1, "gestation", "98"), (6, "gestation", "105")):
        record.add(patient=people.maya, body=said.LifeStage(topic=topic, value=value), on=on, origin="hers",
                   by=people.maya.user, at=now + timedelta(minutes=minutes))  # fmt: skip
    assert facts_for(people.maya, on).stage.gestation_days == 105
    assert chips(people) == ["Pregnant, 15 weeks"] * 4


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
