"""A class is ordered once for a service and day, from one kitchen: its first line says which service and day it is of."""

import django.db.models.deletion
from django.db import migrations, models

import campanella.foundation.core.tables


class Migration(migrations.Migration):
    dependencies = [
        ("cooking", "0003_papers_stay"),
        ("schools", "0007_closures_are_entered_once"),
        ("services", "0006_tariff_scheme"),
    ]

    operations = [
        migrations.AddField(
            model_name="sheetline",
            name="day",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="sheetline",
            name="service",
            field=campanella.foundation.core.tables.TownForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="services.service",
            ),
        ),
        migrations.AddConstraint(
            model_name="sheetline",
            constraint=models.UniqueConstraint(
                models.F("municipality_id"),
                models.F("service"),
                models.F("day"),
                models.F("class_group"),
                name="a_class_is_ordered_once_for_a_service_and_day",
            ),
        ),
    ]
