"""The letters about lists and places; none of them names a child, nor what was answered."""

from datetime import datetime

from campanella.domains.applying.queries import Application
from campanella.domains.ranking.queries import PlaceOffer, RankList, RankPublication
from campanella.foundation.core.italian import day_full, elided, moment_full
from campanella.usecases.links import portal_link
from campanella.usecases.messages.applications import address_of
from campanella.usecases.messages.queuing import queue

ANSWERED = {
    "accepted": "Hai accettato il posto",
    "refused": "Hai rinunciato al posto",
    "lapsed": "Il posto offerto è scaduto",
}


def published(*, application: Application, ranking: RankList, publication: RankPublication, now: datetime) -> None:
    """Tell an adult that the list with its application is published."""
    queue(
        template="ranking_published",
        key=f"ranking_published:{publication.pk}:{application.pk}",
        guardian=application.guardian,
        address=address_of(application),
        subject="La graduatoria è pubblicata",
        now=now,
        values={
            "number": application.number,
            "service": ranking.call.service.name,
            "year": ranking.call.year.name,
            "is_final": publication.is_final,
            "appeals_until": elided(f"il {day_full(publication.appeals_until)}") if publication.appeals_until else "",
            "link": portal_link("portal:application-place", application.pk),
        },
    )


def offered(*, offer: PlaceOffer, now: datetime) -> None:
    """Tell an adult of a place, and until when it waits."""
    _tell(offer, "C’è un posto: rispondi in tempo", "offered", now)


def prolonged(*, offer: PlaceOffer, now: datetime) -> None:
    """Tell an adult that a place waits longer, and why; prolonged once more it is told once more."""
    _tell(offer, "Hai più tempo per rispondere", "prolonged", now, f":{offer.until:%y%m%d}")


def answered(*, offer: PlaceOffer, now: datetime) -> None:
    """Tell an adult what became of the place."""
    if offer.state in ANSWERED:
        _tell(offer, ANSWERED[offer.state], offer.state, now)


def _tell(offer: PlaceOffer, subject: str, what: str, now: datetime, again: str = "") -> None:
    application = offer.application
    queue(
        template="place_told",
        key=f"place_told:{offer.pk}:{what}{again}",
        guardian=application.guardian,
        address=address_of(application),
        subject=subject,
        now=now,
        values={
            "what": what,
            "number": application.number,
            "service": application.call.service.name,
            "school": offer.school.name,
            "until": elided(f"il {moment_full(offer.until)}"),
            "words": offer.prolonged_for,
            "waits": bool(offer.waits_for),
            "still_waits": application.state in ("sent", "taken", "asked"),
            "link": portal_link("portal:application-place", application.pk),
        },
    )
