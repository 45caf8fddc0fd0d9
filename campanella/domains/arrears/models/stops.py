"""Stops: nobody writes to a household for a while, and why is behind a door of its own."""

from django.db import models
from django.db.models import F, Q

from campanella.domains.people.models import Guardian
from campanella.foundation.core.tables import TownForeignKey, TownRow


class Stop(TownRow):
    """
    Reminders to a household are stopped from a day until another, included; insert only.

    Never why: that it is the social services', or anything else, is a row of its own (``StopReason``).
    """

    append_only = True

    payer = TownForeignKey(Guardian, related_name="+")
    first = models.DateField()
    until = models.DateField()
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    made_by_label = models.CharField(max_length=120)

    class Meta(TownRow.Meta):
        constraints = [models.CheckConstraint(name="a_stop_lasts_a_day_at_least", condition=Q(until__gte=F("first")))]
        indexes = [models.Index(fields=["municipality_id", "payer"], name="stop_by_payer")]


class StopReason(TownRow):
    """Why a household is stopped; insert only. Whoever opens it is written down (``StopRead``)."""

    append_only = True

    stop = TownForeignKey(Stop, related_name="+")
    text = models.CharField(max_length=500)

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "stop", name="one_reason_per_stop")]


class StopRead(TownRow):
    """Who opened the reason of a stop, and when; insert only."""

    append_only = True

    stop = TownForeignKey(Stop, related_name="+")
    user_id = models.BigIntegerField()
    at = models.DateTimeField()


class StopEnd(TownRow):
    """A stop was ended before its day; insert only."""

    append_only = True

    stop = TownForeignKey(Stop, related_name="+")
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "stop", name="a_stop_is_ended_once")]
