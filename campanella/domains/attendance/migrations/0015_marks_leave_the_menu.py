from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attendance", "0014_said_once_and_known"),
    ]

    operations = [
        migrations.AlterField(
            model_name="dayevent",
            name="is_white",
            field=models.BooleanField(db_default=False, default=False, null=True),
        ),
    ]
