"""Subscriptions and diets."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models

from campanella.domains.people.models import Child
from campanella.domains.services.models import Bracket, Service
from campanella.foundation.core.tables import Tells, TownForeignKey, TownRow


class Subscription(TownRow):
    """A child uses a service from a day until another, at one bracket's price less a reduction."""

    tells = Tells("child", "child_id", days="days")

    child = TownForeignKey(Child, related_name="subscriptions")
    service = TownForeignKey(Service, related_name="+")
    bracket = TownForeignKey(Bracket, related_name="+")
    reduction_percent = models.PositiveSmallIntegerField(default=0)
    days = DateRangeField()
    # The days of the week on which this child uses it, bit 0 is Monday; the school's and the class's hold as well.
    weekdays = models.PositiveSmallIntegerField(default=127, db_default=127)

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
            models.CheckConstraint(name="a_childs_weekdays_are_seven_bits", condition=models.Q(weekdays__lte=127)),
        ]
        indexes = [models.Index(fields=["municipality_id", "child", "service"], name="subscription_by_child")]


class DietCode(TownRow):
    """A diet the town's kitchens know: its code, what it means on a plate, and whether a doctor must have asked for it."""

    code = models.CharField(max_length=6)
    # Never changed: labels and menus on paper were read by it.
    menu = models.CharField(max_length=80)
    # False for diets of belief or choice, which a family declares itself.
    needs_certificate = models.BooleanField(default=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "code", name="one_meaning_per_diet_code"),
            # A child's diet points at both: what it is called on a label is what its code means.
            models.UniqueConstraint("municipality_id", "code", "menu", name="diet_code_with_its_menu"),
        ]


class DietCertificate(TownRow):
    """A certificate as it was handed in; its place in the storage is a random name, and its own name is not kept."""

    append_only = True

    child = TownForeignKey(Child, related_name="+")
    content_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    stored_as = models.CharField(max_length=120)
    kept_at = models.DateTimeField()


class Diet(TownRow):
    """
    A special menu of a child: health or belief, so a table of its own.

    Kitchen and school read ``code`` and ``menu`` (what to serve); only the office's diet door reads ``reason``.
    """

    tells = Tells("child", "child_id", days="days")

    child = TownForeignKey(Child, related_name="+")
    # One of the town's (``a_diet_is_one_of_the_towns``); what was written before the town had a list may have other words.
    code = models.CharField(max_length=6)
    menu = models.CharField(max_length=80)
    reason = models.CharField(max_length=200, blank=True)
    # Served until the office ends it: the certificate's last day asks for a new one, and takes nothing off the plate.
    days = DateRangeField()
    expires_on = models.DateField(null=True)
    certificate = TownForeignKey(DietCertificate, null=True, related_name="+")

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


class DietProposal(TownRow):
    """
    What one member of the office has written of a child's diet, until another has read it too.

    Kitchen and school read ``Diet`` alone: what stands here is served to nobody.
    """

    child = TownForeignKey(Child, related_name="+")
    # Empty: the child is to eat like everybody.
    code = models.CharField(max_length=6, blank=True)
    menu = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    first = models.DateField()
    expires_on = models.DateField(null=True)
    certificate = TownForeignKey(DietCertificate, null=True, related_name="+")
    written_at = models.DateTimeField()
    written_by_id = models.BigIntegerField()
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)
    is_confirmed = models.BooleanField(default=False, db_default=False)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint(
                "municipality_id",
                "child",
                name="one_open_diet_proposal_per_child",
                condition=models.Q(decided_at=None),
            ),
            models.CheckConstraint(
                name="a_diet_is_confirmed_by_somebody_else",
                condition=models.Q(is_confirmed=False) | ~models.Q(decided_by_id=models.F("written_by_id")),
            ),
            models.CheckConstraint(
                name="what_is_confirmed_says_when_and_by_whom",
                condition=models.Q(is_confirmed=False) | models.Q(decided_at__isnull=False, decided_by_id__isnull=False),
            ),
        ]


class DietRead(TownRow):
    """Who opened the reason of a diet, and when; insert only."""

    append_only = True

    diet = TownForeignKey(Diet, related_name="+")
    user_id = models.BigIntegerField()
    at = models.DateTimeField()
