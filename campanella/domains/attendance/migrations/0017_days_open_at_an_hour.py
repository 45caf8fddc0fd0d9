from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attendance", "0016_requests_name_what_is_not_used"),
    ]

    operations = [
        migrations.AddField(
            model_name="dayrule",
            name="opens_at",
            field=models.TimeField(null=True),
        ),
    ]
