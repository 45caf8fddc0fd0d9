from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attendance", "0015_marks_leave_the_menu"),
    ]

    operations = [
        migrations.AddField(
            model_name="familyrequest",
            name="left_out",
            field=models.JSONField(default=list),
        ),
    ]
