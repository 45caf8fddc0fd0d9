"""Mandates and their history, collections and their files, what banks answered and what came of it."""

from django.db import models
from django.db.models import Q

from campanella.domains.people.models import Guardian
from campanella.foundation.core.tables import TownForeignKey, TownRow

LONGEST_ID = 35
LONGEST_IBAN = 34
LONGEST_REASON = 4

STATES = [
    ("active", "attiva"),
    ("suspended", "sospesa"),
    ("revoked", "revocata"),
    ("ended", "chiusa"),
    ("lapsed", "scaduta"),
]
ACTS = [
    ("signed", "firmata"),
    ("amended", "nuovo conto"),
    ("suspended", "sospesa"),
    ("resumed", "ripresa"),
    ("revoked", "revocata"),
    ("ended", "chiusa"),
    ("lapsed", "scaduta"),
]
DECISIONS = [("again", "ripresentato"), ("notice", "avviso pagoPA")]
COMINGS = [("booked", "incassata"), ("rejected", "rifiutata"), ("returned", "tornata indietro")]


class Terms(TownRow):
    """
    Whose account is debited, as it was written down at one moment.

    The account is kept whole, for the bank; who reads it through ``queries`` gets an ``Account``, which shows its end only.
    """

    holder_name = models.CharField(max_length=70)
    iban = models.CharField(max_length=LONGEST_IBAN)
    bic = models.CharField(max_length=11, blank=True)
    # Of the debtor, demanded where the account is outside the European Economic Area.
    town = models.CharField(max_length=LONGEST_ID, blank=True)
    country = models.CharField(max_length=2, blank=True)

    class Meta(TownRow.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"{type(self).__name__.lower()} {self.pk}"


class Mandate(Terms):
    """
    An authorisation to debit an account for what a payer owes: the holder may be somebody else than the payer.

    It stands as its acts have left it; ``confirmed_at`` is when it was signed, amended or resumed: returns count from there.
    """

    written_over = True

    payer = TownForeignKey(Guardian, related_name="+")
    reference = models.CharField(max_length=LONGEST_ID)
    holder_tax_code = models.CharField(max_length=16, blank=True)
    signed_on = models.DateField()
    # The mandate was debited before it was written down here, by the former software: no collection is its first.
    is_carried = models.BooleanField(default=False)
    # The former software's last collection with it, where it is known: a mandate lapses from its last use.
    used_on = models.DateField(null=True)
    # What the debtor's bank knows it by, where that is another reference, or another creditor, than ours.
    former_reference = models.CharField(max_length=LONGEST_ID, blank=True, default="", db_default="")
    former_creditor_id = models.CharField(max_length=LONGEST_ID, blank=True, default="", db_default="")
    state = models.CharField(max_length=10, choices=STATES, default="active")
    confirmed_at = models.DateTimeField()

    class Meta(Terms.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "reference", name="one_mandate_per_reference"),
            models.UniqueConstraint(
                "municipality_id",
                "payer",
                condition=Q(state__in=["active", "suspended"]),
                name="one_living_mandate_per_payer",
            ),
        ]
        indexes = [models.Index(fields=["municipality_id", "payer"], name="mandate_by_payer")]


class MandateAct(Terms):
    """
    What happened to a mandate, with the terms it had from then on; insert only.

    :ivar why: for the family, to follow “perché”
    :ivar evidence: of a signature: how and where, the digest of the text that was signed, who was signed in
    """

    append_only = True

    mandate = TownForeignKey(Mandate, related_name="acts")
    kind = models.CharField(max_length=10, choices=ACTS)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_label = models.CharField(max_length=120)
    why = models.CharField(max_length=200, blank=True)
    evidence = models.JSONField(default=dict)

    class Meta(Terms.Meta):
        indexes = [models.Index(fields=["municipality_id", "mandate"], name="act_by_mandate")]


class CollectionFile(TownRow):
    """
    What was asked of a bank in one go; insert only. The file itself is written anew from its collections, always the same.

    :ivar period: the month it collects, ``2026-11``
    """

    append_only = True

    message_id = models.CharField(max_length=LONGEST_ID)
    period = models.CharField(max_length=7)
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    creditor_name = models.CharField(max_length=70)
    creditor_id = models.CharField(max_length=LONGEST_ID)
    iban = models.CharField(max_length=LONGEST_IBAN)
    cuc = models.CharField(max_length=8, blank=True)

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "message_id", name="one_file_per_message_id")]
        indexes = [models.Index(fields=["municipality_id", "period"], name="collection_file_by_period")]

    def __str__(self) -> str:
        return f"file {self.pk}"


class FileHanding(TownRow):
    """A file has left the house for the first time, downloaded or written by the command; insert only."""

    append_only = True

    file = TownForeignKey(CollectionFile, related_name="handings")
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "file", name="one_handing_per_file")]

    def __str__(self) -> str:
        return f"handing {self.pk}"


class Collection(Terms):
    """
    One attempt to collect one debt, with everything that the bank was told; insert only.

    :ivar debt: what it pays, such as ``invoice:12``
    :ivar attempt: how often the debt was asked for, from 1
    :ivar payment_id: its block in the file
    """

    append_only = True

    file = TownForeignKey(CollectionFile, related_name="collections")
    mandate = TownForeignKey(Mandate, related_name="collections")
    payer = TownForeignKey(Guardian, related_name="+")
    debt = models.CharField(max_length=40)
    attempt = models.PositiveSmallIntegerField(default=1)
    end_to_end_id = models.CharField(max_length=LONGEST_ID)
    payment_id = models.CharField(max_length=LONGEST_ID)
    sequence = models.CharField(max_length=4)
    day = models.DateField()
    cents = models.BigIntegerField()
    reference = models.CharField(max_length=LONGEST_ID)
    signed_on = models.DateField()
    former_reference = models.CharField(max_length=LONGEST_ID, blank=True)
    former_creditor_id = models.CharField(max_length=LONGEST_ID, blank=True)
    is_new_account = models.BooleanField(default=False)
    remittance = models.CharField(max_length=140)
    made_at = models.DateTimeField()

    class Meta(Terms.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "debt", "attempt", name="one_collection_per_debt_and_attempt"),
            models.UniqueConstraint("municipality_id", "end_to_end_id", name="one_collection_per_end_to_end_id"),
            models.CheckConstraint(name="a_collection_asks_for_something", condition=Q(cents__gt=0)),
        ]
        indexes = [
            models.Index(fields=["municipality_id", "file"], name="collection_by_file"),
            models.Index(fields=["municipality_id", "mandate"], name="collection_by_mandate"),
            models.Index(fields=["municipality_id", "day"], name="collection_by_day"),
        ]


class CollectionShare(TownRow):
    """What of a collection is of one wallet; insert only. The shares of a collection add up to it."""

    append_only = True

    collection = TownForeignKey(Collection, related_name="shares")
    wallet = TownForeignKey("ledger.Wallet", related_name="+")
    cents = models.BigIntegerField()

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "collection", "wallet", name="one_share_per_collection_and_wallet"),
            models.CheckConstraint(name="a_share_is_something", condition=Q(cents__gt=0)),
        ]


class BankAnswer(TownRow):
    """A file that came back from a bank, byte for byte; insert only, the same bytes once."""

    append_only = True

    sha256 = models.CharField(max_length=64)
    body = models.BinaryField()
    received_at = models.DateTimeField()
    received_by_id = models.BigIntegerField(null=True)

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "sha256", name="one_answer_per_bytes")]


class AnswerLine(TownRow):
    """
    What a bank said of one collection, and what came of it; insert only.

    :ivar verdict: ``applied``, or why nothing was done (``rules.collecting.Verdict``)
    """

    append_only = True

    answer = TownForeignKey(BankAnswer, related_name="lines")
    collection = TownForeignKey(Collection, null=True, related_name="+")
    message_id = models.CharField(max_length=LONGEST_ID)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)
    key = models.CharField(max_length=LONGEST_ID)
    reason = models.CharField(max_length=LONGEST_REASON, blank=True)
    cents = models.BigIntegerField(null=True)
    day = models.DateField(null=True)
    verdict = models.CharField(max_length=10)

    class Meta(TownRow.Meta):
        constraints = [
            # Whatever file brings it again: the bank's message, our key and the reason are one event.
            models.UniqueConstraint(
                "municipality_id",
                "message_id",
                "key",
                "reason",
                condition=Q(verdict="applied"),
                name="one_event_per_message_key_and_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["municipality_id", "answer"], name="line_by_answer"),
            # Few of very many: what a look at what waits reads.
            models.Index(
                fields=["municipality_id", "id"], name="line_not_done", condition=Q(verdict__in=["unknown", "amount"])
            ),
        ]


class Coming(TownRow):
    """
    What came of a collection; insert only.

    ``booked`` the money is there, and may still go back · ``rejected`` it never came · ``returned`` it went back.

    :ivar follows: what the return asked for (``rules.reasons.Action``)
    """

    append_only = True

    collection = TownForeignKey(Collection, related_name="comings")
    kind = models.CharField(max_length=10, choices=COMINGS)
    at = models.DateTimeField()
    day = models.DateField()
    reason = models.CharField(max_length=LONGEST_REASON, blank=True)
    follows = models.CharField(max_length=10, blank=True)
    line = TownForeignKey(AnswerLine, null=True, related_name="+")

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "collection", "kind", name="one_coming_per_collection_and_kind"),
        ]
        indexes = [
            models.Index(fields=["municipality_id", "kind", "day"], name="coming_by_day"),
            models.Index(fields=["municipality_id", "collection"], name="coming_of_a_fault", condition=Q(follows="office")),
        ]


class FaultDecision(TownRow):
    """
    What the office has decided of a collection that came back by a fault of the file; insert only.

    ``again`` the fault is put right, and the bank is asked once more · ``notice`` the family pays with pagoPA.
    """

    append_only = True

    collection = TownForeignKey(Collection, related_name="+")
    kind = models.CharField(max_length=6, choices=DECISIONS)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "collection", name="one_decision_per_collection"),
            models.CheckConstraint(name="a_fault_is_decided_in_a_known_way", condition=Q(kind__in=["again", "notice"])),
        ]

    def __str__(self) -> str:
        return f"decision {self.pk}"


class LineDecision(TownRow):
    """
    The office has looked at a line of a bank of which nothing could be done by itself; insert only.

    Where it said of which collections the line speaks, these have their comings.

    :ivar why: for the record, where it is of none
    """

    append_only = True

    line = TownForeignKey(AnswerLine, related_name="+")
    why = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "line", name="one_decision_per_line")]

    def __str__(self) -> str:
        return f"line decision {self.pk}"


class DoublePayment(TownRow):
    """
    An invoice was paid by another road while a bank was asked for it, or had paid it: what is too much becomes credit.

    :ivar source: of the other money, in the ledger's words
    :ivar seen_at: the office has looked at it
    """

    collection = TownForeignKey(Collection, related_name="+")
    source = models.CharField(max_length=80)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    seen_by_id = models.BigIntegerField(null=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "collection", "source", name="one_double_per_collection_and_source"),
        ]

    def __str__(self) -> str:
        return f"double {self.pk}"
