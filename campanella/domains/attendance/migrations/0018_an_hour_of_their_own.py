from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attendance", "0017_days_open_at_an_hour"),
    ]

    operations = [
        migrations.AddField(
            model_name="dayrule",
            name="book_cut_off",
            field=models.TimeField(null=True),
        ),
        migrations.AddField(
            model_name="dayrule",
            name="book_cut_off_days_before",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="dayrule",
            name="packed_cut_off",
            field=models.TimeField(null=True),
        ),
        migrations.AddField(
            model_name="dayrule",
            name="packed_cut_off_days_before",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="dayrule",
            name="white_cut_off",
            field=models.TimeField(null=True),
        ),
        migrations.AddField(
            model_name="dayrule",
            name="white_cut_off_days_before",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
    ]
