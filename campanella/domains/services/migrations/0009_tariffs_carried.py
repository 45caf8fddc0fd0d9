import django.db.models.deletion
from django.db import migrations

import campanella.foundation.core.tables


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0009_year_rolls"),
        ("services", "0008_who_bears_stamp_duty"),
    ]

    operations = [
        migrations.AddField(
            model_name="tariff",
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
