"""The PDF of a reminder, kept as it was printed the first time: for the office, the family, the letter and the collector."""

from collections.abc import Sequence

from campanella.domains.arrears import issuing, reminders
from campanella.domains.arrears.documents.reminder_pdf import reminder_pdf
from campanella.domains.messaging import papers as letters
from campanella.domains.messaging.papers import Paper
from campanella.domains.payments import queries as positions
from campanella.domains.payments.queries import Position
from campanella.foundation.core import clock
from campanella.foundation.core.scope import active_town_id, scope, use_case
from campanella.foundation.tenants.queries import active_town
from campanella.readings import papers as notices
from campanella.readings.asked import told_now


@use_case
def paper_of(*, reminder_id: int) -> bytes:
    """
    Return the PDF of a reminder; printed now where nobody has yet, and kept.

    :raises NotFound: the town has none of this id
    """
    kept = reminders.paper(reminder_id=reminder_id)
    if kept is not None:
        return kept
    found = reminders.stored(reminder_id=reminder_id)
    return issuing.keep_paper(reminder_id=reminder_id, body=reminder_pdf(found.sheet, made_at=found.issued_at))


def notice_of(position: Position) -> bytes:
    """Print the notice that asks for all of a household's debt; it names no child."""
    sheet = notices.sheet(position=position, site=active_town().host, whom="la famiglia", shows_tax_code=False)
    return notices.printed(sheet)


def asked_of(*, request_ids: Sequence[int]) -> Position | None:
    """Return the open one of these positions at what is open of its debt now; None where nothing is to pay."""
    found = open_position(request_ids=request_ids)
    return told_now(position=found, now=clock.now()) if found else None


def open_position(*, request_ids: Sequence[int]) -> Position | None:
    """Return the open one of the positions that were made for something: four queries at most."""
    now = clock.now()
    found = positions.positions(request_ids=request_ids, now=now, today=clock.day_of(now)) if request_ids else []
    return next((one for one in reversed(found) if one.status in ("open", "under_way")), None)


def file_name(number: str) -> str:
    """Name the file of a reminder: its number alone."""
    return f"sollecito-{number.replace('/', '-')}.pdf"


def _made(reminder_id: int) -> list[Paper]:
    """Make what goes with the letter of a reminder: itself, and the notice while it is to pay."""
    with scope(active_town_id()):
        one = reminders.reminder(reminder_id=reminder_id)
        position = asked_of(request_ids=one.request_ids)
        notice = notice_of(position) if position else None
    made = [Paper(file_name(one.number), paper_of(reminder_id=reminder_id))]
    return [*made, Paper(f"avviso-{one.number.replace('/', '-')}.pdf", notice)] if notice else made


letters.register("reminder", _made)
