"""Pagamenti: top up, notices to pay, the history of top-ups, movements."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.accounts.models import User
from campanella.domains.payments import queries as positions
from campanella.domains.people import queries as people
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.interfaces.doors import PersonRequest, family
from campanella.interfaces.portal.payments.family import Named, named
from campanella.interfaces.portal.payments.purses import purses_of

PAGE = 10


@dataclass(frozen=True)
class UnderWay:
    """A visit to pagoPA that may still end in a receipt, with everything that is paid in it."""

    title: str
    total: Euro
    address: str


@family
def payments(request: PersonRequest) -> HttpResponse:
    """Everything about money, the answer first: what is there, what is to pay, what was paid."""
    now = clock.now()
    today = clock.day_of(now)
    purses = purses_of(user=request.user, today=today)
    children = people.children_of(user=request.user)
    ids = [child.id for child in children]
    unsettled = named(positions.unsettled_of(child_ids=ids, now=now, today=today), children)
    page = Paginator(range(positions.count_paid(child_ids=ids)), PAGE).get_page(request.GET.get("pagina"))
    paid = positions.paid_of(child_ids=ids, skip=max(page.start_index() - 1, 0), limit=PAGE, now=now, today=today)
    to_pay = [item for item in unsettled if item.position.is_notice and item.position.may_be_paid]
    context = {
        "section": "payments", "purses": purses, "page": page, "paid": named(paid, children), "to_pay": to_pay,
        "owed": Euro(sum(item.position.amount.cents for item in to_pay)),
        "under_way": _under_way([item for item in unsettled if item.position.visit], request.user),
        "checking": [item for item in unsettled if item.position.parked],
    }  # fmt: skip
    return render(request, "portal/payments/payments.html", context)


def _under_way(items: Sequence[Named], user: User) -> list[UnderWay]:
    """Put what is paid in one visit on one line; the visit of another adult is told by its notice."""
    by_visit: dict[str, list[Named]] = {}
    for item in items:
        if item.position.status == "under_way" and item.position.visit:
            by_visit.setdefault(item.position.visit.token, []).append(item)
    found = []
    for token, together in by_visit.items():
        first = together[0]
        title = first.title if len(together) == 1 else f"{len(together)} ricariche"
        is_own = first.position.visit is not None and first.position.visit.user_id == user.pk
        address = reverse("portal:payment-progress", args=[token]) if is_own else _page_of(first)
        found.append(UnderWay(title, Euro(sum(item.position.amount.cents for item in together)), address))
    return found


def _page_of(item: Named) -> str:
    return reverse("portal:position", args=[item.position.id])
