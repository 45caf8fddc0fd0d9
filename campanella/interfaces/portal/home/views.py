"""The family's first page; on the installation's own host, the list of its towns."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from campanella.foundation.core import clock
from campanella.interfaces.doors import PersonRequest, family
from campanella.interfaces.portal.home.cards import HomePage
from campanella.interfaces.portal.pages.views import towns
from campanella.usecases.family_home import family_home


@family
def home(request: PersonRequest) -> HttpResponse:
    """Who eats today, how much is left, what is to pay."""
    now = clock.now()
    found = family_home(user=request.user, town=request.town, now=now)
    request.unread = found.unread
    page = HomePage.of(found, closes_at=request.town.choices.roll_call_closes_at, now=now)
    return render(request, "portal/home/home.html", {"page": page, "section": "home"})


def front(request: HttpRequest) -> HttpResponse:
    """Answer at ``/`` of a town with its families' first page, at the installation's own host with its towns."""
    return home(request) if hasattr(request, "town") else towns(request)


front.access = home.access  # type: ignore[attr-defined]  # read by the access test
