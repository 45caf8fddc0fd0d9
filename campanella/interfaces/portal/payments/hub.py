"""Pagamenti: top up, notices to pay, the history of top-ups, movements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.accounts.queries import User
from campanella.domains.cash.choices import CashChoices
from campanella.domains.debiting.choices import DebitChoices
from campanella.domains.payments import queries as positions
from campanella.domains.payments.queries import Held
from campanella.domains.people import queries as people
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.interfaces.doors import PersonRequest, family
from campanella.interfaces.portal.payments.everything import offered
from campanella.interfaces.portal.payments.family import Named, as_notices, named
from campanella.interfaces.portal.words import waits_because
from campanella.readings.family.arrears import arrears_of, whats_there
from campanella.readings.family.debts import debts
from campanella.readings.family.invoices import invoices_for
from campanella.readings.family.positions import of_others
from campanella.readings.family.purses import purses_for

PAGE = 10


@dataclass(frozen=True)
class UnderWay:
    """A visit to pagoPA that may still end in a receipt, with everything that is paid in it; ``free_at`` is its own end."""

    title: str
    total: Euro
    address: str
    is_coming: bool
    is_own: bool
    free_at: datetime | None


@dataclass(frozen=True)
class Checked:
    """Money that has arrived and waits for the office, and why."""

    title: str
    amount: Euro
    because: str
    request_id: int


@family
def payments(request: PersonRequest) -> HttpResponse:
    """Everything about money, the answer first: what is there, what is to pay, what was paid."""
    now = clock.now()
    today = clock.day_of(now)
    children = people.children_of(user=request.user)
    ids = [child.id for child in children]
    there = whats_there(child_ids=ids)
    others = of_others(user=request.user, child_ids=ids) if there.invoices or there.arrears else set()
    count = positions.count_paid(child_ids=ids, without=others)
    page = Paginator(range(count), PAGE).get_page(request.GET.get("pagina"))
    skip = max(page.start_index() - 1, 0)
    paid = positions.paid_of(child_ids=ids, skip=skip, limit=PAGE, now=now, today=today, without=others)
    history = {"section": "payments", "page": page, "paid": named(paid, children)}
    if page.number > 1:
        return render(request, "portal/payments/history.html", history)
    purses = purses_for(children=children, today=today)
    open_ones = [one for one in positions.unsettled_of(child_ids=ids, now=now, today=today) if one.id not in others]
    unsettled = named(open_ones, children)
    to_pay = [item for item in unsettled if item.position.is_notice and item.position.may_be_paid]
    under_way = _under_way([item for item in unsettled if item.position.status == "under_way"], request.user)
    names = {child.id: child.called for child in children}
    billed = invoices_for(user=request.user, today=today) if there.invoices else []
    context = history | {
        "billed": billed,
        "owed_after": Euro(sum(one.invoice.open.cents for one in billed if one.may_be_paid)),
        "arrears": arrears_of(user=request.user, child_ids=ids, now=now, is_there=there.arrears),
        "purses": purses,
        "to_pay": to_pay,
        "has_joint": any(item.is_joint and item.position.may_be_paid for item in as_notices(unsettled, now=now)),
        "owed": Euro(sum(item.position.amount.cents for item in to_pay)),
        "coming": [visit for visit in under_way if visit.is_coming],
        "unknown": [visit for visit in under_way if not visit.is_coming],
        "has_codes": request.town.chosen(CashChoices).cash_points,
        "has_debit": request.town.chosen(DebitChoices).sdd_offered,
        "checking": [
            _checked(money, names) for money in positions.held_for(child_ids=ids) if money.request_id not in others
        ],
    }
    together = offered(debts(children=children, unsettled=open_ones, billed=billed, today=today))
    return render(request, "portal/payments/payments.html", context | together)


def _checked(money: Held, names: Mapping[int, str]) -> Checked:
    title = money.service_name if money.is_asked else f"{money.service_name} di {names[money.child_id]}"
    return Checked(title, money.amount, waits_because(money.reason), money.request_id)


def _under_way(items: Sequence[Named], user: User) -> list[UnderWay]:
    """Put what is paid in one visit on one line; the visit of another adult is told by its notice."""
    by_visit: dict[str, list[Named]] = {}
    for item in items:
        visit = item.position.visit
        by_visit.setdefault(visit.token if visit else str(item.position.id), []).append(item)
    return [_visit(together, user) for together in by_visit.values()]


def _visit(together: Sequence[Named], user: User) -> UnderWay:
    first, visit = together[0], together[0].position.visit
    is_own = visit is not None and visit.user_id == user.pk
    return UnderWay(
        title=first.title if len(together) == 1 else f"{len(together)} ricariche",
        total=Euro(sum(item.position.amount.cents for item in together)),
        address=reverse("portal:payment-progress", args=[visit.token]) if visit and is_own else _page_of(first),
        is_coming=any(item.position.is_coming for item in together),
        is_own=is_own,
        free_at=visit.free_at if visit else None,
    )


def _page_of(item: Named) -> str:
    return reverse("portal:position", args=[item.position.id])
