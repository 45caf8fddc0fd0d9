"""Subscriptions and diets."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models

from campanella.domains.people.models import Child
from campanella.domains.services.models import Bracket, Service
from campanella.foundation.core.tables import TownForeignKey, TownRow


class Subscription(TownRow):
    """A child uses a service from a day until another, at one bracket's price less a reduction."""

    child = TownForeignKey(Child, related_name="subscriptions")
    service = TownForeignKey(Service, related_name="+")
    bracket = TownForeignKey(Bracket, related_name="+")
    reduction_percent = models.PositiveSmallIntegerField(default=0)
    days = DateRangeField()

    class Meta(TownRow.Meta):
        constraints = [
            ExclusionConstraint(
                name="one_subscription_at_a_time",
                expressions=[
                    ("municipality_id", RangeOperators.EQUAL),
                    ("child", RangeOperators.EQUAL),
                    ("service", RangeOperators.EQUAL),
                    ("days", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(name="a_reduction_is_a_percentage", condition=models.Q(reduction_percent__lte=100)),
        ]
        indexes = [models.Index(fields=["municipality_id", "child", "service"], name="subscription_by_child")]


class Diet(TownRow):
    """
    A special menu of a child: health or belief, so a table of its own.

    Kitchen and school read ``code`` and ``menu`` (what to serve); only the office's diet door reads ``reason``.
    """

    child = TownForeignKey(Child, related_name="+")
    code = models.CharField(max_length=6)
    menu = models.CharField(max_length=80)
    reason = models.CharField(max_length=200, blank=True)
    days = DateRangeField()

    class Meta(TownRow.Meta):
        constraints = [
            ExclusionConstraint(
                name="one_diet_at_a_time",
                expressions=[
                    ("municipality_id", RangeOperators.EQUAL),
                    ("child", RangeOperators.EQUAL),
                    ("days", RangeOperators.OVERLAPS),
                ],
            )
        ]


class DietRead(TownRow):
    """Who opened the reason of a diet, and when; insert only."""

    append_only = True

    diet = TownForeignKey(Diet, related_name="+")
    user_id = models.BigIntegerField()
    at = models.DateTimeField()
