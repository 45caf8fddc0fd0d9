"""Finding people of the town by whatever its staff types; nothing here is for families."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import F, FloatField, Func, Q, QuerySet, TextField, Value

from campanella.domains.people import rules
from campanella.domains.people.models import Child, ChildAccount, FormerCode, Guardian, SortKey

# Fewer letters would find everybody whose family name begins so.
LEAST_OF_A_TAX_CODE = 6
TAX_CODE_LENGTH = 16
# Share of three-letter pieces two names have in common; below, strangers turn up.
ALIKE = 0.55

N = TypeVar("N", Child, Guardian)


def children(*, text: str, limit: int = 30) -> list[Child]:
    """
    Find children by any words of their names, by tax code, by code, by a code of the former software or by their access.

    Accents, case and apostrophes do not matter; every word must be there. One query.
    """
    typed = text.strip()
    former = FormerCode.objects.filter(Q(code__iexact=typed) | Q(code__in=rules.with_zeros(typed))).values("child_id")
    access = ChildAccount.objects.filter(user__username=typed.lower()).values("child_id")
    ways = [
        _names(text),
        Q(code__in=[typed.upper(), rules.with_hyphen(typed).upper()]),
        Q(pk__in=former),
        Q(pk__in=access),
        *_tax_code(typed),
    ]
    return _by_any(Child.objects.all(), ways, limit)


def guardians(*, text: str, limit: int = 30) -> list[Guardian]:
    """
    Find adults by any words of their names, by tax code, user name, telephone, or the beginning of an e-mail address.

    One query.
    """
    typed = text.strip()
    ways = [_names(text), Q(user__username=typed.lower()), *_tax_code(typed)]
    if "@" in typed:
        ways.append(Q(email__istartswith=typed))
    digits = rules.digits_of_phone(text)
    if digits:
        ways.append(Q(dialled__endswith=digits))
    elif any(letter.isdecimal() for letter in typed):
        ways.append(Q(phone=typed))
    return _by_any(Guardian.objects.alias(dialled=_digits(F("phone"))), ways, limit)


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


# Each way is a branch of its own, which takes its own index: told in one condition, they would all be tried on every row.
def _by_any(rows: "QuerySet[N]", ways: Sequence[Q], limit: int) -> list[N]:
    first, *others = [rows.filter(way).order_by("name_key", "id")[:limit] for way in ways]
    return list(first.union(*others).order_by("name_key", "id")[:limit])


# A range and no pattern: the wall between the towns lets no pattern reach an index.
def _tax_code(typed: str) -> list[Q]:
    code = typed.upper()
    if len(code) < LEAST_OF_A_TAX_CODE or not (code.isascii() and code.isalnum()):
        return []
    return [Q(tax_code__gte=code, tax_code__lte=code.ljust(TAX_CODE_LENGTH, "Z"))]


def _names(text: str) -> Q:
    words = rules.words_of(text)
    if not words:
        return Q(pk__in=[])
    every = Q()
    for word in words:
        every &= Q(name_key__contains=SortKey(Value(word)))
    return every
