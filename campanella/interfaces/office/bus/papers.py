"""A ride on paper, stop by stop: who gets on or off, of which class, and who may take each child home."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from campanella.domains.accounts.roles import Role
from campanella.domains.people import delegates
from campanella.domains.people.choices import PickUpChoices
from campanella.domains.people.delegates import PickUp
from campanella.foundation.core import clock
from campanella.foundation.core.italian import counted, day_full
from campanella.foundation.documents.downloads import as_paper
from campanella.foundation.documents.tables import BOX, Section, sections_pdf
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.pick_up_words import takers
from campanella.readings.office import bus as reading
from campanella.readings.office.bus import Rider


@staff(Role.OFFICE)
@require_safe
def riders(request: PersonRequest, ride_id: int) -> HttpResponse:
    """Print who rides today, or on the ride's first day, stop by stop."""
    now = clock.now()
    found, today = reading.office_ride(ride_id=ride_id, now=now), clock.day_of(now)
    goes_home = found.ride.way == "back"
    riding = [one for _, riders in found.on_board for one in riders]
    levels = {one.place.child_id: one.school.level for one in riding if one.school}
    taken = delegates.pick_ups(levels=levels, today=today) if goes_home and levels else {}
    columns = ["", "Bambino", "Classe", *(["Lo può prendere"] if goes_home else [])]
    sections = [
        Section(
            heading=f"{stop.at:%-H:%M} {stop.name}",
            columns=columns,
            widths=[0, 2, 2, *([3] if goes_home else [])],
            rows=[_row(one, taken.get(one.place.child_id), goes_home=goes_home) for one in on_board],
            sum=counted(len(on_board), "bambino", "bambini"),
        )
        for stop, on_board in found.on_board
    ]
    content = sections_pdf(
        town_name=request.town.name,
        title=found.ride.name,
        about=f"{day_full(found.day)} · {counted(len(riding), 'bambino', 'bambini')}",
        lines=[request.town.chosen(PickUpChoices).nobody_there] if goes_home else [],
        sections=sections,
        made_at=now,
    )
    return as_paper(content, filename=f"{found.ride.line.code}-{found.ride.way_word}-{today:%Y-%m-%d}.pdf")


def _row(one: Rider, pick_up: PickUp | None, *, goes_home: bool) -> list[str]:
    place = f"{one.school.class_name}, {one.school.school_name}" if one.school else ""
    return [BOX, one.name, place, *([" · ".join(takers(pick_up))] if goes_home else [])]
