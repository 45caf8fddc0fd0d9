from django.db import migrations, models

import campanella.foundation.core.scope


class Migration(migrations.Migration):
    dependencies = [
        ("attendance", "0006_days_in_events"),
    ]

    operations = [
        migrations.CreateModel(
            name="RequestCounter",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "municipality_id",
                    models.IntegerField(default=campanella.foundation.core.scope.active_town_id, editable=False),
                ),
                ("month", models.DateField()),
                ("last", models.PositiveIntegerField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AddConstraint(
            model_name="requestcounter",
            constraint=models.UniqueConstraint(
                models.F("municipality_id"), models.F("month"), name="one_request_counter_per_month"
            ),
        ),
    ]
