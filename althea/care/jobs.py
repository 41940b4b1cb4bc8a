"""What does Althea do by the clock?  `tick` runs each minute and asks what is due; a worker does it.

Django's tasks keep the queue in the record's own database. They know neither schedules nor retries, so a job of a day
is a row (`TickDone`): made when it is queued, marked when it ended, queued again when half an hour passed and it did
not. Every job may run twice without harm. Nothing here stops, starts or changes a medicine.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks import task

from althea.care import audit, everyone, outbox
from althea.care.actions import checkin, last_day, plan, worklist
from althea.care.actions import trial as trials
from althea.care.days import moment, today
from althea.care.known import knowledge
from althea.care.models import CheckIn, Clinic, Entry, Order, TickDone, Trial, WorklistItem
from althea.care.trial_words import review_address, week_in_words, when_due
from althea.engine.trial import LIVE

AT_NIGHT = time(3)
IN_THE_MORNING = time(6)
REMIND_AT = time(9)
TRY_AGAIN = timedelta(minutes=30)
CHECK_IN_DAYS = 5
"""A check-in may be filled in this many days after its day; then it has passed."""
REVIEW_AHEAD = plan.AHEAD


def tick(now: datetime) -> list[str]:
    """Queue what is due. Returns what was queued, for the log: jobs and clinics, no people."""
    queued = ["mail"]
    send_mail.enqueue()
    for clinic in Clinic.objects.all():
        for name, at, job in DAILY:
            on = today(clinic, now)
            if now >= moment(clinic, on, at) and _claim(clinic, name, on, now):
                job.enqueue(str(clinic.pk), on.isoformat())
                queued.append(f"{name} {clinic.pk} {on}")
    return queued


def _claim(clinic: Clinic, job: str, on: date, now: datetime) -> bool:
    """Is it ours to queue?  Once a day, and again where it was queued and did not end."""
    try:
        with transaction.atomic():
            TickDone.objects.create(clinic=clinic, job=job, on=on, at=now)
        return True
    except IntegrityError:
        waiting = TickDone.objects.filter(clinic=clinic, job=job, on=on, at__lt=now - TRY_AGAIN, result={})
        return bool(waiting.update(at=now))


def _ended(clinic_id: str, job: str, on: str, **result: int) -> None:
    TickDone.objects.filter(clinic_id=clinic_id, job=job, on=on).update(result={"ended": 1, **result})


@task(queue_name="mail")
def send_mail() -> None:
    """Hand over what is due."""
    outbox.send_due(timezone.now())


@task()
def night(clinic_id: str, on: str) -> None:
    """Look again at every woman of the clinic: her open orders against what is known of her today.

    Somebody may be doing so this minute; then the job is queued again when half an hour passed.
    """
    clinic, now = Clinic.objects.get(pk=clinic_id), timezone.now()
    try:
        sweep = everyone.go_round(everyone.begin(clinic=clinic, by=None, at=now).pk, now)
    except everyone.UnderWay:
        return
    if sweep is not None:
        audit.anchor(clinic, now)
        _ended(clinic_id, "night", on, looked=sweep.looked)


@task()
def look_again(sweep_id: str) -> None:
    """The same, because somebody asked."""
    everyone.go_round(sweep_id, timezone.now())


@task()
def morning(clinic_id: str, on: str) -> None:
    """Remind of today's check-ins, close those whose time is over, put due reviews before their prescribers, and tell
    again of what is critical and nobody opened."""
    clinic, now, day = Clinic.objects.get(pk=clinic_id), timezone.now(), date.fromisoformat(on)
    for trial in _live(clinic):
        trials.keep_asking(trial=trial, on=day)
    reminded = remind(clinic, day, now)
    pass_over(clinic, day, now)
    reviews = due_reviews(clinic, day, now) + due_orders(clinic, day, now) + due_plans(clinic, day, now)
    last_day.before(clinic, day, now)
    again = worklist.tell_again(clinic=clinic, at=now)
    _ended(clinic_id, "morning", on, reminded=reminded, reviews=reviews, again=again)


def pass_over(clinic: Clinic, day: date, now: datetime) -> None:
    """Close the check-ins whose time is over; what she answered and did not send stands in her record, and says so."""
    over = CheckIn.objects.filter(
        patient__clinic=clinic, due_on__lt=day - timedelta(days=CHECK_IN_DAYS),
        state__in=(CheckIn.State.WAITING, CheckIn.State.STARTED),
    )  # fmt: skip
    for one in over.select_related("patient__clinic", "patient__user", "trial"):
        checkin.pass_over(check_in=one, at=now)


def remind(clinic: Clinic, day: date, now: datetime) -> int:
    """One notice for each check-in of the day, at nine her time, never at night, never twice."""
    count = 0
    waiting = CheckIn.objects.filter(patient__clinic=clinic, due_on=day, state=CheckIn.State.WAITING)
    for one in waiting.select_related("patient__clinic"):
        made = outbox.add(
            clinic=clinic, kind="check-in", patient=one.patient, at=now, link=f"/check-in/{one.pk}",
            send_key=f"check-in/{one.pk}/{day}", not_before=max(now, moment(one.patient, day, REMIND_AT)),
        )  # fmt: skip
        count += made is not None
    return count


def _live(clinic: Clinic) -> Any:
    states = [state.value for state in LIVE]
    return Trial.objects.filter(patient__clinic=clinic, state__in=states).select_related("patient__clinic")


def due_reviews(clinic: Clinic, day: date, now: datetime) -> int:
    """Trials whose review day is near, as items that lead to the review."""
    near = _live(clinic).filter(review_on__lte=day + REVIEW_AHEAD)
    for trial in near:
        worklist.place(
            patient=trial.patient, group=WorklistItem.Group.REVIEW, level="info", reason=f"review:{trial.pk}",
            why=f"{when_due(trial.review_on, day)}: {week_in_words(trial, day)}.", action="Review trial",
            due_on=trial.review_on, at=now, to=review_address(trial),
        )  # fmt: skip
    return len(near)


def due_orders(clinic: Clinic, day: date, now: datetime) -> int:
    """Orders with a day to look again and no trial of their medicine that has one, as items: her paper names that day.
    Once an order: one that was worked through is not opened again."""
    tried = set(_live(clinic).values_list("patient", "medicine"))
    rows = Order.objects.filter(
        patient__clinic=clinic, signed_at__isnull=False, end__isnull=True, review_on__lte=day + REVIEW_AHEAD
    )
    near = [one for one in rows.select_related("patient__clinic") if (one.patient_id, one.medicine) not in tried]
    reasons = [f"order-review:{one.pk}" for one in near]
    done = set(
        WorklistItem.objects.filter(reason__in=reasons, closed_at__isnull=False).values_list("reason", flat=True)
    )
    near = [one for one in near if f"order-review:{one.pk}" not in done]
    for order in near:
        assert order.review_on is not None
        name = knowledge().name_of(order.medicine)
        worklist.place(
            patient=order.patient, group=WorklistItem.Group.REVIEW, level="info", reason=f"order-review:{order.pk}",
            why=f"{when_due(order.review_on, day)}: look again at {name}, as its order says.", action="Open order",
            due_on=order.review_on, at=now, to=f"/patients/{order.patient_id}/orders/{order.pk}",
        )  # fmt: skip
    return len(near)


def due_plans(clinic: Clinic, day: date, now: datetime) -> int:
    """Plans whose day to look again is near, as items: watchful waiting is watched. A trial's review stands for it."""
    soon = (day + REVIEW_AHEAD).isoformat()
    tried = Trial.objects.filter(state__in=[one.value for one in LIVE], review_on__lte=soon).values("patient")
    near = Entry.objects.current().filter(patient__clinic=clinic, kind="plan", body__review_on__lte=soon)
    rows = list(near.exclude(patient__in=tried).select_related("patient__clinic"))
    for row in rows:
        plan.due(row, day, now)
    return len(rows)


DAILY: tuple[tuple[str, time, Any], ...] = (
    ("night", AT_NIGHT, night),
    ("morning", IN_THE_MORNING, morning),
)
