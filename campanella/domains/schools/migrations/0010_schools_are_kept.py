# Written beside Django 5.2.19 on 2026-12-01

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0009_year_rolls"),
    ]

    operations = [
        migrations.AddField(
            model_name="school",
            name="address",
            field=models.CharField(blank=True, db_default="", default="", max_length=160),
        ),
        migrations.AddField(
            model_name="school",
            name="closed_from",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="classgroup",
            name="closed_from",
            field=models.DateField(null=True),
        ),
    ]
