"""Certificates as issued, what parents have written about them, and the runs of the office."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from campanella.domains.people.models import Child, Guardian
from campanella.foundation.core.tables import TownForeignKey, TownRow

KINDS = [("year", "attestazione annuale"), ("month", "ricevuta mensile del nido")]


class Certificate(TownRow):
    """
    A certificate as it was issued; insert only.

    A later version of the same (kind, year, month, child, payer) supersedes it; the paper is set from ``content`` again and
    is the same, byte for byte.
    """

    append_only = True

    kind = models.CharField(max_length=5, choices=KINDS)
    year = models.PositiveSmallIntegerField()
    # 0 for a whole year.
    month = models.PositiveSmallIntegerField(default=0)
    child = TownForeignKey(Child, related_name="+")
    payer_tax_code = models.CharField(max_length=16)
    version = models.PositiveSmallIntegerField()
    # Of the town, kind and year, from 1, without gaps.
    number = models.PositiveIntegerField()
    code = models.CharField(max_length=12)
    # What it certifies, in cents.
    cents = models.BigIntegerField()
    content = models.JSONField()
    # Of what was reckoned: the same facts make no new version.
    facts = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint(
                "municipality_id",
                "child",
                "kind",
                "year",
                "month",
                "payer_tax_code",
                "version",
                name="one_certificate_per_version",
            ),
            models.UniqueConstraint("municipality_id", "kind", "year", "number", name="one_certificate_per_number"),
            models.UniqueConstraint("municipality_id", "code", name="one_certificate_per_code"),
            models.CheckConstraint(name="a_certificate_is_of_a_known_kind", condition=models.Q(kind__in=["year", "month"])),
            models.CheckConstraint(name="a_certificate_certifies_no_debt", condition=models.Q(cents__gte=0)),
        ]


class WrittenShares(TownRow):
    """How two parents divide a child's expenses of a year, as they have written; without a row half each."""

    child = TownForeignKey(Child, related_name="+")
    year = models.PositiveSmallIntegerField()
    guardian = TownForeignKey(Guardian, related_name="+")
    # What this guardian deducts; the rest is the other parent's.
    percent = models.PositiveSmallIntegerField()
    other = TownForeignKey(Guardian, related_name="+")

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "child", "year", name="one_division_per_child_and_year"),
            models.CheckConstraint(name="a_share_is_a_percent", condition=models.Q(percent__lte=100)),
            models.CheckConstraint(name="a_division_is_between_two", condition=~models.Q(guardian=models.F("other"))),
        ]


class Opposition(TownRow):
    """Somebody does not want a child's expenses of a year sent to the tax agency."""

    child = TownForeignKey(Child, related_name="+")
    year = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "child", "year", name="one_opposition_per_child_and_year")]


class CertificateRun(TownRow):
    """
    The office makes a year's certificates, or looks first what it would make: how far it is, and what it came to.

    ``notes`` says by child, as text, why there is no certificate and what was left out of one.
    """

    year = models.PositiveSmallIntegerField()
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    by_id = models.BigIntegerField(null=True)
    # Children still to look at; the job takes them in order and forgets those it has done.
    waiting = ArrayField(models.BigIntegerField())
    total = models.PositiveIntegerField()
    issued = models.PositiveIntegerField(default=0)
    superseded = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    # Only looked at: nothing was issued.
    is_dry = models.BooleanField(default=False)
    certified_cents = models.BigIntegerField(default=0)
    notes = models.JSONField(default=dict)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint(
                "municipality_id",
                condition=models.Q(ended_at=None),
                name="one_run_of_certificates_at_a_time",
            )
        ]
