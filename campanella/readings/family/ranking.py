"""What a family reads of a published list: its own place, how it came to be, and the place that is offered to it."""

from dataclasses import dataclass
from datetime import datetime

from campanella.domains.accounts.models import User
from campanella.domains.applying.queries import Application
from campanella.domains.applying.rules import OPEN
from campanella.domains.people import queries as people
from campanella.domains.ranking import queries
from campanella.domains.ranking.queries import PlaceOffer, RankLine, RankPublication
from campanella.domains.ranking.rules.places import OFFERS
from campanella.domains.ranking.rules.scheme import KEYS, read
from campanella.foundation.core.errors import NotFound
from campanella.readings.family.applications import own_application
from campanella.readings.ranking.applicants import ANSWERS
from campanella.readings.ranking.late import Late, late


@dataclass(frozen=True, slots=True)
class FamilyPlace:
    """
    An application's place in the list that families read.

    :ivar line: None where it came once the final list was published, and is in none
    :ivar late: where it stands behind the final list, None where it stands in it, or is decided
    :ivar of: how many are in the list of its age group
    :ivar keys: by what one goes before another, in words
    :ivar corrected: what the office has counted instead when the list was made: question, answer, reason
    :ivar offer: that waits for an answer in time, None where none does, or the child is no more the adult's
    :ivar answered: the offers before it, the newest first, with what became of them in words
    :ivar refusals: the one that takes an application off the list, 0 for none
    """

    application: Application
    publication: RankPublication
    line: RankLine | None
    late: Late | None
    of: int
    keys: tuple[str, ...]
    corrected: tuple[tuple[str, str, str], ...]
    offer: PlaceOffer | None
    answered: tuple[tuple[PlaceOffer, str], ...]
    given_up: int
    refusals: int

    @property
    def waits(self) -> bool:
        """Tell whether it still waits for a place."""
        return self.application.state in OPEN and not any(one.state in ("open", "accepted") for one, _ in self.answered)


def family_place(*, user: User, application_id: int, now: datetime) -> FamilyPlace:
    """
    Return a family's own place: ten queries; a dozen more where it came late.

    :raises NotFound: the application is not the family's, or stands neither in a list that is published nor behind one
    """
    own = own_application(user=user, application_id=application_id)
    publication = queries.published(call_id=own.call_id)
    line = queries.line(list_id=publication.ranking_id, application_id=own.pk) if publication else None
    if publication is None or (line is None and not queries.is_late(application=own)):
        raise NotFound
    scheme = read(publication.ranking.scheme.content)
    offers = queries.offers_to(application_id=own.pk)
    offer = next((one for one in offers if queries.may_answer(offer=one, received_at=now)), None)
    if own.child_id and own.guardian_id and not people.is_tied(child_id=own.child_id, guardian_id=own.guardian_id):
        # What it has sent it may still read; what is offered today is no more its own.
        offers, offer = [one for one in offers if one.pk != (offer and offer.pk)], None
    return FamilyPlace(
        application=own,
        publication=publication,
        line=line,
        late=None if line else _late(own, publication),
        of=queries.count_in_group(list_id=publication.ranking_id, group=line.group) if line else 0,
        keys=tuple(KEYS[name] for name in scheme.keys),
        corrected=_corrected(own.pk, publication.ranking.at),
        offer=offer,
        answered=tuple((one, OFFERS[one.state]) for one in offers if offer is None or one.pk != offer.pk),
        given_up=sum(one.state in ("refused", "lapsed") for one in offers),
        refusals=queries.scheme(call_id=own.call_id).refusals,
    )


def _late(own: Application, publication: RankPublication) -> Late | None:
    scheme = queries.scheme(call_id=own.call_id)
    found = late(call=own.call, scheme=scheme, final=publication) if own.state in OPEN else []
    return next((one for one in found if one.application.pk == own.pk), None)


def _corrected(application_id: int, made_at: datetime) -> tuple[tuple[str, str, str], ...]:
    rows = [one for one in queries.corrections(application_ids=[application_id]) if one.at <= made_at]
    last = {one.part_id: one for one in rows}
    return tuple((one.part.label, ANSWERS.get(one.answer, one.answer), one.reason) for one in last.values())
