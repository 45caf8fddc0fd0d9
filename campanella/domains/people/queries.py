"""Who is who, and who may see whom. The only door to a child for a family is ``child_for``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import Exists, F, FloatField, Func, OuterRef, Q, QuerySet, TextField, Value

from campanella.domains.accounts.models import User
from campanella.domains.people import rules
from campanella.domains.people.models import Child, ChildAccount, FormerCode, Guardian, Guardianship, SortKey
from campanella.foundation.core.errors import NotFound

# Fewer letters would find everybody whose family name begins so.
LEAST_OF_A_TAX_CODE = 6
# Share of three-letter pieces two names have in common; below, strangers turn up.
ALIKE = 0.55

N = TypeVar("N", Child, Guardian)


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


def accesses_of(*, guardian: Guardian) -> list[int]:
    """Return the users behind which an adult stands (``guardian_of``): its own, and those made for a child it pays for."""
    accounts = ChildAccount.objects.filter(child__guardianships__guardian=guardian).order_by("id")
    by_user = dict(accounts.values_list("user_id", "child_id"))
    ties = guardians_by_child(child_ids=list(by_user.values()))
    own = [guardian.user_id] if guardian.user_id else []
    return own + [user_id for user_id, child_id in by_user.items() if ties[child_id][0].guardian_id == guardian.pk]


def payer_of(*, child_id: int) -> Guardian | None:
    """Return who is billed for a child; without a payer, the first guardian."""
    ties = Guardianship.objects.filter(child_id=child_id).select_related("guardian")
    tie = ties.order_by("-is_payer", "id").first()
    return tie.guardian if tie else None


def guardians_of(*, child_id: int) -> list[Guardianship]:
    """Return a child's ties with their guardians and their accesses, the payer first: one query."""
    ties = Guardianship.objects.filter(child_id=child_id).select_related("guardian__user")
    return list(ties.order_by("-is_payer", "id"))


def guardians_by_child(*, child_ids: Sequence[int]) -> dict[int, list[Guardianship]]:
    """Return the ties of each of these children with their guardians, the payer first: one query."""
    ties = Guardianship.objects.filter(child_id__in=child_ids).select_related("guardian").order_by("-is_payer", "id")
    found: dict[int, list[Guardianship]] = {}
    for tie in ties:
        found.setdefault(tie.child_id, []).append(tie)
    return found


def former_codes_by_child(*, child_ids: Sequence[int]) -> dict[int, list[str]]:
    """Return the codes the former software gave to each of these children: one query."""
    found: dict[int, list[str]] = {}
    for child_id, code in FormerCode.objects.filter(child_id__in=child_ids).order_by("code").values_list("child_id", "code"):
        found.setdefault(child_id, []).append(code)
    return found


def children_of_guardian(*, guardian_id: int) -> list[FamilyChild]:
    """Return the children tied to an adult."""
    children = Child.objects.filter(guardianships__guardian_id=guardian_id)
    return [_family_child(child) for child in children.order_by("given_name", "id")]


def children(*, child_ids: Sequence[int]) -> dict[int, Child]:
    """Return children of the town by id, for its staff: one query."""
    return Child.objects.in_bulk(list(child_ids))


def siblings_of(*, child_id: int) -> list[FamilyChild]:
    """Return the other children of a child's guardians: one query."""
    family = Child.objects.filter(guardianships__guardian__guardianships__child_id=child_id).exclude(pk=child_id)
    return [_family_child(child) for child in family.distinct().order_by("given_name", "id")]


def ties_of(*, guardian_ids: Sequence[int]) -> list[Guardianship]:
    """Return the ties of these adults with their children: one query."""
    ties = Guardianship.objects.filter(guardian_id__in=list(guardian_ids)).select_related("child")
    return list(ties.order_by("child__given_name", "id"))


def former_codes(*, child_id: int) -> list[str]:
    """Return the codes the former software gave to a child."""
    return list(FormerCode.objects.filter(child_id=child_id).order_by("id").values_list("code", flat=True))


def child_accounts(*, child_id: int) -> list[ChildAccount]:
    """Return the accesses that see this child only: one query."""
    return list(ChildAccount.objects.filter(child_id=child_id).select_related("user").order_by("id"))


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


def news_readers(*, child_ids: "QuerySet[Any]", after: int, limit: int) -> list[Guardian]:
    """
    Return the adults of these children who take news by mail, in order of id: one query.

    :param after: the id of the last one of the piece before
    """
    ties = Guardianship.objects.filter(guardian=OuterRef("pk"), child_id__in=child_ids)
    rows = Guardian.objects.filter(Exists(ties), wants_news_by_mail=True, pk__gt=after).exclude(email="")
    return list(rows.order_by("pk")[:limit])


def search_children(*, text: str, limit: int = 30) -> list[Child]:
    """
    Find children by any words of their names, by tax code, by code, by a code of the former software or by their access.

    Accents, case and apostrophes do not matter; every word must be there.
    """
    typed = text.strip()
    by_code = Q(code__iexact=typed) | Q(code__iexact=rules.with_hyphen(typed))
    if len(typed) >= LEAST_OF_A_TAX_CODE:
        by_code |= Q(tax_code__istartswith=typed)
    former = FormerCode.objects.filter(code__iexact=text.strip()).values("child_id")
    access = ChildAccount.objects.filter(user__username=typed.lower()).values("child_id")
    found = Child.objects.filter(_names(text) | by_code | Q(pk__in=former) | Q(pk__in=access))
    return list(found.order_by("name_key", "id")[:limit])


def search_guardians(*, text: str, limit: int = 30) -> list[Guardian]:
    """Find adults by any words of their names, by tax code, user name, telephone, or the beginning of an e-mail address."""
    typed = text.strip()
    exact = Q(email__iexact=typed) | Q(phone=typed) | Q(user__username=typed.lower())
    if "@" in typed:
        exact |= Q(email__istartswith=typed)
    if len(typed) >= LEAST_OF_A_TAX_CODE:
        exact |= Q(tax_code__istartswith=typed)
    adults = Guardian.objects.all()
    digits = rules.digits_of_phone(text)
    if digits:
        adults = adults.alias(dialled=_digits(F("phone")))
        exact |= Q(dialled__endswith=digits)
    return list(adults.filter(_names(text) | exact).order_by("name_key", "id")[:limit])


def children_alike(*, text: str, limit: int = 10) -> list[Child]:
    """Find children whose names sound like what was typed: a letter too few, no apostrophe; the nearest first."""
    return list(_alike(Child.objects.all(), text)[:limit])


def guardians_alike(*, text: str, limit: int = 10) -> list[Guardian]:
    """Find adults whose names sound like what was typed; the nearest first."""
    return list(_alike(Guardian.objects.all(), text)[:limit])


def _alike(rows: "QuerySet[N]", text: str) -> "QuerySet[N]":
    words = rules.words_of(text)
    if not words:
        return rows.none()
    key = SortKey(Value(" ".join(words)))
    likeness = Func(key, F("name_key"), function="word_similarity", output_field=FloatField())
    # "damico" is D'Amico, "dellorto" Dell'Orto.
    rows = rows.alias(likeness=likeness, squeezed=_without_blanks(F("name_key")))
    near = Q(likeness__gte=ALIKE) | Q(squeezed__contains=_without_blanks(SortKey(Value("".join(words)))))
    return rows.filter(near).order_by("-likeness", "name_key", "id")


def _without_blanks(text: Any) -> Func:
    return Func(text, Value(" "), Value(""), function="replace", output_field=TextField())


def _digits(text: Any) -> Func:
    return Func(text, Value(r"\D"), Value(""), Value("g"), function="regexp_replace", output_field=TextField())


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
