import django.db.models.deletion
from django.db import migrations, models

import campanella.foundation.core.scope
import campanella.foundation.core.tables


class Migration(migrations.Migration):
    dependencies = [
        ("attendance", "0009_closures_are_events"),
        ("people", "0004_told_apart"),
        ("services", "0002_tariff_level"),
    ]

    operations = [
        migrations.CreateModel(
            name="Contest",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "municipality_id",
                    models.IntegerField(default=campanella.foundation.core.scope.active_town_id, editable=False),
                ),
                ("day", models.DateField()),
                ("ticket_number", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("by_id", models.BigIntegerField(null=True)),
                (
                    "child",
                    campanella.foundation.core.tables.TownForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.child",
                    ),
                ),
                (
                    "service",
                    campanella.foundation.core.tables.TownForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="services.service",
                    ),
                ),
            ],
            options={"abstract": False, "base_manager_name": "objects"},
        ),
        migrations.AddConstraint(
            model_name="contest",
            constraint=models.UniqueConstraint(
                models.F("municipality_id"), models.F("ticket_number"), name="one_contest_per_ticket"
            ),
        ),
        migrations.AddIndex(
            model_name="contest",
            index=models.Index(fields=["municipality_id", "child", "day"], name="contest_by_child"),
        ),
    ]
