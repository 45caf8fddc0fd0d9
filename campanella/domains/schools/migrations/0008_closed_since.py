"""A closure keeps since when it shuts its days: whoever had counted on them by then is told."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0007_closures_are_entered_once"),
    ]

    operations = [
        migrations.AddField(
            model_name="closure",
            name="since",
            field=models.DateTimeField(null=True),
        ),
    ]
