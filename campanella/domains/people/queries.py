"""Who is who, and who may see whom. The only door to a child for a family is ``child_for``."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, Value

from campanella.domains.accounts.models import User
from campanella.domains.people import rules
from campanella.domains.people.models import Child, ChildAccount, FormerCode, Guardian, Guardianship, SortKey
from campanella.foundation.core.errors import NotFound


@dataclass(frozen=True)
class FamilyChild:
    """A child as its family sees it."""

    id: int
    given_name: str
    family_name: str
    tax_code: str
    birth_date: date | None
    code: str

    @property
    def full_name(self) -> str:
        """Given name and family name."""
        return f"{self.given_name} {self.family_name}"


def children_of(*, user: User) -> list[FamilyChild]:
    """Return the children this user may see, oldest tie first: one query."""
    return [_family_child(child) for child in _visible(user).order_by("given_name", "id")]


def child_for(*, user: User, child_id: int) -> FamilyChild:
    """
    Return one child, if this user may see it.

    :raises NotFound: it does not exist, or belongs to another family
    """
    child = _visible(user).filter(pk=child_id).first()
    if child is None:
        raise NotFound
    return _family_child(child)


def guardian_of(*, user: User) -> Guardian | None:
    """Return the adult behind a user; an access made for one child finds its payer."""
    guardian = Guardian.objects.filter(user=user).first()
    if guardian:
        return guardian
    account = ChildAccount.objects.filter(user=user).first()
    return payer_of(child_id=account.child_id) if account else None


def payer_of(*, child_id: int) -> Guardian | None:
    """Return who is billed for a child; without a payer, the first guardian."""
    ties = Guardianship.objects.filter(child_id=child_id).select_related("guardian")
    tie = ties.order_by("-is_payer", "id").first()
    return tie.guardian if tie else None


def guardians_of(*, child_id: int) -> list[Guardianship]:
    """Return a child's ties with their guardians, the payer first."""
    ties = Guardianship.objects.filter(child_id=child_id).select_related("guardian")
    return list(ties.order_by("-is_payer", "id"))


def children_of_guardian(*, guardian_id: int) -> list[FamilyChild]:
    """Return the children tied to an adult."""
    children = Child.objects.filter(guardianships__guardian_id=guardian_id)
    return [_family_child(child) for child in children.order_by("given_name", "id")]


def child(*, child_id: int) -> Child:
    """
    Return one child of the town, for its staff.

    :raises NotFound: the town has no such child
    """
    found = Child.objects.filter(pk=child_id).first()
    if found is None:
        raise NotFound("Questo bambino non è tra quelli del Comune.")
    return found


def guardian(*, guardian_id: int) -> Guardian:
    """
    Return one adult of the town, for its staff.

    :raises NotFound: the town has no such adult
    """
    found = Guardian.objects.filter(pk=guardian_id).first()
    if found is None:
        raise NotFound("Questa persona non è tra quelle del Comune.")
    return found


def search_children(*, text: str, limit: int = 30) -> list[Child]:
    """
    Find children by any words of their names, by tax code, by code or by a code of the former software.

    Accents, case and apostrophes do not matter; every word must be there.
    """
    by_code = Q(code__iexact=text.strip()) | Q(tax_code__istartswith=text.strip())
    former = FormerCode.objects.filter(code__iexact=text.strip()).values("child_id")
    found = Child.objects.filter(_names(text) | by_code | Q(pk__in=former))
    return list(found.order_by("name_key", "id")[:limit])


def search_guardians(*, text: str, limit: int = 30) -> list[Guardian]:
    """Find adults by any words of their names, by tax code, e-mail address or telephone."""
    typed = text.strip()
    exact = Q(tax_code__istartswith=typed) | Q(email__iexact=typed) | Q(phone=typed)
    return list(Guardian.objects.filter(_names(text) | exact).order_by("name_key", "id")[:limit])


def _names(text: str) -> Q:
    words = rules.words_of(text)
    if not words:
        return Q(pk__in=[])
    every = Q()
    for word in words:
        every &= Q(name_key__contains=SortKey(Value(word)))
    return every


def _visible(user: User) -> "QuerySet[Child]":
    by_tie = Guardianship.objects.filter(guardian__user=user).values("child_id")
    by_access = ChildAccount.objects.filter(user=user).values("child_id")
    return Child.objects.filter(Q(pk__in=by_tie) | Q(pk__in=by_access))


def _family_child(row: Child) -> FamilyChild:
    return FamilyChild(row.pk, row.given_name, row.family_name, row.tax_code, row.birth_date, row.code)
