"""
A charge that a family contests from its day: it goes to the office with what is on record, and comes back decided.

Accepted, the day is corrected: the difference is posted, and who pays is told. Refused, the office answers as to any ticket.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime

from campanella.domains.accounts.models import User
from campanella.domains.attendance import answers, disputing
from campanella.domains.attendance.asked import DayOfLine
from campanella.domains.attendance.disputing import ContestedBefore
from campanella.domains.attendance.judging import Arrival
from campanella.domains.people import queries as people
from campanella.domains.services import queries as services
from campanella.domains.support import operations as support
from campanella.domains.support import queries as tickets
from campanella.domains.support.operations import TooManyTickets, Writer
from campanella.domains.support.words import Topic
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.scope import operation, use_case
from campanella.foundation.design.italian import counted, day_long, in_full
from campanella.readings.explained import explained
from campanella.usecases import mealtime

ACCEPTED = "Abbiamo controllato: hai ragione, il giorno non si paga. Il credito è già giusto."


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
    found = explained(lines=[(child_id, service_id)], day=day, now=now)
    if not found:
        raise NotFound
    (why,) = found
    if not why.charged or not why.charged.cents:
        raise NothingCharged
    if answers.contest_of(child_id=child_id, service_id=service_id, day=day):
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
def doubt(*, by: User, number: str, days: Sequence[DayOfLine], arrival: Arrival, now: datetime) -> None:
    """
    Put before the office a tap whose phone had its clock too wrong: both moments, and the day to decide on.

    Somebody who has written too often within the hour leaves the request itself on record, and no ticket.
    """
    assert arrival.tapped_at is not None
    wrong = counted(max(1, round(abs(arrival.error.total_seconds()) / 60)), "minuto", "minuti")
    holder = people.holder_of(user=by)
    for child_id, service_id, day in days:
        writer = Writer(
            name=by.display_name,
            email=people.address_of(user=by, holder=holder),
            origin="",
            user=by,
            guardian=holder,
            child_id=child_id,
        )
        text = (
            f"Richiesta n. {number} per {day_long(day)} {day.year}, scritta sul telefono senza rete.\n"
            f"Ora del tocco, corretta: {in_full(arrival.tapped_at)}. Arrivata: {in_full(arrival.received_at)}.\n"
            f"L’orologio del telefono sbagliava di {wrong}: conta l’arrivo, decide l’ufficio."
        )
        with suppress(TooManyTickets):
            ticket = support.open_ticket(by=writer, topic=Topic.PRESENCES, text=text, now=now)
            disputing.contest(by=by, child_id=child_id, service_id=service_id, day=day, ticket_number=ticket.number, now=now)


@use_case
def accept(*, by: User, number: int, now: datetime) -> None:
    """
    Accept what a family contests: the day is corrected, the difference goes back, the family is told and answered.

    :raises NotFound: the ticket contests no day
    """
    contested = answers.contested_by(ticket_number=number)
    ticket = tickets.ticket(number=number)
    mealtime.correct(
        by=by,
        child_id=contested.child_id,
        service=contested.service,
        day=contested.day,
        is_present=False,
        reason=f"Contestazione accolta, segnalazione n. {number}",
        now=now,
    )
    support.answer_ticket(by=by, ticket=ticket, text=ACCEPTED, is_closing=True, now=now)
