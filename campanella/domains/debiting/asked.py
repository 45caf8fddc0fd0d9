"""Questions about what was asked of a bank, and what it answered: files, collections, comings, lines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from campanella.domains.debiting import statements
from campanella.domains.debiting.gateways.sepa.base import Amendment, Ask, Creditor, Group, Head, Line
from campanella.domains.debiting.models import AnswerLine, Collection, CollectionFile, Coming
from campanella.domains.debiting.rules import accounts
from campanella.domains.debiting.rules.accounts import Account
from campanella.domains.debiting.rules.collecting import ComingKind, Verdict
from campanella.domains.debiting.rules.reasons import Action
from campanella.foundation.core import clock, sql
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.scope import active_town_id

BATCH = 2000
# Collections of which a line may speak that are offered at once; of more, the office seeks.
MOST_LIKELY = 40


def files(*, limit: int = 24) -> list[CollectionFile]:
    """Return the last files, newest first."""
    return list(CollectionFile.objects.order_by("-id")[:limit])


def file_of_period(*, period: str) -> CollectionFile | None:
    """Return the last file of a month that was not given up, None when there is none: two queries."""
    found = sql.row(statements.LAST_OF_PERIOD, {"town": active_town_id(), "period": period})
    return CollectionFile.objects.get(pk=found[0]) if found else None


def head(*, file: CollectionFile) -> Head:
    """Return the head of a file."""
    creditor = Creditor(file.creditor_name, file.creditor_id, accounts.account(file.iban), file.cuc)
    return Head(file.message_id, file.made_at.astimezone(clock.ROME), creditor)


def groups(*, file: CollectionFile) -> list[Group]:
    """Return the blocks of a file; their collections are read from the database while they are written."""
    rows = sql.rows(statements.GROUPS, {"town": active_town_id(), "file": file.pk})
    return [
        Group(payment_id, day, sequence, count, int(cents), _asks(file.pk, payment_id))
        for payment_id, day, sequence, count, cents in rows
    ]


_ASKED = (
    "end_to_end_id",
    "cents",
    "reference",
    "signed_on",
    "holder_name",
    "iban",
    "bic",
    "remittance",
    "former_reference",
    "former_creditor_id",
    "is_new_account",
    "town",
    "country",
)


def _asks(file_id: int, payment_id: str) -> Iterator[Ask]:
    rows = Collection.objects.filter(file_id=file_id, payment_id=payment_id).order_by("id").values_list(*_ASKED, named=True)
    for row in rows.iterator(chunk_size=BATCH):
        yield Ask(
            end_to_end_id=row.end_to_end_id,
            cents=row.cents,
            reference=row.reference,
            signed_on=row.signed_on,
            holder=row.holder_name,
            account=Account(row.iban, row.bic),
            remittance=row.remittance,
            amendment=Amendment(row.former_reference, row.former_creditor_id, row.is_new_account),
            town=row.town,
            country=row.country,
        )


@dataclass(frozen=True, slots=True)
class CollectionView:
    """
    A collection and what came of it.

    :ivar is_amended: the mandate has another account since
    :ivar shares: (wallet, cents), adding up to it
    :ivar known: ``booked``, ``rejected``, ``returned``
    """

    id: int
    file_id: int
    mandate_id: int
    payer_id: int
    debt: str
    attempt: int
    end_to_end_id: str
    payment_id: str
    day: date
    cents: int
    remittance: str
    is_amended: bool
    shares: tuple[tuple[int, int], ...]
    known: frozenset[str]


@dataclass(frozen=True, slots=True)
class Heard:
    """
    A line of a bank, the collection it speaks of, and what becomes of it.

    :ivar coming: what it makes of the collection: ``booked``, ``rejected``, ``returned``; empty where nothing is done
    :ivar follows: what a return asks for (``rules.reasons.Action``)
    :ivar was_booked: the money was there before this line, or by an earlier one of the same file
    """

    line: Line
    message_id: str
    collection: CollectionView | None
    verdict: Verdict
    coming: ComingKind | Literal[""] = ""
    follows: Action | Literal[""] = ""
    was_booked: bool = False

    @property
    def key(self) -> str:
        """The key of what it speaks of: a collection's, else what the bank has written."""
        said = self.line.end_to_end_id or self.line.payment_id or self.line.reference
        return self.collection.end_to_end_id if self.collection else said


def known_of(*, collection_ids: Sequence[int]) -> dict[int, frozenset[str]]:
    """Return by collection what came of it, as it stands now: one query; one of which nothing came is missing."""
    found: dict[int, set[str]] = {}
    for pk, kind in sql.rows(statements.KNOWN, {"town": active_town_id(), "collections": list(collection_ids)}):
        found.setdefault(pk, set()).add(kind)
    return {pk: frozenset(kinds) for pk, kinds in found.items()}


def collections(*, ids: Sequence[int]) -> list[CollectionView]:
    """Return collections with their shares and what came of them: one query."""
    return _collections(statements.BY_ID, list(ids))


def collections_by_key(*, keys: Sequence[str]) -> dict[str, CollectionView]:
    """Return collections by the key that comes back with an answer: one query."""
    return {one.end_to_end_id: one for one in _collections(statements.BY_KEY, list(keys))}


def collections_together(*, identifier: str) -> list[CollectionView]:
    """Return the collections of a whole file, or of one block of it, by the id that comes back."""
    return _collections(statements.BY_BLOCK, identifier)


def _collections(statement: str, which: object) -> list[CollectionView]:
    return [_collection(row) for row in sql.named_rows(statement, {"town": active_town_id(), "which": which})]


def due(*, day: date, limit: int) -> list[CollectionView]:
    """Return collections whose day has come, and of which nobody has said yet what came of them."""
    ids = [pk for (pk,) in sql.rows(statements.DUE, {"town": active_town_id(), "day": day, "limit": limit})]
    return collections(ids=ids)


def collections_of(*, payer_id: int, limit: int = 24) -> list[CollectionView]:
    """Return the collections of a payer, newest first."""
    ids = Collection.objects.filter(mandate__payer_id=payer_id).order_by("-id").values_list("pk", flat=True)[:limit]
    return sorted(collections(ids=list(ids)), key=lambda one: -one.id)


def collections_of_debt(*, debt: str) -> list[CollectionView]:
    """Return every collection of a debt, the oldest first: two queries."""
    return collections(ids=list(Collection.objects.filter(debt=debt).order_by("id").values_list("pk", flat=True)))


def coming(*, coming_id: int) -> Coming:
    """Return what came of a collection."""
    return Coming.objects.select_related("collection__mandate").get(pk=coming_id)


def comings_of(*, collection_ids: Sequence[int]) -> list[Coming]:
    """Return what came of these collections, oldest first."""
    return list(Coming.objects.filter(collection_id__in=list(collection_ids)).order_by("id"))


def may_be_of(
    *,
    line_id: int,
    ids: Sequence[int] | None = None,
    payer_ids: Sequence[int] | None = None,
    debts: Sequence[str] = (),
) -> list[CollectionView]:
    """
    Return the likeliest collections of which a line may speak that does not say of which, forty at most: two queries.

    Asked for in the thirteen months in which a bank may give money back, left the house, and not come back yet.

    :param ids: of these alone
    :param payer_ids: of these payers alone, or of these ``debts``
    """
    wanted = {
        "ids": None if ids is None else list(ids),
        "payers": None if payer_ids is None else list(payer_ids),
        "debts": list(debts),
        "limit": MOST_LIKELY,
    }
    ids = [pk for (pk,) in sql.rows(statements.MAY_BE_OF, {"town": active_town_id(), "line": line_id, **wanted})]
    by_id = {one.id: one for one in collections(ids=ids)} if ids else {}
    return [by_id[pk] for pk in ids]


def lines_of(*, answer_id: int) -> list[AnswerLine]:
    """Return the lines of an answer."""
    return list(AnswerLine.objects.filter(answer_id=answer_id).order_by("number"))


def _collection(row: dict[str, Any]) -> CollectionView:
    shares = tuple((wallet_id, cents) for wallet_id, cents in row.pop("shares"))
    return CollectionView(**row | {"shares": shares, "known": frozenset(row["known"])})


@dataclass(frozen=True, slots=True)
class KnownCreditors:
    """As whom the town has asked banks so far: by which accounts, CBI codes, and in which files."""

    ibans: frozenset[str]
    cucs: frozenset[str]
    message_ids: frozenset[str]


def known_creditors() -> KnownCreditors:
    """Return as whom the town has asked banks so far: one query."""
    rows = list(CollectionFile.objects.values_list("iban", "cuc", "message_id"))
    columns = [frozenset(filter(None, column)) for column in zip(*rows, strict=True)] or [frozenset()] * 3
    return KnownCreditors(*columns)


def file(*, file_id: int) -> CollectionFile:
    """
    Return one file.

    :raises NotFound: the town has no such file
    """
    found = CollectionFile.objects.filter(pk=file_id).first()
    if found is None:
        raise NotFound
    return found


def file_sums(*, limit: int, file_id: int | None = None) -> list[tuple[Any, ...]]:
    """
    Return the last files, or one, with their sums, newest first: one query.

    :returns: id, message id, period, instant, first day, last day, count, cents, booked for now, came back,
        when it left the house
    """
    return sql.rows(statements.FILES, {"town": active_town_id(), "limit": limit, "file": file_id})
