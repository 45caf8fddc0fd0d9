"""A dish is of a week and a day that a menu can have, in a place that a day has, and has a name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cooking", "0004_ordered_once"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="menudish",
            constraint=models.CheckConstraint(
                condition=models.Q(("week__gte", 1), ("week__lte", 8)), name="a_dish_is_of_a_week_of_a_menu"
            ),
        ),
        migrations.AddConstraint(
            model_name="menudish",
            constraint=models.CheckConstraint(condition=models.Q(("weekday__lt", 7)), name="a_dish_is_of_a_weekday"),
        ),
        migrations.AddConstraint(
            model_name="menudish",
            constraint=models.CheckConstraint(condition=models.Q(("position__lt", 8)), name="a_day_has_so_many_dishes"),
        ),
        migrations.AddConstraint(
            model_name="menudish",
            constraint=models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="a_dish_has_a_name"),
        ),
    ]
