"""What the office sees first: today, and what waits."""

from django.http import HttpResponse
from django.shortcuts import render

from campanella.domains.accounts.roles import Role
from campanella.foundation.core import clock
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.charts import columns
from campanella.readings.office import day as office_day

# After this hour of the afternoon one says good evening.
EVENING = 14


@staff(Role.OFFICE)
def home(request: PersonRequest) -> HttpResponse:
    """Show today."""
    now = clock.now()
    today = office_day.today(now=now)
    page = {
        "section": "home",
        "now": now,
        "today": today,
        "closed_because": office_day.closed_because(day=clock.day_of(now)) if not today.classes else "",
        "columns": columns(today.meals_by_day),
        "greeting": "Buongiorno" if now.astimezone(clock.ROME).hour < EVENING else "Buonasera",
        "name": request.user.display_name.split(" ")[0],
    }
    return render(request, "office/home/home.html", page)
