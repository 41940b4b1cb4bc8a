"""What Althea does by the clock: once a day, again when it did not end, never at night, and nothing that changes a medicine."""

from datetime import UTC, date, datetime, timedelta

import pytest

from althea.care import audit, jobs
from althea.care import entries as said
from althea.care.actions import record
from althea.care.models import CheckIn, Order, Origin, Outgoing, TickDone, Trial, WorklistItem
from althea.care.recheck import recheck
from tests.care.test_facts import an_order, looked, tell
from tests.people import NOW

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 9)
EARLY = datetime(2026, 6, 9, 6, 59, tzinfo=UTC)  # 2:59 in New York
SEVEN_UTC = datetime(2026, 6, 9, 7, 0, tzinfo=UTC)  # 3:00 there


def queued(clinic, now):
    return [line for line in jobs.tick(now) if str(clinic.pk) in line]


def test_the_night_begins_at_three_where_the_clinic_is(people):
    assert not any("2026-06-09" in line for line in queued(people.clinic, EARLY))
    assert queued(people.clinic, SEVEN_UTC) == [f"night {people.clinic.pk} 2026-06-09"]


def test_a_job_is_queued_once_a_day(people):
    queued(people.clinic, SEVEN_UTC)
    assert queued(people.clinic, SEVEN_UTC + timedelta(minutes=1)) == []
    assert queued(people.clinic, SEVEN_UTC + timedelta(days=1))[0] == f"night {people.clinic.pk} 2026-06-10"


def test_a_job_that_did_not_end_is_queued_again_after_half_an_hour(people):
    queued(people.clinic, SEVEN_UTC)
    assert queued(people.clinic, SEVEN_UTC + timedelta(minutes=29)) == []
    assert queued(people.clinic, SEVEN_UTC + timedelta(minutes=31)) == [f"night {people.clinic.pk} 2026-06-09"]


def test_a_job_that_ended_is_not(people):
    queued(people.clinic, SEVEN_UTC)
    TickDone.objects.filter(clinic=people.clinic).update(result={"ended": 1})
    assert queued(people.clinic, SEVEN_UTC + timedelta(hours=2)) == []


def test_what_is_queued_for_the_night_looks_at_everybody(people, monkeypatch, settings, tmp_path):
    settings.ALTHEA_AUDIT_ANCHOR = str(tmp_path / "anchor.txt")
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    jobs.tick(NOW)
    jobs.night.func(str(people.clinic.pk), "2026-06-09")
    done = TickDone.objects.get(clinic=people.clinic, job="night")
    assert done.result == {"ended": 1, "looked": 2}
    assert audit.verify(people.clinic) is None
    assert str(people.clinic.pk) in (tmp_path / "anchor.txt").read_text()


def waiting(people, on=TODAY):
    return CheckIn.objects.create(patient=people.maya, due_on=on, scales=["phq-9"])


def test_she_is_reminded_at_nine_her_time_and_once(people):
    check_in = waiting(people)
    assert jobs.remind(people.clinic, TODAY, SEVEN_UTC) == 1
    assert jobs.remind(people.clinic, TODAY, SEVEN_UTC + timedelta(minutes=5)) == 0
    notice = Outgoing.objects.get()
    assert notice.not_before == datetime(2026, 6, 9, 13, 0, tzinfo=UTC)
    assert notice.link == f"/check-in/{check_in.pk}"


def test_a_check_in_whose_time_is_over_passes_without_a_word(people):
    old, fresh = waiting(people, TODAY - timedelta(days=6)), waiting(people, TODAY - timedelta(days=5))
    jobs.morning.func(str(people.clinic.pk), TODAY.isoformat())
    old.refresh_from_db()
    fresh.refresh_from_db()
    assert (old.state, fresh.state) == ("passed", "waiting")
    assert not Outgoing.objects.exists()


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (2, "Due in 2 days: week 5 of 8 planned."),
        (0, "Due today: week 5 of 8 planned."),
        (-3, "3 days late: week 5 of 8 planned."),
    ],
)
def test_a_review_that_is_near_is_put_before_her_prescriber(people, days, words):
    Trial.objects.create(
        patient=people.maya, medicine="sertraline", state="titrating", problem="Low mood", scale="phq-9", weeks=8,
        started_on=TODAY - timedelta(days=33), review_on=TODAY + timedelta(days=days), created_at=NOW,
    )  # fmt: skip
    assert jobs.due_reviews(people.clinic, TODAY, NOW) == 1
    item = WorklistItem.objects.get()
    assert (item.group, item.why, item.action) == ("review", words, "Review trial")
    assert item.to == f"/patients/{people.maya.pk}/trials/{Trial.objects.get().pk}/review"


def test_past_its_weeks_a_trial_is_not_in_week_9_of_8(people):
    Trial.objects.create(
        patient=people.maya, medicine="sertraline", state="steady", problem="Low mood", scale="phq-9", weeks=8,
        started_on=TODAY - timedelta(days=57), review_on=TODAY, created_at=NOW,
    )  # fmt: skip
    jobs.due_reviews(people.clinic, TODAY, NOW)
    assert WorklistItem.objects.get().why == "Due today: week 9; 8 were planned."
    Trial.objects.update(weeks=None)
    jobs.due_reviews(people.clinic, TODAY, NOW)
    assert WorklistItem.objects.get().why == "Due today: week 9; for how long, was not planned."


def test_a_score_that_got_worse_leads_to_the_review_of_her_trial(people):
    looked(people)
    an_order(people)
    trial = Trial.objects.create(
        patient=people.maya, medicine="sertraline", state="titrating", problem="Low mood", scale="phq-9", weeks=8,
        started_on=TODAY - timedelta(days=33), created_at=NOW,
    )  # fmt: skip
    tell(people, said.Score(scale="phq-9", total=8), on=TODAY - timedelta(days=14))
    tell(people, said.Score(scale="phq-9", total=24))
    recheck(people.maya, NOW)
    about_scores = [one for one in items(people) if one.to]
    assert about_scores
    assert {one.to for one in about_scores} == {f"/patients/{people.maya.pk}/trials/{trial.pk}/review"}


def test_a_review_three_days_off_is_not_there_yet(people):
    Trial.objects.create(
        patient=people.maya, medicine="sertraline", state="titrating", problem="Low mood", scale="phq-9",
        review_on=TODAY + timedelta(days=3), created_at=NOW,
    )  # fmt: skip
    assert jobs.due_reviews(people.clinic, TODAY, NOW) == 0


# --- looking again --------------------------------------------------------------------------------


def on_sertraline_and_ibuprofen(people):
    looked(people)
    an_order(people)
    pill = said.Medicine(
        text="ibuprofen", medicine="ibuprofen", dose="400 mg", times_a_day=3, since=TODAY, running=True
    )
    return tell(people, pill)


def items(people):
    return list(WorklistItem.objects.filter(patient=people.maya, reason__startswith="finding:", closed_at__isnull=True))


def test_a_new_pill_from_elsewhere_is_found_the_same_day_and_once(people):
    on_sertraline_and_ibuprofen(people)
    recheck(people.maya, NOW)
    first = items(people)
    recheck(people.maya, NOW + timedelta(hours=5))
    assert [one.pk for one in items(people)] == [one.pk for one in first]
    assert any("bleeding" in one.why for one in first)


def test_when_the_pill_is_gone_the_item_closes_itself_and_the_order_is_untouched(people):
    pill = on_sertraline_and_ibuprofen(people)
    recheck(people.maya, NOW)
    record.withdraw(entry=pill, by=people.marchetti.user, at=NOW)
    recheck(people.maya, NOW)
    assert not any("bleeding" in one.why for one in items(people))
    assert "No longer so." in set(WorklistItem.objects.exclude(closed_at=None).values_list("closing", flat=True))
    assert not hasattr(Order.objects.get(), "end")


def test_what_was_set_aside_with_a_reason_stays_quiet_until_its_day(people):
    from althea.care.aside import all_grounds
    from althea.care.models import FindingSeen

    on_sertraline_and_ibuprofen(people)
    finding = next(one for one in recheck(people.maya, NOW).findings if "bleeding" in one.title)
    FindingSeen.objects.create(
        patient=people.maya, rule=finding.rule, reason=list(finding.reason), level="warning", title=finding.title,
        grounds=all_grounds((finding,)), answer="overridden", code="benefit", until=TODAY + timedelta(days=90), knowledge="x", by=people.marchetti.user, at=NOW,
    )  # fmt: skip
    recheck(people.maya, NOW)
    assert not any("bleeding" in one.why for one in items(people))
    recheck(people.maya, NOW + timedelta(days=91))
    assert any("bleeding" in one.why for one in items(people))


def test_hers_and_the_clinics_origin_are_both_read(people):
    looked(people)
    an_order(people)
    pill = said.Medicine(
        text="ibuprofen", medicine="ibuprofen", dose="400 mg", times_a_day=3, since=TODAY, running=True
    )
    record.add(patient=people.maya, body=pill, on=TODAY, origin=Origin.HERS, by=people.maya.user, at=NOW)
    assert any("bleeding" in one.title for one in recheck(people.maya, NOW).findings)
