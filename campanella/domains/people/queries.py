"""
Who is who, and who may see whom.

The only door to a child for a family is ``child_for``; whose child it is, is told here alone, by ``SEEN``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from campanella.domains.accounts.models import User
from campanella.domains.people import words
from campanella.domains.people.models import Child, ChildAccount, FormerCode, Guardianship, ToldApart
from campanella.domains.people.models import Guardian as Guardian
from campanella.foundation.core import sql
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.scope import active_town_id


@dataclass(frozen=True)
class FamilyChild:
    """
    A child as its family sees it.

    :ivar called: its given name, longer where the family has two of one name
    :ivar full_name: told apart like it
    """

    id: int
    given_name: str
    family_name: str
    tax_code: str
    birth_date: date | None
    code: str
    called: str
    full_name: str


def children_of(*, user: User) -> list[FamilyChild]:
    """Return the children this user may see, by given name: one query."""
    return _family(SEEN, user=user.pk)


def child_for(*, user: User, child_id: int) -> FamilyChild:
    """
    Return one child, if this user may see it.

    :raises NotFound: it does not exist, or belongs to another family
    """
    for child in children_of(user=user):
        if child.id == child_id:
            return child
    raise NotFound


def guardian_of(*, user: User) -> Guardian | None:
    """
    Return the adult whose data an access shows and changes: its own.

    An access made for one child shows nobody's: a letter about a child is read by more than one person.
    """
    return Guardian.objects.filter(user=user).first()


def holder_of(*, user: User) -> Guardian | None:
    """Return the adult for whom an access stands, to say who wrote and who pays: its own, or the one it was handed to."""
    guardian = guardian_of(user=user)
    if guardian:
        return guardian
    account = ChildAccount.objects.filter(user=user).select_related("holder").first()
    return account.holder if account else None


def address_of(*, user: User, holder: Guardian | None) -> str:
    """
    Return where who is signed in is written to: the adult's address, or the access's own where it sees one child only.

    :param holder: what ``holder_of`` or ``guardian_of`` said of this user
    """
    own = holder.email if holder and holder.user_id == user.pk else ""
    return own or user.email


def accesses_of(*, guardian: Guardian) -> list[int]:
    """Return the users that stand for an adult (``holder_of``): its own, and those for one child it was handed."""
    handed = ChildAccount.objects.filter(holder=guardian).order_by("id").values_list("user_id", flat=True)
    return [*([guardian.user_id] if guardian.user_id else []), *handed]


def payer_of(*, child_id: int) -> Guardian | None:
    """Return who is billed for a child; without a payer, the first guardian."""
    ties = Guardianship.objects.filter(child_id=child_id).select_related("guardian")
    tie = ties.order_by("-is_payer", "id").first()
    return tie.guardian if tie else None


def payers_of(*, child_ids: Sequence[int]) -> dict[int, Guardian]:
    """Return who is billed for each of these children, as ``payer_of`` does for one: one query."""
    return {child_id: ties[0].guardian for child_id, ties in guardians_by_child(child_ids=child_ids).items()}


def is_tied(*, child_id: int, guardian_id: int) -> bool:
    """Tell whether an adult answers for a child today."""
    return Guardianship.objects.filter(child_id=child_id, guardian_id=guardian_id).exists()


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
    tied = """array(
     select child_id from people_guardianship where municipality_id = %(town)s and guardian_id = %(guardian)s)"""
    return _family(tied, guardian=guardian_id)


def child_ids() -> list[int]:
    """Return every child of the town: one query."""
    return list(Child.objects.values_list("id", flat=True))


def children(*, child_ids: Sequence[int]) -> dict[int, Child]:
    """Return children of the town by id, for its staff: one query."""
    return Child.objects.in_bulk(list(child_ids))


def siblings_of(*, child_id: int) -> list[FamilyChild]:
    """Return the other children of a child's guardians: one query."""
    family = """array(
     select o.child_id from people_guardianship o
      where o.municipality_id = %(town)s and o.guardian_id = any(array(
        select t.guardian_id from people_guardianship t
         where t.municipality_id = %(town)s and t.child_id = %(child)s)))"""
    return [child for child in _family(family, child=child_id) if child.id != child_id]


def ties_of(*, guardian_ids: Sequence[int]) -> list[Guardianship]:
    """Return the ties of these adults with their children: one query."""
    ties = Guardianship.objects.filter(guardian_id__in=list(guardian_ids)).select_related("child")
    return list(ties.order_by("child__given_name", "id"))


def former_codes(*, child_id: int) -> list[str]:
    """Return the codes the former software gave to a child."""
    return list(FormerCode.objects.filter(child_id=child_id).order_by("id").values_list("code", flat=True))


def handed_to(*, child_ids: Sequence[int]) -> set[tuple[int, int]]:
    """Return which of these children's adults were handed an access for one child, open or closed: one query."""
    return set(ChildAccount.objects.filter(child_id__in=child_ids).values_list("child_id", "holder_id"))


def child_accounts(*, child_id: int) -> list[ChildAccount]:
    """Return the accesses made for this child only, with the adults they were handed to: one query."""
    return list(ChildAccount.objects.filter(child_id=child_id).select_related("user", "holder").order_by("id"))


def child(*, child_id: int) -> Child:
    """
    Return one child of the town, for its staff.

    :raises NotFound: the town has no such child
    """
    found = Child.objects.filter(pk=child_id).first()
    if found is None:
        raise NotFound("Questo bambino non è tra quelli del Comune.")
    return found


def child_known_as(*, tax_code: str) -> Child:
    """
    Return the child with a tax code, for the town's staff; blanks and small letters do not matter.

    :raises NotFound: the town has no such child
    """
    found = Child.objects.filter(tax_code=tax_code.replace(" ", "").upper()).exclude(tax_code="").first()
    if found is None:
        raise NotFound("Nessun bambino del Comune ha questo codice fiscale.")
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


def guardians(*, guardian_ids: Sequence[int]) -> list[Guardian]:
    """Return these adults, in order of id: one query."""
    return list(Guardian.objects.filter(pk__in=guardian_ids).order_by("pk"))


def news_readers(*, child_ids: "QuerySet[Any]", after: int, limit: int) -> list[Guardian]:
    """
    Return the adults of these children who take news by mail, in order of id: one query.

    :param after: the id of the last one of the piece before
    """
    return list(_news_readers(child_ids).filter(pk__gt=after).order_by("pk")[:limit])


def count_news_readers(*, child_ids: "QuerySet[Any]") -> int:
    """Return how many adults of these children take news by mail: one query."""
    return _news_readers(child_ids).count()


def _news_readers(child_ids: "QuerySet[Any]") -> "QuerySet[Guardian]":
    ties = Guardianship.objects.filter(guardian=OuterRef("pk"), child_id__in=child_ids)
    return Guardian.objects.filter(Exists(ties), wants_news_by_mail=True).exclude(email="")


def everybody() -> list[Child]:
    """Return every child of the town in the order of names: one query."""
    return list(
        Child.objects.order_by("name_key", "id").only("id", "family_name", "given_name", "tax_code", "birth_date", "code")
    )


def told_apart() -> set[frozenset[int]]:
    """Return the pairs of children that are alike and two: one query."""
    return {frozenset(pair) for pair in ToldApart.objects.values_list("child_id", "other_id")}


# The children that %(user)s of %(town)s sees, as an array of ids, for whatever asks about a family. An access for one child
# sees it while the adult it was handed to answers for the child: whoever ends the tie ends both. Arrays are looked up once
# and before all else: a planner that knows nothing yet of a town just imported looked into every tie for every child.
SEEN = """array(
     select t.child_id from people_guardianship t
      where t.municipality_id = %(town)s and t.guardian_id = any(array(
        select a.id from people_guardian a where a.municipality_id = %(town)s and a.user_id = %(user)s))
     union all
     select x.child_id from people_childaccount x
      where x.municipality_id = %(town)s and x.user_id = %(user)s and exists (
        select from people_guardianship t
         where t.municipality_id = %(town)s and t.child_id = x.child_id and t.guardian_id = x.holder_id)
)"""

# Whether somebody can see the child c of %(town)s in the portal: an open access of an adult, or one for this child alone.
HAS_ACCESS = """(exists (
     select from people_guardianship t
       join people_guardian a on a.municipality_id = %(town)s and a.id = t.guardian_id
       join accounts_user u on u.municipality_id = %(town)s and u.id = a.user_id
      where t.municipality_id = %(town)s and t.child_id = c.id and u.is_active)
   or exists (
     select from people_childaccount x
       join people_guardianship t
         on t.municipality_id = %(town)s and t.child_id = x.child_id and t.guardian_id = x.holder_id
       join accounts_user u on u.municipality_id = %(town)s and u.id = x.user_id
      where x.municipality_id = %(town)s and x.child_id = c.id and u.is_active))"""


def called(*, child_ids: Sequence[int]) -> dict[int, str]:
    """Return by child how its family calls it, told apart from its adults' other children: one query."""
    families = _named(_FAMILIES, child_ids)
    return {child_id: words.at_home(family)[child_id] for child_id, family in families.items()}


def full_names(*, child_ids: Sequence[int]) -> dict[int, str]:
    """Return by child its whole name, told apart from every other child of the town: one query."""
    return {child_id: words.in_full(alike)[child_id] for child_id, alike in _named(_NAMESAKES, child_ids).items()}


def register_names(*, child_ids: Sequence[int]) -> dict[int, str]:
    """Return by child its name as lists have it, family name first, told apart in the whole town: one query."""
    return {child_id: words.in_register(alike)[child_id] for child_id, alike in _named(_NAMESAKES, child_ids).items()}


def _named(statement: str, child_ids: Sequence[int]) -> dict[int, dict[int, words.Name]]:
    found: dict[int, dict[int, words.Name]] = {}
    if child_ids:
        for child_id, other_id, *name in sql.rows(statement, {"town": active_town_id(), "children": list(child_ids)}):
            found.setdefault(child_id, {})[other_id] = words.Name(*name)
    return found


_FAMILIES = """
select asked.id, c.id, c.given_name, c.family_name, c.birth_date, c.code
  from unnest(%(children)s::bigint[]) asked(id)
  join lateral (
    select * from people_child c
     where c.municipality_id = %(town)s and c.id = any(asked.id || array(
       select o.child_id from people_guardianship o
        where o.municipality_id = %(town)s and o.guardian_id = any(array(
          select t.guardian_id from people_guardianship t
           where t.municipality_id = %(town)s and t.child_id = asked.id))))
  ) c on true
"""

_NAMESAKES = """
select a.id, c.id, c.given_name, c.family_name, c.birth_date, c.code
  from people_child a
  join people_child c on c.municipality_id = %(town)s and c.name_key = a.name_key
 where a.municipality_id = %(town)s and a.id = any(%(children)s::bigint[])
"""


def _family(ids: str, **values: object) -> list[FamilyChild]:
    found = sql.rows(_CHILDREN.format(ids=ids), {"town": active_town_id(), **values})
    rows = {pk: words.Name(given, family, born, code) for pk, given, family, _, born, code in found}
    short, full = words.at_home(rows), words.in_full(rows)
    return [
        FamilyChild(pk, given, family, tax_code, born, code, short[pk], full[pk])
        for pk, given, family, tax_code, born, code in found
    ]


_CHILDREN = """
select c.id, c.given_name, c.family_name, c.tax_code, c.birth_date, c.code
  from people_child c
 where c.municipality_id = %(town)s and c.id = any({ids})
 order by c.given_name, c.id
"""
