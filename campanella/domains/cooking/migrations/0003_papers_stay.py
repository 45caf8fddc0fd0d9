"""A sheet keeps the dishes of its day, and what it changes of the number before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cooking", "0002_sheets"),
    ]

    operations = [
        migrations.AddField(
            model_name="kitchensheet",
            name="dishes",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="kitchensheet",
            name="changes",
            field=models.JSONField(default=list),
        ),
    ]
