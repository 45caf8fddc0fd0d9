"""The letters about a place: offered with its term, given, over."""

from datetime import datetime, timedelta

from campanella.domains.people.models import Guardian
from campanella.domains.places.queries import PlaceStep
from campanella.domains.services.models import Bracket
from campanella.foundation.core.money import Euro
from campanella.usecases.links import portal_link
from campanella.usecases.messages.queuing import queue

SUBJECTS = {
    "offered": "Si è liberato un posto: rispondi",
    "prolonged": "Hai più tempo per rispondere",
    "held": "Il posto è confermato",
    "given_back": "Un posto finisce",
    "lapsed": "Il tempo per rispondere è finito",
    "withdrawn": "La richiesta di un posto è chiusa",
}
A_DAY = timedelta(days=1)


def step_told(*, step: PlaceStep, guardian: Guardian, now: datetime) -> None:
    """Tell an adult of one step of a child's place."""
    place = step.place
    is_camp = place.pool.service.kind == "camp"
    queue(
        template="place_step",
        key=f"place_step:{step.pk}",
        guardian=guardian,
        subject=SUBJECTS[step.state],
        now=now,
        child=place.child,
        values={
            "state": step.state,
            "pool": place.pool.name,
            "service": place.pool.service,
            "words": step.words,
            "first": place.first,
            "last": place.end - A_DAY if place.end else None,
            "ends_at": place.offer_ends_at,
            "price": _price(place.bracket),
            "link": portal_link("portal:camps" if is_camp else "portal:bus", place.child_id),
            "is_camp": is_camp,
        },
    )


def _price(bracket: Bracket | None) -> Euro | None:
    return Euro(bracket.cents) if bracket else None
