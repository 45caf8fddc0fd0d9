"""Codes, cash points and their people, tills, what was taken, counted and handed over."""

from django.db import models
from django.db.models import F, Q

from campanella.domains.cash.rules import MEANS, POINT_KINDS
from campanella.foundation.core.tables import TownForeignKey, TownRow


class TopUpCode(TownRow):
    """The personal top-up code of a wallet: it names nobody, and stays."""

    append_only = True

    wallet = TownForeignKey("ledger.Wallet", related_name="+")
    code = models.CharField(max_length=10)
    made_at = models.DateTimeField()

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "code", name="one_wallet_per_code"),
            models.UniqueConstraint("municipality_id", "wallet", name="one_code_per_wallet"),
            models.CheckConstraint(name="a_code_has_ten_digits", condition=Q(code__regex=r"^[1-9][0-9]{9}$")),
        ]


class CashPoint(TownRow):
    """
    A pharmacy, a shop or a desk where families pay.

    :ivar number: of the point, part of its receipts
    :ivar last_number: of its receipts; it is counted under the row's lock, which holds the till too
    :ivar closed_at: since when nobody takes money there any more
    """

    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80)
    address = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=8)
    takes_cash = models.BooleanField(default=True)
    takes_card = models.BooleanField(default=False)
    last_number = models.PositiveIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)

    written_over = True

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "number", name="one_cash_point_per_number"),
            models.CheckConstraint(name="a_cash_point_is_of_a_known_kind", condition=Q(kind__in=POINT_KINDS)),
            models.CheckConstraint(name="a_cash_point_takes_something", condition=Q(takes_cash=True) | Q(takes_card=True)),
        ]

    def __str__(self) -> str:
        return f"cash point {self.pk}"


class PointOperator(TownRow):
    """Somebody who takes money at a cash point, until they no longer do."""

    point = TownForeignKey(CashPoint, related_name="operators")
    user = TownForeignKey("accounts.User", related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint(
                "municipality_id", "user", condition=Q(until=None), name="an_operator_stands_at_one_point"
            ),
        ]
        indexes = [models.Index(fields=["municipality_id", "point"], name="operator_by_point")]


class CashSession(TownRow):
    """
    The till of a point on one day, from its opening to its close.

    :ivar float_cents: what lay in it for change when it was opened
    """

    point = TownForeignKey(CashPoint, related_name="sessions")
    day = models.DateField()
    opened_at = models.DateTimeField()
    opened_by_id = models.BigIntegerField(null=True)
    opened_by_label = models.CharField(max_length=120)
    float_cents = models.PositiveIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint(
                "municipality_id", "point", condition=Q(closed_at=None), name="one_open_session_per_point"
            ),
            # What was taken points at it: it is of the point of its session.
            models.UniqueConstraint("municipality_id", "id", "point", name="session_with_point"),
        ]
        indexes = [models.Index(fields=["municipality_id", "point", "day"], name="session_by_point")]


class CashTopUp(TownRow):
    """
    Money taken for a wallet.

    :ivar number: of its receipt, counted by point
    :ivar key: of the form: the same form sent twice is one top-up
    """

    append_only = True

    point = TownForeignKey(CashPoint, related_name="+")
    session = TownForeignKey(CashSession, related_name="top_ups", agreeing=("point_id",))
    wallet = TownForeignKey("ledger.Wallet", related_name="+")
    number = models.PositiveIntegerField()
    means = models.CharField(max_length=4)
    cents = models.BigIntegerField()
    key = models.CharField(max_length=40)
    taken_at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_label = models.CharField(max_length=120)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "key", name="one_cash_top_up_per_form"),
            models.UniqueConstraint("municipality_id", "point", "number", name="one_cash_receipt_per_number"),
            models.CheckConstraint(name="cash_is_taken_by_known_means", condition=Q(means__in=MEANS)),
            models.CheckConstraint(name="a_cash_top_up_takes_something", condition=Q(cents__gt=0)),
        ]
        indexes = [models.Index(fields=["municipality_id", "session"], name="cash_top_up_by_session")]


class CashVoid(TownRow):
    """A top-up that was undone, once, and its money given back."""

    append_only = True

    top_up = TownForeignKey(CashTopUp, related_name="voids")
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_label = models.CharField(max_length=120)
    why = models.CharField(max_length=200)

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "top_up", name="a_cash_top_up_is_voided_once")]


class CashClose(TownRow):
    """
    What somebody has counted at the end of a session, beside what was taken in it.

    :ivar cash_cents: taken in cash, voids left out; ``counted_cents`` is what lay in the till above its float
    :ivar card_cents: taken by card; ``slip_cents`` is what the terminal's own slip says, None where nobody looked
    """

    append_only = True

    session = TownForeignKey(CashSession, related_name="closes")
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_label = models.CharField(max_length=120)
    cash_cents = models.BigIntegerField()
    counted_cents = models.BigIntegerField()
    card_cents = models.BigIntegerField()
    slip_cents = models.BigIntegerField(null=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "session", name="a_session_is_closed_once")]


class Settlement(TownRow):
    """
    What a cash point owes the town for some closed days.

    :ivar fee_cents: what the point keeps: nothing
    """

    append_only = True

    point = TownForeignKey(CashPoint, related_name="settlements")
    number = models.PositiveIntegerField()
    first = models.DateField()
    last = models.DateField()
    cash_cents = models.BigIntegerField()
    card_cents = models.BigIntegerField()
    fee_cents = models.BigIntegerField(default=0)
    made_at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_label = models.CharField(max_length=120)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "point", "number", name="one_settlement_per_point_and_number"),
            models.CheckConstraint(name="a_settlement_has_its_days", condition=Q(first__lte=F("last"))),
        ]


class SettledClose(TownRow):
    """A closed day is settled once."""

    append_only = True

    settlement = TownForeignKey(Settlement, related_name="closes")
    close = TownForeignKey(CashClose, related_name="settled")

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "close", name="a_close_is_settled_once")]
        indexes = [models.Index(fields=["municipality_id", "settlement"], name="settled_by_settlement")]


class SettlementPaid(TownRow):
    """The money of a settlement has arrived at the town."""

    append_only = True

    settlement = TownForeignKey(Settlement, related_name="paid")
    day = models.DateField()
    reference = models.CharField(max_length=80)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_label = models.CharField(max_length=120)

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "settlement", name="a_settlement_is_paid_once")]
