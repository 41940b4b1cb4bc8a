"""How is her care going?  Intake, what was offered, the trial and its check-ins."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.db import models

from althea.care.models.entry import Entry
from althea.care.models.frozen import Frozen, Versioned
from althea.care.models.orders import Order
from althea.care.models.people import Patient, User
from althea.engine.trial import State


class Episode(Versioned):
    """A stretch of care for one reason, from asking for help to leaving."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="episodes")
    why = models.CharField(max_length=300)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"episode {self.id}"


class Intake(Versioned):
    """The questions before the first visit. Her answers are saved one by one."""

    class State(models.TextChoices):
        SENT = "sent"
        STARTED = "started"
        SUBMITTED = "submitted"
        REVIEWED = "reviewed"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="intakes")
    state = models.CharField(max_length=10, choices=State, default=State.SENT)
    sent_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"intake {self.id}"


class IntakeAnswer(Frozen):
    """What she answered to one question. Asked again, the newest counts."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    intake = models.ForeignKey(Intake, on_delete=models.PROTECT, related_name="answers")
    question = models.CharField(max_length=60)
    value: models.JSONField[Any] = models.JSONField(null=True)  # null: she gave none, see `said`
    said = models.CharField(max_length=20, default="answered")  # answered, unknown, rather-talk, left-out
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["intake", "question", "at"])]

    def __str__(self) -> str:
        return self.question


class IntakeSettled(Frozen):
    """What a prescriber made of an answer: an entry of the record, or set aside with a word why."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    answer = models.ForeignKey(IntakeAnswer, on_delete=models.PROTECT, related_name="settled")
    part = models.CharField(max_length=60, default="")  # one row of a list answer, such as the second past medicine
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    why_not = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["answer", "part"], name="answer_settled_once")]

    def __str__(self) -> str:
        return f"{self.answer_id} {self.part}"


class Offer(Versioned):
    """Options prepared for her, with the exact text and evidence she sees. `options`: `engine.options.as_shown()`.

    From the moment she is shown them a trigger lets them be closed, and nothing else (`migrations/0007`).
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="offers")
    options: models.JSONField[Any] = models.JSONField(default=dict)
    words = models.TextField(blank=True)  # her prescriber's own lines to her
    knowledge = models.CharField(max_length=40)
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    shared_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"offer {self.id}"


class OfferReply(Frozen):
    """What she said to an offer: what matters, what she leans towards, what she wants to ask. Newest counts."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="replies")
    values: models.JSONField[Any] = models.JSONField(default=list)  # her order
    leaning = models.CharField(max_length=60, blank=True)  # an option's id; empty: not sure yet
    questions = models.TextField(blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"reply to {self.offer_id}"


class Trial(Versioned):
    """The trial of one medicine as one record."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="trials")
    medicine = models.CharField(max_length=60)
    state = models.CharField(max_length=12, choices=[(one.value, one.value) for one in State])
    problem = models.CharField(max_length=200)  # what it is for
    scale = models.CharField(max_length=30)  # the measure that speaks
    also: models.JSONField[Any] = models.JSONField(default=list)  # other scales of its check-ins
    weeks = models.PositiveSmallIntegerField(null=True)  # None: how long a fair trial is, is not known
    started_on = models.DateField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=200, blank=True)
    decision = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, blank=True, related_name="trials")
    after = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["patient", "state"])]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=[one.value for one in State]), name="trial_state")
        ]

    def __str__(self) -> str:
        return f"trial {self.id}"


class TrialStep(Frozen):
    """A step of a trial: both its history and what must follow."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="steps")
    came_from = models.CharField(max_length=12)
    to = models.CharField(max_length=12)
    verb = models.CharField(max_length=20)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    why = models.TextField(blank=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.came_from} -> {self.to}"


class CheckIn(Versioned):
    """Questions for her on a day. `scales`: which; `extra`: doses taken, side effects, a line in her words."""

    class State(models.TextChoices):
        WAITING = "waiting"
        STARTED = "started"
        DONE = "done"
        PASSED = "passed"  # its time is over; never called missed to her

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="check_ins")
    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, null=True, blank=True, related_name="check_ins")
    due_on = models.DateField()
    scales: models.JSONField[Any] = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    started_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["patient", "due_on"], name="one_check_in_a_day")]

    def __str__(self) -> str:
        return f"check-in {self.id}"


class CheckInAnswer(Frozen):
    """One answer. Changed her mind: the newest counts, and both are kept."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    check_in = models.ForeignKey(CheckIn, on_delete=models.PROTECT, related_name="answers")
    question = models.CharField(max_length=60)  # "phq-9/9", "doses", "side-effects", "words"
    value: models.JSONField[Any] = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["check_in", "at"])]

    def __str__(self) -> str:
        return self.question
