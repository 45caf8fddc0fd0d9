"""The register of municipalities; the only table that is read without a town."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


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
