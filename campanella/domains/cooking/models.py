"""Kitchens, shifts, menus, and the sheets that were ordered."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models

from campanella.domains.cooking.rules import LONGEST_NAME, MOST_DISHES, MOST_WEEKS
from campanella.domains.schools.models import ClassGroup, School
from campanella.domains.services.models import Service
from campanella.foundation.core.tables import Tells, TownForeignKey, TownRow

DAYS_OF_A_WEEK = 7


class Kitchen(TownRow):
    """A place where meals are cooked; a town that names none has one, and sees no difference."""

    tells = Tells("town")

    name = models.CharField(max_length=80)

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "name", name="one_kitchen_per_name")]

    def __str__(self) -> str:
        return self.name


class KitchenSchool(TownRow):
    """Which kitchen cooks for a school."""

    tells = Tells("town")

    kitchen = TownForeignKey(Kitchen, related_name="schools")
    school = TownForeignKey(School, related_name="+")

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "school", name="one_kitchen_per_school")]


class Shift(TownRow):
    """In which shift a class eats; a class without a row eats when its school eats."""

    tells = Tells("town")

    class_group = TownForeignKey(ClassGroup, related_name="+")
    number = models.PositiveSmallIntegerField()

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "class_group", name="one_shift_per_class"),
            models.CheckConstraint(name="a_shift_is_one_to_nine", condition=models.Q(number__gte=1, number__lte=9)),
        ]


class Menu(TownRow):
    """The dishes of a season for one service: so many weeks, over and over."""

    service = TownForeignKey(Service, related_name="+")
    name = models.CharField(max_length=60)
    days = DateRangeField()
    weeks = models.PositiveSmallIntegerField()

    class Meta(TownRow.Meta):
        constraints = [
            ExclusionConstraint(
                name="one_menu_per_service_and_day",
                expressions=[
                    ("municipality_id", RangeOperators.EQUAL),
                    ("service", RangeOperators.EQUAL),
                    ("days", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="a_menu_has_one_to_eight_weeks", condition=models.Q(weeks__gte=1, weeks__lte=MOST_WEEKS)
            ),
        ]


class MenuDish(TownRow):
    """One dish of one weekday of one week of a menu; with a diet's code, what that diet gets in its place."""

    menu = TownForeignKey(Menu, related_name="dishes")
    week = models.PositiveSmallIntegerField()
    # 0 is Monday.
    weekday = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()
    # Empty is the dish itself.
    diet_code = models.CharField(max_length=6, blank=True, default="")
    name = models.CharField(max_length=LONGEST_NAME)
    # Numbers of Regulation (EU) 1169/2011, annex II.
    allergens = ArrayField(models.PositiveSmallIntegerField(), default=list)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint(
                "municipality_id", "menu", "week", "weekday", "position", "diet_code", name="one_dish_per_place_and_diet"
            ),
            models.CheckConstraint(
                name="a_dish_is_of_a_week_of_a_menu", condition=models.Q(week__gte=1, week__lte=MOST_WEEKS)
            ),
            models.CheckConstraint(name="a_dish_is_of_a_weekday", condition=models.Q(weekday__lt=DAYS_OF_A_WEEK)),
            models.CheckConstraint(name="a_day_has_so_many_dishes", condition=models.Q(position__lt=MOST_DISHES)),
            models.CheckConstraint(name="a_dish_has_a_name", condition=~models.Q(name="")),
            models.CheckConstraint(
                name="allergens_are_the_fourteen", condition=models.Q(allergens__contained_by=list(range(1, 15)))
            ),
        ]


class KitchenSheet(TownRow):
    """
    What was ordered from a kitchen for one service on one day, numbered; insert only, the database refuses any change.

    Number 1 is frozen at the cut-off, as the day stood then. Whoever prints again after that makes the next number, which
    holds what was added, with its instants; the one before stays. Its papers say what stands here and nothing else.
    """

    tells = Tells("town", days="day")

    append_only = True

    service = TownForeignKey(Service, related_name="+")
    day = models.DateField()
    # None is the kitchen of a town that names none, or of the schools without one of their own.
    kitchen = TownForeignKey(Kitchen, null=True, related_name="+")
    number = models.PositiveSmallIntegerField()
    # The instant whose state it holds; later changes are additions.
    as_of = models.DateTimeField()
    frozen_at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    # The dishes of the day as ``rules.packed`` writes them, so that a paper printed again says the same; None: of before.
    dishes = models.JSONField(null=True)
    # What it changes of the number before, as ``rules.Changed``; empty for number 1.
    changes = models.JSONField(default=list)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint(
                "municipality_id",
                "service",
                "day",
                "kitchen",
                "number",
                name="one_sheet_per_service_day_kitchen_number",
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="sheets_are_numbered_from_one", condition=models.Q(number__gte=1)),
        ]


class SheetLine(TownRow):
    """One class of a sheet, with its names as they were: who eats, what in the place of the menu, how many adults."""

    append_only = True

    sheet = TownForeignKey(KitchenSheet, related_name="lines")
    # Of the number on which a class is ordered first: no other kitchen orders it for that service and day. None on later
    # numbers, and on sheets of before.
    service = TownForeignKey(Service, null=True, related_name="+")
    day = models.DateField(null=True)
    school = TownForeignKey(School, related_name="+")
    class_group = TownForeignKey(ClassGroup, related_name="+")
    school_name = models.CharField(max_length=120)
    class_name = models.CharField(max_length=40)
    # 0 where there are no shifts.
    shift = models.PositiveSmallIntegerField(default=0)
    # By which its families and its school were in time.
    cut_off = models.DateTimeField()
    adults = models.PositiveSmallIntegerField()
    child_ids = ArrayField(models.BigIntegerField())
    # By child, as text: code and menu of its diet (both empty without one), whether its meal is white, and whether packed.
    special = models.JSONField(default=dict)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "sheet", "class_group", name="one_line_per_sheet_and_class"),
            models.UniqueConstraint(
                "municipality_id", "service", "day", "class_group", name="a_class_is_ordered_once_for_a_service_and_day"
            ),
        ]
