"""What a joint notice asks for, several invoices of one payer paid at once on paper, and what its money has paid of each."""

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


class JointPayment(TownRow):
    """
    What the money of a joint notice is for, by invoice and wallet: it pays that invoice first; insert only.

    :ivar source: of the money, in the ledger's words
    :ivar cents: what it has brought to this wallet for this invoice; all of a wallet's make what it has brought there
    """

    append_only = True

    invoice = TownForeignKey(Invoice, related_name="+")
    wallet = TownForeignKey("ledger.Wallet", related_name="+")
    source = models.CharField(max_length=80)
    cents = models.BigIntegerField()

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint(
                "municipality_id", "source", "invoice", "wallet", name="money_of_a_joint_notice_once_per_invoice_and_wallet"
            ),
            models.CheckConstraint(name="what_a_joint_notice_pays_is_something", condition=Q(cents__gt=0)),
        ]
        indexes = [models.Index(fields=["municipality_id", "invoice"], name="joint_payment_by_invoice")]
