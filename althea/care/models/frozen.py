"""Which rows are added and never changed?

The database refuses to change or remove them (`migrations/0002_frozen.py` has the triggers, for both databases); the
classes here say the same sooner and in words.
"""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models


class OnlyAdded(Exception):
    """Rows of this kind are added and never changed or removed."""


class AddedRows(models.QuerySet[Any]):
    """Rows that cannot be changed."""

    def update(self, **values: Any) -> NoReturn:
        raise OnlyAdded(f"A {self.model._meta.verbose_name} is never changed. Add a new one.")

    def bulk_update(self, *args: Any, **named: Any) -> NoReturn:
        raise OnlyAdded(f"A {self.model._meta.verbose_name} is never changed. Add a new one.")

    def delete(self) -> NoReturn:
        raise OnlyAdded(f"A {self.model._meta.verbose_name} is never removed.")


class Frozen(models.Model):
    """A row that is added once."""

    objects = AddedRows.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **named: Any) -> None:
        if not self._state.adding:
            raise OnlyAdded(f"A {self._meta.verbose_name} is never changed. Add a new one.")
        super().save(*args, **(named | {"force_insert": True}))

    def delete(self, *args: Any, **named: Any) -> NoReturn:
        raise OnlyAdded(f"A {self._meta.verbose_name} is never removed.")


class Stale(Exception):
    """Somebody else changed this first. `theirs`: the row as it is now."""

    def __init__(self, theirs: models.Model) -> None:
        super().__init__("Somebody else changed this while you were working. Both are shown; nothing of yours is lost.")
        self.theirs = theirs


class Versioned(models.Model):
    """A row that changes, one editor at a time: `put` refuses when the version seen is not the newest."""

    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True

    def put(self, *, seen: int | None = None, **values: Any) -> None:
        """Write these fields, if nobody else wrote since `seen` (this object's own version when None). Raises Stale."""
        expected = self.version if seen is None else seen
        kind = type(self)
        changed = kind._default_manager.filter(pk=self.pk, version=expected).update(**values, version=expected + 1)
        if not changed:
            raise Stale(kind._default_manager.get(pk=self.pk))
        for name, value in values.items():
            setattr(self, name, value)
        self.version = expected + 1
