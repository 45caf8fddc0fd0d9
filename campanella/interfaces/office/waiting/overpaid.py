"""The office has looked at an invoice that was paid beyond what it asked for."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from campanella.domains.accounts.roles import Role
from campanella.domains.billing import overpaying
from campanella.foundation.core import clock
from campanella.interfaces.doors import PersonRequest, staff


@require_POST
@staff(Role.OFFICE)
def seen(request: PersonRequest, overpaid_id: int) -> HttpResponse:
    """Write down that somebody has looked at it."""
    overpaying.note_seen(by=request.user, overpaid_id=overpaid_id, now=clock.now())
    messages.success(request, "Visto: quello che è in più resta nel credito della famiglia.")
    return HttpResponseRedirect(reverse("office:waiting"))
