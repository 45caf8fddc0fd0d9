"""Schools, their classes year by year, closures, places of work."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models

from campanella.domains.accounts.models import Device, User
from campanella.domains.people.models import Child
from campanella.foundation.core.tables import Tells, TownForeignKey, TownRow

LEVELS = [("nido", "Nido"), ("infanzia", "Infanzia"), ("primaria", "Primaria"), ("secondaria", "Secondaria")]


class SchoolYear(TownRow):
    """A school year; half-open range of days."""

    tells = Tells("town", days="days")

    name = models.CharField(max_length=9)
    days = DateRangeField()

    class Meta(TownRow.Meta):
        constraints = [
            ExclusionConstraint(
                name="school_years_do_not_overlap",
                expressions=[("municipality_id", RangeOperators.EQUAL), ("days", RangeOperators.OVERLAPS)],
            )
        ]

    def __str__(self) -> str:
        return self.name


class School(TownRow):
    """A building with classes (plesso)."""

    tells = Tells("town")

    name = models.CharField(max_length=120)
    level = models.CharField(max_length=12, choices=LEVELS)
    # What an import or an office calls it; unique, so that a second import finds it again.
    code = models.CharField(max_length=40)
    # Street and number, as somebody looks for it.
    address = models.CharField(max_length=160, blank=True, default="", db_default="")
    # The first day on which it is no more; null while it is there.
    closed_from = models.DateField(null=True)

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "code", name="one_school_per_code")]

    def __str__(self) -> str:
        return self.name


class ClassGroup(TownRow):
    """A class or section of one school in one year."""

    tells = Tells("town")

    school = TownForeignKey(School, related_name="class_groups")
    year = TownForeignKey(SchoolYear, related_name="class_groups")
    name = models.CharField(max_length=40)
    # The first day on which it is no more; null while it is there, which is until its year ends.
    closed_from = models.DateField(null=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "school", "year", "name", name="one_class_per_school_year_name")
        ]

    def __str__(self) -> str:
        return self.name


class Membership(TownRow):
    """A child in a class, from a day until another."""

    tells = Tells("class", "class_group_id", days="days")

    child = TownForeignKey(Child, related_name="memberships")
    class_group = TownForeignKey(ClassGroup, related_name="memberships")
    days = DateRangeField()

    class Meta(TownRow.Meta):
        constraints = [
            ExclusionConstraint(
                name="one_class_at_a_time",
                expressions=[
                    ("municipality_id", RangeOperators.EQUAL),
                    ("child", RangeOperators.EQUAL),
                    ("days", RangeOperators.OVERLAPS),
                ],
            )
        ]
        indexes = [
            models.Index(fields=["municipality_id", "class_group"], name="membership_by_class"),
            models.Index(fields=["municipality_id", "child"], name="membership_by_child"),
        ]


class Closure(TownRow):
    """Days without service: of the whole town, of one school, or of one class; of every service, or of some."""

    tells = Tells("town", days="days")

    days = DateRangeField()
    school = TownForeignKey(School, null=True, related_name="+")
    class_group = TownForeignKey(ClassGroup, null=True, related_name="+")
    # None is every service; some of them are closed where the others go on, as after a half-day.
    service_ids = ArrayField(models.BigIntegerField(), null=True)
    reason = models.CharField(max_length=120)
    # When these days were entered: who had counted on them by then is told. Null is from before that was kept.
    since = models.DateTimeField(null=True)
    # From then on it shuts nothing; who was told of it is told so.
    withdrawn_at = models.DateTimeField(null=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint(
                "municipality_id",
                "school",
                "class_group",
                "service_ids",
                "days",
                condition=models.Q(withdrawn_at=None),
                nulls_distinct=False,
                name="one_closure_per_place_services_and_days",
            )
        ]
        indexes = [models.Index(fields=["municipality_id"], name="closure_by_town")]


class Workplace(TownRow):
    """A member of staff may see this school; without any workplace, every school of the town."""

    tells = Tells("town")

    user = TownForeignKey(User, related_name="+")
    school = TownForeignKey(School, related_name="+")

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "user", "school", name="one_workplace_per_user_and_school")
        ]


class DeviceSchool(TownRow):
    """A tablet is of this school: it shows its classes, and no other's."""

    device = TownForeignKey(Device, related_name="+")
    school = TownForeignKey(School, related_name="+")

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "device", "school", name="one_device_per_school_and_device")
        ]


class YearRoll(TownRow):
    """Every class was moved up into the school year that begins on a day; undone, it is as if it had not been."""

    # First day of the new year.
    first = models.DateField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    # What it has opened itself, and takes away again when it is undone.
    year_name = models.CharField(max_length=9, blank=True)
    class_ids = ArrayField(models.BigIntegerField(), default=list)
    undone_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint(
                "municipality_id", "first", condition=models.Q(undone_at=None), name="one_standing_roll_per_year"
            )
        ]


class RollMove(TownRow):
    """Where a roll-over has put one child: in a class, or out of its school. Gone when the roll-over is undone."""

    roll = TownForeignKey(YearRoll, related_name="moves")
    child = TownForeignKey(Child, related_name="+")
    came_from = TownForeignKey(ClassGroup, related_name="+")
    goes_to = TownForeignKey(ClassGroup, null=True, related_name="+")
    # The first day after its place in the class before, as it was; None where that had no end.
    was_end = models.DateField(null=True)

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "roll", "child", name="one_move_per_roll_and_child")]
