"""The register of municipalities, the only table that is read without a town; and changes that wait for a second person."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from campanella.foundation.core.tables import TownRow


class Municipality(models.Model):
    """One Comune: the tenant."""

    id = models.AutoField(primary_key=True)
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=60)
    tax_code = models.CharField(max_length=11, unique=True)
    province = models.CharField(max_length=2)
    hosts = ArrayField(models.CharField(max_length=120))
    choices = models.JSONField(default=dict)

    class Meta:
        db_table = "tenants_municipality"
        constraints = [
            models.CheckConstraint(
                name="a_municipality_has_a_tax_code_of_11_digits",
                condition=models.Q(tax_code__regex=r"^\d{11}$"),
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class WaitingChoice(TownRow):
    """A change of one choice that waits until somebody else confirms it."""

    name = models.CharField(max_length=60)
    value = models.JSONField()
    actor_id = models.BigIntegerField()
    actor_label = models.CharField(max_length=120)
    asked_at = models.DateTimeField()

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "name", name="one_waiting_change_per_choice")]
