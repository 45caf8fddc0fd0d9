"""How a child that gets a place by a list is enrolled: in which class, at which price, from when."""

from datetime import datetime, timedelta

from campanella.domains.applying import queries as applying
from campanella.domains.ranking import queries
from campanella.domains.ranking.queries import PlaceOffer
from campanella.domains.ranking.rules.places import free_from
from campanella.foundation.core import clock
from campanella.foundation.core.errors import Refusal
from campanella.readings.office.applications import admission
from campanella.usecases.applying.deciding import Choice


class ClassMissing(Refusal):
    """The rules name no class for this structure and age."""

    message = "Manca la classe: aprila e sceglila qui, poi accetta la domanda."


class NobodyLooked(Refusal):
    """Who has applied is nobody's adult yet: a list knows answers, and has seen no document."""

    message = "Chi ha fatto la domanda non ha ancora un accesso accettato: guarda un documento, poi accetta la domanda."


class PriceMissing(Refusal):
    """No price fits, or several do."""

    message = "Manca la tariffa: sceglila qui, poi accetta la domanda."


def choice_for(*, offer: PlaceOffer, now: datetime) -> Choice:
    """
    Say how whoever accepts this place is enrolled, from the day on which it is empty: a dozen queries.

    :param offer: its call is held

    :raises NobodyLooked, ClassMissing, PriceMissing: the office has to look, or to choose
    """
    if applying.adult_of(application=offer.application) is None:
        raise NobodyLooked
    how = admission(application=offer.application)
    if how is None or how.proposed is None:
        raise PriceMissing
    scheme, class_id = queries.scheme(call_id=offer.call_id), None
    if how.place is None or how.place.school_id != offer.school_id:
        class_id = scheme.class_of(school_id=offer.school_id, group=offer.group)
        if class_id is None:
            raise ClassMissing
    first = free_from(
        first=max(how.first, clock.day_of(now) + timedelta(days=1)),
        places=scheme.places(group=offer.group).get(offer.school_id, 0),
        others=queries.others_of(offer=offer),
        leaving=queries.leaving(offer=offer),
    )
    return Choice(how.proposed, first, class_id)
