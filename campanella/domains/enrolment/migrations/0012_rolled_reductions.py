from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("enrolment", "0011_rolled_ends"),
    ]

    operations = [
        migrations.AddField(
            model_name="rollline",
            name="reduction_percent",
            field=models.PositiveSmallIntegerField(null=True),
        ),
    ]
