"""What the office reads of applications: the work list, and all it needs to decide of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from campanella.domains.applying import queries, rules
from campanella.domains.applying.queries import Application, ApplicationStep, ApplicationVersion
from campanella.domains.people import queries as people
from campanella.domains.people import registered
from campanella.domains.people.models import Child, Guardian
from campanella.domains.ranking import queries as ranking
from campanella.domains.ranking.queries import PlaceOffer
from campanella.domains.schools import queries as schools
from campanella.domains.schools.models import ClassGroup
from campanella.domains.schools.queries import Place
from campanella.domains.services.models import Bracket
from campanella.foundation.core.errors import NotFound
from campanella.readings import fitting


@dataclass(frozen=True, slots=True)
class Line:
    """
    An application in the work list.

    :ivar name: the child's, as it was sent
    """

    application: Application
    name: str

    @property
    def state(self) -> str:
        """Its state in words."""
        return rules.STATES[self.application.state]


@dataclass(frozen=True, slots=True)
class Admission:
    """
    How a child that is accepted would use the service.

    :ivar known: the child as it is on record; of one that was written by hand, found by its tax code
    :ivar place: its class on the first day, None where one must be chosen
    :ivar proposed: the price that fits, None where somebody must choose
    :ivar is_strange: the child is on record, or the adult, and who has applied is not one of its adults
    :ivar same_adult: who is on record under the tax code of somebody who has registered and waits
    """

    first: date
    known: Child | None
    place: Place | None
    classes: tuple[ClassGroup, ...]
    brackets: tuple[Bracket, ...]
    proposed: Bracket | None
    is_strange: bool
    same_adult: Guardian | None = None

    @property
    def is_ready(self) -> bool:
        """Tell whether it may be accepted without anybody choosing anything."""
        return self.place is not None and self.proposed is not None and not self.is_strange


@dataclass(frozen=True, slots=True)
class OfficeApplication:
    """
    One application with all the office needs to decide.

    :ivar waits_at: its place in line, 0 where there is one
    :ivar erased: documents that are kept no longer
    :ivar is_ranked: places go by a list, and ``place`` is what it has offered last
    :ivar is_late: it came once the final list was published, and stands behind it
    """

    application: Application
    sent: ApplicationVersion
    steps: tuple[ApplicationStep, ...]
    admission: Admission
    payer: Guardian | None
    waits_at: int
    erased: frozenset[int]
    is_ranked: bool
    place: PlaceOffer | None
    is_late: bool

    @property
    def state(self) -> str:
        """Its state in words."""
        return rules.STATES[self.application.state]

    @property
    def may_decide(self) -> bool:
        """Tell whether the office has still to decide."""
        return self.application.state in rules.OPEN


def lines(applications: Sequence[Application]) -> list[Line]:
    """Return applications with the names of their children: one query."""
    names = people.register_names(child_ids=[one.child_id for one in applications if one.child_id])
    return [Line(one, names[one.child_id] if one.child_id else _said_name(one)) for one in applications]


def office_application(*, application_id: int) -> OfficeApplication:
    """
    Gather an application that was sent: a dozen queries.

    :raises NotFound: the town has no such application, or it was not sent
    """
    one = queries.application(application_id=application_id)
    sent = queries.version(application=one)
    if sent is None:
        raise NotFound
    how = _admission(one, sent)
    before = queries.before(application=one) if one.state in rules.OPEN else 0
    is_ranked = ranking.is_ranked(call_id=one.call_id)
    return OfficeApplication(
        application=one,
        sent=sent,
        steps=tuple(queries.steps(application_id=one.pk)),
        admission=how,
        payer=people.payer_of(child_id=how.known.pk) if how.known else None,
        waits_at=0 if is_ranked else rules.place_in_line(places=one.call.places, before=before),
        erased=frozenset(queries.erased_file_ids(application_id=one.pk) if sent.content["files"] else ()),
        is_ranked=is_ranked,
        place=next(iter(ranking.offers_to(application_id=one.pk)), None) if is_ranked else None,
        is_late=is_ranked and ranking.is_late(application=one),
    )


def admission(*, application: Application) -> Admission | None:
    """Say how an application would be accepted, None where it was not sent: seven queries."""
    sent = queries.version(application=application)
    return _admission(application, sent) if sent else None


def _admission(application: Application, sent: ApplicationVersion) -> Admission:
    call = application.call
    first, said = call.begins_on, sent.content["data"]
    known = application.child or _known(said.get("child", {}).get("tax_code", ""))
    place = schools.places_of(child_ids=[known.pk], day=first).get(known.pk) if known else None
    wanted = next((one for one in schools.schools() if one.pk == said.get("school")), None)
    level = place.level if place else wanted.level if wanted else ""
    brackets = fitting.prices(service_id=call.service_id, level=level, day=first)
    classes: list[ClassGroup] = []
    if place is None:
        every = list(schools.all_classes(day=first).order_by("school__name", "name"))
        classes = [one for one in every if wanted is None or one.school_id == wanted.pk] or every
    adult = queries.adult_of(application=application)
    payer = people.payer_of(child_id=known.pk) if known else adult
    payer_id = payer.pk if payer else adult.pk if adult else 0
    proposed = fitting.fitting(brackets=brackets, payer_id=payer_id, day=first)
    # A tax code is no proof: of who has registered and is on record under it somebody sees a document.
    same = registered.adult_with(tax_code=application.applicant.tax_code) if adult is None else None
    is_strange = bool(same or (known and not (adult and people.is_tied(child_id=known.pk, guardian_id=adult.pk))))
    return Admission(first, known, place, tuple(classes), tuple(brackets), proposed, is_strange, same)


def _known(tax_code: str) -> Child | None:
    try:
        return people.child_known_as(tax_code=tax_code) if tax_code else None
    except NotFound:
        return None


def _said_name(one: Application) -> str:
    said = one.data.get("child", {})
    return f"{said.get('family_name', '')} {said.get('given_name', '')}".strip()
