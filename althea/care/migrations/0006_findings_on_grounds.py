"""What was set aside is kept with what it rested on. Of the rows before nothing is known of it: they set nothing aside
any more, and what they were about is looked at once again.

SQLite makes the table anew for the column, and the triggers of `0002_frozen.py` fall with the old one: set again.
"""

from importlib import import_module

from django.db import migrations, models

TABLE = "care_findingseen"


def frozen_again(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    for name, statement in import_module("althea.care.migrations.0002_frozen")._sqlite():
        if name.startswith(TABLE):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}", params=None)
            schema_editor.execute(statement, params=None)


def no_change(apps, schema_editor):
    pass


class Migration(migrations.Migration):
    dependencies = [("care", "0005_entries_in_order")]
    operations = [
        migrations.RunPython(no_change, frozen_again),
        migrations.AddField("findingseen", "grounds", models.JSONField(default=dict)),
        migrations.RunPython(frozen_again, no_change),
    ]
