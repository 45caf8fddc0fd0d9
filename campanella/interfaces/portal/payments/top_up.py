"""Effettua una ricarica: amounts, check of the data, summary and payment. The order travels in the address."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.payments import queries as positions
from campanella.domains.payments.choices import TopUpChoices
from campanella.domains.payments.operations import Expired, NotOpen, PaymentUnderWay
from campanella.domains.people import queries as people
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import scope
from campanella.interfaces.doors import PersonRequest, family, family_calling_out, number
from campanella.interfaces.portal.payments.amounts import AmountsForm, choice_name, own_name, typed_from, usual_choice
from campanella.interfaces.portal.payments.answers import see_other
from campanella.interfaces.portal.payments.order import TopUpOrder, new_order, read_lines, read_order
from campanella.interfaces.portal.payments.visit import Paid, under_way
from campanella.readings.family.purses import Purse, purse_for, purses_of
from campanella.usecases import top_up
from campanella.usecases.pagopa import visit as pagopa_visit

# With so few wallets all are shown at once; with more, one a child and the others in a menu.
SHOWN_AT_ONCE = 3


@family
def amounts(request: PersonRequest) -> HttpResponse:
    """Step 1. It writes nothing, so it is sent as an address: signing in again finds every amount where it was."""
    choices, query = request.town.chosen(TopUpChoices), request.GET
    purses = purses_of(user=request.user, today=clock.today())
    ready = read_lines(query, purses=purses)
    if ready:
        purses = _first(purses, ready[0].purse)
    typed = typed_from(ready, choices) | {
        name: str(value) for name, value in query.items() if name.startswith(("scelta-", "importo-"))
    }
    asked = number(query.get("wallet", "")) or number(query.get("servizio", "")) or 0
    if asked:
        purses = _first(purses, purse_for(purses=purses, wallet_id=asked))
    chosen = asked or (purses[0].id if len(purses) == 1 else 0)
    if chosen and own_name(chosen) not in typed:
        typed.setdefault(choice_name(chosen), usual_choice(choices))
    shown = [purse for purse in purses if _is_shown(purse, purses, typed)]
    is_sent = query.get("fai") == "prosegui" and not query.get("servizio")
    form = AmountsForm(typed, purses=shown, choices=choices, is_sent=is_sent)
    if is_sent and form.is_valid():
        return see_other(f"{reverse('portal:top-up-check')}?{new_order(form.lines).query}")
    so_far = form.so_far()
    total = {"total": Euro(sum(amount.cents for amount in so_far)), "count": len(so_far)}
    if request.headers.get("HX-Request"):
        return render(request, "portal/payments/parts/total.html", total)
    others = [purse for purse in purses if purse not in shown]
    return render(request, "portal/payments/top_up_amounts.html", {"form": form, "others": others, **total})


@family
def check(request: PersonRequest) -> HttpResponse:
    """Step 2: what pagoPA needs is there, or how to write it and come back."""
    order = _order(request)
    if order is None:
        return see_other(reverse("portal:top-up"))
    found = top_up.check(user=request.user, child_ids=order.child_ids, now=clock.now())
    guardian = people.holder_of(user=request.user)
    children = [child for child in people.children_of(user=request.user) if child.id in order.child_ids]
    context = {
        "order": order,
        "found": found,
        "guardian": guardian,
        "is_own": guardian is not None and guardian.user_id == request.user.pk,
        "missing_children": [child for child in children if not child.tax_code],
        "children": children,
        "here": urlencode({"next": request.get_full_path()}),
    }
    return render(request, "portal/payments/top_up_check.html", context)


@family_calling_out
def summary(request: PersonRequest) -> HttpResponse:
    """Step 3: the summary, and the two ways to pay."""
    with scope(request.town.id):
        order = _order(request)
        if order is None:
            return see_other(reverse("portal:top-up"))
        if request.method != "POST":
            if not top_up.check(user=request.user, child_ids=order.child_ids, now=clock.now()).is_complete:
                return see_other(f"{reverse('portal:top-up-check')}?{order.query}")
            return _summary(request, order)
    make = _make_notices if request.POST.get("modo") == "avviso" else _pay_online
    try:
        return make(request, order)
    except top_up.DataMissing:
        return see_other(f"{reverse('portal:top-up-check')}?{order.query}")
    except top_up.NoAccount as refusal:
        with scope(request.town.id):
            return _summary(request, order, problem=refusal.message)


def _summary(request: PersonRequest, order: TopUpOrder, *, problem: str = "") -> HttpResponse:
    now = clock.now()
    purses = {line.purse.id: line.purse for line in order.lines}
    known = positions.positions_of(child_ids=order.child_ids, now=now, today=clock.day_of(now), limit=20)
    mine = [Paid(position, purses[position.wallet_id]) for position in known if position.wallet_id in purses]
    context = {
        "order": order, "now": now, "problem": problem, "notice_days": request.town.chosen(TopUpChoices).notice_days,
        "under_way": [line for line in mine if line.position.status == "under_way"],
        "checking": [line for line in mine if line.position.parked and line.position.status != "under_way"],
    }  # fmt: skip
    return render(request, "portal/payments/top_up_summary.html", context)


def _make_notices(request: PersonRequest, order: TopUpOrder) -> HttpResponse:
    made = top_up.prepare(by=request.user, lines=order.wishes, is_notice=True, now=clock.now(), nonce=order.nonce)
    if len(made.requests) == 1:
        return see_other(reverse("portal:position", args=[made.requests[0].pk]))
    messages.success(request, f"Fatti {len(made.requests)} avvisi: li trovi qui, già scelti.")
    chosen = urlencode({"avviso": [one.pk for one in made.requests]}, doseq=True)
    return see_other(f"{reverse('portal:notices')}?{chosen}")


def _pay_online(request: PersonRequest, order: TopUpOrder) -> HttpResponse:
    now, user = clock.now(), request.user
    made = top_up.prepare(by=user, lines=order.wishes, is_notice=False, now=now, nonce=order.nonce)
    ids = [position.pk for position in made.requests]
    try:
        return see_other(pagopa_visit.go_to_checkout(by=user, request_ids=ids, email=made.email, now=now))
    except PaymentUnderWay:
        return under_way(request, request_ids=ids)
    except (NotOpen, Expired):
        # The same order was paid or deleted meanwhile: its page tells how it ended.
        return see_other(reverse("portal:position", args=ids[:1]))
    except pagopa_visit.CheckoutFailed as failure:
        with scope(request.town.id):
            return _summary(request, order, problem=failure.message)


def _order(request: PersonRequest) -> TopUpOrder | None:
    purses = purses_of(user=request.user, today=clock.today())
    return read_order(request.GET, purses=purses, choices=request.town.chosen(TopUpChoices))


def _first(purses: list[Purse], wanted: Purse) -> list[Purse]:
    """Put the wallets of a child before those of its siblings, the wanted one at the head."""
    return sorted(purses, key=lambda purse: (purse.child_id != wanted.child_id, purse is not wanted))


def _is_shown(purse: Purse, purses: list[Purse], typed: dict[str, str]) -> bool:
    """Show few wallets all at once; of many, the first of each child and those with an amount."""
    if len(purses) <= SHOWN_AT_ONCE or choice_name(purse.id) in typed or own_name(purse.id) in typed:
        return True
    return next(other for other in purses if other.child_id == purse.child_id) is purse
