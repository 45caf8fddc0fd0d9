"""Registering persons: children, adults, who answers for whom, who enters as whom. Data are mended in ``mending``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db import IntegrityError, transaction

from campanella.domains.accounts.models import User
from campanella.domains.people import rules
from campanella.domains.people.models import Child, ChildAccount, FormerCode, Guardian, Guardianship, ToldApart
from campanella.foundation.core import audit, sql
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import active_town_id, operation

P = TypeVar("P", Child, Guardian)

audit.sentences(
    {
        "people.imported": "ha importato {file}: {new:bambino nuovo|bambini nuovi}, "
        "{changed:aggiornato|aggiornati}, {openings:saldo|saldi}",
    }
)


class WrongTaxCode(Refusal):
    """A tax code does not hold together."""

    message = "Questo codice fiscale non è corretto. Ricopialo dalla tessera sanitaria: sono 16 lettere e numeri."


class TaxCodeTaken(Refusal):
    """Another person of the town has this tax code."""

    message = "Questo codice fiscale risulta già di un’altra persona. Chiama l’ufficio: controllano loro."


class HasAnAccess(Refusal):
    """The adult has an access already."""

    message = "Ha già un accesso: qualcuno gliel’ha dato in questo momento. Ricarica la pagina."


class HasChildAccess(Refusal):
    """The adult was handed an access for this child already."""

    message = (
        "Ha già l’accesso per questo bambino: per una nuova password basta la lettera, o “Hai dimenticato la password?”."
    )


@dataclass(frozen=True, slots=True)
class NewChild:
    """A child to register among many."""

    given_name: str
    family_name: str
    tax_code: str
    birth_date: date | None


@dataclass(frozen=True, slots=True)
class NewGuardian:
    """An adult to register among many."""

    given_name: str
    family_name: str
    tax_code: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class NewChildAccess:
    """An access for one child to hand to an adult among many."""

    user_id: int
    child_id: int
    holder_id: int


@dataclass(frozen=True, slots=True)
class NewTie:
    """A tie to make among many."""

    child_id: int
    guardian_id: int
    is_payer: bool
    kind: str = "parent"


@operation
def register_child(*, given_name: str, family_name: str, tax_code: str, birth_date: date | None) -> Child:
    """
    Register a child and give it its code.

    :raises TaxCodeTaken: the town has a child with this tax code
    """
    try:
        with transaction.atomic():
            return Child.objects.create(
                given_name=given_name,
                family_name=family_name,
                tax_code=tax_code.upper(),
                birth_date=birth_date,
                code=rules.child_code(next_numbers(1)[0]),
            )
    except IntegrityError:
        raise TaxCodeTaken


@operation
def register_guardian(*, given_name: str, family_name: str, tax_code: str, email: str, phone: str) -> Guardian:
    """
    Register an adult.

    :raises TaxCodeTaken: the town has an adult with this tax code
    """
    try:
        with transaction.atomic():
            return Guardian.objects.create(
                given_name=given_name,
                family_name=family_name,
                tax_code=tax_code.upper(),
                email=email,
                phone=phone,
            )
    except IntegrityError:
        raise TaxCodeTaken


@operation
def tie(*, child: Child, guardian: Guardian, is_payer: bool, kind: str = "parent") -> Guardianship:
    """Tie an adult to a child; a second call with the same two changes nothing."""
    made, _ = Guardianship.objects.get_or_create(
        child=child, guardian=guardian, defaults={"is_payer": is_payer, "kind": kind}
    )
    return made


@operation
def make_payer(*, child_id: int, guardian_id: int) -> None:
    """Let one of a child's adults be the one who is billed, in the place of whoever was."""
    ties = Guardianship.objects.filter(child_id=child_id)
    ties.filter(is_payer=True).update(is_payer=False)
    ties.filter(guardian_id=guardian_id).update(is_payer=True)


@operation
def untie(*, child_id: int, guardian_id: int) -> None:
    """Take a tie away: from now on the adult sees nothing of the child."""
    Guardianship.objects.filter(child_id=child_id, guardian_id=guardian_id).delete()


@operation
def register_children(*, children: Sequence[NewChild]) -> list[Child]:
    """
    Register many children at once, each with its code, in a number of statements that does not grow.

    :returns: the children in the order given
    :raises TaxCodeTaken: the town has a child with one of these tax codes, or one is there twice
    """
    if not children:
        return []
    numbers = next_numbers(len(children))
    return _made(
        Child,
        [
            Child(
                given_name=new.given_name,
                family_name=new.family_name,
                tax_code=new.tax_code.upper(),
                birth_date=new.birth_date,
                code=rules.child_code(number),
            )
            for new, number in zip(children, numbers, strict=True)
        ],
    )


@operation
def register_guardians(*, guardians: Sequence[NewGuardian]) -> list[Guardian]:
    """
    Register many adults at once.

    :returns: the adults in the order given
    :raises TaxCodeTaken: the town has an adult with one of these tax codes, or one is there twice
    """
    return _made(
        Guardian,
        [
            Guardian(
                given_name=new.given_name,
                family_name=new.family_name,
                tax_code=new.tax_code.upper(),
                email=new.email,
                phone=new.phone,
            )
            for new in guardians
        ],
    )


@operation
def tie_many(*, ties: Sequence[NewTie]) -> None:
    """Tie adults to children; a payer takes the place of whoever paid for the child before."""
    paid = [tie.child_id for tie in ties if tie.is_payer]
    if paid:
        Guardianship.objects.filter(child_id__in=paid, is_payer=True).update(is_payer=False)
    Guardianship.objects.bulk_create(
        (
            Guardianship(child_id=tie.child_id, guardian_id=tie.guardian_id, is_payer=tie.is_payer, kind=tie.kind)
            for tie in ties
        ),
        update_conflicts=True,
        unique_fields=["municipality_id", "child", "guardian"],
        update_fields=["is_payer"],
    )


@operation
def tell_apart(*, child_id: int, other_id: int) -> None:
    """Note that two children whose data are alike are two; a second call changes nothing."""
    first, second = sorted((child_id, other_id))
    ToldApart.objects.get_or_create(child_id=first, other_id=second)


@operation
def note_former_codes(*, codes: Mapping[str, int]) -> None:
    """Note the former software's codes, by code the child; one noted before is left as it is."""
    FormerCode.objects.bulk_create(
        (FormerCode(code=code, child_id=child_id) for code, child_id in codes.items()), ignore_conflicts=True
    )


@operation
def give_access(*, guardian: Guardian, user: User) -> None:
    """
    Let a user act as this adult.

    :raises HasAnAccess: somebody has given it one meanwhile
    """
    if not Guardian.objects.filter(pk=guardian.pk, user=None).update(user=user):
        raise HasAnAccess
    guardian.user = user


@operation
def give_accesses(*, user_by_guardian: Mapping[int, int]) -> None:
    """Let users act as adults, by guardian the user: one statement."""
    values = {"town": active_town_id(), "guardians": list(user_by_guardian), "users": list(user_by_guardian.values())}
    sql.run(
        "update people_guardian g set user_id = n.user_id"
        " from unnest(%(guardians)s::bigint[], %(users)s::bigint[]) as n(id, user_id)"
        " where g.municipality_id = %(town)s and g.id = n.id",
        values,
    )


@operation
def give_child_accesses(*, accesses: Sequence[NewChildAccess]) -> None:
    """Let users see one child each."""
    ChildAccount.objects.bulk_create(
        ChildAccount(user_id=new.user_id, child_id=new.child_id, holder_id=new.holder_id) for new in accesses
    )


@operation
def give_child_access(*, child: Child, user: User, holder: Guardian) -> ChildAccount:
    """
    Let a user see this child only, handed to one adult.

    :raises HasChildAccess: the adult was handed one for this child
    """
    try:
        with transaction.atomic():
            return ChildAccount.objects.create(child=child, user=user, holder=holder)
    except IntegrityError:
        raise HasChildAccess


def _made(model: type[P], rows: Sequence[P]) -> list[P]:
    try:
        with transaction.atomic():
            return model.objects.bulk_create(rows)
    except IntegrityError:
        raise TaxCodeTaken


def next_numbers(count: int) -> list[int]:
    """Return the next progressive numbers of children in the active town; gaps are harmless."""
    sql.take_turns("people_child", active_town_id())
    first = Child.objects.count() + 1
    return list(range(first, first + count))
