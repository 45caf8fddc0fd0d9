"""What is read before a service is given up, or revoked: how it is used, and what is owed of its fees."""

from dataclasses import dataclass
from datetime import date

from campanella.domains.applying import used
from campanella.domains.applying.queries import Application
from campanella.domains.billing import fee_queries

# What is owed of the instalment in which the last day falls, by the rule of the fee.
EDGES_TOLD = {
    "whole": "La quota del periodo in cui cade l’ultimo giorno si paga intera; quelle dopo no.",
    "half": "La quota del periodo in cui cade l’ultimo giorno si paga intera, o metà se è nella prima metà; quelle dopo no.",
    "days": "La quota del periodo in cui cade l’ultimo giorno si paga solo per i giorni fino a quello; quelle dopo no.",
}


@dataclass(frozen=True, slots=True)
class Leaving:
    """
    A service that is about to end.

    :ivar begins: the first day of what has not ended, None where it has ended already
    :ivar begun: it has begun
    :ivar fees: a sentence for each rule by which fees end
    """

    begins: date | None
    begun: bool
    fees: tuple[str, ...]


def leaving_of(*, application: Application, today: date) -> Leaving:
    """Say how the service of an accepted application would end: two queries."""
    lasting = [one for one in used.uses_of(application=application) if one.end is None or one.end > today]
    edges = fee_queries.edges_of(service_id=application.call.service_id)
    begins = lasting[0].first if lasting else None
    told = tuple(text for edge, text in EDGES_TOLD.items() if edge in edges)
    return Leaving(begins, begins is not None and begins <= today, told)
