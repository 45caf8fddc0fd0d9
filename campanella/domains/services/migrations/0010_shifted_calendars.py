# Written beside Django 5.2.19 on 2026-12-01

import django.db.models.deletion
from django.db import migrations, models

import campanella.foundation.core.tables


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0010_schools_are_kept"),
        ("services", "0009_tariffs_carried"),
    ]

    operations = [
        migrations.AddField(
            model_name="servicecalendar",
            name="is_to_confirm",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="servicecalendar",
            name="rolled_by",
            field=campanella.foundation.core.tables.TownForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="schools.yearroll",
            ),
        ),
        migrations.AddField(
            model_name="classcalendar",
            name="rolled_by",
            field=campanella.foundation.core.tables.TownForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="schools.yearroll",
            ),
        ),
    ]
