"""Who needs whom?  The worklist, visits and messages."""

from __future__ import annotations

from uuid import uuid4

from django.db import models

from althea.care.models.frozen import Frozen, Versioned
from althea.care.models.people import Member, Patient, User


class WorklistItem(Versioned):
    """Something that needs a person's judgement. One reason is one item, however often it is found."""

    class Group(models.TextChoices):
        CANNOT_WAIT = "cannot-wait", "Can't wait"
        REVIEW = "review", "Trial reviews due"
        WORSE = "worse", "Getting worse"
        LABS = "labs", "Labs overdue"
        MESSAGE = "message", "Messages"
        OTHER = "other", "To look at"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="worklist")
    group = models.CharField(max_length=12, choices=Group)
    level = models.CharField(max_length=10)  # info, warning, critical
    reason = models.CharField(max_length=200)  # "finding:lithium-level-pregnancy", "self-harm:<check-in>"
    why = models.CharField(max_length=300)  # one line, from her record
    action = models.CharField(max_length=40)  # "Review trial"
    to = models.CharField(max_length=200, blank=True)  # where the button leads; empty: her chart
    due_on = models.DateField(null=True, blank=True)
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closing = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["patient", "closed_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "reason"], condition=models.Q(closed_at__isnull=True), name="one_open_item_a_reason"
            )
        ]

    def __str__(self) -> str:
        return self.reason


class Visit(Versioned):
    """A time set aside for her."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="visits")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="visits")
    at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=20)
    what = models.CharField(max_length=120)
    how = models.CharField(max_length=20, default="video")
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["member", "at"])]

    def __str__(self) -> str:
        return f"visit {self.id}"


class Message(Frozen):
    """A line between her and her team. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="messages")
    sender = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    from_her = models.BooleanField()
    body = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["patient", "at"])]

    def __str__(self) -> str:
        return f"message {self.id}"


class MessageRead(Frozen):
    """Until when has this person read her messages?"""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    reader = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["patient", "reader", "until"])]

    def __str__(self) -> str:
        return f"read {self.until}"
