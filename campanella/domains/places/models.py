"""What has a number of places, the places of children and their waiting, and the steps that each has gone."""

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q

from campanella.domains.people.models import Child
from campanella.domains.places.rules import LIVE, STATES
from campanella.domains.services.models import Bracket, Service
from campanella.foundation.core.tables import TownForeignKey, TownRow


class Pool(TownRow):
    """
    What has a number of places for some days: one direction of a bus line in a school year, a week of a camp.

    Whoever counts its places holds this row first.

    :ivar name: as families read it
    :ivar capacity: None where there is no limit
    :ivar reserved: of the capacity, kept for who has a right to them
    """

    service = TownForeignKey(Service, related_name="+")
    name = models.CharField(max_length=120)
    days = DateRangeField()
    capacity = models.PositiveIntegerField(null=True)
    reserved = models.PositiveIntegerField(default=0)

    class Meta(TownRow.Meta):
        constraints = [
            models.CheckConstraint(
                name="no_more_reserved_places_than_places", condition=Q(capacity=None) | Q(reserved__lte=F("capacity"))
            )
        ]
        indexes = [models.Index(fields=["municipality_id", "service"], name="pool_by_service")]


class Place(TownRow):
    """
    A child's place, or its wait for one.

    :ivar asked_at: by what the line is ordered
    :ivar first: the first day with the place: wanted while it waits, promised once it is offered
    :ivar end: the first day without it, None while it does not wait for its end
    :ivar offer_ends_at: the last instant at which the offer may be accepted
    :ivar bracket: the price at which a child that does not use the service yet will
    """

    pool = TownForeignKey(Pool, related_name="places")
    child = TownForeignKey(Child, related_name="+")
    state = models.CharField(max_length=12)
    is_reserved = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    first = models.DateField()
    end = models.DateField(null=True)
    offer_ends_at = models.DateTimeField(null=True)
    bracket = TownForeignKey(Bracket, null=True, related_name="+")

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint(
                "municipality_id", "pool", "child", condition=Q(state__in=LIVE), name="one_live_place_per_pool_and_child"
            ),
            models.CheckConstraint(name="a_place_is_in_a_known_state", condition=Q(state__in=list(STATES))),
            models.CheckConstraint(
                name="what_is_offered_has_its_term", condition=~Q(state="offered") | Q(offer_ends_at__isnull=False)
            ),
            models.CheckConstraint(
                name="a_place_that_was_left_has_its_end", condition=~Q(state="given_back") | Q(end__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["municipality_id", "pool", "state"], name="place_by_pool_and_state"),
            models.Index(fields=["municipality_id", "child"], name="place_by_child"),
        ]

    @property
    def word(self) -> str:
        """Its state, as people say it."""
        return STATES[self.state]


class PlaceStep(TownRow):
    """
    One step of a place's history.

    :ivar words: why, where somebody said it; the family reads it
    """

    append_only = True

    place = TownForeignKey(Place, related_name="steps")
    state = models.CharField(max_length=12)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_label = models.CharField(max_length=120)
    words = models.TextField(blank=True)

    class Meta(TownRow.Meta):
        indexes = [models.Index(fields=["municipality_id", "place"], name="step_by_place")]
