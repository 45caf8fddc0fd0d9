"""Accounts, wallets, entries, transfers, and what a family was told about its credit."""

from functools import reduce
from operator import or_

from django.db import models
from django.db.models import F, Q

from campanella.domains.ledger.rules import ACCOUNT_KINDS, ENTRY_KINDS, FACTS
from campanella.domains.people.models import Child
from campanella.foundation.core.tables import TownForeignKey, TownRow


class Account(TownRow):
    """A place money can be: treasury, clearing, wallet, revenue, rounding, opening, adjustment."""

    kind = models.CharField(max_length=10)
    code = models.CharField(max_length=40)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "kind", "code", name="one_account_per_kind_and_code"),
            models.CheckConstraint(name="an_account_is_of_a_known_kind", condition=Q(kind__in=ACCOUNT_KINDS)),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.code}"


class Wallet(TownRow):
    """
    A child's money for a service, or for all of them together (``service`` null).

    ``balance_cents`` is kept under the row's lock and always equals its transfers: credits less debits.
    """

    account = TownForeignKey(Account, related_name="+")
    child = TownForeignKey(Child, related_name="wallets")
    service = TownForeignKey("services.Service", null=True, related_name="+")
    balance_cents = models.BigIntegerField(default=0)

    written_over = True

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint(
                "municipality_id",
                "child",
                "service",
                nulls_distinct=False,
                name="one_wallet_per_child_and_service",
            ),
            models.UniqueConstraint("municipality_id", "account", name="one_wallet_per_account"),
            # Positions point at it: they are of the child of their wallet.
            models.UniqueConstraint("municipality_id", "id", "child", name="wallet_with_child"),
        ]


class Entry(TownRow):
    """
    Something that happened to money; insert only.

    ``source`` names the fact (``rules.Source``), ``revision`` counts its corrections: together they are the retry key,
    unique in the town.
    """

    append_only = True

    at = models.DateTimeField()
    kind = models.CharField(max_length=10)
    source = models.CharField(max_length=80)
    revision = models.PositiveSmallIntegerField(default=0)
    day = models.DateField()
    memo = models.CharField(max_length=200, blank=True)
    by_id = models.BigIntegerField(null=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "source", "revision", name="one_entry_per_source_and_revision"),
            models.CheckConstraint(name="an_entry_is_of_a_known_kind", condition=Q(kind__in=ENTRY_KINDS)),
            models.CheckConstraint(
                name="a_source_is_of_the_kind_of_its_entry",
                condition=reduce(or_, (Q(kind=kind, source__startswith=f"{fact}:") for kind, fact in FACTS.items())),
            ),
        ]
        indexes = [
            # What is no charge is little, and asked for by who reckons what invoices are paid.
            models.Index(fields=["municipality_id", "id"], condition=~Q(kind="charge"), name="entry_no_charge"),
        ]


class Transfer(TownRow):
    """Cents moved from the account that gives (debit) to the one that receives (credit); insert only."""

    append_only = True

    entry = TownForeignKey(Entry, related_name="transfers")
    debit = TownForeignKey(Account, related_name="+")
    credit = TownForeignKey(Account, related_name="+")
    cents = models.BigIntegerField()

    class Meta(TownRow.Meta):
        constraints = [
            models.CheckConstraint(name="a_transfer_moves_something", condition=Q(cents__gt=0)),
            models.CheckConstraint(name="a_transfer_has_two_accounts", condition=~Q(debit=F("credit"))),
        ]
        indexes = [
            models.Index(fields=["municipality_id", "entry"], name="transfer_by_entry"),
            models.Index(fields=["municipality_id", "debit"], name="transfer_by_debit"),
            models.Index(fields=["municipality_id", "credit"], name="transfer_by_credit"),
        ]


class Seal(TownRow):
    """
    One night's seal on the book and on the acts since the one before, chained to it; insert only.

    :ivar until_entry: the last entry under this seal, with its transfers; the seal before says where it begins
    :ivar until_act: the last line of the audit trail under it
    :ivar broken: promises that were broken when it was set
    """

    append_only = True

    at = models.DateTimeField()
    until_entry = models.BigIntegerField()
    until_act = models.BigIntegerField()
    rows = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    broken = models.PositiveIntegerField()

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "digest", name="one_seal_follows_another"),
        ]


class CreditWarning(TownRow):
    """A family was told that a wallet is low; a second time only after the credit has recovered."""

    wallet = TownForeignKey(Wallet, related_name="+")
    level = models.CharField(
        max_length=8, choices=[("low", "quasi finito"), ("zero", "finito"), ("floor", "oltre il limite")]
    )
    told_at = models.DateTimeField()
    recovered_at = models.DateTimeField(null=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint(
                "municipality_id",
                "wallet",
                "level",
                condition=Q(recovered_at=None),
                name="one_warning_per_wallet_and_level",
            )
        ]
