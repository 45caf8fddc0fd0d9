"""The audit trail."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from campanella.foundation.core.tables import TownRow


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
