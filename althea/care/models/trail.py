"""What was done and seen, what is still to be sent, and which request was already answered?"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.db import models

from althea.care.models.frozen import Frozen, Versioned
from althea.care.models.people import Clinic, Patient, User


class AuditRow(Frozen):
    """One deed or one look. Ids and a verb, no words of hers. Each row holds the digest of the one before."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    seq = models.PositiveBigIntegerField()
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    at = models.DateTimeField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")  # None: Althea itself
    role = models.CharField(max_length=20)  # prescriber, nurse, ..., herself, proxy, system
    verb = models.CharField(max_length=60)  # "looked at clinic:chart", "signed order"
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True, related_name="+")
    about = models.CharField(max_length=120, blank=True)  # "order 5f3c…"
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = "audit row"
        indexes = [models.Index(fields=["patient", "at"])]
        constraints = [models.UniqueConstraint(fields=["clinic", "seq"], name="audit_no_gap_twice")]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb}"


class AuditHead(models.Model):
    """Where a clinic's chain ends. One row a clinic; whoever writes holds it."""

    clinic = models.OneToOneField(Clinic, on_delete=models.PROTECT, primary_key=True, related_name="audit_head")
    seq = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return str(self.seq)


class Outgoing(Versioned):
    """Something to be sent after the change it tells of is safely written. `send_key` makes it one, however often."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENDING = "sending"
        SENT = "sent"
        UNKNOWN = "unknown"  # handed over, and no answer came: a person looks
        DROPPED = "dropped"  # no longer true or wanted when its time came

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True, related_name="outgoing")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")  # to somebody of the clinic
    kind = models.CharField(max_length=30)  # of `outbox.WORDS`
    link = models.CharField(max_length=300, blank=True)
    send_key = models.CharField(max_length=200, unique=True)
    not_before = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["state", "not_before"])]

    def __str__(self) -> str:
        return self.send_key


class Deed(models.Model):
    """A form that was sent: the same key again gets the same answer, and nothing is done twice."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField()
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    location = models.CharField(max_length=500, blank=True)
    said: models.JSONField[Any] = models.JSONField(default=list)
    """What the next page says of it, as [level, words]: said again to who sent it again and never saw it said."""
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="a_form_counts_once")]

    def __str__(self) -> str:
        return str(self.key)


class TickDone(models.Model):
    """The last day a daily job ran for a clinic, so that it runs once a day, whatever the clock does."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    job = models.CharField(max_length=40)
    on = models.DateField()
    at = models.DateTimeField()
    result: models.JSONField[Any] = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clinic", "job", "on"], name="a_job_a_day")]

    def __str__(self) -> str:
        return f"{self.job} {self.on}"
