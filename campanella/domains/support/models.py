"""News and their attachments, questions and answers, tickets."""

from django.db import models

from campanella.domains.accounts.models import User
from campanella.domains.people.models import Child, Guardian
from campanella.domains.schools.models import ClassGroup, School
from campanella.domains.support.words import TicketState, Topic
from campanella.foundation.core.tables import TownForeignKey, TownRow


class News(TownRow):
    """Something the town tells: to everybody, to one school, or to one class."""

    title = models.CharField(max_length=120)
    body = models.TextField()
    school = TownForeignKey(School, null=True, related_name="+")
    class_group = TownForeignKey(ClassGroup, null=True, related_name="+")
    author = TownForeignKey(User, null=True, related_name="+")
    written_at = models.DateTimeField()
    # None while the office is still writing, or after it withdrew it.
    published_at = models.DateTimeField(null=True)
    # The last day it is shown.
    until = models.DateField(null=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.CheckConstraint(
                name="news_are_for_a_school_or_a_class_not_both",
                condition=models.Q(school=None) | models.Q(class_group=None),
            ),
        ]
        indexes = [models.Index(fields=["municipality_id", "published_at"], name="news_by_day")]


class Attachment(TownRow):
    """A file of a piece of news; its place in the storage is a random name."""

    news = TownForeignKey(News, related_name="attachments")
    name = models.CharField(max_length=100)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    stored_as = models.CharField(max_length=100)

    class Meta(TownRow.Meta):
        indexes = [models.Index(fields=["municipality_id", "news"], name="attachment_by_news")]


class NewsRead(TownRow):
    """Somebody has opened a piece of news."""

    news = TownForeignKey(News, related_name="reads")
    user = TownForeignKey(User, related_name="+")
    at = models.DateTimeField()

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "news", "user", name="one_reading_per_news_and_user")]


class Faq(TownRow):
    """A question families ask, with the town's answer."""

    question = models.CharField(max_length=150)
    answer = models.TextField()
    position = models.PositiveSmallIntegerField()
    is_published = models.BooleanField(default=True)

    class Meta(TownRow.Meta):
        indexes = [models.Index(fields=["municipality_id", "position"], name="faq_by_position")]


class Ticket(TownRow):
    """A conversation between somebody and the office (segnalazione)."""

    number = models.PositiveIntegerField()
    # None when somebody wrote without signing in: then only name and address are known.
    user = TownForeignKey(User, null=True, related_name="+")
    guardian = TownForeignKey(Guardian, null=True, related_name="+")
    child = TownForeignKey(Child, null=True, related_name="+")
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    origin_hash = models.CharField(max_length=64, blank=True)
    topic = models.CharField(max_length=12, choices=Topic.choices)
    state = models.CharField(max_length=8, choices=TicketState.choices, default=TicketState.OPEN)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "number", name="one_ticket_per_number")]
        indexes = [
            models.Index(fields=["municipality_id", "state", "changed_at"], name="ticket_by_state"),
            models.Index(fields=["municipality_id", "user", "opened_at"], name="ticket_by_user"),
            models.Index(fields=["municipality_id", "opened_at"], name="ticket_by_day"),
        ]


class TicketMessage(TownRow):
    """What one side wrote; never changed afterwards."""

    append_only = True

    ticket = TownForeignKey(Ticket, related_name="messages")
    is_from_office = models.BooleanField()
    author_name = models.CharField(max_length=120)
    text = models.TextField()
    at = models.DateTimeField()

    class Meta(TownRow.Meta):
        indexes = [models.Index(fields=["municipality_id", "ticket"], name="ticket_message_by_ticket")]
