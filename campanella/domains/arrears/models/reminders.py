"""Reminders as they were issued: their numbers, what they ask for, their paper, their position, their proof."""

from django.db import models
from django.db.models import F, Q

from campanella.domains.arrears.models.runs import ReminderRun
from campanella.domains.arrears.rules.debts import KINDS
from campanella.domains.arrears.rules.ladder import CHANNELS
from campanella.domains.people.models import Guardian
from campanella.foundation.core.tables import TownForeignKey, TownRow

HANDINGS = [
    ("handed", "consegnata a mano"),
    ("posted", "spedita"),
    ("delivered", "consegnata"),
    ("returned", "tornata al mittente"),
]


class ReminderCounter(TownRow):
    """The next number of a series and year; its row is locked while one is taken, and a rollback gives it back."""

    series = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    next = models.PositiveIntegerField(default=1)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "series", "year", name="one_reminder_counter_per_series_and_year")
        ]


class Reminder(TownRow):
    """
    A reminder as it was issued; insert only. Its paper is printed from ``sheet``, and kept once it was printed.

    :ivar place: of the step; ``name`` and ``channel`` are the step's, of that day
    :ivar total_cents: everything it asks for, its own costs included
    :ivar until_entry: the last entry of the book that it has seen
    :ivar address: where it goes: an e-mail address, or a postal one
    :ivar sheet: what is printed on it (``documents.reminder_pdf.ReminderSheet``)
    """

    append_only = True

    run = TownForeignKey(ReminderRun, null=True, related_name="reminders")
    payer = TownForeignKey(Guardian, related_name="+")
    place = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    channel = models.CharField(max_length=10)
    series = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    issued_on = models.DateField()
    issued_at = models.DateTimeField()
    pay_by = models.DateField()
    total_cents = models.BigIntegerField()
    cost_cents = models.BigIntegerField(default=0)
    until_entry = models.BigIntegerField()
    address = models.CharField(max_length=300, blank=True)
    sheet = models.JSONField()

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint(
                "municipality_id", "series", "year", "number", name="one_reminder_per_series_year_and_number"
            ),
            # Killed between two steps and gone on with, a run writes to a household once.
            models.UniqueConstraint("municipality_id", "run", "payer", name="one_reminder_per_run_and_payer"),
            models.CheckConstraint(name="a_reminder_is_of_a_known_channel", condition=Q(channel__in=CHANNELS)),
            models.CheckConstraint(name="a_reminder_asks_for_something", condition=Q(total_cents__gt=0)),
        ]
        indexes = [models.Index(fields=["municipality_id", "payer"], name="reminder_by_payer")]

    @property
    def written(self) -> str:
        """Return its number as it is printed: ``SO/2026/17``."""
        return f"{self.series}/{self.year}/{self.number}"


class ReminderDebt(TownRow):
    """One thing that a reminder asks for (``rules.debts.Debt``), of one wallet; insert only."""

    append_only = True

    reminder = TownForeignKey(Reminder, related_name="debts")
    kind = models.CharField(max_length=8)
    key = models.CharField(max_length=40)
    wallet = TownForeignKey("ledger.Wallet", related_name="+")
    invoice = TownForeignKey("billing.Invoice", null=True, related_name="+")
    title = models.CharField(max_length=120)
    due_on = models.DateField()
    cents = models.BigIntegerField()

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "reminder", "key", "wallet", name="one_debt_per_reminder_and_key"),
            models.CheckConstraint(name="a_debt_is_of_a_known_kind", condition=Q(kind__in=KINDS)),
            models.CheckConstraint(name="a_debt_is_something", condition=Q(cents__gt=0)),
        ]
        indexes = [
            models.Index(fields=["municipality_id", "key"], name="reminder_debt_by_key"),
            models.Index(fields=["municipality_id", "wallet"], name="reminder_debt_by_wallet"),
        ]


class Accrual(TownRow):
    """
    Interest that a reminder asks for, on what one invoice asked late of one wallet (``rules.interest``); insert only.

    :ivar first, until: the days it is for, both included; no day of an invoice bears interest twice
    :ivar points: beyond the legal rate, in hundredths of a point
    """

    append_only = True

    reminder = TownForeignKey(Reminder, related_name="accruals")
    invoice = TownForeignKey("billing.Invoice", related_name="+")
    wallet = TownForeignKey("ledger.Wallet", related_name="+")
    first = models.DateField()
    until = models.DateField()
    principal_cents = models.BigIntegerField()
    points = models.PositiveSmallIntegerField()
    cents = models.BigIntegerField()

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "invoice", "wallet", "first", name="one_accrual_per_invoice_and_day"),
            models.CheckConstraint(
                name="interest_is_of_some_days_and_cents",
                condition=Q(until__gte=F("first"), principal_cents__gt=0, cents__gt=0),
            ),
        ]
        indexes = [models.Index(fields=["municipality_id", "reminder"], name="accrual_by_reminder")]


class InterestWaiver(TownRow):
    """The office asks for the interest of a reminder no more; insert only."""

    append_only = True

    reminder = TownForeignKey(Reminder, related_name="+")
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "reminder", name="one_waiver_per_reminder")]


class ReminderPosition(TownRow):
    """A position at pagoPA asks for (what is left of) this reminder; insert only."""

    append_only = True

    reminder = TownForeignKey(Reminder, related_name="positions")
    request = TownForeignKey("payments.PaymentRequest", related_name="+")

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "request", name="one_reminder_per_position")]
        indexes = [models.Index(fields=["municipality_id", "reminder"], name="position_by_reminder")]


class ReminderPaper(TownRow):
    """The PDF of a reminder, as it was printed the first time; insert only."""

    append_only = True

    reminder = TownForeignKey(Reminder, related_name="+")
    sha256 = models.CharField(max_length=64)
    body = models.BinaryField()

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "reminder", name="one_paper_per_reminder")]


class Handing(TownRow):
    """
    What the office writes down of a reminder that it prints: handed over, posted, delivered, come back; insert only.

    :ivar protocol: number of the town's register, where the channel asks for one
    """

    append_only = True

    reminder = TownForeignKey(Reminder, related_name="handings")
    kind = models.CharField(max_length=9, choices=HANDINGS)
    day = models.DateField()
    protocol = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "reminder", "kind", name="one_handing_per_reminder_and_kind"),
        ]
