"""Card feedback, and the triggers that let nobody change or remove it."""

import uuid

from django.db import migrations, models

SQLITE = [
    """CREATE TRIGGER api_cardfeedback_no_update BEFORE UPDATE ON api_cardfeedback
       BEGIN SELECT RAISE(ABORT, 'card feedback is never changed'); END""",
    """CREATE TRIGGER api_cardfeedback_no_delete BEFORE DELETE ON api_cardfeedback
       BEGIN SELECT RAISE(ABORT, 'card feedback is never removed'); END""",
]
POSTGRESQL = [
    """CREATE FUNCTION api_cardfeedback_refuse() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'card feedback is only added' USING ERRCODE = '23000'; END $$""",
    """CREATE TRIGGER api_cardfeedback_only_added BEFORE UPDATE OR DELETE ON api_cardfeedback
       FOR EACH ROW EXECUTE FUNCTION api_cardfeedback_refuse()""",
]
SQLITE_BACK = ["DROP TRIGGER api_cardfeedback_no_update", "DROP TRIGGER api_cardfeedback_no_delete"]
POSTGRESQL_BACK = [
    "DROP TRIGGER api_cardfeedback_only_added ON api_cardfeedback",
    "DROP FUNCTION api_cardfeedback_refuse()",
]


def _run(schema_editor, statements):
    for statement in statements[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def add_triggers(apps, schema_editor):
    _run(schema_editor, {"sqlite": SQLITE, "postgresql": POSTGRESQL})


def drop_triggers(apps, schema_editor):
    _run(schema_editor, {"sqlite": SQLITE_BACK, "postgresql": POSTGRESQL_BACK})


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="CardFeedback",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("card", models.UUIDField(db_index=True)),
                ("service", models.CharField(max_length=100)),
                ("rule", models.CharField(max_length=100, null=True)),
                (
                    "outcome",
                    models.CharField(choices=[("accepted", "Accepted"), ("overridden", "Overridden")], max_length=10),
                ),
                ("reason_system", models.CharField(max_length=200, null=True)),
                ("reason_code", models.CharField(max_length=64, null=True)),
                ("outcome_timestamp", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["accepted", "overridden"])),
                        name="card_feedback_outcome",
                    )
                ],
            },
        ),
        migrations.RunPython(add_triggers, drop_triggers),
    ]
