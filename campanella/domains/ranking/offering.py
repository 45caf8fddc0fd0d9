"""Places offered by the final list: made, accepted, given up, over; the row of an offer is answered once."""

from datetime import datetime

from campanella.domains.applying.models import Application
from campanella.domains.ranking import queries
from campanella.domains.ranking.events import PlaceAnswered, PlaceOffered
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
def take(*, by: Actor, application: Application, waits_for: str, now: datetime) -> PlaceOffer:
    """
    Accept the place that is offered to an application; one that was accepted already, and was not enrolled, is found again.

    :param application: held
    :param waits_for: why it is not enrolled yet, empty where it is
    :raises PlaceByRanking: none is offered to it, or its time is over
    """
    row = PlaceOffer.objects.filter(application=application, state__in=TAKEN).first()
    if row is None:
        raise PlaceByRanking
    if row.state == "accepted":
        PlaceOffer.objects.filter(pk=row.pk).update(waits_for=waits_for)
        return row
    return answer(by=by, row=row, state="accepted", waits_for=waits_for, now=now)


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


def _note(action: str, *, by: Actor, row: PlaceOffer, now: datetime) -> None:
    found = queries.offer(offer_id=row.pk)
    audit.record(
        by=by,
        action=action,
        subjects=[f"application:{found.application_id}", f"call:{found.call_id}"],
        at=now,
        data={
            "school": found.school.name,
            "number": found.application.number,
            "until": day_figures(found.until),
        },
    )
