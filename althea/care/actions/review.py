"""A trial is reviewed with her: what was agreed, whose choice it was, and what follows. One transaction.

Every way on is hers and her prescriber's; nothing here starts, stops or changes a medicine. A dose changes by a signed
order, a stop by a plan for stopping: the page leads there afterwards.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from althea.care import audit, outbox
from althea.care import entries as said
from althea.care.actions import record, worklist
from althea.care.actions import trial as trials
from althea.care.actions.safety import harm_from
from althea.care.days import today
from althea.care.known import knowledge
from althea.care.models import CheckIn, Entry, Origin, Patient, Stale, Trial, TrialStep, User, WorklistItem
from althea.care.recheck import recheck
from althea.engine.trial import LIVE, State, Verb

GOES_ON = frozenset(
    ("continue_and_recheck", "continue_maintain", "augment", "add_psychotherapy", "address_side_effects",
     "reassess_diagnosis")
)  # fmt: skip
"""What leaves the medicine and its dose as they are, until the next review."""
ASKS_FIRST = frozenset(("measure_first", "check_adherence", "urgent_escalation"))
"""What comes before a review: no step of the trial is taken."""
WAITS = frozenset(("optimise_dose", "switch", "switch_to_clozapine", "taper_stop"))
"""What another page goes on with: an order, an offer, a plan for stopping."""
CODES = GOES_ON | ASKS_FIRST | WAITS
SCORE = "score since last review"


class NoMore(Exception):
    """This cannot be done; its words say why and what to do instead."""


@transaction.atomic
def decide(
    *, trial: Trial, decision: said.Decision, seen: int, have: tuple[str, ...], review_on: date | None, by: User,
    at: datetime, maintenance: said.Maintenance | None = None,
) -> Entry:  # fmt: skip
    """Her decision at the review, and the step of the trial that follows from it.

    `seen`: the version of the trial that the page showed; another's change since then raises Stale. Raises NotAllowed
    when there is no score since the last review, or the trial is over.
    """
    if trial.version != seen:
        raise Stale(trial)
    patient, code = trial.patient, decision.chosen
    if State(trial.state) not in LIVE:
        raise NoMore("This trial is over. Nothing more happens to it; offer her something new.")
    entry = record.add(patient=patient, body=decision, on=today(patient, at), origin=Origin.CLINIC, by=by, at=at)
    if code not in ASKS_FIRST:
        if State(trial.state) is not State.REVIEWED:
            trials.review(trial=trial, have=have, why=decision.chosen_words, by=by, at=at)
        else:
            _close(trial, by, at)
        if code in GOES_ON:
            assert review_on is not None
            every = maintenance.every_weeks * 7 if maintenance is not None else trials.WEEKLY
            trials.go_on(trial=trial, review_on=review_on, why=decision.chosen_words, by=by, at=at, every_days=every)
        elif review_on is not None:
            trial.put(review_on=review_on)
            trials.plan_check_ins(trial=trial, at=at, first=today(patient, at) + timedelta(days=1))
    if maintenance is not None:
        before = Entry.objects.current().filter(patient=patient, kind=said.Maintenance.kind).first()
        record.add(
            patient=patient, body=maintenance, on=today(patient, at), origin=Origin.CLINIC, by=by, at=at,
            supersedes=before,
        )  # fmt: skip
    outbox.add(
        clinic=patient.clinic, kind="update", patient=patient, at=at, link="/home", send_key=f"decision/{entry.pk}"
    )
    return entry


def _close(trial: Trial, by: User, at: datetime) -> None:
    for item in WorklistItem.objects.filter(patient=trial.patient, reason=f"review:{trial.pk}", closed_at__isnull=True):
        item.patient = trial.patient
        worklist.close(item=item, by=by, words="reviewed", at=at)


def last_review(trial: Trial) -> datetime | None:
    """When was it last reviewed?  One query."""
    row = TrialStep.objects.filter(trial=trial, verb=Verb.REVIEW.value).order_by("-at").first()
    return row.at if row is not None else None


def have_of(trial: Trial, scores: list[tuple[Entry, said.Score]], last: datetime | None) -> tuple[str, ...]:
    """What is there for a review: a whole score of its scale since the last one, or since the trial began."""
    own = [entry for entry, body in scores if body.scale == trial.scale and body.total is not None]
    if last is not None:
        reviewed_on = today(trial.patient, last)
        found = any(entry.recorded_at > last and entry.on >= reviewed_on for entry in own)
    else:
        found = any(trial.started_on is None or entry.on > trial.started_on for entry in own)
    return (SCORE,) if found else ()


@transaction.atomic
def ask_today(*, trial: Trial, by: User, at: datetime) -> CheckIn:
    """A check-in waits for her today. Raises NoMore when she has answered one today already."""
    patient, on = trial.patient, today(trial.patient, at)
    wanted = [trial.scale, *(one for one in trial.also if trials.may_ask(one) and one != trial.scale)]
    one = CheckIn.objects.filter(patient=patient, due_on=on).first()
    if one is not None and one.state == CheckIn.State.DONE:
        raise NoMore("She has answered today's check-in already. Her answers are below; ask again tomorrow.")
    if one is None:
        one = CheckIn.objects.create(patient=patient, trial=trial, due_on=on, scales=wanted)
    else:
        state = CheckIn.State.WAITING if one.state == CheckIn.State.PASSED else one.state
        one.put(scales=list(dict.fromkeys([*one.scales, *wanted])), state=state, trial=trial)
    audit.write(
        clinic=patient.clinic, by=by, verb="asked for check-in", at=at, patient=patient, about=f"check-in {one.pk}"
    )
    outbox.add(
        clinic=patient.clinic, kind="check-in", patient=patient, at=at, link=f"/check-in/{one.pk}",
        send_key=f"check-in/{one.pk}/{on}",
    )  # fmt: skip
    return one


@transaction.atomic
def enter_score(
    *, patient: Patient, scale: str, total: int, harm: int | None, on: date, by: User, at: datetime
) -> Entry:  # fmt: skip
    """A score from paper. An answer above 0 to its question on self-harm is put before her team at once."""
    book = knowledge().scales[scale]
    band = next((one.name for one in book.bands if one.low <= total <= one.high), "")
    item = harm_item(scale)
    items: dict[str, int | bool | str] = {item: harm} if item and harm is not None else {}
    body = said.Score(scale=scale, total=Decimal(total), band=band, items=items)
    entry = record.add(patient=patient, body=body, on=on, origin=Origin.CLINIC, by=by, at=at)
    line = harm_from(f"{scale}/{item}")
    if harm is not None and line is not None and harm >= line:
        worklist.place(
            patient=patient, group=WorklistItem.Group.CANNOT_WAIT, level="critical",
            reason=f"self-harm:score {entry.pk}",
            why=f"Self-harm question of the {book.name} on {on:%-d %B}: answer {harm}, from paper.",
            action=f"Call {patient.first_name}", at=at, tell=True,
        )  # fmt: skip
    recheck(patient, at)
    return entry


@transaction.atomic
def take_out_score(*, entry: Entry, by: User, at: datetime) -> None:
    """A score that was entered here was an error. Raises Stale where somebody changed it first.

    What it put before her team stays open and says so: whether she is in danger is asked of her, not of a form.
    """
    record.withdraw(entry=entry, by=by, at=at)
    for item in WorklistItem.objects.filter(
        patient=entry.patient, reason=f"self-harm:score {entry.pk}", closed_at__isnull=True
    ):
        item.put(why=f"{item.why} That score was taken out as an error: ask her.")
    recheck(entry.patient, at)


def harm_item(scale: str) -> str:
    """The one item of a scale that asks about self-harm; empty: none, or the scale is about nothing else."""
    book = knowledge().scales.get(scale)
    items = [one.id for one in book.items if one.harm_from is not None] if book is not None else []
    return items[0] if len(items) == 1 else ""
