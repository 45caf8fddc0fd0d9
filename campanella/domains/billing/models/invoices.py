"""Who pays when; runs, invoices over charges, their numbers, what was asked and what was paid for them."""

from django.db import models
from django.db.models import F, Q

from campanella.domains.billing.rules import KINDS, METHODS, RUN_STATES
from campanella.domains.people.models import Child, Guardian
from campanella.domains.services.models import Service
from campanella.domains.services.taxation import STAMP_PAYERS
from campanella.foundation.core.tables import TownForeignKey, TownRow


class PayPolicy(TownRow):
    """
    From a day on a service is paid so: by one child, or (child null) by all who have no rule of their own; insert only.

    Of two that begin on one day the later written holds. ``town`` gives a child back to the rule of all.
    """

    append_only = True

    child = TownForeignKey(Child, null=True, related_name="+")
    service = TownForeignKey(Service, related_name="+")
    kind = models.CharField(max_length=8)
    first = models.DateField()
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.CheckConstraint(name="a_pay_policy_is_of_a_known_kind", condition=Q(kind__in=(*KINDS, "town")))
        ]
        indexes = [models.Index(fields=["municipality_id", "service", "child"], name="pay_policy_by_child")]


class Run(TownRow):
    """
    The invoices of a service for a month, from the preview to their issue.

    :ivar allowed: how many may be issued for now, null for all
    :ivar digest: of every line as it was previewed: who confirms gets the same lines or a refusal
    :ivar stamp: who bears the stamp duty of its invoices, as it was when they were drawn up (``services.taxation``)
    :ivar recall_reason: why somebody has asked to call it back, empty where nobody has
    :ivar recall_leaves_at: from when on it is called back, null until whoever may has said yes
    :ivar next_entry: the first entry of the book that the next run must look at
    :ivar summary: what the preview says: samples, comparison, anomalies (``rules.Summary``)
    """

    service = TownForeignKey(Service, related_name="+")
    first = models.DateField()
    last = models.DateField()
    state = models.CharField(max_length=9, default="prepared", choices=[(one, one) for one in RUN_STATES])
    prepared_at = models.DateTimeField()
    prepared_by_id = models.BigIntegerField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by_id = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    allowed = models.PositiveIntegerField(null=True)
    digest = models.CharField(max_length=64)
    invoices = models.PositiveIntegerField(default=0)
    total_cents = models.BigIntegerField(default=0)
    next_entry = models.BigIntegerField(default=0)
    stamp = models.CharField(max_length=6, default="none", db_default="none")
    summary = models.JSONField(default=dict)
    recall_reason = models.CharField(max_length=200, blank=True, default="", db_default="")
    recall_asked_by_id = models.BigIntegerField(null=True)
    recall_allowed_by_id = models.BigIntegerField(null=True)
    recall_leaves_at = models.DateTimeField(null=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint(
                "municipality_id",
                "service",
                "first",
                condition=~Q(state="recalled"),
                name="one_living_run_per_service_and_month",
            ),
            models.CheckConstraint(
                name="a_run_is_confirmed_or_prepared", condition=Q(state="prepared") ^ Q(confirmed_at__isnull=False)
            ),
            models.CheckConstraint(name="who_bears_a_runs_stamp_duty_is_known", condition=Q(stamp__in=STAMP_PAYERS)),
            models.CheckConstraint(
                name="a_recall_that_leaves_has_its_reason",
                condition=Q(recall_leaves_at__isnull=True) | ~Q(recall_reason=""),
            ),
        ]


class Invoice(TownRow):
    """
    What a payer is asked for a month: the sum of its shares; insert only. Its number is a row of its own (``Issue``).

    :ivar child: of an invoice for one child; null when it is for all of a payer's
    :ivar method: ``notice`` is paid by pagoPA, ``debit`` is collected from the bank
    :ivar until_entry: the last entry of the book that it has seen
    """

    append_only = True

    run = TownForeignKey(Run, related_name="drawn")
    sequence = models.PositiveIntegerField()
    payer = TownForeignKey(Guardian, null=True, related_name="+")
    child = TownForeignKey(Child, null=True, related_name="+")
    method = models.CharField(max_length=6, choices=[(one, one) for one in METHODS])
    total_cents = models.BigIntegerField()
    until_entry = models.BigIntegerField()

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "run", "sequence", name="one_invoice_per_run_and_place"),
            models.CheckConstraint(name="an_invoice_asks_for_no_less_than_nothing", condition=Q(total_cents__gte=0)),
        ]
        indexes = [models.Index(fields=["municipality_id", "payer"], name="invoice_by_payer")]


class Share(TownRow):
    """
    What an invoice asks for one wallet; insert only.

    :ivar lines_cents: of its lines
    :ivar carried_cents: credit that is consumed (above zero), or a debt that is carried over (below)
    """

    append_only = True

    invoice = TownForeignKey(Invoice, related_name="shares")
    run = TownForeignKey(Run, related_name="+")
    wallet = TownForeignKey("ledger.Wallet", related_name="+", agreeing=("child_id",))
    child = TownForeignKey(Child, related_name="+")
    lines_cents = models.BigIntegerField()
    carried_cents = models.BigIntegerField()
    due_cents = models.BigIntegerField()

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "run", "wallet", name="one_share_per_run_and_wallet"),
            models.CheckConstraint(
                name="a_share_is_its_lines_less_what_is_carried",
                condition=Q(due_cents=F("lines_cents") - F("carried_cents"), due_cents__gte=0),
            ),
        ]
        indexes = [
            models.Index(fields=["municipality_id", "invoice"], name="share_by_invoice"),
            models.Index(fields=["municipality_id", "wallet"], name="share_by_wallet"),
            models.Index(fields=["municipality_id", "child"], name="share_by_child"),
        ]


class Line(TownRow):
    """
    What one fact costs, as an invoice tells it: a day of a child; insert only.

    :ivar source: the fact, as the ledger names it
    :ivar cents: what was charged for it and on no invoice yet; below zero when a day was given back after its invoice
    """

    append_only = True

    share = TownForeignKey(Share, related_name="lines")
    source = models.CharField(max_length=80)
    day = models.DateField()
    cents = models.BigIntegerField()

    class Meta(TownRow.Meta):
        constraints = [
            models.CheckConstraint(name="a_line_says_something", condition=~Q(cents=0)),
        ]
        indexes = [
            models.Index(fields=["municipality_id", "source"], name="line_by_source"),
            models.Index(fields=["municipality_id", "share"], name="line_by_share"),
        ]


class NumberCounter(TownRow):
    """The next number of a series and year; its row is locked while numbers are taken, and a rollback gives them back."""

    series = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    next = models.PositiveIntegerField(default=1)

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "series", "year", name="one_counter_per_series_and_year")]


class Numbered(TownRow):
    """A number of a series and year, once for an invoice: its issue, or the note that calls it back; insert only."""

    append_only = True

    invoice = TownForeignKey(Invoice, related_name="+")
    series = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    issued_on = models.DateField()

    class Meta(TownRow.Meta):
        abstract = True


def _numbered_once(*, once: str, number: str) -> list[models.BaseConstraint]:
    """Return what holds for every kind of number, under the names that say of which: once an invoice, no number twice."""
    return [
        models.UniqueConstraint("municipality_id", "invoice", name=once),
        models.UniqueConstraint("municipality_id", "series", "year", "number", name=number),
    ]


class Issue(Numbered):
    """The number of an invoice and its dates; insert only."""

    due_on = models.DateField()
    issued_at = models.DateTimeField()

    class Meta(TownRow.Meta):
        constraints = _numbered_once(once="an_invoice_is_issued_once", number="one_invoice_per_series_year_and_number")


HANDED_HOW = [("hand", "a mano"), ("post", "per posta"), ("believed", "prima che lo si segnasse")]


class InvoiceHanding(TownRow):
    """
    The office has brought an invoice to its family on paper: from that day on it knows; insert only.

    :ivar how: by hand or by post; what was issued before this was written down is believed to have been known
    """

    append_only = True

    invoice = TownForeignKey(Invoice, related_name="+")
    day = models.DateField()
    how = models.CharField(max_length=8, choices=HANDED_HOW)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "invoice", name="one_handing_per_invoice")]


class CreditNote(Numbered):
    """An issued invoice was called back: it asks for nothing any more, and its days are free for another; insert only."""

    reason = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)

    class Meta(TownRow.Meta):
        constraints = _numbered_once(
            once="an_invoice_is_called_back_once", number="one_credit_note_per_series_year_and_number"
        )


class InvoicePosition(TownRow):
    """A position at pagoPA asks for (what is left of) this invoice; insert only."""

    append_only = True

    invoice = TownForeignKey(Invoice, related_name="+")
    request = TownForeignKey("payments.PaymentRequest", related_name="+")

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "request", name="one_invoice_per_position")]
        indexes = [models.Index(fields=["municipality_id", "invoice"], name="position_by_invoice")]


class InvoicePayment(TownRow):
    """Money that says which invoice it is for, or that it comes back from; insert only. How much, the ledger says."""

    append_only = True

    invoice = TownForeignKey(Invoice, related_name="+")
    source = models.CharField(max_length=80)
    noted_at = models.DateTimeField()

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "source", name="one_invoice_per_payment")]
        indexes = [models.Index(fields=["municipality_id", "invoice"], name="payment_by_invoice")]
