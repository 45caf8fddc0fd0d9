"""Roll-calls and presences."""

from django.db import models

from campanella.domains.people.models import Child
from campanella.domains.schools.models import ClassGroup
from campanella.domains.services.models import Service
from campanella.foundation.core.tables import TownForeignKey, TownRow


class RollCall(TownRow):
    """The roll-call of one class for one service on one day; confirmed once, corrected one by one afterwards."""

    class_group = TownForeignKey(ClassGroup, related_name="+")
    service = TownForeignKey(Service, related_name="+")
    day = models.DateField()
    adults = models.PositiveSmallIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by_id = models.BigIntegerField(null=True)
    # Counts every change of the class under the row's lock: the sum over a day tells the kitchen's board whether to redraw.
    changes = models.PositiveIntegerField(default=0)

    written_over = True

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint(
                "municipality_id", "class_group", "service", "day", name="one_roll_call_per_class_service_day"
            ),
            # Presences point at it: they are of the service and the day of their roll-call.
            models.UniqueConstraint("municipality_id", "id", "service", "day", name="roll_call_with_service_and_day"),
        ]
        indexes = [
            models.Index(fields=["municipality_id", "day"], name="roll_call_by_day"),
        ]


class Presence(TownRow):
    """Whether one child was there for one service on one day."""

    roll_call = TownForeignKey(RollCall, related_name="presences", agreeing=("service_id", "day"))
    child = TownForeignKey(Child, related_name="+")
    service = TownForeignKey(Service, related_name="+")
    day = models.DateField()
    is_present = models.BooleanField()
    # Both count only while the child is there: a confirmation that finds the child absent leaves them as they were.
    is_white = models.BooleanField(default=False, db_default=False)
    is_late = models.BooleanField(default=False, db_default=False)
    marked_at = models.DateTimeField()
    marked_by_id = models.BigIntegerField(null=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "child", "service", "day", name="one_presence_per_child_service_day"),
        ]
        indexes = [
            models.Index(fields=["municipality_id", "roll_call"], name="presence_by_roll_call"),
            # Not by day: a day that statistics have not seen yet would lure the planner into reading it again and again.
            models.Index(fields=["municipality_id", "marked_at"], name="presence_by_time"),
        ]
