"""Her life changes: it becomes the record, everything is looked at again at once, and the right people are told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from althea.care import entries as said
from althea.care.actions import changes, record
from althea.care.changes import CHANGES, answer, asked, telling
from althea.care.days import today
from althea.care.facts import facts_for
from althea.care.intake.questions import NotRead
from althea.care.models import AuditRow, Entry, Order, OrderEnd, Outgoing, Stale, Trial, WorklistItem
from althea.care.named import NOT_OURS, found, name_of, named
from althea.engine.facts import State
from tests.care.test_facts import an_order
from tests.people import BORN

pytestmark = pytest.mark.django_db


@pytest.fixture
def on(people):
    return today(people.maya, timezone.now())


def taking(people, on, medicine="sertraline", dose="75 mg", days=60):
    first = (on - timedelta(days=days)).isoformat()
    return an_order(people, medicine=medicine, steps=[{"from": first, "until": None, "dose": dose, "times_a_day": 1}])


def looked(people, on):
    for topic in ("medicines", "conditions", "allergies", "observations"):
        record.add(patient=people.maya, body=said.Looked(topic=topic), on=on, origin="clinic",
                   by=people.marchetti.user, at=timezone.now())  # fmt: skip


def she_tells(people, on, change, /, **given):
    answers = {key: {"value": value, "said": "answered"} for key, value in given.items()}
    told = telling(CHANGES[change], answers, on)
    return changes.tell(
        patient=people.maya, bodies=told.bodies, words=told.words, origin="hers", by=people.maya.user,
        at=timezone.now(), to=CHANGES[change].to, now=told.now,
    )  # fmt: skip


def notices(people):
    return Outgoing.objects.filter(kind="staff", user=people.marchetti.user).count()


def test_a_new_pill_from_elsewhere_is_checked_against_open_orders_the_same_day_and_the_prescriber_is_told(people, on):
    looked(people, on)
    taking(people, on)
    came = she_tells(people, on, "new-medicine", what="Tramadol 50 mg", often="3")
    assert any("tramadol" in one.title.lower() for one in came.new)
    item = WorklistItem.objects.get(reason__startswith="told:")
    assert item.why.startswith(
        "She started Tramadol 50 mg. Tramadol with sertraline: serotonin syndrome, and with tramadol or meperidine"
        " seizures."
    )
    assert item.to == f"/patients/{people.maya.pk}/medicines"
    lasting = WorklistItem.objects.filter(reason__startswith="finding:").values_list("why", flat=True)
    assert any("Tramadol with sertraline" in why for why in lasting), "the open orders were checked again at once"
    assert notices(people) >= 1
    assert Outgoing.objects.filter(kind="staff").first().link == "/today"


def test_a_painkiller_from_the_shop_beside_sertraline_warns_of_bleeding(people, on):
    looked(people, on)
    taking(people, on)
    came = she_tells(people, on, "new-medicine", what="Advil", often="3", dose="400 mg")
    assert any("ibuprofen" in one.title.lower() for one in came.new)


def test_a_combined_pill_beside_lamotrigine_is_found_when_she_tells_of_it(people, on):
    looked(people, on)
    taking(people, on, "lamotrigine", "200 mg", days=200)
    came = she_tells(people, on, "contraception", methods=["combined-pill"])
    assert [one.title for one in came.of_the_day] == [
        "Starting Combined pill about halves the lamotrigine level; effect may be lost."
    ]
    item = WorklistItem.objects.get(reason__startswith="told:")
    assert item.why.endswith("about halves the lamotrigine level; effect may be lost.")
    assert notices(people) == 1
    again = she_tells(people, on, "contraception", methods=["combined-pill"])
    assert again.new == (), "it began once"


def test_what_is_said_of_the_day_a_pill_ends_is_said_on_that_day(people, on):
    looked(people, on)
    taking(people, on, "lamotrigine", "200 mg", days=200)
    she_tells(people, on, "contraception", methods=["combined-pill"])
    came = she_tells(people, on, "contraception", methods=["copper-iud"])
    assert any("doubles the lamotrigine level" in one.title for one in came.of_the_day)


def test_an_answer_that_was_an_error_is_not_a_pill_that_ended(people, on):
    looked(people, on)
    taking(people, on, "lamotrigine", "200 mg", days=200)
    she_tells(people, on - timedelta(days=3), "contraception", methods=["copper-iud"])
    wrong = she_tells(people, on, "contraception", methods=["combined-pill"]).entries[0]
    wrong.patient = people.maya
    assert changes.withdraw(entry=wrong, by=people.marchetti.user, at=timezone.now()).new == ()


def test_a_medicine_from_elsewhere_that_weakens_hers_is_found_when_it_begins_and_when_it_ends(people, on):
    looked(people, on)
    taking(people, on, "lamotrigine", "200 mg", days=200)
    came = she_tells(people, on, "new-medicine", what="carbamazepine 200 mg", often="2")
    assert any("lowers the lamotrigine level" in one.title for one in came.new)
    ended = changes.stopped(
        patient=people.maya, taken=came.entries[0], on=on, why="", origin="hers", by=people.maya.user,
        at=timezone.now(),
    )  # fmt: skip
    assert any("lamotrigine" in one.title for one in ended.new)


def test_a_medicine_nobody_knows_is_kept_in_her_words_and_said_not_to_be_checked(people, on):
    looked(people, on)
    taking(people, on)
    came = she_tells(people, on, "new-medicine", what="Сон-трава 💊 شاي")
    assert came.new == ()
    item = WorklistItem.objects.get(reason__startswith="told:")
    assert item.why.startswith(
        "She started Сон-трава 💊 شاي. Not recognised: “Сон-трава 💊 شاي”. Nothing was checked against it."
    )
    assert "nothing new speaks" not in item.why
    assert item.level == "warning"
    assert notices(people) == 1
    assert any(NOT_OURS in note for note in record_notes(people, on))


def record_notes(people, on):
    from althea.care.recheck import review_today

    return [note.replace("is not", "not") for note in review_today(people.maya, timezone.now()).notes]


def test_a_pregnancy_while_taking_valproate_is_put_first_and_told_at_once(people, on):
    looked(people, on)
    taking(people, on, "valproate", "500 mg")
    came = she_tells(people, on, "pregnancy", status="pregnant", weeks="6")
    assert came.possibly_pregnant
    item = WorklistItem.objects.get(reason__startswith="told:")
    assert item.group == "cannot-wait"
    assert item.why.startswith("She is pregnant, 6 weeks.")
    assert notices(people) >= 1
    assert Order.objects.get().steps, "the order stands as it was signed"
    assert not OrderEnd.objects.exists()


def test_perhaps_pregnant_is_enough_to_tell_her_team(people, on):
    came = she_tells(people, on, "pregnancy", status="unknown")
    assert came.possibly_pregnant
    assert WorklistItem.objects.get(reason__startswith="told:").why.startswith("She may be pregnant.")
    assert notices(people) == 1


def test_two_statements_that_disagree_are_treated_as_possibly_pregnant(people, on):
    she_tells(people, on, "pregnancy", status="pregnant")
    came = she_tells(people, on, "pregnancy", status="not pregnant")
    assert came.possibly_pregnant
    stage = facts_for(people.maya, on).stage
    assert stage.pregnancy.status == "contradictory"
    assert "pregnant by the record" in stage.pregnancy.said
    assert "not pregnant by the record" in stage.pregnancy.said


def test_not_pregnant_by_itself_alarms_nobody(people, on):
    assert not she_tells(people, on, "pregnancy", status="not pregnant").possibly_pregnant
    assert notices(people) == 0


def test_a_loss_is_kept_gently_and_her_team_is_told(people, on):
    she_tells(people, on, "pregnancy", status="lost", **{"lost-on": on.isoformat()})
    assert Entry.objects.get().body == {"topic": "ended", "value": on.isoformat()}
    assert notices(people) == 1


def test_a_birth_ends_the_pregnancy_and_begins_the_time_after(people, on):
    she_tells(people, on - timedelta(days=20), "pregnancy", status="pregnant")
    she_tells(people, on, "birth", born=on.isoformat(), at="39", milk="yes")
    stage = facts_for(people.maya, on).stage
    assert (stage.delivered_on, stage.breastfeeding, stage.infant_gestation_weeks) == (on, True, 39)
    assert stage.pregnancy is None or stage.pregnancy.status != "pregnant"


def test_she_stops_a_trial_herself_and_the_order_stays_open(people, on):
    order = taking(people, on)
    trial = Trial.objects.create(patient=people.maya, medicine="sertraline", state="titrating", problem="Low mood",
                                 scale="phq-9", created_at=timezone.now())  # fmt: skip
    changes.stopped(patient=people.maya, taken=order, on=on, why="Too flat", origin="hers", by=people.maya.user,
                    at=timezone.now())  # fmt: skip
    trial.refresh_from_db()
    assert (trial.state, trial.outcome) == ("ended", "How it went is not known. She left it.")
    assert not OrderEnd.objects.exists()
    row = Entry.objects.get(kind="medicine")
    assert (row.origin, row.body["running"], row.body["why_stopped"]) == ("hers", False, "Too flat")
    item = WorklistItem.objects.exclude(reason__startswith="finding:").get()
    assert item.reason == f"left:{trial.pk}"
    assert item.why.startswith(f"She stopped sertraline herself on {on:%-d %B}: “Too flat”")
    assert notices(people) == 1
    rows = [one for one in facts_for(people.maya, on).medicines if one.id == "sertraline"]
    assert State.RUNNING in {one.state for one in rows}, "every check still counts it as taken"


def test_told_twice_the_newer_day_stands(people, on):
    order = taking(people, on)
    for back in (3, 5):
        changes.stopped(patient=people.maya, taken=order, on=on - timedelta(days=back), why="", origin="hers",
                        by=people.maya.user, at=timezone.now())  # fmt: skip
    row = Entry.objects.current().get(kind="medicine")
    assert row.body["until"] == (on - timedelta(days=5)).isoformat()


def test_her_word_that_she_stopped_changes_no_check(people, on):
    looked(people, on)
    order = taking(people, on)
    from althea.care.recheck import review_today

    before = {one.reason for one in review_today(people.maya, timezone.now()).findings}
    changes.stopped(patient=people.maya, taken=order, on=on, why="", origin="hers", by=people.maya.user,
                    at=timezone.now())  # fmt: skip
    assert {one.reason for one in review_today(people.maya, timezone.now()).findings} == before


def test_what_is_known_of_stopping_at_once_comes_with_its_source(people, on):
    order = taking(people, on)  # nothing was gone through with her: it is said all the same
    words = changes.on_stopping(people.maya, order, timezone.now())
    assert [one.for_her for one in words] == [
        "Stopping this medicine all at once can make you feel ill. Your prescriber can help you come off it slowly."
    ]
    assert words[0].sources


def test_a_medicine_from_elsewhere_is_stopped_by_taking_its_place(people, on):
    came = she_tells(people, on, "new-medicine", what="Advil")
    changes.stopped(patient=people.maya, taken=came.entries[0], on=on, why="", origin="hers", by=people.maya.user,
                    at=timezone.now())  # fmt: skip
    assert [row.body["running"] for row in Entry.objects.current().filter(kind="medicine")] == [False]


def test_of_two_who_stop_one_entry_the_second_is_told(people, on):
    entry = she_tells(people, on, "new-medicine", what="Advil").entries[0]
    again = Entry.objects.get(pk=entry.pk)
    for row, expected in ((entry, None), (again, Stale)):
        row.patient = people.maya
        do = lambda row=row: changes.withdraw(entry=row, by=people.marchetti.user, at=timezone.now())  # noqa: E731
        if expected is None:
            do()
        else:
            with pytest.raises(expected):
                do()


def test_a_warning_that_was_there_before_is_not_called_new(people, on):
    taking(people, on)
    she_tells(people, on, "new-medicine", what="Advil", often="3")
    came = she_tells(people, on, "allergy", what="penicillin and ibuprofen")
    assert came.new == ()


def test_a_check_that_could_not_be_made_is_counted_and_never_reassures(people, on):
    taking(people, on)
    came = she_tells(people, on, "new-medicine", what="Advil", often="3")
    assert came.new == ()
    assert came.words.endswith("checks could not be made.")


def test_to_rather_talk_writes_nothing_of_it_and_tells_her_team(people, on):
    for _ in range(2):
        changes.asked_to_talk(patient=people.maya, about="a pregnancy", by=people.maya.user, at=timezone.now(),
                              tell=True)  # fmt: skip
    assert not Entry.objects.exists()
    assert WorklistItem.objects.get().why == "She would rather talk about it: a pregnancy."
    assert notices(people) == 1
    assert AuditRow.objects.filter(verb="asked to talk").count() == 2


# --- how a form is read -----------------------------------------------------------------------------------------------


def ask(what, question):
    return next(one for one in CHANGES[what].questions if one.id == question)


class Sent(dict):
    """A form, as Django hands it."""

    def getlist(self, key):
        return [self[key]] if key in self else []


@pytest.mark.parametrize(
    ("what", "question", "value", "words"),
    [
        ("new-medicine", "what", "x" * 10_000, "That is 10,000 characters. We can keep 300. Write only the name."),
        ("new-medicine", "what", "", "Write a few words, or choose one of the answers below."),
        ("new-medicine", "since", "2999-01-01", "1 January 2999 is after today. Enter the day it happened."),
        ("new-medicine", "since", "1990-01-01", "1 January 1990 is before you were born. Check the year."),
        ("new-medicine", "since", "2025-02-29", "Enter a day, for example 2026-04-07"),
        ("pregnancy", "weeks", "50", "Enter whole weeks, from 1 to 42."),
        ("pregnancy", "weeks", "12,5", "Enter a number, for example 10."),
        ("pregnancy", "weeks", "-3", "Enter a number from 0 to 10,000."),
        ("pregnancy", "status", "maybe", "Choose one of the answers."),
        ("pregnancy", "due", "2029-01-01", "That is more than a pregnancy away. Check the year."),
        ("birth", "born", "2999-01-01", "is after today. Enter the day it happened."),
        ("contraception", "methods", "magic", "Choose one of the answers."),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(people, what, question, value, words):
    from datetime import date

    with pytest.raises(NotRead) as wrong:
        answer(ask(what, question), Sent(value=value), date(2026, 6, 9), BORN)
    assert words in str(wrong.value)


def test_the_29th_of_february_of_a_leap_year_is_a_day(people, on):
    assert answer(ask("new-medicine", "since"), Sent(value="2024-02-29"), on, BORN)["value"] == "2024-02-29"


def test_i_do_not_know_is_an_answer_and_leaves_it_unknown(people, on):
    given = answer(ask("new-medicine", "since"), Sent(how="unknown"), on, BORN)
    assert given == {"value": None, "said": "unknown"}
    told = telling(CHANGES["new-medicine"], {"what": {"value": "tramadol", "said": "answered"}, "since": given}, on)
    assert told.bodies[0][0].since is None


def test_only_what_concerns_her_is_asked(people):
    first = {"status": {"value": "not pregnant", "said": "answered"}}
    assert [one.id for one in asked(CHANGES["pregnancy"], first)] == ["status"]
    rather = {"what": {"value": None, "said": "rather-talk"}}
    assert [one.id for one in asked(CHANGES["new-medicine"], rather)] == ["what"]


def started(on, **given):
    answers = {key: {"value": value, "said": "answered"} for key, value in given.items()}
    told = telling(CHANGES["new-medicine"], answers, on)
    return told.bodies[0][0].dose, told.words


@pytest.mark.parametrize(
    ("words", "dose"),
    [("400 mg", "400 mg"), ("0,5 mg", "0.5 mg"), ("two", None), ("25 mg or 50 mg", None), ("25/100 mg", None),
     ("1,200 mg", None), ("1e3 mg", None), ("50-100 mg", None), ("2 x 20 mg", None)],
)  # fmt: skip
def test_a_dose_is_read_where_one_is_printed_and_never_guessed(on, words, dose):
    read, said_of_it = started(on, what="Advil", dose=words)
    assert read == dose
    assert (f"dose not read: “{words}”" in said_of_it) is (dose is None)


@pytest.mark.parametrize(
    ("name", "dose"),
    [("Tramadol 50 mg", "50 mg"), ("St. John's wort 300 mg", "300 mg"), ("Tramadol", None), ("Tramadol 1,200 mg", None),
     ("Tramadol 2 x 50 mg", None), ("Sinemet 25/100 mg", None)],
)  # fmt: skip
def test_a_dose_beside_a_name_is_read_where_it_is_the_only_one(on, name, dose):
    assert started(on, what=name)[0] == dose


def test_a_brand_of_several_ingredients_is_read_whole():
    assert named("Excedrin").read_as == "acetaminophen, aspirin and caffeine"
    assert named("Excedrin").medicine == "", "one id would leave out the others"
    assert named("Herbal mix").read_as == NOT_OURS
    assert ("Advil", "ibuprofen") in found("Adv")
    assert found("ad") == []
    assert name_of(said.Medicine(text="Advil", medicine="ibuprofen")) == "Advil (ibuprofen)"
