"""Messages and their delivery."""

from django.db import models

from campanella.domains.people.models import Guardian
from campanella.foundation.core.tables import TownForeignKey, TownRow

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
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    failure = models.CharField(max_length=200, blank=True)
    # The office knows that it did not arrive, and nothing more is to be done about it.
    set_aside_at = models.DateTimeField(null=True)

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "key", name="one_message_per_key")]
        indexes = [
            models.Index(fields=["municipality_id", "guardian", "queued_at"], name="message_by_guardian"),
            models.Index(
                fields=["municipality_id", "queued_at"],
                condition=models.Q(sent_at=None),
                name="message_waiting",
            ),
        ]

    @property
    def is_stale(self) -> bool:
        """Tell whether the link in it has gone: a new letter is worth more than this one again."""
        return self.template in WITH_LINK
