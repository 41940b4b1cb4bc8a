"""What did the last look at everybody find?  Rows that are thrown away and made anew; the record is elsewhere.

A sweep writes rows of its own, and only when it has been round everybody does it become the clinic's latest: one that
was interrupted leaves the page as it was. Between two nights `care/panel.py` keeps her rows up to date.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.db import models

from althea.care.models.people import Clinic, Patient, User


class Sweep(models.Model):
    """One look at everybody of a clinic. At most one is under way, and one is the latest."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        STOPPED = "stopped"  # by a person, or lost with its worker
        REPLACED = "replaced"  # a later one is done

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="sweeps")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")  # None: by the clock
    asked_at = models.DateTimeField()
    beat_at = models.DateTimeField()  # when its worker was last heard of
    ended_at = models.DateTimeField(null=True, blank=True)
    total = models.PositiveIntegerField(default=0)
    looked = models.PositiveIntegerField(default=0)
    knowledge = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic"],
                condition=models.Q(state__in=["waiting", "running"]),
                name="one_sweep_at_a_time",
            ),
            models.UniqueConstraint(fields=["clinic"], condition=models.Q(state="done"), name="one_latest_sweep"),
        ]

    def __str__(self) -> str:
        return f"sweep {self.id}"


class SweepWoman(models.Model):
    """One woman in a sweep: where in her life she was, and what could not be checked."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    sweep = models.ForeignKey(Sweep, on_delete=models.PROTECT, related_name="women")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=14)  # a group of `stage_words`
    missing: models.JSONField[Any] = models.JSONField(default=dict)
    """What was missing, in words -> (how many checks waited for it, the highest rank they could have had)."""
    failed = models.CharField(max_length=60, blank=True)
    """She could not be looked at at all: the kind of error, never a value of hers."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sweep", "patient"], name="a_woman_once_a_sweep")]

    def __str__(self) -> str:
        return f"{self.patient_id} in {self.sweep_id}"


class SweepFinding(models.Model):
    """One finding of one woman in a sweep."""

    LEVELS = ("info", "warning", "critical")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    sweep = models.ForeignKey(Sweep, on_delete=models.PROTECT, related_name="findings")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=100)
    reason = models.CharField(max_length=200)
    rank = models.PositiveSmallIntegerField()  # place in LEVELS
    title = models.CharField(max_length=140)
    why = models.CharField(max_length=300)  # the facts that made it fire
    stage = models.CharField(max_length=14)
    aside = models.BooleanField(default=False)  # overridden with a reason that still holds
    since = models.DateTimeField()  # when it was first found, across sweeps

    class Meta:
        indexes = [
            models.Index(fields=["sweep", "rule", "stage"]),
            models.Index(fields=["sweep", "patient"]),
        ]

    def __str__(self) -> str:
        return f"{self.rule} of {self.patient_id}"

    @property
    def level(self) -> str:
        return self.LEVELS[self.rank]
