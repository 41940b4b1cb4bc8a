"""Triggers: what is only added is never changed or removed, and a signed order is frozen. On both databases."""

from django.db import migrations

ONLY_ADDED = (
    "care_entry", "care_auditrow", "care_signature", "care_orderend", "care_findingseen", "care_intakeanswer",
    "care_intakesettled", "care_offerreply", "care_trialstep", "care_checkinanswer", "care_message", "care_messageread",
)  # fmt: skip


def _sqlite():
    for table in ONLY_ADDED:
        for deed, word in (("UPDATE", "changed"), ("DELETE", "removed")):
            yield (
                f"{table}_no_{deed.lower()}",
                f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} rows are never {word}'); END",
            )
    for deed, word in (("UPDATE", "changed"), ("DELETE", "removed")):
        yield (
            f"care_order_signed_no_{deed.lower()}",
            f"CREATE TRIGGER care_order_signed_no_{deed.lower()} BEFORE {deed} ON care_order "
            f"WHEN OLD.signed_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a signed order is never {word}'); END",
        )


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for _, statement in _sqlite():
            schema_editor.execute(statement, params=None)
        return
    schema_editor.execute(
        """CREATE FUNCTION care_refuse() RETURNS trigger LANGUAGE plpgsql AS
           $$ BEGIN
             RAISE EXCEPTION '% rows are never changed or removed', TG_TABLE_NAME USING ERRCODE = '23000';
           END $$""",
        params=None,
    )
    for table in ONLY_ADDED:
        schema_editor.execute(
            f"CREATE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION care_refuse()",
            params=None,
        )
    schema_editor.execute(
        "CREATE TRIGGER care_order_signed BEFORE UPDATE OR DELETE ON care_order "
        "FOR EACH ROW WHEN (OLD.signed_at IS NOT NULL) EXECUTE FUNCTION care_refuse()",
        params=None,
    )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name, _ in _sqlite():
            schema_editor.execute(f"DROP TRIGGER {name}", params=None)
        return
    for table in ONLY_ADDED:
        schema_editor.execute(f"DROP TRIGGER {table}_only_added ON {table}", params=None)
    schema_editor.execute("DROP TRIGGER care_order_signed ON care_order", params=None)
    schema_editor.execute("DROP FUNCTION care_refuse()", params=None)


class Migration(migrations.Migration):
    dependencies = [("care", "0001_initial")]
    operations = [migrations.RunPython(add, drop)]
