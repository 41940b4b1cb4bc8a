"""What is only added, what was signed and what she was shown: the database itself refuses to change or remove it.

The kinds of rows are walked, not listed: a new one that is `Frozen` is here the moment it exists, with every column. A
migration that makes a table anew loses its triggers unless it sets them again.
"""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from althea.care.actions import offer as offering
from althea.care.models import (
    FindingSeen,
    IntakeAnswer,
    IntakeSettled,
    MessageRead,
    Offer,
    OnlyAdded,
    OrderEnd,
    TrialStep,
)
from althea.care.models.frozen import Frozen
from tests.care.canaries import TODAY, fill
from tests.people import NOW

pytestmark = pytest.mark.django_db
FROZEN = [model for model in apps.get_app_config("care").get_models() if issubclass(model, Frozen)]
NAMES = [model.__name__ for model in FROZEN]
SIGNED = "a signed order"
CLOSING = {"closed_at", "version"}
"""All that may change of options she was shown: they are closed."""
ON_SQLITE = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
ON_POSTGRESQL = "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal"


@pytest.fixture
def rows(people):
    """One of each kind of row that stands for good."""
    hers, by = fill(people.maya, people.marchetti), people.marchetti.user
    answer = IntakeAnswer.objects.get(intake=hers.intake)
    IntakeSettled.objects.create(answer=answer, entry=hers.decision, by=by, at=NOW)
    TrialStep.objects.create(trial=hers.trial, came_from="planned", to="titrating", verb="begin", by=by, at=NOW)
    OrderEnd.objects.create(order=hers.order, on=TODAY, why="x", by=by, at=NOW)
    MessageRead.objects.create(patient=people.maya, reader=by, until=NOW)
    FindingSeen.objects.create(
        patient=people.maya,
        rule="x",
        level="info",
        title="x",
        answer="shown",
        words="Yes.",
        knowledge="x",
        by=by,
        at=NOW,
    )
    found = {model.__name__: model._default_manager.first() for model in FROZEN}
    return found | {SIGNED: hers.order, "hers": hers}


def execute(statement, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def key_of(row):
    """The id as this database holds it."""
    return row._meta.pk.get_db_prep_value(row.pk, connection)


@pytest.mark.parametrize("model", FROZEN, ids=NAMES)
def test_the_database_refuses_to_change_any_column_of_it_or_to_remove_it(model):
    """Both deeds have a trigger, and neither is only of some columns or of some rows."""
    with connection.cursor() as cursor:
        cursor.execute(ON_SQLITE if connection.vendor == "sqlite" else ON_POSTGRESQL, [model._meta.db_table])
        said = " ".join(sql for (sql,) in cursor.fetchall())
    assert {deed for deed in ("UPDATE", "DELETE") if deed in said} == {"UPDATE", "DELETE"}, "the triggers are gone"
    assert "UPDATE OF" not in said
    assert "WHEN" not in said


@pytest.mark.parametrize("kind", [*NAMES, SIGNED])
def test_no_column_of_it_is_changed_and_the_row_is_never_removed(rows, kind):
    row = rows[kind]
    table = row._meta.db_table
    for field in row._meta.concrete_fields:  # the same value once more: no other rule of the table can refuse that
        with pytest.raises(DatabaseError, match="never"):
            execute(f'UPDATE {table} SET "{field.column}" = "{field.column}" WHERE id = %s', key_of(row))
    with pytest.raises(DatabaseError, match="never"):
        execute(f"DELETE FROM {table} WHERE id = %s", key_of(row))


@pytest.mark.parametrize("statement", ["UPDATE care_findingseen SET words = 'x'", "DELETE FROM care_findingseen"])
def test_an_answer_to_a_finding_is_never_changed_or_removed(rows, statement):
    with pytest.raises(DatabaseError, match="never"):
        execute(statement)
    assert FindingSeen.objects.get().words == "Yes."


@pytest.mark.parametrize("kind", NAMES)
def test_our_own_code_is_told_so_in_words(rows, kind):
    row = rows[kind]
    every = type(row)._default_manager.filter(pk=row.pk)
    for deed in (
        row.save, row.delete, every.delete, lambda: every.update(id=row.pk), lambda: every.bulk_update([row], ["id"])
    ):  # fmt: skip
        with pytest.raises(OnlyAdded, match=r"is never (changed|removed)"):
            deed()


def otherwise(people, column):
    """Something else that could stand in this column."""
    keys = {"patient_id": people.noor.pk, "prepared_by_id": people.hale.user.pk}
    if column in keys:
        field = Offer._meta.get_field(column.removesuffix("_id"))
        return field.target_field.get_db_prep_value(keys[column], connection)
    return {"options": '{"changed": 1}', "words": "x", "knowledge": "x"}.get(column, "2001-01-01 00:00:00+00:00")


def test_what_she_was_shown_of_her_options_can_only_be_closed(people, rows):
    offer = rows["hers"].offer
    words = offer.words
    columns = {field.column for field in Offer._meta.concrete_fields if not field.primary_key}
    for column in columns - CLOSING:
        with pytest.raises(DatabaseError, match="never"):
            execute(f"UPDATE care_offer SET {column} = %s WHERE id = %s", otherwise(people, column), key_of(offer))
    with pytest.raises(DatabaseError, match="never"):
        execute("DELETE FROM care_offer WHERE id = %s", key_of(offer))
    offering.close(offer=offer, by=people.marchetti.user, at=NOW, words="Taken back.")
    offer.refresh_from_db()
    assert (offer.closed_at, offer.words) == (NOW, words)


def test_a_draft_of_options_may_still_change(people):
    draft = Offer.objects.create(
        patient=people.maya, options={}, knowledge="x", prepared_by=people.marchetti.user, prepared_at=NOW
    )
    draft.put(options={"other": 1}, words="We talk on Tuesday.")
    draft.put(shared_at=NOW)
    assert Offer.objects.get(pk=draft.pk).words == "We talk on Tuesday."
