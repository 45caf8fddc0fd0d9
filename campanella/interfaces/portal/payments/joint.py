"""Avviso unico: one paper for several invoices, asked for beside the cart of *Elenco pagamenti*."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.interfaces.doors import PersonRequest, family, numbers
from campanella.interfaces.portal.payments.answers import see_other
from campanella.usecases.billing import joint


@family
def make(request: PersonRequest) -> HttpResponse:
    """Make one notice of the chosen invoices, or find it again, and show it."""
    if request.method != "POST":
        return see_other(reverse("portal:invoices"))
    chosen = numbers(request.POST.getlist("fattura"))
    try:
        made = joint.position_for(by=request.user, invoice_ids=chosen, now=clock.now())
    except NotFound:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return see_other(reverse("portal:invoices"))
    return see_other(reverse("portal:position", args=[made]))
