"""Subscriptions and diets."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models

from campanella.domains.enrolment.rules import ISEE_KINDS, ISEE_STATES
from campanella.domains.people.models import Child, Guardian
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
    # One of the town's (``a_diet_that_waits_is_one_of_the_towns``); None: the child is to eat like everybody.
    code = models.CharField(max_length=6, null=True, blank=True)
    menu = models.CharField(max_length=80, null=True, blank=True)
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
            models.CheckConstraint(
                name="a_diet_that_waits_has_code_and_menu_or_neither",
                condition=models.Q(code=None, menu=None) | models.Q(code__isnull=False, menu__isnull=False),
            ),
        ]


class DietRead(TownRow):
    """Who opened the reason of a diet, and when; insert only."""

    append_only = True

    diet = TownForeignKey(Diet, related_name="+")
    user_id = models.BigIntegerField()
    at = models.DateTimeField()


class IseeDeclaration(TownRow):
    """
    What the ISEE of a payer's household is, as somebody has handed it in; whether it is good, its decisions say.

    How much a family has is read by the family and the office alone. Never changed: a newer one stands beside it.
    """

    append_only = True

    payer = TownForeignKey(Guardian, related_name="+")
    cents = models.BigIntegerField()
    kind = models.CharField(max_length=8, choices=list(ISEE_KINDS.items()))
    # The day of the attestation, and the day on the town's calendar on which the town got it.
    issued_on = models.DateField()
    received_on = models.DateField()
    # Included.
    valid_until = models.DateField()
    # The attestation says that something is missing or differs (“omissioni o difformità”).
    has_omissions = models.BooleanField(default=False, db_default=False)
    # Persons of the household, where it was said.
    household = models.PositiveSmallIntegerField(null=True)
    is_by_office = models.BooleanField()
    # Of the form: pressed twice, it declares once.
    key = models.CharField(max_length=40)
    written_at = models.DateTimeField()
    written_by_id = models.BigIntegerField(null=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "key", name="one_isee_per_press"),
            models.CheckConstraint(name="an_isee_is_not_below_zero", condition=models.Q(cents__gte=0)),
            models.CheckConstraint(name="an_isee_is_of_a_known_kind", condition=models.Q(kind__in=ISEE_KINDS)),
            models.CheckConstraint(
                name="an_isee_is_received_once_it_is_there",
                condition=models.Q(received_on__gte=models.F("issued_on"), valid_until__gte=models.F("issued_on")),
            ),
        ]
        indexes = [models.Index(fields=["municipality_id", "payer"], name="isee_by_payer")]


class IseeDecision(TownRow):
    """What the office has decided of a declaration; the last one holds, and none is ever taken away."""

    append_only = True

    declaration = TownForeignKey(IseeDeclaration, related_name="+")
    state = models.CharField(max_length=8, choices=list(ISEE_STATES.items()))
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.CheckConstraint(
                name="an_isee_is_checked_or_refused_with_a_reason",
                condition=models.Q(state="checked") | (models.Q(state="refused") & ~models.Q(reason="")),
            )
        ]
        indexes = [models.Index(fields=["municipality_id", "declaration"], name="decision_by_isee")]


class IseeLookup(TownRow):
    """
    A question to INPS about what was declared, written down before it leaves, and what came back.

    The law wants to know who asked, for which benefit and under which number: the row says it for good.
    """

    declaration = TownForeignKey(IseeDeclaration, related_name="+")
    # Chosen before the question leaves; the number of the request there.
    protocol = models.CharField(max_length=40)
    benefit = models.CharField(max_length=20)
    asked_at = models.DateTimeField()
    # Nobody is the night.
    by_id = models.BigIntegerField(null=True)
    # Empty until something came back, or nothing did in time.
    verdict = models.CharField(max_length=9, blank=True)
    heard_at = models.DateTimeField(null=True)
    cents = models.BigIntegerField(null=True)
    issued_on = models.DateField(null=True)
    dsu = models.CharField(max_length=40, blank=True)

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "protocol", name="one_lookup_per_protocol")]
        indexes = [models.Index(fields=["municipality_id", "declaration"], name="lookup_by_isee")]


class ChildFact(TownRow):
    """
    What tariffs ask of a child, from a day on: whether it lives in the town, and words such as ``part_time``.

    Never changed: of two rows of one day the later one holds. Without a row a child is resident.
    """

    append_only = True

    child = TownForeignKey(Child, related_name="+")
    first = models.DateField()
    is_resident = models.BooleanField()
    words = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    written_at = models.DateTimeField()
    written_by_id = models.BigIntegerField(null=True)

    class Meta(TownRow.Meta):
        indexes = [models.Index(fields=["municipality_id", "child"], name="fact_by_child")]


class PayerChange(TownRow):
    """Another adult pays for a child from a day on; until then the days were priced by the household of the one before."""

    append_only = True

    child = TownForeignKey(Child, related_name="+")
    first = models.DateField()
    before = TownForeignKey(Guardian, null=True, related_name="+")
    payer = TownForeignKey(Guardian, null=True, related_name="+")

    class Meta(TownRow.Meta):
        indexes = [models.Index(fields=["municipality_id", "child"], name="payer_change_by_child")]


class RollLine(TownRow):
    """What a roll-over of the school year has done with one child's use of a service. Gone when it is undone."""

    roll = TownForeignKey("schools.YearRoll", related_name="+")
    child = TownForeignKey(Child, related_name="+")
    service = TownForeignKey(Service, related_name="+")
    # It goes on in the new year, at this price; None where it ends with the old one.
    bracket = TownForeignKey(Bracket, null=True, related_name="+")
    # It had no end before, or a later one: the roll-over has ended it with the old year.
    was_open = models.BooleanField()
    was_end = models.DateField(null=True)
    # By hand, in percent, as it goes on; None of what was rolled before this was written down.
    reduction_percent = models.PositiveSmallIntegerField(null=True)
    # What the child uses in the new year had been written before: the roll-over leaves that alone.
    is_settled = models.BooleanField(default=False, db_default=False)
    # It ends with the old year and may be asked for anew.
    is_to_ask = models.BooleanField(default=True, db_default=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "roll", "child", "service", name="one_line_per_roll_child_service")
        ]
