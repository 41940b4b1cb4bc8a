"""The one thing kept so far: what became of the cards.  No patient, no words."""

from typing import Any, NoReturn
from uuid import uuid4

from django.db import models


class OnlyAdded(Exception):
    """Rows of this kind are added and never changed or removed."""


class AddedRows(models.QuerySet["CardFeedback"]):
    """Rows that cannot be changed.  The database has triggers that say the same; this says it sooner."""

    def update(self, **values: Any) -> NoReturn:
        raise OnlyAdded("Card feedback is never changed. Add a new row.")

    def bulk_update(self, *args: Any, **named: Any) -> NoReturn:
        raise OnlyAdded("Card feedback is never changed. Add a new row.")

    def delete(self) -> NoReturn:
        raise OnlyAdded("Card feedback is never removed.")


class CardFeedback(models.Model):
    """A prescriber's system told us what was done about a card."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted"
        OVERRIDDEN = "overridden"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    card = models.UUIDField(db_index=True)
    service = models.CharField(max_length=100)
    rule = models.CharField(max_length=100, null=True)  # None: which rule made the card is not known
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason_system = models.CharField(max_length=200, null=True)  # None: no coded reason was given
    reason_code = models.CharField(max_length=64, null=True)
    outcome_timestamp = models.DateTimeField()
    received_at = models.DateTimeField()

    objects = AddedRows.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome__in=["accepted", "overridden"]), name="card_feedback_outcome"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.card}"

    def save(self, *args: Any, **named: Any) -> None:
        if not self._state.adding:
            raise OnlyAdded("Card feedback is never changed. Add a new row.")
        super().save(*args, **(named | {"force_insert": True}))

    def delete(self, *args: Any, **named: Any) -> NoReturn:
        raise OnlyAdded("Card feedback is never removed.")
