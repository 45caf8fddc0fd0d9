"""
What a family contests of a day: it goes to the office with what is on record, and comes back decided.

A charge that is contested: accepted, the day is corrected. A tap without network whose clock was too wrong: accepted, its
request counts, whatever it asked. Either way the difference is posted, and who pays is told; refused, the office answers as
to any ticket.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime

from campanella.domains.accounts.models import User
from campanella.domains.attendance import asked, contested, disputing, wishing
from campanella.domains.attendance.asked import DayOfLine
from campanella.domains.attendance.disputing import ContestedBefore
from campanella.domains.attendance.judging import Arrival
from campanella.domains.ledger import holding
from campanella.domains.people import queries as people
from campanella.domains.services import queries as services
from campanella.domains.support import operations as support
from campanella.domains.support import queries as tickets
from campanella.domains.support.operations import TooManyTickets, Writer
from campanella.domains.support.words import Topic
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.italian import counted, day_long, in_full
from campanella.foundation.core.scope import operation, use_case
from campanella.readings.explained import explained
from campanella.usecases import mealtime, wished

ACCEPTED = "Abbiamo controllato: hai ragione, il giorno non si paga. Il credito è già giusto."
ACCEPTED_REQUEST = "Abbiamo controllato: la richiesta vale come se fosse arrivata in tempo. Il credito è già giusto."


class NothingCharged(Refusal):
    """The day costs nothing: there is nothing to contest."""

    message = "Per quel giorno non è stato addebitato nulla: non c’è niente da contestare."


@use_case
def contest(*, by: User, child_id: int, service_id: int, day: date, text: str, origin: str, now: datetime) -> int:
    """
    Contest the charge of a day: the office gets a ticket with what is on record of it.

    :returns: the number of the ticket
    :raises NotFound: the child is not this user's, or does not use the service
    :raises NothingCharged: the day was not charged
    :raises ContestedBefore: it was contested already
    :raises TooManyTickets: too many within the hour
    """
    child = people.child_for(user=by, child_id=child_id)
    # A doubtful tap of the same day comes before or after.
    holding.hold_children(child_ids=[child_id])
    found = explained(lines=[(child_id, service_id)], day=day, now=now)
    if not found:
        raise NotFound
    (why,) = found
    if not why.charged or not why.charged.cents:
        raise NothingCharged
    if contested.contest_of(child_id=child_id, service_id=service_id, day=day):
        raise ContestedBefore
    name = next(service.name for service in services.services() if service.pk == service_id)
    holder = people.holder_of(user=by)
    ticket = support.open_ticket(
        by=Writer(
            name=by.display_name,
            email=people.address_of(user=by, holder=holder),
            origin=origin,
            user=by,
            guardian=holder,
            child_id=child_id,
        ),
        topic=Topic.PRESENCES,
        text=(
            f"{text.strip()}\n\n"
            f"Contesto l’addebito di {day_long(day)} {day.year} ({name}, {child.called}): {why.charged}.\n"
            f"Che cosa risulta: {why.because}"
        ),
        now=now,
    )
    disputing.contest(by=by, child_id=child_id, service_id=service_id, day=day, ticket_number=ticket.number, now=now)
    return ticket.number


# Part of the request itself: it joins its transaction.
@operation
def doubt(*, by: User, number: str, action: str, days: Sequence[DayOfLine], arrival: Arrival, now: datetime) -> None:
    """
    Put before the office a tap whose phone had its clock too wrong: what it asks, both moments, and the day to decide on.

    A day that is before the office already gets one more message. Somebody who has written too often within the hour leaves
    the request itself on record, and no ticket. The children's wallets are held.
    """
    assert arrival.tapped_at is not None
    wrong = counted(max(1, round(abs(arrival.error.total_seconds()) / 60)), "minuto", "minuti")
    holder = people.holder_of(user=by)
    for child_id, service_id, day in days:
        text = (
            f"Con la richiesta n. {number} ha {wishing.WORDS[action]}, per {day_long(day)} {day.year}: "
            "scritta sul telefono senza rete.\n"
            f"Ora del tocco, corretta: {in_full(arrival.tapped_at)}. Arrivata: {in_full(arrival.received_at)}.\n"
            f"L’orologio del telefono sbagliava di {wrong}: conta l’arrivo, decide l’ufficio."
        )
        if before := contested.contest_of(child_id=child_id, service_id=service_id, day=day):
            ticket = tickets.ticket(number=before.ticket_number)
            support.continue_ticket(by=by, ticket=ticket, text=text, now=now, author=by.display_name)
            continue
        writer = Writer(
            name=by.display_name,
            email=people.address_of(user=by, holder=holder),
            origin="",
            user=by,
            guardian=holder,
            child_id=child_id,
        )
        with suppress(TooManyTickets):
            ticket = support.open_ticket(by=writer, topic=Topic.PRESENCES, text=text, now=now)
            disputing.contest(by=by, child_id=child_id, service_id=service_id, day=day, ticket_number=ticket.number, now=now)


@use_case
def accept(*, by: User, number: int, now: datetime) -> None:
    """
    Accept what a family contests: its requests count, or the day is corrected; the difference is posted, and it is answered.

    :raises NotFound: the ticket contests no day
    """
    about = contested.contested_by(ticket_number=number)
    child_id, service, day = about.child_id, about.service, about.day
    holding.hold_children(child_ids=[child_id])
    reason = f"Contestazione accolta, segnalazione n. {number}"
    if contested.doubtful_on(child_id=child_id, service_id=service.pk, day=day):
        _let_count(by=by, key=(child_id, service.pk, day), reason=reason, now=now)
        text = ACCEPTED_REQUEST
    else:
        mealtime.correct(by=by, child_id=child_id, service=service, day=day, is_present=False, reason=reason, now=now)
        text = ACCEPTED
    support.answer_ticket(by=by, ticket=tickets.ticket(number=number), text=text, is_closing=True, now=now)


def _let_count(*, by: User, key: DayOfLine, reason: str, now: datetime) -> None:
    """Let the doubtful requests of a day count and fold it, in the order in which they came; what counts already stays."""
    child_id, service_id, day = key
    days = asked.days_of(lines=[(child_id, service_id)], days=[day])
    wishing.change_classes(days=days)
    days = asked.days_of(lines=[(child_id, service_id)], days=[day])
    doubtful = contested.undecided_on(child_id=child_id, service_id=service_id, day=day)
    disputing.let_count(by=by, doubtful=doubtful, note=reason, now=now)
    for request in contested.requests_behind(doubtful):
        wished.fold(days, request=request, by=by, channel="office", came=request.received_at, now=now)
