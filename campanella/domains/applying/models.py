"""Calls for applications, the parts of their forms, applications with what was sent and what became of it."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from campanella.domains.accounts.models import User
from campanella.domains.applying.rules import LIVE, PART_KINDS, STATES, Applicant
from campanella.domains.people.models import Child, Guardian
from campanella.domains.schools.models import SchoolYear
from campanella.domains.services.models import Service
from campanella.foundation.core.tables import TownForeignKey, TownRow


class EnrolmentCall(TownRow):
    """
    Families may apply for a service and school year, between two instants.

    :ivar closes_at: the last instant that counts, by the moment of receipt
    :ivar places: None where there is no limit
    :ivar levels: of school for which it is; empty for all
    :ivar begins_on: the first day of the service for who is accepted
    """

    service = TownForeignKey(Service, related_name="+")
    year = TownForeignKey(SchoolYear, related_name="+")
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    begins_on = models.DateField()
    places = models.PositiveIntegerField(null=True)
    levels = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    asks_isee = models.BooleanField(default=False)
    # Nobody is subscribed to the service in that year without an accepted application.
    admits_only_enrolled = models.BooleanField(default=False)
    # What families read: at the start, beside the questions, before sending, once it is sent, after the deadline.
    intro = models.TextField(blank=True)
    help_data = models.TextField(blank=True)
    help_summary = models.TextField(blank=True)
    next_steps = models.TextField(blank=True)
    desk = models.TextField(blank=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "service", "year", name="one_call_per_service_and_year"),
            models.CheckConstraint(name="a_call_opens_before_it_closes", condition=Q(opens_at__lt=F("closes_at"))),
            models.CheckConstraint(name="a_call_has_some_places_or_no_limit", condition=Q(places=None) | Q(places__gt=0)),
        ]


class FormPart(TownRow):
    """
    A question, a document or a declaration of a call's form.

    :ivar ended_at: since when it is asked no more; what was answered stays
    """

    call = TownForeignKey(EnrolmentCall, related_name="parts")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12)
    label = models.CharField(max_length=200)
    help = models.TextField(blank=True)
    options = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    is_required = models.BooleanField(default=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.CheckConstraint(name="a_part_is_of_a_known_kind", condition=Q(kind__in=PART_KINDS)),
            models.CheckConstraint(
                name="a_choice_offers_something", condition=~Q(kind="choice") | ~Q(options=[]) | Q(ended_at__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["municipality_id", "call"], name="part_by_call")]


class Application(TownRow):
    """
    What one adult asks for one child.

    :ivar guardian: None until the office has taken in who has registered, and is ``user``
    :ivar child: None until the office has registered a child that was not on record
    :ivar data: as it is being written; what was sent stands in its versions
    :ivar version: of what was sent last, 0 while nothing was
    :ivar sent_at: the receipt of the first sending: places go by it
    """

    call = TownForeignKey(EnrolmentCall, related_name="applications")
    guardian = TownForeignKey(Guardian, null=True, related_name="+")
    user = TownForeignKey(User, null=True, related_name="+")
    child = TownForeignKey(Child, null=True, related_name="+")
    state = models.CharField(max_length=12, default="draft")
    number = models.CharField(max_length=16, blank=True)
    version = models.PositiveSmallIntegerField(default=0)
    data: Any = models.JSONField(default=dict)
    is_by_office = models.BooleanField(default=False)
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "number", condition=~Q(number=""), name="one_application_per_number"),
            models.UniqueConstraint(
                "municipality_id",
                "call",
                "child",
                condition=Q(state__in=LIVE, child__isnull=False),
                name="one_live_application_per_call_and_child",
            ),
            models.UniqueConstraint(
                "municipality_id",
                "call",
                "guardian",
                "child",
                condition=Q(state="draft", child__isnull=False),
                name="one_draft_per_call_child_and_adult",
            ),
            models.CheckConstraint(
                name="an_application_is_somebodys", condition=Q(guardian__isnull=False) | Q(user__isnull=False, child=None)
            ),
            models.CheckConstraint(name="an_application_is_in_a_known_state", condition=Q(state__in=list(STATES))),
            models.CheckConstraint(
                name="what_was_sent_has_number_version_and_instant",
                condition=Q(state="draft", number="", version=0, sent_at=None)
                | (~Q(state="draft") & ~Q(number="") & Q(version__gt=0, sent_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["municipality_id", "guardian"], name="application_by_adult"),
            models.Index(fields=["municipality_id", "call", "state"], name="application_by_call_and_state"),
            models.Index(
                fields=["municipality_id", "user"], condition=Q(user__isnull=False), name="application_by_newcomer"
            ),
        ]

    @property
    def applicant(self) -> Applicant:
        """Who applies."""
        if self.guardian:
            return Applicant(self.guardian.full_name, self.guardian.tax_code, self.guardian.email, self.guardian.phone)
        said = self.data.get("adult", {})
        name = f"{said.get('given_name', '')} {said.get('family_name', '')}".strip()
        return Applicant(name, said.get("tax_code", ""), said.get("email", ""), "")


class ApplicationVersion(TownRow):
    """
    What was sent, in the words that were read and answered; a later one stands beside it.

    :ivar content: groups of label and value, with the files and ticks
    """

    append_only = True

    application = TownForeignKey(Application, related_name="versions")
    version = models.PositiveSmallIntegerField()
    received_at = models.DateTimeField()
    content: Any = models.JSONField()
    by_id = models.BigIntegerField(null=True)
    by_label = models.CharField(max_length=120)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "application", "version", name="one_row_per_application_and_version")
        ]


class ApplicationStep(TownRow):
    """
    One step of an application's history.

    :ivar words: what the office asks for, why it refuses or revokes; the family reads it
    :ivar first_on: since when who was accepted is enrolled; None of what was accepted before that was kept
    :ivar last_on: the last day with the service, of what was accepted and has ended; None where it never begins
    """

    append_only = True

    application = TownForeignKey(Application, related_name="steps")
    state = models.CharField(max_length=12)
    version = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_label = models.CharField(max_length=120)
    is_by_office = models.BooleanField()
    words = models.TextField(blank=True)
    first_on = models.DateField(null=True)
    last_on = models.DateField(null=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.CheckConstraint(
                name="who_asks_or_refuses_says_what",
                condition=~Q(state__in=("asked", "refused", "revoked")) | ~Q(words=""),
            )
        ]
        indexes = [models.Index(fields=["municipality_id", "application"], name="step_by_application")]

    @property
    def word(self) -> str:
        """What happened, as people say it."""
        again = f", versione {self.version}" if self.state == "sent" and self.version > 1 else ""
        return f"{STATES[self.state]}{again}"


class ApplicationFile(TownRow):
    """A document as it was handed in; its place in the storage is a random name, and its own name is not kept."""

    application = TownForeignKey(Application, related_name="files")
    part = TownForeignKey(FormPart, related_name="+")
    content_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    stored_as = models.CharField(max_length=120)
    kept_at = models.DateTimeField()
    # Since when another one stands in its place; a version that was sent with it still shows it.
    removed_at = models.DateTimeField(null=True)
    # Since when the storage has it no more: it is kept no longer than it serves (``forgetting``).
    erased_at = models.DateTimeField(null=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint(
                "municipality_id",
                "application",
                "part",
                condition=Q(removed_at=None),
                name="one_live_file_per_application_and_part",
            )
        ]


class ApplicationCounter(TownRow):
    """The last protocol number of applications of a calendar year; its lock lasts until the end of the transaction."""

    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    written_over = True

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "year", name="one_application_counter_per_year")]
