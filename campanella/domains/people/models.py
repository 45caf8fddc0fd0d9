"""Children, guardians, guardianships, former codes, staff's places are elsewhere."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func

from campanella.domains.accounts.models import User
from campanella.domains.people import rules
from campanella.foundation.core.tables import TownForeignKey, TownRow


class SortKey(Func):
    """Lower case without accents, the same on every machine (SQL function ``sort_key``)."""

    function = "sort_key"
    output_field = models.TextField()


class Person(TownRow):
    """What a child and an adult have in common."""

    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80)
    tax_code = models.CharField(max_length=16, blank=True)
    # "sanfilippo bevilacqua maria addolorata": sorts and searches without accents, apostrophes or case.
    name_key = models.GeneratedField(
        expression=Func(F("family_name"), F("given_name"), function="name_key", output_field=models.TextField()),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta(TownRow.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"{type(self).__name__.lower()} {self.pk}"

    @property
    def full_name(self) -> str:
        """Given name and family name."""
        return rules.full_name(given_name=self.given_name, family_name=self.family_name)


class Child(Person):
    """Somebody who eats, rides, plays."""

    birth_date = models.DateField(null=True)
    code = models.CharField(max_length=12)
    office_note = models.TextField(blank=True)

    class Meta(Person.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "code", name="one_child_per_code"),
            models.UniqueConstraint(
                "municipality_id", "tax_code", condition=~models.Q(tax_code=""), name="one_child_per_tax_code"
            ),
        ]
        indexes = [
            models.Index(fields=["municipality_id", "name_key"], name="child_by_name"),
            GinIndex(OpClass("name_key", name="gin_trgm_ops"), name="child_by_words"),
        ]


class Guardian(Person):
    """An adult responsible for a child; a user of the portal when ``user`` is set."""

    user = TownForeignKey(User, null=True, related_name="+")
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    address = models.CharField(max_length=200, blank=True)
    # Letters about money always leave; news by mail may be turned off.
    wants_news_by_mail = models.BooleanField(default=True, db_default=True)

    class Meta(Person.Meta):
        constraints = [
            models.UniqueConstraint(
                "municipality_id",
                "tax_code",
                condition=~models.Q(tax_code=""),
                name="one_guardian_per_tax_code",
            ),
            models.UniqueConstraint("municipality_id", "user", name="one_guardian_per_user"),
        ]
        indexes = [
            models.Index(fields=["municipality_id", "name_key"], name="guardian_by_name"),
            GinIndex(OpClass("name_key", name="gin_trgm_ops"), name="guardian_by_words"),
        ]


class Guardianship(TownRow):
    """A guardian's tie to a child; ``is_payer`` marks the one who is billed and certified."""

    child = TownForeignKey(Child, related_name="guardianships")
    guardian = TownForeignKey(Guardian, related_name="guardianships")
    kind = models.CharField(
        max_length=12,
        default="parent",
        choices=[("parent", "genitore"), ("tutor", "tutore"), ("foster", "affidatario")],
    )
    is_payer = models.BooleanField(default=False)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "child", "guardian", name="one_tie_per_child_and_guardian"),
            models.UniqueConstraint(
                "municipality_id", "child", condition=models.Q(is_payer=True), name="one_payer_per_child"
            ),
        ]
        indexes = [models.Index(fields=["municipality_id", "guardian"], name="tie_by_guardian")]


class ToldApart(TownRow):
    """Two children whose data are alike, and somebody has looked: they are two."""

    child = TownForeignKey(Child, related_name="+")
    other = TownForeignKey(Child, related_name="+")

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "child", "other", name="told_apart_once"),
            models.CheckConstraint(name="told_apart_the_older_first", condition=models.Q(child__lt=F("other"))),
        ]


class ChildAccount(TownRow):
    """
    An access that sees one child only, as the credentials letter of some towns gives it.

    It stands for the adult it was handed to, whoever pays for the child later.
    """

    user = TownForeignKey(User, related_name="+")
    child = TownForeignKey(Child, related_name="accounts")
    holder = TownForeignKey(Guardian, related_name="+")

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "user", name="one_child_per_access"),
            models.UniqueConstraint("municipality_id", "child", "holder", name="one_access_per_child_and_adult"),
        ]
        indexes = [models.Index(fields=["municipality_id", "child"], name="access_by_child")]


class Delegate(TownRow):
    """
    An adult beside the parents to whom a child may be handed over, until a day; nobody before the office has confirmed it.

    ``document`` is what it shows: the kind and the number of an identity document.
    """

    child = TownForeignKey(Child, related_name="delegates")
    given_name = models.CharField(max_length=60)
    family_name = models.CharField(max_length=60)
    birth_date = models.DateField()
    document = models.CharField(max_length=60)
    phone = models.CharField(max_length=30, blank=True)
    # The last day, included: the end of the school year in which it was written.
    until = models.DateField()
    written_at = models.DateTimeField()
    written_by_id = models.BigIntegerField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # The copy of the document while the office has not looked at it: its place in the storage, a random name, and its kind.
    copy_as = models.CharField(max_length=120, blank=True, default="", db_default="")
    copy_kind = models.CharField(max_length=20, blank=True, default="", db_default="")

    class Meta(TownRow.Meta):
        indexes = [models.Index(fields=["municipality_id", "child"], name="delegate_by_child")]


class AloneConsent(TownRow):
    """A guardian has signed that a child may go home alone, until a day (D.L. 148/2017, art. 19-bis)."""

    child = TownForeignKey(Child, related_name="+")
    guardian = TownForeignKey(Guardian, related_name="+")
    until = models.DateField()
    signed_at = models.DateTimeField()
    # Who was signed in: the guardian's own access, or the office with a paper in its hands.
    signed_by_id = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint(
                "municipality_id",
                "child",
                "guardian",
                condition=models.Q(ended_at=None),
                name="one_live_signature_per_child_and_adult",
            )
        ]


class LinkCode(TownRow):
    """
    A code that ties who registers to a child: printed by the office, used once, kept as a hash.

    It is another one than the child's own code, which is reckoned from its number, and than the code of a wallet, which one
    may give to a grandfather.
    """

    child = TownForeignKey(Child, related_name="+")
    code_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "code_hash", name="one_child_per_link_code")]


class Registration(TownRow):
    """
    Somebody who asks for an access: what was written, until the address is confirmed and it is known whose parent it is.

    An access made of it is ``user``; ``outcome`` is empty until a mailbox is confirmed and looked at.
    """

    token_hash = models.CharField(max_length=64)
    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80)
    tax_code = models.CharField(max_length=16)
    email = models.EmailField()
    username = models.CharField(max_length=60)
    # Hashed; empty as soon as the access has it.
    password = models.CharField(max_length=128, blank=True)
    code_hash = models.CharField(max_length=64, blank=True)
    # Whose parent it is, in the person's own words, for the office.
    about = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    user = TownForeignKey(User, null=True, related_name="+")
    outcome = models.CharField(
        max_length=8, blank=True, choices=[(word, word) for word in ("tied", "known", "waiting", "accepted", "refused")]
    )
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "token_hash", name="one_registration_per_link")]
        indexes = [
            models.Index(fields=["municipality_id", "email", "asked_at"], name="registration_by_address"),
            models.Index(
                fields=["municipality_id", "asked_at"],
                condition=models.Q(outcome="waiting"),
                name="registration_that_waits",
            ),
        ]

    @property
    def full_name(self) -> str:
        """Given name and family name."""
        return rules.full_name(given_name=self.given_name, family_name=self.family_name)


class FormerCode(TownRow):
    """A code the former software gave to a child: still found by search, never printed anew."""

    child = TownForeignKey(Child, related_name="former_codes")
    code = models.CharField(max_length=40)

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "code", name="one_child_per_former_code")]
        indexes = [models.Index(fields=["municipality_id", "child"], name="former_code_by_child")]


class ImportHeader(TownRow):
    """What a column of the town's former software holds: each of its files is read so, without asking again."""

    # As ``importing.columns.folded`` writes it: without case, accents and punctuation.
    header = models.CharField(max_length=80)
    # As it was typed.
    written = models.CharField(max_length=80)
    # Empty: the column is left out.
    field = models.CharField(max_length=40, blank=True)
    said_at = models.DateTimeField()
    written_by_id = models.BigIntegerField(null=True)

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "header", name="one_meaning_per_import_header")]
