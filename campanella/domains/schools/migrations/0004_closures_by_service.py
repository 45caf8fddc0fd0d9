import django.db.models.deletion
from django.db import migrations

import campanella.foundation.core.tables


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0003_devices"),
        ("services", "0003_class_calendar"),
    ]

    operations = [
        migrations.AddField(
            model_name="closure",
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
    ]
