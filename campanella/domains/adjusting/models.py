"""Proposals and their steps, files of refunds, what banks answered and what came of it; all insert only."""

from django.db import models
from django.db.models import F, Q

from campanella.domains.adjusting.rules import KINDS, STEPS
from campanella.foundation.core.tables import TownForeignKey, TownRow

LONGEST_ID = 35
LONGEST_IBAN = 34


class Proposal(TownRow):
    """
    Something to be put right in a wallet, as it was asked for.

    :ivar taker: of a passage between two families, the wallet that receives
    :ivar cents: what comes into the wallet; below zero it leaves
    :ivar memo: the reason as the family reads it
    :ivar hands: how many people of the office decide it
    :ivar by_office: asked for by the office; else by a family, whom no hand of the office counts for
    :ivar ends_on: the last day on which it waits; None waits for ever
    """

    append_only = True

    kind = models.CharField(max_length=10)
    wallet = TownForeignKey("ledger.Wallet", related_name="+")
    taker = TownForeignKey("ledger.Wallet", null=True, related_name="+")
    cents = models.BigIntegerField()
    memo = models.CharField(max_length=400)
    act_number = models.CharField(max_length=40, blank=True)
    key = models.CharField(max_length=60)
    hands = models.PositiveSmallIntegerField()
    by_office = models.BooleanField(default=True)
    by_id = models.BigIntegerField(null=True)
    by_label = models.CharField(max_length=120)
    at = models.DateTimeField()
    ends_on = models.DateField(null=True)
    holder_name = models.CharField(max_length=70, blank=True)
    # Kept whole, for the bank; who reads it through ``queries`` gets an ``Account``, which shows its end only.
    iban = models.CharField(max_length=LONGEST_IBAN, blank=True)
    bic = models.CharField(max_length=11, blank=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "key", name="one_proposal_per_key"),
            models.CheckConstraint(name="a_proposal_is_of_a_known_kind", condition=Q(kind__in=KINDS)),
            models.CheckConstraint(name="a_proposal_moves_something", condition=~Q(cents=0)),
            models.CheckConstraint(
                name="a_refund_leaves_for_an_account",
                condition=Q(kind="refund", cents__lt=0) & ~Q(iban="") | ~Q(kind="refund") & Q(iban=""),
            ),
            models.CheckConstraint(
                name="a_passage_between_families_has_two_wallets",
                condition=Q(kind="passage", cents__lt=0, taker__isnull=False) & ~Q(wallet=F("taker"))
                | ~Q(kind="passage") & Q(taker=None),
            ),
            models.CheckConstraint(
                name="what_is_given_is_given",
                condition=~Q(kind__in=["goodwill", "write_off"]) | Q(cents__gt=0),
            ),
        ]
        indexes = [
            models.Index(fields=["municipality_id", "wallet"], name="proposal_by_wallet"),
            models.Index(fields=["municipality_id", "kind", "at"], name="proposal_by_kind"),
        ]

    def __str__(self) -> str:
        return f"proposal {self.pk}"


class Step(TownRow):
    """What somebody decided of a proposal: one who has looked at it, or its end, once."""

    append_only = True

    proposal = TownForeignKey(Proposal, related_name="steps")
    kind = models.CharField(max_length=10)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_label = models.CharField(max_length=120)
    why = models.CharField(max_length=200, blank=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "proposal", "kind", name="one_step_per_proposal_and_kind"),
            models.UniqueConstraint(
                "municipality_id", "proposal", condition=~Q(kind="endorsed"), name="a_proposal_ends_once"
            ),
            models.CheckConstraint(name="a_step_is_of_a_known_kind", condition=Q(kind__in=STEPS)),
        ]


class RefundFile(TownRow):
    """What was asked of a bank in one go. The file itself is written anew from its orders, always the same."""

    append_only = True

    message_id = models.CharField(max_length=LONGEST_ID)
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    day = models.DateField()
    debtor_name = models.CharField(max_length=70)
    iban = models.CharField(max_length=LONGEST_IBAN)
    bic = models.CharField(max_length=11, blank=True)
    cuc = models.CharField(max_length=8, blank=True)

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "message_id", name="one_refund_file_per_message_id")]

    def __str__(self) -> str:
        return f"refund file {self.pk}"


class RefundOrder(TownRow):
    """One refund that a bank is asked to pay; what it needs stands in its proposal."""

    append_only = True

    file = TownForeignKey(RefundFile, related_name="orders")
    proposal = TownForeignKey(Proposal, related_name="orders")
    end_to_end_id = models.CharField(max_length=LONGEST_ID)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "proposal", name="one_order_per_refund"),
            models.UniqueConstraint("municipality_id", "end_to_end_id", name="one_order_per_end_to_end_id"),
        ]
        indexes = [models.Index(fields=["municipality_id", "file"], name="order_by_file")]


class RefundAnswer(TownRow):
    """A file that came back from a bank, byte for byte, the same bytes once."""

    append_only = True

    sha256 = models.CharField(max_length=64)
    body = models.BinaryField()
    received_at = models.DateTimeField()
    received_by_id = models.BigIntegerField(null=True)

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "sha256", name="one_refund_answer_per_bytes")]


class RefundComing(TownRow):
    """What came of an order: ``executed`` paid, ``back`` not taken or sent back, after which nothing follows."""

    append_only = True

    order = TownForeignKey(RefundOrder, related_name="comings")
    kind = models.CharField(max_length=8)
    at = models.DateTimeField()
    day = models.DateField()
    reason = models.CharField(max_length=4, blank=True)
    answer = TownForeignKey(RefundAnswer, null=True, related_name="+")

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "order", "kind", name="one_coming_per_order_and_kind"),
            models.CheckConstraint(name="a_refund_comes_or_goes_back", condition=Q(kind__in=["executed", "back"])),
        ]
