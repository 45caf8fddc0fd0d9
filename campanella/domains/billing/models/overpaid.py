"""Payments of invoices that were asked for no more."""

from django.db import models
from django.db.models import Q

from campanella.domains.billing.models.invoices import Invoice
from campanella.foundation.core.tables import TownForeignKey, TownRow


class Overpaid(TownRow):
    """
    What a payment has brought beyond what its invoice still asked for: it is credit, and the office is to look at it.

    :ivar source: of the money, in the ledger's words
    :ivar seen_at: the office has looked at it
    """

    invoice = TownForeignKey(Invoice, related_name="+")
    source = models.CharField(max_length=80)
    cents = models.BigIntegerField()
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    seen_by_id = models.BigIntegerField(null=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "source", "invoice", name="one_overpaid_per_payment_and_invoice"),
            models.CheckConstraint(name="what_is_overpaid_is_something", condition=Q(cents__gt=0)),
        ]
        indexes = [
            models.Index(fields=["municipality_id", "id"], name="overpaid_not_seen", condition=Q(seen_at__isnull=True)),
            models.Index(fields=["municipality_id", "invoice"], name="overpaid_by_invoice"),
        ]
