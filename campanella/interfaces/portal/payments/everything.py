"""Paga tutto: everything a family owes in one payment, with one press."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from campanella.domains.payments.operations import Expired, NotOpen, PaymentUnderWay
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.scope import scope
from campanella.interfaces.doors import PersonRequest, family_calling_out, number
from campanella.interfaces.portal.payments.answers import see_other
from campanella.interfaces.portal.payments.order import NONCE
from campanella.interfaces.portal.payments.visit import under_way
from campanella.readings.family.debts import Debts, debts_of
from campanella.usecases import top_up
from campanella.usecases.billing import asking
from campanella.usecases.pagopa import visit as pagopa_visit
from campanella.usecases.top_up import Line

CHANGED = "Intanto qualcosa è cambiato: guarda che cosa resta da pagare."


def offered(debts: Debts) -> dict[str, Any]:
    """Return what the part ``pay_all.html`` shows; nothing to show where paying all at once saves nothing."""
    return {"debts": debts if debts.is_one_press else None, "debts_key": secrets.token_urlsafe(12)}


@family_calling_out
def pay_all(request: PersonRequest) -> HttpResponse:
    """Pay everything that is owed, as many things as pagoPA takes at once; another sum than was told is told first."""
    back_to, now = reverse("portal:payments"), clock.now()
    key = request.POST.get("chiave", "")
    if request.method != "POST" or not NONCE.fullmatch(key):
        return see_other(back_to)
    with scope(request.town.id):
        debts = debts_of(user=request.user, now=now)
        email = top_up.check(user=request.user, child_ids=[], now=now).email
    told = number(request.POST.get("totale", "")) or 0
    ids = debts.pressed_before(user_id=request.user.pk, cents=told)
    if not ids and (not debts.now or told != debts.total.cents):
        messages.warning(request, CHANGED)
        return see_other(back_to)
    try:
        ids = ids or _positions(request, debts, key)
        return see_other(pagopa_visit.go_to_checkout(by=request.user, request_ids=ids, email=email, now=now))
    except PaymentUnderWay:
        return under_way(request, request_ids=ids) if ids else see_other(back_to)
    except top_up.DataMissing:
        return see_other(f"{reverse('portal:top-up-check')}?{_order(debts, key)}")
    except (NotOpen, Expired):
        messages.warning(request, CHANGED)
        return see_other(back_to)
    except NotFound:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return see_other(back_to)


def _positions(request: PersonRequest, debts: Debts, key: str) -> list[int]:
    """Return the positions of what is owed, making those that are not there yet."""
    lacking = [Line(debt.wallet_id, debt.amount) for debt in debts.now if not debt.request_id and not debt.invoice_id]
    now, by = clock.now(), request.user
    made = top_up.prepare(by=by, lines=lacking, is_notice=False, now=now, nonce=key).requests if lacking else []
    invoices = [asking.position_for(by=by, invoice_id=debt.invoice_id, now=now) for debt in debts.now if debt.invoice_id]
    return [*invoices, *(debt.request_id for debt in debts.now if debt.request_id), *(one.pk for one in made)]


def _order(debts: Debts, key: str) -> str:
    """Return the top-ups among them as an order, for the page that asks for what is missing."""
    lines = [debt for debt in debts.now if not debt.request_id and not debt.invoice_id]
    return "&".join([*(f"r={debt.wallet_id}-{debt.amount.cents}" for debt in lines), f"ordine={key}"])
