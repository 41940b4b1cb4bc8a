"""What does the record say, who said it, and when?

The record is one list of entries that only grows. An entry has a kind (its body's shape is in `care/entries.py`), the
day it is about, and where it came from. It is never changed: an entry that *supersedes* another takes its place, and
one row can be superseded once, so that of two editors the second is told (`Stale`). A withdrawn entry was an error.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from uuid6 import uuid7

from althea.care.entries import KINDS
from althea.care.models.frozen import AddedRows, Frozen
from althea.care.models.people import Patient, User


class Origin(models.TextChoices):
    """Whose words are these?"""

    HERS = "hers"
    CLINIC = "clinic"
    ELSEWHERE = "elsewhere"


class Entries(AddedRows):
    def current(self) -> Entries:
        """What stands now: nothing replaced it, and it was no error."""
        return self.filter(superseded_by__isnull=True, withdrawn=False)


class Entry(Frozen):
    """One thing the record says."""

    # in the order they were made: what was recorded at one moment is read in the order it was said
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=20)
    on = models.DateField()
    body: models.JSONField[Any] = models.JSONField()
    origin = models.CharField(max_length=10, choices=Origin)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    withdrawn = models.BooleanField(default=False)

    objects = Entries.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = "record entry"
        indexes = [models.Index(fields=["patient", "kind", "on"])]
        constraints = [models.CheckConstraint(condition=models.Q(origin__in=Origin.values), name="entry_origin")]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def seen_by_others(self) -> str:
        """What it says, in one line, for an editor who came second."""
        if self.withdrawn:
            return f"Marked as an error, {self.on:%-d %B %Y}"
        # PostgreSQL keeps the keys of a body in an order of its own: the kind says in which they are read.
        kind = KINDS[self.kind]
        told = [self.body.get(field) for field in kind.model_fields if field not in kind.keys]
        parts = [", ".join(map(str, one)) if isinstance(one, list) else str(one) for one in told if one]
        return f"{'; '.join(parts)} ({self.on:%-d %B %Y})"
