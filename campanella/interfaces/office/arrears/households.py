"""A household in arrears: what it owes, what is left out and why, its reminders, its plan."""

from django.http import HttpResponse
from django.shortcuts import render

from campanella.domains.accounts.roles import Role
from campanella.domains.people import queries as people
from campanella.foundation.core import clock
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.arrears.ladder import SECTION
from campanella.readings.office import arrears as reading


@staff(Role.OFFICE)
def household(request: PersonRequest, guardian_id: int) -> HttpResponse:
    """Show a household; never why it is stopped."""
    adult = people.guardian(guardian_id=guardian_id)
    page = reading.household_page(payer_id=guardian_id, now=clock.now())
    return render(request, "office/arrears/household.html", {**SECTION, "adult": adult, "page": page})
