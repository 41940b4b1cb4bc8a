"""Going round the whole clinic: all or nothing for the page, one bad record hides nobody, and no half result stays."""

from datetime import timedelta

import pytest
from django.utils import timezone

from althea.care import entries as said
from althea.care import everyone, jobs
from althea.care.actions import findings, record, sweep
from althea.care.models import AuditRow, Entry, Order, Patient, Sweep, SweepFinding, SweepWoman
from althea.care.recheck import recheck, review_today
from tests.care.test_facts import an_order, looked
from tests.people import NOW, a_patient

pytestmark = pytest.mark.django_db
VALPROATE = "valproate-unprotected"


@pytest.fixture
def on_valproate(people):
    """Maya could be pregnant, takes valproate, and nobody asked about contraception: critical."""
    looked(people)
    an_order(
        people, medicine="valproate", steps=[{"from": "2026-04-09", "until": None, "dose": "500 mg", "times_a_day": 1}]
    )


def go(people, at=NOW):
    return everyone.go_round(everyone.begin(clinic=people.clinic, by=None, at=at).pk, at)


def rows(people, patient=None):
    return SweepFinding.objects.filter(sweep__state="done", patient=patient or people.maya)


def test_everybody_of_the_clinic_is_looked_at_and_nobody_else(people, on_valproate):
    done = go(people)
    done.refresh_from_db()
    assert (done.state, done.total, done.looked) == ("done", 2, 2)
    assert {one.patient for one in SweepWoman.objects.filter(sweep=done)} == {people.maya, people.noor}
    found = rows(people).order_by("-rank").first()
    assert (found.level, found.stage, found.aside) == ("critical", "not asked", False)
    assert "takes valproate 500 mg a day" in found.why


def test_what_could_not_be_checked_is_kept_with_how_loud_it_might_have_been(people, on_valproate):
    go(people)
    missing = SweepWoman.objects.get(patient=people.maya).missing
    assert missing["whether she plans a pregnancy"][1] == 2  # could be critical


def test_a_sweep_that_was_stopped_leaves_the_page_as_it_was(people, on_valproate, monkeypatch):
    go(people)
    before = list(rows(people).values_list("pk", flat=True))
    for number in range(25):
        a_patient(people.clinic, f"Patient {number}")
    begun = everyone.begin(clinic=people.clinic, by=None, at=NOW)
    real, seen = everyone._look_at, []

    def then_stopped(*args):
        seen.append(1)
        if len(seen) == 2:
            everyone.stop(begun)
        return real(*args)

    monkeypatch.setattr(everyone, "_look_at", then_stopped)
    assert everyone.go_round(begun.pk, NOW) is None
    assert list(rows(people).values_list("pk", flat=True)) == before
    assert not Sweep.objects.filter(pk=begun.pk).exists()
    assert not SweepWoman.objects.exclude(sweep__state="done").exists()


def test_a_worker_that_died_in_the_middle_leaves_the_page_as_it_was_and_may_be_followed(people, on_valproate):
    go(people)
    dead = everyone.begin(clinic=people.clinic, by=None, at=NOW)
    Sweep.objects.filter(pk=dead.pk).update(state="running", total=2, looked=1)
    SweepWoman.objects.create(sweep=dead, patient=people.noor, stage="cycle")
    with pytest.raises(everyone.UnderWay):
        everyone.begin(clinic=people.clinic, by=None, at=NOW + timedelta(minutes=4))
    assert rows(people).exists()
    later = NOW + timedelta(minutes=6)
    done = go(people, later)
    assert Sweep.objects.get().pk == done.pk
    assert SweepWoman.objects.filter(patient=people.noor).count() == 1


def test_a_record_that_cannot_be_read_is_counted_and_the_others_are_looked_at(people, on_valproate, caplog):
    Entry.objects.create(
        patient=people.noor, kind="condition", on=NOW.date(), body={"nonsense": "Her secret"}, origin="clinic",
        recorded_at=NOW, recorded_by=people.hale.user,
    )  # fmt: skip
    done = go(people)
    assert SweepWoman.objects.get(sweep=done, patient=people.noor).failed == "ValidationError"
    assert rows(people).filter(rank=2).exists()
    assert str(people.noor.pk) in caplog.text
    assert "secret" not in caplog.text


def test_a_finding_keeps_the_day_it_was_first_found(people, on_valproate):
    go(people)
    go(people, NOW + timedelta(days=1))
    assert set(rows(people).values_list("since", flat=True)) == {NOW}


def test_a_change_of_hers_is_on_the_page_at_once(people, on_valproate):
    go(people)
    later = NOW + timedelta(hours=1)
    record.add(patient=people.maya, body=said.LifeStage(topic="pregnancy", value="pregnant"), on=NOW.date(),
               origin="hers", by=people.maya.user, at=later)  # fmt: skip
    recheck(people.maya, later)
    assert set(rows(people).values_list("stage", flat=True)) == {"pregnant"}
    assert rows(people).get(rule="valproate-pregnant").since == later


def test_an_override_is_on_the_page_at_once(people, on_valproate):
    go(people)
    loud = next(one for one in review_today(people.maya, NOW).findings if one.level.word == "critical")
    findings.override(patient=people.maya, finding=loud, code="x", words="Agreed", by=people.marchetti.user, at=NOW)
    assert rows(people).get(rule=loud.rule).aside


def test_a_woman_who_came_after_the_sweep_is_in_it_from_her_first_change(people):
    go(people)
    new = a_patient(people.clinic, "New Here")
    recheck(new, NOW)
    assert SweepWoman.objects.filter(patient=new, sweep__state="done").count() == 1


def test_before_the_first_sweep_a_change_writes_no_row(people, on_valproate):
    recheck(people.maya, NOW)
    assert not SweepFinding.objects.exists()


def test_nothing_is_stopped_or_changed_by_going_round(people, on_valproate):
    before = list(Order.objects.values())
    go(people)
    assert list(Order.objects.values()) == before


def test_somebody_asks_and_a_worker_does_it(people, on_valproate):
    now = timezone.now()
    asked = sweep.ask(clinic=people.clinic, by=people.marchetti.user, at=now)
    jobs.look_again.func(str(asked.pk))
    asked.refresh_from_db()
    assert (asked.state, asked.asked_by) == ("done", people.marchetti.user)
    assert AuditRow.objects.filter(verb="asked for a sweep", actor=people.marchetti.user).count() == 1


def test_the_night_waits_while_somebody_elses_sweep_goes_round(people):
    from althea.care.models import TickDone

    TickDone.objects.create(clinic=people.clinic, job="night", on=NOW.date(), at=NOW)
    everyone.begin(clinic=people.clinic, by=people.marchetti.user, at=timezone.now())
    jobs.night.func(str(people.clinic.pk), NOW.date().isoformat())
    assert TickDone.objects.get().result == {}


def test_a_sweep_looks_in_batches_and_asks_few_questions_of_each_woman(people):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for number in range(20):
        a_patient(people.clinic, f"Patient {number}")
    go(people)
    with CaptureQueriesContext(connection) as captured:
        go(people)
    asked = [one for one in captured.captured_queries if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(asked) <= 11 * Patient.objects.filter(clinic=people.clinic).count() + 40
