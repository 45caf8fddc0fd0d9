"""Users, their sessions, the attempts to enter, and the tablets that enter by a key of their own."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.fields import ArrayField
from django.db import models

from campanella.domains.accounts.roles import Role, label
from campanella.foundation.core.tables import TownForeignKey, TownRow


class User(AbstractBaseUser, TownRow):
    """Somebody who may sign in to one town."""

    username = models.CharField(max_length=60)
    display_name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    roles = ArrayField(models.CharField(max_length=12, choices=Role.choices))
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    # Until when the password of a letter may be used, and since its one use the moment of it; None for one's own.
    password_ends_at = models.DateTimeField(null=True)
    # Counts up whenever the links mailed so far must stop holding.
    link_round = models.PositiveIntegerField(default=0, db_default=0)
    # Six digits by which a tablet of the school knows who marks, hashed; empty until they are chosen.
    pin = models.CharField(max_length=128, blank=True, default="", db_default="")

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
        return label(display_name=self.display_name, roles=self.roles)

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
    """An attempt to enter that was not right, or is being looked at; nothing but hashes is kept."""

    name_hash = models.CharField(max_length=64)
    origin_hash = models.CharField(max_length=64)
    # Of a browser that entered with this name before; such browsers are counted apart.
    browser_hash = models.CharField(max_length=64, blank=True, db_default="")
    at = models.DateTimeField()

    class Meta(TownRow.Meta):
        indexes = [
            models.Index(fields=["municipality_id", "name_hash", "at"], name="attempt_by_name"),
            models.Index(fields=["municipality_id", "origin_hash", "at"], name="attempt_by_origin"),
        ]


class ForgottenPassword(TownRow):
    """What somebody wrote on the page of forgotten passwords, until the worker has looked who it is; then it is deleted."""

    asked = models.CharField(max_length=120)
    asked_at = models.DateTimeField()


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


class Device(TownRow):
    """A tablet that a school uses without anybody signing in: by its key it proves which one it is."""

    name = models.CharField(max_length=60)
    # The code of a pairing that waits, hashed, and until when it holds; used once, it is gone.
    code_hash = models.CharField(max_length=64, null=True)
    code_ends_at = models.DateTimeField(null=True)
    # The public half of its P-256 key, as JWK; the other half never leaves the tablet.
    public_key = models.JSONField(null=True)
    paired_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_contact_at = models.DateTimeField(null=True)
    app_version = models.CharField(max_length=40, blank=True, db_default="")
    # By how much its clock is ahead of ours, in milliseconds, as its contacts tell (``rules.clock_ahead``).
    clock_ahead_ms = models.BigIntegerField(null=True)
    # Each request has a higher number than the one before, so that a copied one is refused.
    last_number = models.BigIntegerField(default=0, db_default=0)
    # What the data on the tablet are encrypted with; it is handed out to who has given a PIN, and kept there behind it.
    data_key = models.CharField(max_length=44)

    written_over = True

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "code_hash", name="one_device_per_pairing_code")]

    @property
    def called(self) -> str:
        """What it is called in a sentence: "Tablet rosso", whether the office wrote "rosso" or "Tablet rosso"."""
        return self.name if self.name.casefold().startswith("tablet") else f"Tablet {self.name}"
