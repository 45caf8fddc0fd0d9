# Written beside Django 5.2.19 on 2026-12-01

import django.db.models.deletion
from django.db import migrations, models

import campanella.foundation.core.tables


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0010_schools_are_kept"),
        ("services", "0008_who_bears_stamp_duty"),
    ]

    operations = [
        migrations.AddField(
            model_name="servicecalendar",
            name="is_to_confirm",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="servicecalendar",
            name="roll",
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
            name="roll",
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
