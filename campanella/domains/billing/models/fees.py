"""Amounts that no day makes: a month's fixed share, a year's fee in instalments; and what each child owes of them."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from campanella.domains.billing.fee_rules import EDGES, EVERY
from campanella.domains.people.models import Child
from campanella.domains.schools.models import LEVELS
from campanella.domains.services.models import Bracket, Service
from campanella.foundation.core.tables import TownForeignKey, TownRow


class Fee(TownRow):
    """
    What a service costs whatever the days, as the town decides it; it charges nobody before it is confirmed.

    :ivar every: ``month`` and ``week`` ask for their price in every instalment, ``year`` splits it among them
    :ivar edges: what is asked of who comes or leaves within an instalment (``fee_rules.amount``)
    :ivar level: of the schools it is for, empty for all
    """

    service = TownForeignKey(Service, related_name="+")
    name = models.CharField(max_length=80)
    every = models.CharField(max_length=5, choices=[(one, one) for one in EVERY])
    edges = models.CharField(max_length=5, choices=[(one, one) for one in EDGES])
    level = models.CharField(max_length=12, choices=LEVELS, blank=True, default="")
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by_id = models.BigIntegerField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.CheckConstraint(name="a_fee_is_of_a_known_shape", condition=Q(every__in=EVERY, edges__in=EDGES)),
        ]
        indexes = [models.Index(fields=["municipality_id", "service"], name="fee_by_service")]


class FeePrice(TownRow):
    """What a fee asks of who pays a price of the service; without a row it asks nothing; insert only."""

    append_only = True

    fee = TownForeignKey(Fee, related_name="prices")
    bracket = TownForeignKey(Bracket, related_name="+")
    cents = models.PositiveIntegerField()

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "fee", "bracket", name="one_price_per_fee_and_bracket")]


class Instalment(TownRow):
    """The days that a part of a fee is for, both included, and the day on which it is charged; insert only."""

    append_only = True

    fee = TownForeignKey(Fee, related_name="instalments")
    number = models.PositiveSmallIntegerField()
    first = models.DateField()
    last = models.DateField()
    charged_on = models.DateField()

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "fee", "number", name="one_instalment_per_fee_and_number"),
            models.CheckConstraint(name="an_instalment_is_for_some_days", condition=Q(last__gte=F("first"))),
        ]


class FeeDue(TownRow):
    """
    What a child owes of an instalment; the ledger names this row, whatever its amount becomes.

    :ivar days: that it is for, the last not included: nobody owes two fees of a kind for the same days
    """

    child = TownForeignKey(Child, related_name="+")
    service = TownForeignKey(Service, related_name="+")
    every = models.CharField(max_length=5)
    fee = TownForeignKey(Fee, related_name="+")
    number = models.PositiveSmallIntegerField()
    days = DateRangeField()
    cents = models.PositiveIntegerField()

    class Meta(TownRow.Meta):
        constraints = [
            ExclusionConstraint(
                name="nobody_owes_two_fees_for_the_same_days",
                expressions=[
                    ("municipality_id", RangeOperators.EQUAL),
                    ("child", RangeOperators.EQUAL),
                    ("service", RangeOperators.EQUAL),
                    ("every", RangeOperators.EQUAL),
                    ("days", RangeOperators.OVERLAPS),
                ],
                condition=Q(cents__gt=0),
            ),
            models.UniqueConstraint("municipality_id", "child", "fee", "number", name="one_due_per_child_and_instalment"),
        ]
        indexes = [models.Index(fields=["municipality_id", "fee"], name="fee_due_by_fee")]
