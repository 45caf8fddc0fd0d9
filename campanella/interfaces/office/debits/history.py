"""A file of direct debits collection by collection, and everything that was asked of a payer's account."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campanella.domains.accounts.roles import Role
from campanella.domains.people import queries as people
from campanella.foundation.core.errors import NotFound
from campanella.interfaces.doors import PersonRequest, number, staff
from campanella.interfaces.office.debits.views import SECTION
from campanella.readings.office import debit_history as reading


@staff(Role.OFFICE)
@require_safe
def collections(request: PersonRequest, file_id: int) -> HttpResponse:
    """Show every collection of a file: whose, of which invoice, what came of it; forty a page."""
    if number(str(file_id)) is None:
        raise NotFound
    outcome, after = reading.outcome_of(request.GET.get("esito", "")), number(request.GET.get("dopo", "")) or 0
    page = reading.file_page(file_id=file_id, outcome=outcome, after=after)
    context = {"page": page, "outcome": outcome, "outcomes": reading.OUTCOMES.items(), "is_first": not after}
    return render(request, "office/debits/collections.html", SECTION | context)


@staff(Role.OFFICE)
@require_safe
def history(request: PersonRequest, guardian_id: int) -> HttpResponse:
    """Show an adult's authorisations and collections, newest first."""
    adult, before = people.guardian(guardian_id=guardian_id), number(request.GET.get("prima", ""))
    page = reading.history_page(payer_id=guardian_id, before=before)
    return render(
        request, "office/debits/history.html", SECTION | {"adult": adult, "page": page, "is_first": before is None}
    )
