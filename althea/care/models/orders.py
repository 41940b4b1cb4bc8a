"""What was ordered, by whom was it signed, and what was shown before the signature?"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.db import models

from althea.care.models.entry import Entry
from althea.care.models.frozen import Frozen, Versioned
from althea.care.models.people import Patient, User


class Signature(Frozen):
    """A second factor given for one text: `digest` is that of exactly what was shown. It signs nothing else."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    signer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    method = models.CharField(max_length=10)  # totp or passkey
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest[:12]


class Order(Versioned):
    """A medicine ordered for her. Once signed, the row is frozen (a trigger holds it); a change is a new order.

    `steps`: [{"from": "2026-05-07", "until": "2026-05-13" or null, "dose": "25 mg", "times_a_day": 1, "when":
    "each morning", "take": "half a tablet of 50 mg"}], as `engine.calendar` wrote them and she will read them.
    `findings`: what a draft keeps beside its fields ({"tablets", "answers", "trial"}), and once signed also "shown":
    the whole text that was signed, its findings and their answers among it (`care/ready.py`).
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="orders")
    medicine = models.CharField(max_length=60)  # an id of the knowledge
    product = models.CharField(max_length=200, blank=True)  # "sertraline 50 MG Oral Tablet"
    rxcui = models.CharField(max_length=12, blank=True)
    route = models.CharField(max_length=30, default="oral")
    as_needed = models.BooleanField(default=False)
    stops = models.BooleanField(default=False)  # an order to taper off: nothing remains after its last step
    steps: models.JSONField[Any] = models.JSONField(default=list)
    why = models.TextField(blank=True)  # for what, in words
    words = models.TextField(blank=True)  # how to take it, in words for her
    review_on = models.DateField(null=True, blank=True)
    decision = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, blank=True, related_name="orders")
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    signature = models.OneToOneField(Signature, on_delete=models.PROTECT, null=True, blank=True, related_name="order")
    signed_at = models.DateTimeField(null=True, blank=True)
    knowledge = models.CharField(max_length=40, blank=True)
    findings: models.JSONField[Any] = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["patient", "signed_at"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(signed_at__isnull=True, signature__isnull=True)
                | models.Q(signed_at__isnull=False, signature__isnull=False),
                name="order_signed_with_a_signature",
            )
        ]

    def __str__(self) -> str:
        return f"order {self.id}"


class OrderEnd(Frozen):
    """The day from which a signed order no longer runs, and why."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="end")
    on = models.DateField()
    why = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"end of {self.order_id}"


class FindingSeen(Frozen):
    """A finding that was shown, and what was done about it: settled, or set aside with a reason."""

    class Answer(models.TextChoices):
        SHOWN = "shown"
        SETTLED = "settled"
        OVERRIDDEN = "overridden"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="findings_seen")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, blank=True, related_name="findings_seen")
    rule = models.CharField(max_length=100)
    reason: models.JSONField[Any] = models.JSONField(default=list)  # the finding's own reason: one concept, one answer
    grounds: models.JSONField[Any] = models.JSONField(default=dict)  # what exactly it rested on: see care/aside.py
    level = models.CharField(max_length=10)
    title = models.CharField(max_length=140)
    answer = models.CharField(max_length=10, choices=Answer)
    code = models.CharField(max_length=40, blank=True)  # of the override reasons
    words = models.TextField(blank=True)
    until = models.DateField(null=True, blank=True)  # an override is looked at again
    knowledge = models.CharField(max_length=40)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["patient", "at"])]

    def __str__(self) -> str:
        return f"{self.rule} {self.answer}"
