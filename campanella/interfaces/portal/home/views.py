"""The family's first page; on the installation's own host, the list of its towns."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from campanella.domains.accounts.roles import Role
from campanella.foundation.core import clock
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.entry.ways import home_of
from campanella.interfaces.portal.home.cards import HomePage
from campanella.interfaces.portal.pages.views import towns
from campanella.interfaces.portal.payments.everything import offered
from campanella.readings.family.debts import Debts, debts_of
from campanella.readings.family.home import family_home
from campanella.readings.family.invoices import invoices_for, open_ones
from campanella.readings.family.isee import isee_note


@staff(*Role)
def home(request: PersonRequest) -> HttpResponse:
    """Who eats today, how much is left, what is to pay; the staff goes on to its own first page."""
    if not request.user.has_role(Role.GUARDIAN):
        return HttpResponseRedirect(home_of(request.user))
    now = clock.now()
    found = family_home(user=request.user, town=request.town, now=now)
    request.unread = found.unread
    page = HomePage.of(found, user_id=request.user.pk, now=now)
    debts = debts_of(user=request.user, now=now) if found.may_owe_more else Debts(())
    billed = invoices_for(user=request.user, today=clock.day_of(now)) if found.may_owe_invoices else []
    owed = open_ones(billed=billed, today=clock.day_of(now))
    told = {
        "owed": owed,
        "isee": isee_note(user=request.user, today=clock.day_of(now)) if found.is_reckoned else None,
        "applications": found.applications,
        "places_offered": found.offered,
        "is_enrolling": found.is_enrolling,
    }
    return render(request, "portal/home/home.html", {"page": page, "section": "home", **told, **offered(debts)})


def front(request: HttpRequest) -> HttpResponse:
    """Answer at ``/`` of a town with its families' first page, at the installation's own host with its towns."""
    return home(request) if hasattr(request, "town") else towns(request)


front.access = home.access  # type: ignore[attr-defined]  # read by the access test
