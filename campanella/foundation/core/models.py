"""The audit trail."""

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from campanella.foundation.core.tables import TownRow


class Heartbeat(models.Model):
    """The pages could be reached at this instant; of the installation, not of a town."""

    # Not a fact of a town, so without its walls; forgotten after a month.
    append_only = False

    at = models.DateTimeField(primary_key=True)


class AuditRow(TownRow):
    """One act of one actor; insert only."""

    append_only = True

    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=120)
    action = models.CharField(max_length=60)
    subjects = ArrayField(models.CharField(max_length=40))
    origin = models.CharField(max_length=60, blank=True)
    why = models.CharField(max_length=400, blank=True)
    data = models.JSONField(default=dict)

    class Meta(TownRow.Meta):
        indexes = [
            GinIndex(fields=["subjects"], name="audit_by_subject"),
            models.Index(fields=["municipality_id", "at"], name="audit_by_time"),
        ]


class Change(TownRow):
    """
    That the numbers of a class, of a child or of a whole town have changed on some days; forgotten after two days.

    Written by the database itself, in the transaction that changes them, for every table that ``tells``: a triggered
    function knows every way in which a row is written, the ones of next year too.
    """

    # The transaction: whoever has looked before it was over has not seen it (``core/changes.py``).
    xact = models.BigIntegerField()
    at = models.DateTimeField()
    # The table of the row.
    source = models.CharField(max_length=60)
    whose = models.CharField(max_length=5)
    subject = models.BigIntegerField(null=True)
    days = DateRangeField(null=True)

    class Meta(TownRow.Meta):
        indexes = [models.Index(fields=["municipality_id", "xact"], name="change_by_transaction")]
