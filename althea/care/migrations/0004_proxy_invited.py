"""Somebody she trusts is invited by e-mail and is let in only once the link was followed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def were_let_in(apps, schema_editor):
    """Those who were let in before there were invitations stay so."""
    for row in apps.get_model("care", "Proxy").objects.select_related("user"):
        row.called, row.email, row.accepted_at = row.user.name[:100], row.user.email, row.user.date_joined
        row.save(update_fields=["called", "email", "accepted_at"])


def no_change(apps, schema_editor):
    pass


class Migration(migrations.Migration):
    dependencies = [("care", "0003_sweep")]
    operations = [
        migrations.AddField("proxy", "called", models.CharField(blank=True, max_length=100, default=""), False),
        migrations.AddField("proxy", "email", models.EmailField(blank=True, max_length=254, default=""), False),
        migrations.AddField("proxy", "digest", models.CharField(max_length=64, null=True, unique=True)),
        migrations.AddField("proxy", "invited_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("proxy", "link_until", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("proxy", "accepted_at", models.DateTimeField(blank=True, null=True)),
        migrations.AlterField(
            "proxy",
            "user",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proxy_for",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(were_let_in, no_change),
    ]
