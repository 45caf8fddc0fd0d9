"""What is to pay, what is being paid, what was paid. Receipts have questions of their own, in ``receipts``."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from campanella.domains.payments import rules
from campanella.domains.payments.models import Cart, CartLine, PositionShare
from campanella.domains.payments.models import PaymentRequest as PaymentRequest
from campanella.domains.payments.models import Receipt as Receipt
from campanella.domains.payments.receipts.queries import ReceiptView, view_of
from campanella.foundation.core import sql
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id

Status = Literal["open", "under_way", "paid", "cancelled", "expired"]


@dataclass(frozen=True)
class Position:
    """
    A position as families and office see it.

    :ivar is_asked: an invoice, a reminder or an instalment asks for it: its payer's, not of whoever sees the child
    """

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
    told_due_on: date
    is_notice: bool
    status: Status
    settled_at: datetime | None
    receipt: ReceiptView | None
    parked: list[ReceiptView]
    arriving: bool
    visit: "Visit | None"
    is_asked: bool

    @property
    def is_coming(self) -> bool:
        """Tell whether its money is on its way: a receipt is there, or the browser came back with success."""
        return self.arriving or (self.visit is not None and self.visit.phase == "coming")

    @property
    def may_be_paid(self) -> bool:
        """Tell whether it is wise to offer a payment: not while money for it is on its way or waits for the office."""
        return self.status == "open" and not self.parked


@dataclass(frozen=True)
class Visit:
    """A visit to the payment page that may still end in a receipt; ``free_at`` is when it ends by itself."""

    token: str
    user_id: int
    opened_at: datetime
    free_at: datetime
    phase: rules.Phase
    address: str


@dataclass(frozen=True)
class Awaited:
    """
    An open position as the family's first page shows it; ``visit`` is the one that may still end in a receipt.

    :ivar is_asked: as of ``Position``
    """

    id: int
    child_id: int
    wallet_id: int
    service_name: str
    amount: Euro
    due_on: date
    is_notice: bool
    arriving: bool
    visit: Visit | None
    is_asked: bool

    @property
    def is_under_way(self) -> bool:
        """Tell whether its money may be on its way."""
        return self.arriving or self.visit is not None

    @property
    def is_coming(self) -> bool:
        """Tell whether its money is on its way."""
        return self.arriving or (self.visit is not None and self.visit.phase == "coming")


@dataclass(frozen=True)
class Held:
    """Money that has arrived for a family's position and waits for the office."""

    request_id: int
    child_id: int
    service_name: str
    amount: Euro
    reason: str
    kept_at: datetime
    is_asked: bool


@dataclass(frozen=True)
class Waiting:
    """What a family's money waits for: positions to pay or being paid, and receipts the office looks at."""

    positions: tuple[Awaited, ...]
    held: tuple[Held, ...]


def held_for(*, child_ids: Sequence[int]) -> list[Held]:
    """Return the money that has arrived for these children and waits for the office, oldest first: one query."""
    rows = sql.rows(_HELD, {"town": active_town_id(), "children": list(child_ids)})
    return [Held(key, child_id, name, Euro(cents), *rest) for key, child_id, name, cents, *rest in rows]


def waiting_of(*, child_ids: Sequence[int], now: datetime, today: date) -> Waiting:
    """Return what is to pay, being paid, or before the office for these children, the earliest due first: one query."""
    found: dict[int, Awaited] = {}
    held: list[Held] = []
    for row in sql.rows(_WAITING, {"town": active_town_id(), "children": list(child_ids)}):
        key, child_id, wallet_id, name, cents, due_on, is_notice, is_asked, outcome, reason, kept_at, *cart = row
        if outcome == "parked":
            held.append(Held(key, child_id, name, Euro(cents), reason, kept_at, is_asked))
            continue
        before = found.get(key)
        visit = _longer(before.visit if before else None, _alive(*cart, now=now) if cart[0] else None)
        arriving = kept_at is not None or (before is not None and before.arriving)
        found[key] = Awaited(key, child_id, wallet_id, name, Euro(cents), due_on, is_notice, arriving, visit, is_asked)
    waits = {one.request_id for one in held}
    alive = (one for one in found.values() if one.is_under_way or (one.due_on >= today and one.id not in waits))
    return Waiting(tuple(alive), tuple(held))


def positions_of(*, child_ids: Sequence[int], now: datetime, today: date, limit: int = 100) -> list[Position]:
    """Return the positions of these children, newest first, with receipts and payments under way: three queries."""
    rows = _with_history(PaymentRequest.objects.filter(child_id__in=child_ids).order_by("-made_at", "-id")[:limit])
    return [_position(row, now, today) for row in rows]


def unsettled_of(*, child_ids: Sequence[int], now: datetime, today: date) -> list[Position]:
    """Return what these children still have open, the first to expire first: three queries."""
    rows = PaymentRequest.objects.filter(child_id__in=child_ids, state="open").order_by("due_on", "id")
    return [_position(row, now, today) for row in _with_history(rows)]


def listed_of(*, child_ids: Sequence[int], since: datetime, now: datetime, today: date) -> list[Position]:
    """Return what these children still have open, the first to expire first, then what was deleted since: three queries."""
    wanted = Q(state="open") | Q(state="cancelled", settled_at__gte=since)
    rows = PaymentRequest.objects.filter(wanted, child_id__in=child_ids).order_by("-state", "due_on", "id")
    return [_position(row, now, today) for row in _with_history(rows)]


def count_paid(*, child_ids: Sequence[int], without: Collection[int] = ()) -> int:
    """Count the positions of these children that were paid, some apart."""
    return PaymentRequest.objects.filter(child_id__in=child_ids, state="paid").exclude(pk__in=without).count()


def paid_of(
    *, child_ids: Sequence[int], skip: int, limit: int, now: datetime, today: date, without: Collection[int] = ()
) -> list[Position]:
    """Return what was paid for these children, newest first, some apart: three queries."""
    rows = PaymentRequest.objects.filter(child_id__in=child_ids, state="paid").exclude(pk__in=without)
    some = rows.order_by("-settled_at", "-id")[skip : skip + limit]
    return [_position(row, now, today) for row in _with_history(some)]


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


def parts_of(*, request: PaymentRequest) -> list[tuple[int, Euro]]:
    """Return which wallets a position pays, and with how much each, by wallet: one query."""
    rows = PositionShare.objects.filter(request_id=request.pk).order_by("wallet_id")
    parts = [(wallet_id, Euro(cents)) for wallet_id, cents in rows.values_list("wallet_id", "cents")]
    return parts or [(request.wallet_id, Euro(request.amount_cents))]


def children_of(*, request: PaymentRequest) -> list[int]:
    """Return the children whose wallets a position pays, in the order of wallets: one query."""
    rows = PositionShare.objects.filter(request_id=request.pk).order_by("wallet_id").values_list("child_id", flat=True)
    return list(dict.fromkeys(rows)) or [request.child_id]


def requests(*, request_ids: Sequence[int]) -> list[PaymentRequest]:
    """Return rows by id, in order of id."""
    return list(PaymentRequest.objects.filter(pk__in=list(request_ids)).order_by("id"))


def positions(*, request_ids: Sequence[int], now: datetime, today: date) -> list[Position]:
    """Return positions by id, in order of id: three queries."""
    rows = PaymentRequest.objects.filter(pk__in=list(request_ids)).order_by("id")
    return [_position(row, now, today) for row in _with_history(rows)]


def last_visit(*, request_ids: Sequence[int], user_id: int, since: datetime) -> Cart | None:
    """Return the last visit of a person to the payment page for exactly these positions."""
    visits = Cart.objects.filter(user_id=user_id, opened_at__gte=since, lines__request_id__in=list(request_ids))
    for found in visits.distinct().order_by("-opened_at").prefetch_related("lines"):
        if {line.request_id for line in found.lines.all()} == set(request_ids):
            return found
    return None


@dataclass(frozen=True, slots=True)
class Together:
    """
    Positions that were taken to pagoPA's page in one visit.

    :ivar awaited: of these, those of which a receipt may still come by itself
    """

    token: str
    request_ids: list[int]
    awaited: list[int]


def paid_together(*, request_id: int, now: datetime) -> Together | None:
    """Return the last visit to pagoPA's page with this position and others: three queries; None when it went alone."""
    visit = Cart.objects.filter(lines__request_id=request_id).order_by("-opened_at").first()
    if visit is None:
        return None
    ids = sorted(visit.lines.values_list("request_id", flat=True))
    if len(ids) < 2:
        return None
    is_over = visit.outcome in ("cancelled", "failed") or now - visit.opened_at > rules.UNDER_WAY
    waits = PaymentRequest.objects.filter(pk__in=ids, state="open").exclude(pk=request_id)
    return Together(visit.token, ids, [] if is_over else list(waits.values_list("id", flat=True)))


def checkout_failed_at() -> datetime | None:
    """Return when pagoPA last did not open its page, if no page was opened since; a visit on its way says nothing."""
    said = Cart.objects.exclude(address="", outcome="").order_by("-id").values_list("opened_at", "address").first()
    return said[0] if said and not said[1] else None


def cart(*, token: str, user_id: int) -> Cart:
    """
    Return one's own visit to the payment page.

    :raises NotFound: it is somebody else's, or there is none
    """
    found = Cart.objects.filter(token=token, user_id=user_id).prefetch_related("lines").first()
    if found is None:
        raise NotFound
    return found


def open_of(*, order_key: str) -> list[int]:
    """Return the open positions made under a key: one query."""
    rows = PaymentRequest.objects.filter(order_key=order_key, state="open")
    return list(rows.order_by("id").values_list("id", flat=True))


def counts_of(*, order_key: str) -> tuple[int, int]:
    """Count the positions made under a key, and those of them still open: one query."""
    rows = PaymentRequest.objects.filter(order_key=order_key)
    found = rows.aggregate(made=Count("pk"), unpaid=Count("pk", filter=Q(state="open")))
    return found["made"], found["unpaid"]


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
    # A receipt is tied to its position when it is booked; until then only its number tells whose it is.
    unsettled = Receipt.objects.filter(~Q(outcome="booked"), resolved_at=None, issuer_tax_code="")
    arriving = Exists(unsettled.filter(notice_number=OuterRef("notice_number"), outcome=""))
    receipts = Prefetch("receipts", Receipt.objects.exclude(outcome="").order_by("kept_at"), to_attr="known_receipts")
    lines = Prefetch("cart_lines", CartLine.objects.select_related("cart"), to_attr="visits")
    return list(rows.annotate(is_arriving=arriving).prefetch_related(receipts, lines))


def _position(row: PaymentRequest, now: datetime, today: date) -> Position:
    known: list[Receipt] = getattr(row, "known_receipts", [])
    views = [view_of(receipt) for receipt in known]
    credited = [view for view in views if view.is_credited]
    visit = _visit(row, now)
    arriving = bool(getattr(row, "is_arriving", False))
    return Position(
        row.pk,
        row.child_id,
        row.wallet_id,
        row.service_name,
        row.notice_number,
        row.iuv,
        Euro(row.amount_cents),
        row.description,
        row.debtor_name,
        row.debtor_tax_code,
        row.made_at,
        row.due_on,
        row.told_due_on,
        row.is_notice,
        _status(row, arriving or visit is not None, today),
        row.settled_at,
        credited[0] if credited else None,
        [view for view in views if view.state == "parked"],
        arriving,
        visit,
        row.asked_by is not None,
    )


def _visit(row: PaymentRequest, now: datetime) -> Visit | None:
    """Return the visit that keeps a position under way the longest."""
    lines: list[CartLine] = getattr(row, "visits", [])
    found: Visit | None = None
    for cart in (line.cart for line in lines):
        alive = _alive(cart.token, cart.user_id, cart.opened_at, cart.outcome, cart.address, now=now)
        found = _longer(found, alive)
    return found


def _alive(token: str, user_id: int, opened_at: datetime, outcome: str, address: str, *, now: datetime) -> Visit | None:
    """Return a visit that may still end in a receipt; None for one that is over."""
    phase = rules.phase(opened_at=opened_at, outcome=outcome, now=now)
    if phase == "over":
        return None
    return Visit(token, user_id, opened_at, rules.free_at(opened_at=opened_at, outcome=outcome), phase, address)


def _longer(one: Visit | None, other: Visit | None) -> Visit | None:
    """Return which of two visits keeps a position under way the longer."""
    return max((visit for visit in (one, other) if visit), key=lambda visit: visit.free_at, default=None)


def _status(row: PaymentRequest, is_under_way: bool, today: date) -> Status:
    if row.state == "paid":
        return "paid"
    if row.state == "cancelled":
        return "cancelled"
    if is_under_way:
        return "under_way"
    return "expired" if row.is_expired(today) else "open"


_HELD = """
select r.id, r.child_id, r.service_name, x.amount_cents, x.reason, x.kept_at, r.asked_by is not null
  from payments_receipt x
  join payments_paymentrequest r on r.municipality_id = x.municipality_id and r.notice_number = x.notice_number
 where x.municipality_id = %(town)s and x.issuer_tax_code = '' and x.resolved_at is null and not (x.outcome = 'booked')
   and x.outcome = 'parked' and r.child_id = any(%(children)s)
 order by x.kept_at, x.id
"""

# The receipts' half begins at the few that are not settled (index ``receipt_money_waits``, whose condition it repeats).
_WAITING = """
select r.id, r.child_id, r.wallet_id, r.service_name, r.amount_cents, r.due_on, r.is_notice,
       r.asked_by is not null as is_asked, null as outcome, null as reason, null::timestamptz as kept_at,
       c.token, c.user_id, c.opened_at, c.outcome as way_back, c.address
  from payments_paymentrequest r
  left join payments_cartline l on l.municipality_id = r.municipality_id and l.request_id = r.id
  left join payments_cart c on c.municipality_id = r.municipality_id and c.id = l.cart_id
 where r.municipality_id = %(town)s and r.child_id = any(%(children)s) and r.state = 'open'
union all
select r.id, r.child_id, r.wallet_id, r.service_name, x.amount_cents, r.due_on, r.is_notice, r.asked_by is not null,
       x.outcome, x.reason, x.kept_at, null, null, null, null, null
  from payments_receipt x
  join payments_paymentrequest r on r.municipality_id = x.municipality_id and r.notice_number = x.notice_number
 where x.municipality_id = %(town)s and x.issuer_tax_code = '' and x.resolved_at is null and not (x.outcome = 'booked')
   and r.child_id = any(%(children)s)
 order by due_on, id
"""
