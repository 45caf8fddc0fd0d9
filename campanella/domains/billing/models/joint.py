"""What a joint notice asks for: several invoices of one payer, paid at once on paper."""

from django.db import models
from django.db.models import Q

from campanella.domains.billing.models.invoices import Invoice
from campanella.foundation.core.tables import TownForeignKey, TownRow


class JointPart(TownRow):
    """
    A position at pagoPA asks for (what is left of) this invoice among others of the same payer; insert only.

    :ivar cents: what was open of it when the notice was made
    """

    append_only = True

    request = TownForeignKey("payments.PaymentRequest", related_name="+")
    invoice = TownForeignKey(Invoice, related_name="+")
    cents = models.BigIntegerField()

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "request", "invoice", name="an_invoice_once_in_a_joint_notice"),
            models.CheckConstraint(name="a_part_of_a_joint_notice_is_something", condition=Q(cents__gt=0)),
        ]
        indexes = [models.Index(fields=["municipality_id", "invoice"], name="joint_part_by_invoice")]
