"""Plans by instalments, agreed between the office and a family. Whether they are kept follows from what is paid."""

from django.db import models
from django.db.models import Q

from campanella.domains.people.models import Guardian
from campanella.foundation.core.tables import TownForeignKey, TownRow


class Plan(TownRow):
    """
    A debt of a household, split in dues; insert only.

    :ivar total_cents: what the debts were when it was agreed, and what the dues make
    :ivar until_entry: the last entry of the book that it has seen
    """

    append_only = True

    payer = TownForeignKey(Guardian, related_name="+")
    agreed_on = models.DateField()
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    note = models.CharField(max_length=200, blank=True)
    total_cents = models.BigIntegerField()
    until_entry = models.BigIntegerField()

    class Meta(TownRow.Meta):
        constraints = [models.CheckConstraint(name="a_plan_is_of_something", condition=Q(total_cents__gt=0))]
        indexes = [models.Index(fields=["municipality_id", "payer"], name="plan_by_payer")]


class PlanDebt(TownRow):
    """One thing that a plan pays (``rules.debts.Debt``), of one wallet; insert only."""

    append_only = True

    plan = TownForeignKey(Plan, related_name="debts")
    kind = models.CharField(max_length=7)
    key = models.CharField(max_length=40)
    wallet = TownForeignKey("ledger.Wallet", related_name="+")
    invoice = TownForeignKey("billing.Invoice", null=True, related_name="+")
    title = models.CharField(max_length=120)
    due_on = models.DateField()
    cents = models.BigIntegerField()

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "plan", "key", "wallet", name="one_debt_per_plan_and_key"),
            models.CheckConstraint(name="a_debt_of_a_plan_is_something", condition=Q(cents__gt=0)),
        ]
        indexes = [models.Index(fields=["municipality_id", "wallet"], name="plan_debt_by_wallet")]


class PlanDue(TownRow):
    """One instalment; insert only."""

    append_only = True

    plan = TownForeignKey(Plan, related_name="dues")
    place = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    cents = models.BigIntegerField()

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "plan", "place", name="one_due_per_plan_and_place"),
            models.CheckConstraint(name="a_due_is_something", condition=Q(cents__gt=0)),
        ]


class PlanPosition(TownRow):
    """A position at pagoPA asks for (what is left of) an instalment; insert only."""

    append_only = True

    due = TownForeignKey(PlanDue, related_name="positions")
    request = TownForeignKey("payments.PaymentRequest", related_name="+")

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "request", name="one_due_per_position")]
        indexes = [models.Index(fields=["municipality_id", "due"], name="position_by_due")]


class PlanEnd(TownRow):
    """The office has ended a plan, kept or not; insert only."""

    append_only = True

    plan = TownForeignKey(Plan, related_name="+")
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=200)

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "plan", name="a_plan_is_ended_once")]
