"""Rimborsi: what may be asked for, asking, taking it back."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from campanella.domains.people import queries as people
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.interfaces.doors import PersonRequest, family, form_of
from campanella.interfaces.portal.refunds.forms import RefundForm
from campanella.readings.family.refunds import refunds_of
from campanella.usecases.adjusting import asking, deciding

SECTION = {"section": "payments"}


@family
@require_safe
def refunds(request: PersonRequest) -> HttpResponse:
    """Show what is left to ask for, and what was asked."""
    page = {"page": refunds_of(user=request.user, today=clock.today())}
    return render(request, "portal/refunds/refunds.html", SECTION | page)


@family
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: PersonRequest, wallet_id: int) -> HttpResponse:
    """Ask for what is left in one wallet."""
    found = refunds_of(user=request.user, today=clock.today())
    offer = next((one for one in found.offers if one.wallet_id == wallet_id), None)
    if offer is None:
        # Pressed twice, it waits already; another family's wallet is not there.
        if any(one.proposal.wallet_id == wallet_id for one in found.requests):
            return HttpResponseRedirect(reverse("portal:refunds"))
        raise NotFound
    me = people.guardian_of(user=request.user)
    form = RefundForm(request.POST or None, initial={"holder": me.full_name if me else ""})
    if form.is_valid():
        data = form.cleaned_data
        try:
            asking.ask_as_family(
                by=request.user,
                wallet_id=wallet_id,
                account=data["iban"],
                holder_name=data["holder"],
                memo=data["reason"],
                key=data["key"],
                now=clock.now(),
            )
        except NotFound:
            raise
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Richiesta mandata: l’ufficio la controlla e ti scrive.")
            return HttpResponseRedirect(reverse("portal:refunds"))
    return render(request, "portal/refunds/ask.html", SECTION | {"form": form, "offer": offer})


@family
@form_of("portal:refunds")
def withdraw(request: PersonRequest, refund_id: int) -> HttpResponse:
    """Take a request back, as long as nobody has approved it."""
    try:
        deciding.withdraw(by=request.user, proposal_id=refund_id, now=clock.now())
    except deciding.AlreadyDecided as refusal:
        messages.info(request, refusal.message)
    else:
        messages.success(request, "Richiesta ritirata: il credito resta nel borsellino.")
    return HttpResponseRedirect(reverse("portal:refunds"))
