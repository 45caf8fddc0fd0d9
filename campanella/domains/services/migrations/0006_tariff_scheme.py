from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("services", "0005_rides_of_a_direction"),
    ]

    operations = [
        migrations.AddField(
            model_name="tariff",
            name="scheme",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
    ]
