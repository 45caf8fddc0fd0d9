"""Who uses a service without the application that its admission wants: the office asks, or ends the subscription."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campanella.domains.accounts.roles import Role
from campanella.foundation.core import clock
from campanella.interfaces.doors import PersonRequest, staff
from campanella.readings.office import unenrolled as reading

MOST_SHOWN = 200


@staff(Role.OFFICE)
@require_safe
def unenrolled(request: PersonRequest) -> HttpResponse:
    """List them, with what can be done about each."""
    today = clock.today()
    lines = reading.unenrolled(day=today, limit=MOST_SHOWN)
    page = {"section": "applications", "lines": lines, "count": reading.count(day=today)}
    return render(request, "office/applying/unenrolled.html", page)
