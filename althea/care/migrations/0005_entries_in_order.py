"""Entries are numbered in the order they were made. Nothing changes in the database: SQLite would build the table anew
and lose what keeps its rows frozen."""

import uuid6
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("care", "0004_proxy_invited")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="entry",
                    name="id",
                    field=models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False),
                ),
            ]
        )
    ]
