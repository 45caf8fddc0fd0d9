"""What banks were asked to pay back, and what they said of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet, Sum

from campanella.domains.adjusting import words
from campanella.domains.adjusting.models import RefundComing, RefundFile, RefundOrder
from campanella.domains.adjusting.queries import service_of
from campanella.domains.debiting.rules.accounts import Account
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro


@dataclass(frozen=True, slots=True)
class OrderView:
    """
    A refund that a bank was asked to pay.

    :ivar known: what the bank has said of it so far, ``executed`` and ``back``
    """

    id: int
    proposal_id: int
    wallet_id: int
    end_to_end_id: str
    cents: int
    holder_name: str
    account: Account
    service_name: str
    known: frozenset[str]


@dataclass(frozen=True, slots=True)
class FileView:
    """A file of refunds, and how far it is."""

    id: int
    message_id: str
    made_at: datetime
    day: date
    debtor_name: str
    account: Account
    cuc: str
    count: int
    total: Euro
    executed: int
    back: int


@dataclass(frozen=True, slots=True)
class ComingView:
    """What a bank has said of one refund; ``words`` say why it went back."""

    id: int
    proposal_id: int
    kind: str
    words: str


def files(*, limit: int = 12) -> list[FileView]:
    """Return the last files, newest first: two queries."""
    return _files(RefundFile.objects.order_by("-id")[:limit])


def file(*, file_id: int) -> FileView:
    """
    Return a file of refunds.

    :raises NotFound: the town has none of this id
    """
    for found in _files(RefundFile.objects.filter(pk=file_id)):
        return found
    raise NotFound


def orders_of(*, file_id: int) -> list[OrderView]:
    """Return what a file asks for, in its order: two queries."""
    return _orders(RefundOrder.objects.filter(file_id=file_id))


def orders_by_key(*, keys: Sequence[str]) -> dict[str, OrderView]:
    """Return orders by their key: two queries."""
    return {one.end_to_end_id: one for one in _orders(RefundOrder.objects.filter(end_to_end_id__in=list(keys)))}


def known_accounts() -> set[str]:
    """Return the accounts from which this town has paid refunds."""
    return set(RefundFile.objects.values_list("iban", flat=True))


def files_called(*, message_ids: Sequence[str]) -> dict[str, int]:
    """Return the town's files by the ids that a bank repeats."""
    return dict(RefundFile.objects.filter(message_id__in=list(message_ids)).values_list("message_id", "pk"))


def coming(*, coming_id: int) -> ComingView:
    """
    Return what a bank has said of one refund.

    :raises NotFound: the town has none of this id
    """
    found = RefundComing.objects.filter(pk=coming_id).select_related("order").first()
    if found is None:
        raise NotFound
    return ComingView(found.pk, found.order.proposal_id, found.kind, words.back(found.reason))


def _files(rows: "QuerySet[RefundFile]") -> list[FileView]:
    found = list(rows)
    orders = RefundOrder.objects.filter(file__in=[one.pk for one in found]).order_by()
    sums = dict(orders.values_list("file_id").annotate(cents=Sum("proposal__cents")))
    counts = {
        pk: (count, executed, back)
        for pk, count, executed, back in orders.values_list("file_id").annotate(
            count=Count("pk", distinct=True),
            executed=Count("comings", filter=Q(comings__kind="executed")),
            back=Count("comings", filter=Q(comings__kind="back")),
        )
    }
    return [
        FileView(
            id=one.pk,
            message_id=one.message_id,
            made_at=one.made_at,
            day=one.day,
            debtor_name=one.debtor_name,
            account=Account(one.iban, one.bic),
            cuc=one.cuc,
            count=counts[one.pk][0],
            total=Euro(-sums[one.pk]),
            executed=counts[one.pk][1],
            back=counts[one.pk][2],
        )
        for one in found
    ]


def _orders(rows: "QuerySet[RefundOrder]") -> list[OrderView]:
    found = list(rows.select_related("proposal__wallet__service").order_by("id"))
    known: dict[int, set[str]] = {}
    for order_id, kind in RefundComing.objects.filter(order__in=[one.pk for one in found]).values_list("order_id", "kind"):
        known.setdefault(order_id, set()).add(kind)
    return [
        OrderView(
            id=one.pk,
            proposal_id=one.proposal_id,
            wallet_id=one.proposal.wallet_id,
            end_to_end_id=one.end_to_end_id,
            cents=-one.proposal.cents,
            holder_name=one.proposal.holder_name,
            account=Account(one.proposal.iban, one.proposal.bic),
            service_name=service_of(one.proposal),
            known=frozenset(known.get(one.pk, ())),
        )
        for one in found
    ]
