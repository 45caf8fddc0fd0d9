from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0004_closures_by_service"),
    ]

    operations = [
        migrations.AddField(
            model_name="closure",
            name="withdrawn_at",
            field=models.DateTimeField(null=True),
        ),
    ]
