"""Messages and their delivery."""

from django.db import models

from campanella.domains.people.models import Child, Guardian
from campanella.foundation.core.tables import TownForeignKey, TownRow

# Nobody has had these yet, and somebody still wants them to arrive.
UNSENT = models.Q(sent_at=None, set_aside_at=None, called_off_at=None)
# Of these, whoever tries has not given up.
TO_LEAVE = UNSENT & models.Q(failed_at=None)

# These carry a link that holds for an hour or two days: sent again later they would only disappoint.
WITH_LINK = ("password_reset", "new_access", "confirm_contacts")


class Message(TownRow):
    """One e-mail to one person; its text is kept as it was sent."""

    # What it answers to, such as ``low_credit:12:low:3``: a fact told twice is one message.
    key = models.CharField(max_length=100)
    guardian = TownForeignKey(Guardian, null=True, related_name="+")
    address = models.EmailField()
    template = models.CharField(max_length=40)
    subject = models.CharField(max_length=150)
    text = models.TextField()
    # What goes with it, such as ``invoice:12``: made when it leaves (``papers.py``), so that no file is kept twice.
    papers = models.CharField(max_length=60, blank=True, default="", db_default="")
    queued_at = models.DateTimeField()
    # It waits until then, and can be taken back; before it has left nobody finds it in the portal.
    leaves_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    failure = models.CharField(max_length=200, blank=True)
    # The office knows that it did not arrive, and nothing more is to be done about it.
    set_aside_at = models.DateTimeField(null=True)
    # Its adult has opened it in the portal.
    read_at = models.DateTimeField(null=True)
    # What it speaks of has ended before it left: it leaves no more, and nobody reads it.
    called_off_at = models.DateTimeField(null=True)
    # Of a message about a child.
    child = TownForeignKey(Child, null=True, related_name="+")
    # Of a message about money: the wallet, and where it stood right after an entry of the book (none: before the first one).
    wallet = TownForeignKey("ledger.Wallet", null=True, related_name="+")
    entry = TownForeignKey("ledger.Entry", null=True, related_name="+")
    balance_cents = models.BigIntegerField(null=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "key", name="one_message_per_key"),
            models.CheckConstraint(
                name="a_message_about_money_says_which_balance",
                condition=models.Q(wallet=None, entry=None, balance_cents=None)
                | models.Q(wallet__isnull=False, balance_cents__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["municipality_id", "guardian", "queued_at"], name="message_by_guardian"),
            models.Index(
                fields=["municipality_id", "queued_at"],
                condition=models.Q(sent_at=None),
                name="message_waiting",
            ),
        ]

    @property
    def is_to_leave(self) -> bool:
        """Tell whether it still waits for the mail server: nobody has had it, given up on it or ended it."""
        return not (self.sent_at or self.failed_at or self.set_aside_at or self.called_off_at)

    @property
    def is_stale(self) -> bool:
        """Tell whether the link in it has gone: a new letter is worth more than this one again."""
        return self.template in WITH_LINK


class AlsoTold(TownRow):
    """What a message says beyond its first matter: another key it answers to, and where another wallet stood."""

    append_only = True

    message = TownForeignKey(Message, related_name="also_told")
    key = models.CharField(max_length=100)
    wallet = TownForeignKey("ledger.Wallet", related_name="+")
    entry = TownForeignKey("ledger.Entry", related_name="+")
    balance_cents = models.BigIntegerField()

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "key", name="one_further_matter_per_key")]
        indexes = [models.Index(fields=["municipality_id", "message"], name="also_told_by_message")]


class Silence(TownRow):
    """
    Nothing leaves for an adult until the office has spoken with the family: a bank says that the account's holder has died.

    What was queued meanwhile is called off when its turn comes, but for what it has asked for itself (``WITH_LINK``).
    """

    guardian = TownForeignKey(Guardian, related_name="+")
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by_id = models.BigIntegerField(null=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint(
                "municipality_id", "guardian", condition=models.Q(ended_at=None), name="one_silence_per_adult"
            ),
        ]
