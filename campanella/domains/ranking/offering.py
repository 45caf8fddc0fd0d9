"""Places offered by the final list: made, accepted, given up, over; the row of an offer is answered once."""

from datetime import date, datetime

from campanella.domains.applying.models import Application
from campanella.domains.places import offering as life
from campanella.domains.ranking import queries
from campanella.domains.ranking.events import OfferProlonged, PlaceAnswered, PlaceOffered
from campanella.domains.ranking.models import PlaceOffer
from campanella.domains.ranking.rules.places import TAKEN
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.events import publish
from campanella.foundation.core.italian import day_figures
from campanella.foundation.core.scope import operation

audit.sentences(
    {
        "seat.offered": "ha offerto un posto a {school} alla domanda n. {number}, fino al {until}",
        "seat.prolonged": "ha prolungato fino al {until} l’offerta del posto a {school} alla domanda n. {number}",
        "seat.accepted": "ha accettato il posto a {school} della domanda n. {number}",
        "seat.refused": "ha rinunciato al posto a {school} della domanda n. {number}",
        "seat.lapsed": "ha lasciato scadere il posto a {school} della domanda n. {number}",
        "seat.ended": "ha tolto l’offerta del posto a {school}: la domanda n. {number} è finita",
    }
)
ACTIONS = {
    "accepted": "seat.accepted",
    "refused": "seat.refused",
    "lapsed": "seat.lapsed",
    "ended": "seat.ended",
}


class PlaceByRanking(Refusal):
    """Places of this call go by its list, and none is offered to this application."""

    message = "Qui i posti si danno con la graduatoria, e a questa domanda non ne è offerto nessuno."


@operation
def offer(*, by: Actor, application: Application, school_id: int, group: str, until: datetime, now: datetime) -> PlaceOffer:
    """
    Offer a place.

    :param application: held, and its call before
    """
    made = PlaceOffer.objects.create(
        call_id=application.call_id,
        application=application,
        school_id=school_id,
        group=group,
        offered_at=now,
        until=until,
    )
    _note("seat.offered", by=by, row=made, now=now)
    publish(PlaceOffered(offer_id=made.pk))
    return made


@operation
def take(
    *, by: Actor, application: Application, waits_for: str, now: datetime, received_at: datetime | None = None
) -> PlaceOffer:
    """
    Accept the place that is offered to an application; one that was accepted already, and was not enrolled, is found again.

    :param application: held
    :param waits_for: why it is not enrolled yet, empty where it is
    :param received_at: of the family's own answer; None where the office gives the place
    :raises PlaceByRanking: none is offered to it
    :raises OfferOver, ProlongFirst: the time for the answer is over
    """
    row = PlaceOffer.objects.filter(application=application, state__in=TAKEN).first()
    if row is None:
        raise PlaceByRanking
    if row.state == "accepted":
        PlaceOffer.objects.filter(pk=row.pk).update(waits_for=waits_for)
        return row
    if received_at is None:
        life.check_not_over(is_open=True, until=row.until, now=now)
    else:
        life.check_in_time(is_open=True, until=row.until, received_at=received_at)
    return answer(by=by, row=row, state="accepted", waits_for=waits_for, now=now)


@operation
def prolong(*, by: Actor, row: PlaceOffer, day: date, words: str, now: datetime) -> PlaceOffer:
    """
    Let a family answer until a later day; until then the place is nobody else's.

    :param row: its application is held
    :param day: the last one for the answer
    :param words: why; the family reads it
    :raises OfferOver, NobodySaidWhy, NotLonger: as ``places.offering.prolonged``
    """
    over = row.application.call.year.days.upper
    row.until, row.prolonged_for = life.prolonged(
        is_open=row.state == "open", until=row.until, day=day, over=over, words=words, now=now
    )
    row.save(update_fields=["until", "prolonged_for"])
    _note("seat.prolonged", by=by, row=row, now=now, why=row.prolonged_for)
    publish(OfferProlonged(offer_id=row.pk))
    return row


@operation
def answer(*, by: Actor, row: PlaceOffer, state: str, now: datetime, waits_for: str = "") -> PlaceOffer:
    """
    Write down what became of an open offer.

    :param row: its application is held
    """
    row.state, row.answered_at, row.waits_for = state, now, waits_for
    row.save(update_fields=["state", "answered_at", "waits_for"])
    _note(ACTIONS[state], by=by, row=row, now=now)
    publish(PlaceAnswered(offer_id=row.pk))
    return row


@operation
def end(*, by: Actor, application: Application, now: datetime) -> None:
    """
    End the place of an application that has ended, offered or accepted and not enrolled; nobody is written to of it.

    :param application: held
    """
    for row in PlaceOffer.objects.filter(application=application, state__in=TAKEN):
        row.state, row.answered_at = "ended", now
        row.save(update_fields=["state", "answered_at"])
        _note("seat.ended", by=by, row=row, now=now)


def _note(action: str, *, by: Actor, row: PlaceOffer, now: datetime, why: str = "") -> None:
    found = queries.offer(offer_id=row.pk)
    audit.record(
        by=by,
        action=action,
        subjects=[f"application:{found.application_id}", f"call:{found.call_id}"],
        at=now,
        why=why,
        data={
            "school": found.school.name,
            "number": found.application.number,
            "until": day_figures(found.until),
        },
    )
