"""Lines, rides, stops, and at which stop a child gets on or off."""

from django.db import models
from django.db.models import Q

from campanella.domains.places.models import Place, Pool
from campanella.domains.transport.rules import WAYS, ride_name
from campanella.foundation.core.tables import TownForeignKey, TownRow


class BusLine(TownRow):
    """A line of the school bus, as it stands on the bus."""

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=80)

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "code", name="one_bus_line_per_code")]


class Ride(TownRow):
    """One direction of a line in a school year; its pool says for which service and days, and how many places it has."""

    line = TownForeignKey(BusLine, related_name="rides")
    way = models.CharField(max_length=4)
    pool = TownForeignKey(Pool, related_name="+")

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "pool", name="one_ride_per_pool"),
            models.CheckConstraint(name="a_ride_has_a_known_direction", condition=Q(way__in=list(WAYS))),
        ]
        indexes = [models.Index(fields=["municipality_id", "line"], name="ride_by_line")]

    @property
    def way_word(self) -> str:
        """Its direction, as people say it."""
        return WAYS[self.way]

    @property
    def name(self) -> str:
        """Line and direction, as people say them."""
        return ride_name(line=self.line.name, way=self.way)


class Stop(TownRow):
    """
    A stop of a ride.

    :ivar at: when the bus is there
    :ivar ended_at: since when nobody new gets on or off there
    """

    ride = TownForeignKey(Ride, related_name="stops")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80)
    at = models.TimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint(
                "municipality_id", "ride", "name", condition=Q(ended_at=None), name="one_live_stop_per_ride_and_name"
            )
        ]
        indexes = [models.Index(fields=["municipality_id", "ride"], name="stop_by_ride")]


class Boarding(TownRow):
    """Where a child that has a place or waits for one gets on or off, from a day on; the last one that has begun holds."""

    place = TownForeignKey(Place, related_name="+")
    stop = TownForeignKey(Stop, related_name="boardings")
    first = models.DateField()
    said_at = models.DateTimeField()
    by_label = models.CharField(max_length=120)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "place", "first", name="one_stop_per_place_and_first_day"),
        ]
        indexes = [models.Index(fields=["municipality_id", "stop"], name="boarding_by_stop")]
