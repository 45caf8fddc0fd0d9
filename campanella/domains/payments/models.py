"""Positions, carts, receipts as they came and as they were understood."""

from datetime import date

from django.db import models
from django.db.models.functions import Least

from campanella.domains.people.models import Child, Guardian
from campanella.foundation.core.policies import ACTIVE_TOWN, Policy
from campanella.foundation.core.tables import TownForeignKey, TownRow


class PaymentRequest(TownRow):
    """
    A position to pay (posizione debitoria): one wallet, one amount, one notice number for ever.

    What pagoPA is told is copied here when it is made, so that a change of settings rewrites nothing.
    """

    wallet = TownForeignKey("ledger.Wallet", related_name="+", agreeing=("child_id",))
    child = TownForeignKey(Child, related_name="+")
    payer = TownForeignKey(Guardian, null=True, related_name="+")
    notice_number = models.CharField(max_length=18)
    amount_cents = models.BigIntegerField()
    description = models.CharField(max_length=140)
    service_name = models.CharField(max_length=60)
    debtor_tax_code = models.CharField(max_length=16)
    debtor_name = models.CharField(max_length=70)
    iban = models.CharField(max_length=34)
    taxonomy = models.CharField(max_length=20)
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    # A notice is shown among those to pay only when the family asked for one; a cart's positions are not.
    is_notice = models.BooleanField()
    # The order of a family it was made for: the same order sent twice finds what the first has made.
    order_key = models.CharField(max_length=64, blank=True)
    # Its last day: paid later it waits for the office.
    due_on = models.DateField()
    # The day by which it is to be paid, where it is taken later too (an invoice that is overdue); null: its last day.
    asked_by = models.DateField(null=True)
    state = models.CharField(
        max_length=10,
        default="open",
        choices=[("open", "da pagare"), ("paid", "pagato"), ("cancelled", "eliminato")],
    )
    settled_at = models.DateTimeField(null=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "notice_number", name="one_position_per_notice_number"),
            models.UniqueConstraint(
                "municipality_id",
                "order_key",
                "wallet_id",
                condition=~models.Q(order_key=""),
                name="one_position_per_order_and_wallet",
            ),
            models.CheckConstraint(name="a_position_asks_for_something", condition=models.Q(amount_cents__gt=0)),
            models.CheckConstraint(
                name="a_position_is_open_or_settled",
                condition=models.Q(state="open", settled_at=None) | (~models.Q(state="open") & ~models.Q(settled_at=None)),
            ),
        ]
        indexes = [models.Index(fields=["municipality_id", "child", "state"], name="position_by_child")]

    @property
    def iuv(self) -> str:
        """The notice number without its first digit."""
        return self.notice_number[1:]

    @property
    def told_due_on(self) -> date:
        """The day by which it is to be paid."""
        return self.asked_by or self.due_on

    def is_expired(self, today: date) -> bool:
        """Tell whether an open position is past its last day."""
        return self.state == "open" and self.due_on < today


class PositionShare(TownRow):
    """
    What of a position is for one wallet, where it pays several; insert only. Without shares its own wallet gets all.
    """

    append_only = True

    request = TownForeignKey(PaymentRequest, related_name="shares")
    wallet = TownForeignKey("ledger.Wallet", related_name="+", agreeing=("child_id",))
    child = TownForeignKey(Child, related_name="+")
    cents = models.BigIntegerField()

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "request", "wallet", name="one_share_per_position_and_wallet"),
            models.CheckConstraint(name="a_share_of_a_position_is_something", condition=models.Q(cents__gt=0)),
        ]


class NoticeCounter(TownRow):
    """The next notice number of a town; the row is locked while a number is taken."""

    segregation = models.PositiveSmallIntegerField()
    next_base = models.BigIntegerField()

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "segregation", name="one_counter_per_segregation")]


class Cart(TownRow):
    """One visit to pagoPA's payment page, with up to five positions; its token is what pagoPA brings back."""

    token = models.CharField(max_length=40)
    user_id = models.BigIntegerField()
    email = models.EmailField(blank=True)
    # Where pagoPA's page is, once it has answered: the second tap of a double tap goes to the same page.
    address = models.TextField(blank=True)
    opened_at = models.DateTimeField()
    outcome = models.CharField(
        max_length=10,
        blank=True,
        choices=[("ok", "tornato"), ("cancelled", "annullato"), ("failed", "non riuscito")],
    )

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "token", name="one_cart_per_token")]


class CartLine(TownRow):
    """A position in a cart."""

    cart = TownForeignKey(Cart, related_name="lines")
    request = TownForeignKey(PaymentRequest, related_name="cart_lines")

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "cart", "request", name="one_line_per_cart_and_position")]
        indexes = [models.Index(fields=["municipality_id", "request"], name="cart_line_by_position")]


class InboundMessage(models.Model):
    """
    What arrived from outside, byte for byte, before anybody understood it; insert only.

    It may belong to no town of ours, so it is no ``TownRow``: its walls are in the migration.
    """

    append_only = True
    policies = (
        Policy("kept", "insert", check="true"),
        Policy("read_by_its_town", "select", using=f"municipality_id is null or municipality_id = {ACTIVE_TOWN}"),
    )

    id = models.BigAutoField(primary_key=True)
    municipality_id = models.IntegerField(null=True)
    sha256 = models.CharField(max_length=64)
    body = models.BinaryField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "municipality_id", "sha256", nulls_distinct=False, name="one_message_per_town_and_bytes"
            ),
        ]


# The same as ``Receipt.share_cents``, for sums in the database.
SHARE = Least(models.F("amount_cents"), models.F("amount_cents") - models.F("others_cents"))


class Receipt(TownRow):
    """
    A receipt (ricevuta telematica) as it was understood: the proof that money moved.

    ``outcome`` empty waits for the booking job; ``parked`` waits for the office, or was credited by it once ``resolved_at``
    says when; ``booked`` is in the ledger; ``closed`` the office has said that nothing is to be credited.
    """

    receipt_id = models.CharField(max_length=70)
    message_id = models.BigIntegerField()
    notice_number = models.CharField(max_length=18)
    # Whose notice it was, when it was another body's: the town is told of it because a share is its own.
    issuer_tax_code = models.CharField(max_length=11, blank=True)
    amount_cents = models.BigIntegerField()
    # What of the amount is for other bodies than this town; below zero when the transfers make more than was paid.
    others_cents = models.BigIntegerField(default=0)
    paid_at = models.DateTimeField(null=True)
    kept_at = models.DateTimeField()
    payer_tax_code = models.CharField(max_length=16, blank=True)
    payer_name = models.CharField(max_length=70, blank=True)
    psp_name = models.CharField(max_length=70)
    psp_tax_code = models.CharField(max_length=70, blank=True)
    method = models.CharField(max_length=35, blank=True)
    fee_cents = models.BigIntegerField(null=True)
    applied_on = models.DateField(null=True)
    stand_in = models.BooleanField(default=False)
    request = TownForeignKey(PaymentRequest, null=True, related_name="receipts")
    outcome = models.CharField(
        max_length=8, blank=True, choices=[("booked", "accreditata"), ("parked", "da sistemare"), ("closed", "chiusa")]
    )
    reason = models.CharField(max_length=12, blank=True)
    resolved_at = models.DateTimeField(null=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "receipt_id", name="one_receipt_per_id"),
        ]
        indexes = [
            models.Index(fields=["municipality_id", "request"], name="receipt_by_position"),
            # The only index of what waits: with a second one a planner without figures would walk all of it for one notice.
            models.Index(
                fields=["municipality_id", "notice_number"],
                condition=models.Q(resolved_at=None) & ~models.Q(outcome="booked"),
                name="receipt_money_waits",
            ),
        ]

    @property
    def share_cents(self) -> int:
        """What of the payment comes to the town: never more than was paid."""
        return min(self.amount_cents, self.transferred_cents)

    @property
    def transferred_cents(self) -> int:
        """What the transfers to the town make; it should be what was paid, or a share of it."""
        return self.amount_cents - self.others_cents
