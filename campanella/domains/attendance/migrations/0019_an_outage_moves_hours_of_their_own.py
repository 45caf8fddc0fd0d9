from django.db import migrations, models

NAME = "one_cut_off_shift_per_day_place_and_instant"


class Migration(migrations.Migration):
    dependencies = [
        ("attendance", "0018_an_hour_of_their_own"),
    ]

    operations = [
        migrations.AddField(
            model_name="cutoffshift",
            name="action",
            field=models.CharField(blank=True, db_default="", default="", max_length=6),
        ),
        migrations.RemoveConstraint(model_name="cutoffshift", name=NAME),
        migrations.AddConstraint(
            model_name="cutoffshift",
            constraint=models.UniqueConstraint(
                "municipality_id", "day", "service", "school", "action", "until", name=NAME, nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="cutoffshift",
            constraint=models.CheckConstraint(
                name="an_hour_that_moves_is_known", condition=models.Q(action__in=["", "book", "white", "packed"])
            ),
        ),
    ]
