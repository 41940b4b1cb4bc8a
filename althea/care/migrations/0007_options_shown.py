"""Triggers: what she was shown of her options is never changed or removed; closing it is all that may follow.

On both databases, as `0002_frozen.py` does it for what is only added.
"""

from django.db import migrations

SHOWN = ("patient_id", "options", "words", "knowledge", "prepared_by_id", "prepared_at", "shared_at")


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        changed = " OR ".join(f"OLD.{one} IS NOT NEW.{one}" for one in SHOWN)
        for deed, also, word in (("UPDATE", f" AND ({changed})", "changed"), ("DELETE", "", "removed")):
            schema_editor.execute(
                f"CREATE TRIGGER care_offer_shown_no_{deed.lower()} BEFORE {deed} ON care_offer "
                f"WHEN OLD.shared_at IS NOT NULL{also} "
                f"BEGIN SELECT RAISE(ABORT, 'options that were shown are never {word}'); END",
                params=None,
            )
        return
    changed = " OR ".join(f"OLD.{one} IS DISTINCT FROM NEW.{one}" for one in SHOWN)
    for deed, also in (("UPDATE", f" AND ({changed})"), ("DELETE", "")):
        schema_editor.execute(
            f"CREATE TRIGGER care_offer_shown_no_{deed.lower()} BEFORE {deed} ON care_offer "
            f"FOR EACH ROW WHEN (OLD.shared_at IS NOT NULL{also}) EXECUTE FUNCTION care_refuse()",
            params=None,
        )


def drop(apps, schema_editor):
    where = "" if schema_editor.connection.vendor == "sqlite" else " ON care_offer"
    for deed in ("update", "delete"):
        schema_editor.execute(f"DROP TRIGGER care_offer_shown_no_{deed}{where}", params=None)


class Migration(migrations.Migration):
    dependencies = [("care", "0006_findings_on_grounds")]
    operations = [migrations.RunPython(add, drop)]
