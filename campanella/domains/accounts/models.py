"""Users, their sessions, and the attempts to enter."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.fields import ArrayField
from django.db import models

from campanella.foundation.core.tables import TownForeignKey, TownRow


class Role(models.TextChoices):
    """What a person is for the town."""

    GUARDIAN = "guardian", "genitore"
    SCHOOL = "school", "scuola"
    KITCHEN = "kitchen", "cucina"
    OFFICE = "office", "ufficio"
    CASHIER = "cashier", "cassa"


class User(AbstractBaseUser, TownRow):
    """Somebody who may sign in to one town."""

    username = models.CharField(max_length=60)
    display_name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    roles = ArrayField(models.CharField(max_length=12, choices=Role.choices))
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", models.F("username"), name="one_user_per_town_and_name"),
        ]
        indexes = [models.Index(fields=["municipality_id", "email"], name="user_by_email")]

    def __str__(self) -> str:
        return f"user {self.pk}"

    @property
    def actor_id(self) -> int:
        """The actor's id in the audit trail."""
        return self.pk

    @property
    def actor_label(self) -> str:
        """The actor's name in the audit trail."""
        return f"{self.display_name}, {Role(self.roles[0]).label}" if self.roles else self.display_name

    def has_role(self, role: str) -> bool:
        """Tell whether the user has a role."""
        return role in self.roles


class Session(TownRow):
    """A signed-in browser of one town."""

    session_key = models.CharField(max_length=40)
    session_data = models.TextField()
    expire_date = models.DateTimeField()
    user_id = models.BigIntegerField(null=True)

    class Meta(TownRow.Meta):
        db_table = "accounts_session"
        constraints = [models.UniqueConstraint("municipality_id", "session_key", name="one_session_per_key")]
        indexes = [
            models.Index(fields=["municipality_id", "user_id"], name="session_by_user"),
            models.Index(fields=["municipality_id", "expire_date"], name="session_by_end"),
        ]


class SignInAttempt(TownRow):
    """A failed attempt to enter; the name is kept as a hash only."""

    name_hash = models.CharField(max_length=64)
    origin_hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta(TownRow.Meta):
        indexes = [
            models.Index(fields=["municipality_id", "name_hash", "at"], name="attempt_by_name"),
            models.Index(fields=["municipality_id", "origin_hash", "at"], name="attempt_by_origin"),
        ]


class ContactChange(TownRow):
    """A new e-mail address or telephone number that waits for its link to be followed."""

    user = TownForeignKey(User, related_name="+")
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    token_hash = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "token_hash", name="one_change_per_token")]
