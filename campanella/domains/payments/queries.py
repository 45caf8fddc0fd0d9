"""What is to pay, what is being paid, what was paid. Receipts have questions of their own, in ``receipts``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.db.models import Prefetch, Q, QuerySet

from campanella.domains.payments import rules
from campanella.domains.payments.models import Cart, CartLine, PaymentRequest, Receipt
from campanella.domains.payments.receipts.queries import ReceiptView, view_of
from campanella.foundation.core import sql
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id

Status = Literal["open", "under_way", "paid", "cancelled", "expired"]


@dataclass(frozen=True)
class Position:
    """A position as families and office see it."""

    id: int
    child_id: int
    wallet_id: int
    service_name: str
    notice_number: str
    iuv: str
    amount: Euro
    description: str
    debtor_name: str
    debtor_tax_code: str
    made_at: datetime
    due_on: date
    is_notice: bool
    status: Status
    settled_at: datetime | None
    receipt: ReceiptView | None
    parked: list[ReceiptView]
    visit: "Visit | None"

    @property
    def may_be_paid(self) -> bool:
        """Tell whether it is wise to offer a payment: not while money for it is on its way or waits for the office."""
        return self.status == "open" and not self.parked


@dataclass(frozen=True)
class Visit:
    """A visit to the payment page that may still end in a receipt; ``free_at`` is when one may try again."""

    token: str
    user_id: int
    opened_at: datetime
    free_at: datetime
    outcome: str
    address: str


@dataclass(frozen=True)
class Awaited:
    """An open position as the family's first page shows it."""

    id: int
    child_id: int
    wallet_id: int
    service_name: str
    amount: Euro
    due_on: date
    is_notice: bool
    is_under_way: bool


def awaited_from(*, child_ids: Sequence[int], now: datetime, today: date) -> list[Awaited]:
    """Return what is still to pay or being paid for these children, the earliest due first: one query."""
    found: dict[int, Awaited] = {}
    for row in sql.rows(_AWAITED, {"town": active_town_id(), "children": list(child_ids)}):
        key, child_id, wallet_id, name, cents, due_on, is_notice, opened_at, outcome = row
        going = bool(opened_at) and rules.is_under_way(opened_at=opened_at, outcome=outcome, now=now)
        going = going or (key in found and found[key].is_under_way)
        if going or due_on >= today:
            found[key] = Awaited(key, child_id, wallet_id, name, Euro(cents), due_on, is_notice, going)
    return list(found.values())


def positions_of(*, child_ids: Sequence[int], now: datetime, today: date, limit: int = 100) -> list[Position]:
    """Return the positions of these children, newest first, with receipts and payments under way: three queries."""
    rows = _with_history(PaymentRequest.objects.filter(child_id__in=child_ids).order_by("-made_at", "-id")[:limit])
    return [_position(row, now, today) for row in rows]


def unsettled_of(*, child_ids: Sequence[int], now: datetime, today: date) -> list[Position]:
    """Return what these children still have open, the first to expire first: three queries."""
    rows = PaymentRequest.objects.filter(child_id__in=child_ids, state="open").order_by("due_on", "id")
    return [_position(row, now, today) for row in _with_history(rows)]


def count_paid(*, child_ids: Sequence[int]) -> int:
    """Count the positions of these children that were paid."""
    return PaymentRequest.objects.filter(child_id__in=child_ids, state="paid").count()


def paid_of(*, child_ids: Sequence[int], skip: int, limit: int, now: datetime, today: date) -> list[Position]:
    """Return what was paid for these children, newest first: three queries."""
    rows = PaymentRequest.objects.filter(child_id__in=child_ids, state="paid").order_by("-settled_at", "-id")
    return [_position(row, now, today) for row in _with_history(rows[skip : skip + limit])]


def position(*, request_id: int, now: datetime, today: date) -> Position:
    """
    Return one position of the town.

    :raises NotFound: the town has no such position
    """
    for row in _with_history(PaymentRequest.objects.filter(pk=request_id)):
        return _position(row, now, today)
    raise NotFound


def position_by_notice(*, notice_number: str) -> PaymentRequest | None:
    """Return the row behind a notice number: one index look-up, as the Node's questions need it."""
    # Not ``first()``: it orders by id, and a planner then walks the positions by id until it meets the number.
    return next(iter(PaymentRequest.objects.filter(notice_number=notice_number)), None)


def requests(*, request_ids: Sequence[int]) -> list[PaymentRequest]:
    """Return rows by id, in order of id."""
    return list(PaymentRequest.objects.filter(pk__in=list(request_ids)).order_by("id"))


def positions(*, request_ids: Sequence[int], now: datetime, today: date) -> list[Position]:
    """Return positions by id, in order of id: three queries."""
    rows = PaymentRequest.objects.filter(pk__in=list(request_ids)).order_by("id")
    return [_position(row, now, today) for row in _with_history(rows)]


def orders(*, order_key: str) -> list[PaymentRequest]:
    """Return what an order has made so far."""
    return list(PaymentRequest.objects.filter(order_key=order_key).order_by("id"))


def last_visit(*, request_ids: Sequence[int], user_id: int, since: datetime) -> Cart | None:
    """Return the last visit of a person to the payment page for exactly these positions."""
    visits = Cart.objects.filter(user_id=user_id, opened_at__gte=since, lines__request_id__in=list(request_ids))
    for found in visits.distinct().order_by("-opened_at").prefetch_related("lines"):
        if {line.request_id for line in found.lines.all()} == set(request_ids):
            return found
    return None


def cart(*, token: str, user_id: int) -> Cart:
    """
    Return one's own visit to the payment page.

    :raises NotFound: it is somebody else's, or there is none
    """
    found = Cart.objects.filter(token=token, user_id=user_id).prefetch_related("lines").first()
    if found is None:
        raise NotFound
    return found


def search_positions(*, text: str, now: datetime, today: date, limit: int = 10) -> list[Position]:
    """Find positions by notice number or IUV, blanks apart; nothing for a text that is neither. Three queries at most."""
    number = rules.digits_of_number(text)
    if not number:
        return []
    # The whole number and the IUV are index look-ups; a piece of them is not.
    whole = {18: Q(notice_number=number), 17: Q(notice_number=f"3{number}")}
    wanted = whole.get(len(number), Q(notice_number__endswith=number))
    rows = PaymentRequest.objects.filter(wanted).order_by("-made_at", "-id")[:limit]
    return [_position(row, now, today) for row in _with_history(rows)]


def _with_history(rows: QuerySet[PaymentRequest]) -> list[PaymentRequest]:
    receipts = Prefetch("receipts", Receipt.objects.exclude(outcome="").order_by("kept_at"), to_attr="known_receipts")
    lines = Prefetch("cart_lines", CartLine.objects.select_related("cart"), to_attr="visits")
    return list(rows.prefetch_related(receipts, lines))


def _position(row: PaymentRequest, now: datetime, today: date) -> Position:
    known: list[Receipt] = getattr(row, "known_receipts", [])
    views = [view_of(receipt) for receipt in known]
    credited = [view for view in views if view.is_credited]
    visit = _visit(row, now)
    return Position(
        row.pk, row.child_id, row.wallet_id, row.service_name, row.notice_number, row.iuv, Euro(row.amount_cents),
        row.description, row.debtor_name, row.debtor_tax_code, row.made_at, row.due_on, row.is_notice,
        _status(row, visit, today), row.settled_at, credited[0] if credited else None,
        [view for view in views if view.state == "parked"], visit,
    )  # fmt: skip


def _visit(row: PaymentRequest, now: datetime) -> Visit | None:
    """Return the visit that keeps a position under way the longest."""
    lines: list[CartLine] = getattr(row, "visits", [])
    visits = [
        Visit(
            cart.token, cart.user_id, cart.opened_at, rules.free_at(opened_at=cart.opened_at, outcome=cart.outcome),
            cart.outcome, cart.address,
        )
        for cart in (line.cart for line in lines)
        if rules.is_under_way(opened_at=cart.opened_at, outcome=cart.outcome, now=now)
    ]  # fmt: skip
    return max(visits, key=lambda visit: visit.free_at, default=None)


def _status(row: PaymentRequest, visit: Visit | None, today: date) -> Status:
    if row.state == "paid":
        return "paid"
    if row.state == "cancelled":
        return "cancelled"
    if visit:
        return "under_way"
    return "expired" if row.is_expired(today) else "open"


_AWAITED = """
select r.id, r.child_id, r.wallet_id, r.service_name, r.amount_cents, r.due_on, r.is_notice, c.opened_at, c.outcome
  from payments_paymentrequest r
  left join payments_cartline l on l.municipality_id = r.municipality_id and l.request_id = r.id
  left join payments_cart c on c.municipality_id = r.municipality_id and c.id = l.cart_id
 where r.municipality_id = %(town)s and r.child_id = any(%(children)s) and r.state = 'open'
 order by r.due_on, r.id
"""
