"""What the office reads of rankings: the lists of a call, one of them by age group, what has moved since the one before."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from campanella.domains.applying import queries as applying
from campanella.domains.applying.queries import Application, EnrolmentCall
from campanella.domains.ranking import queries
from campanella.domains.ranking.queries import PlaceOffer, RankLine, RankList, RankPublication
from campanella.domains.ranking.rules.moved import Move, Standing, moved
from campanella.domains.ranking.rules.places import OFFERS
from campanella.domains.ranking.rules.scheme import Scheme, faults, read
from campanella.domains.schools import queries as schools
from campanella.readings.office.applications import lines as named
from campanella.readings.ranking.applicants import facts_of, gathered
from campanella.readings.ranking.late import Late, late

PILLS = {"open": "wait", "accepted": "ok", "refused": "off", "lapsed": "warn", "ended": "off"}
WAYS = {False: "provvisoria", True: "definitiva"}


@dataclass(frozen=True, slots=True)
class OfferLine:
    """A place that was offered, with the child's name."""

    offer: PlaceOffer
    name: str

    @property
    def pill(self) -> tuple[str, str]:
        """How its state is shown."""
        return PILLS[self.offer.state], OFFERS[self.offer.state]


@dataclass(frozen=True, slots=True)
class LateLine:
    """An application that came after the final list, with the child's name and the structures that it wants."""

    late: Late
    name: str
    wanted: str


@dataclass(frozen=True, slots=True)
class CallRanking:
    """
    The ranking of a call.

    :ivar lacking: what its rules still lack, in sentences
    :ivar strange: answers of the questions for preferences that name no structure, so that nobody gets a place by them
    :ivar lists: the newest first, each with what it was published as
    :ivar late: what came once the final list was published, in the order in which it stands behind it
    """

    call: EnrolmentCall
    scheme: Scheme
    is_ranked: bool
    lacking: tuple[str, ...]
    strange: tuple[tuple[str, str], ...]
    lists: tuple[tuple[RankList, str], ...]
    is_final: bool
    is_over: bool
    late: tuple[LateLine, ...]
    offers: tuple[OfferLine, ...]


@dataclass(frozen=True, slots=True)
class ListLine:
    """A line of a list with the child's name."""

    row: RankLine
    name: str


@dataclass(frozen=True, slots=True)
class GroupList:
    """
    The list of an age group.

    :ivar places: by structure its name, how many places and how many the list gives
    """

    name: str
    lines: tuple[ListLine, ...]
    places: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class OfficeList:
    """
    One list as the office reads it.

    :ivar outside: who is in no age group
    :ivar moves: what has moved since the list before
    """

    ranking: RankList
    groups: tuple[GroupList, ...]
    outside: tuple[ListLine, ...]
    before: RankList | None
    moves: tuple[Move, ...]
    publications: tuple[RankPublication, ...]
    is_last: bool
    is_closed: bool

    @property
    def ways(self) -> str:
        """As what it was published."""
        return published_as(self.publications, self.ranking.pk)


def call_ranking(*, call_id: int, now: datetime) -> CallRanking:
    """
    Gather the ranking of a call: nine queries, and a dozen for what came late.

    :raises NotFound: the town has no such call
    """
    call, row = applying.call(call_id=call_id), queries.scheme_row(call_id=call_id)
    scheme, publications = read(row.content) if row else Scheme(), queries.publications(call_id=call_id)
    found = queries.offers(call_id=call_id)
    names = {line.application.pk: line.name for line in named([one.application for one in found])}
    return CallRanking(
        call=call,
        scheme=scheme,
        is_ranked=bool(scheme.groups),
        lacking=tuple(faults(scheme)),
        strange=_strange(scheme, call_id) if scheme.preferences else (),
        lists=tuple((one, published_as(publications, one.pk)) for one in queries.lists(call_id=call_id)),
        is_final=any(one.is_final for one in publications),
        is_over=now > call.closes_at,
        late=tuple(_late(call, scheme)) if any(one.is_final for one in publications) else (),
        offers=tuple(OfferLine(one, names[one.application_id]) for one in found),
    )


def office_list(*, list_id: int) -> OfficeList:
    """
    Gather one list with names, and what has moved since the one before: nine queries.

    :raises NotFound: the town has no such list
    """
    ranking = queries.ranking(list_id=list_id)
    rows, before = queries.lines(list_id=list_id), queries.list_before(ranking=ranking)
    names = {line.application.pk: line.name for line in named([row.application for row in rows])}
    lines = [ListLine(row, names[row.application_id]) for row in rows]
    then = [standing(row) for row in queries.lines(list_id=before.pk)] if before else []
    publications, last = queries.publications(call_id=ranking.call_id), queries.last_list(call_id=ranking.call_id)
    return OfficeList(
        ranking=ranking,
        groups=tuple(_groups(read(ranking.scheme.content), lines)),
        outside=tuple(line for line in lines if not line.row.group),
        before=before,
        moves=tuple(
            moved(
                before=then,
                after=[standing(row) for row in rows],
                by_other_rules=before.scheme_id != ranking.scheme_id,
            )
        )
        if before
        else (),
        publications=tuple(publications),
        is_last=last is not None and last.pk == list_id,
        is_closed=any(one.is_final for one in publications),
    )


def application_worth(*, application: Application) -> dict[str, Any]:
    """Return what the rules make of an application as it is now: eight queries."""
    scheme = queries.scheme(call_id=application.call_id)
    (known,) = gathered(rows=[application], call=application.call, scheme=scheme)
    parts = {one.pk: one for one in applying.every_part(call_id=application.call_id)}
    names = {one.pk: one.name for one in schools.schools()}
    facts = facts_of(one=known, scheme=scheme, parts=parts, names=names)
    return {**facts, "group": scheme.group_of(known.applicant.born), "points": sum(line[2] for line in facts["worth"])}


def standing(row: RankLine) -> Standing:
    """Return where an application stood, to be compared."""
    return Standing(
        number=row.application.number,
        group=row.group,
        position=row.position,
        points=row.points,
        is_first=row.is_first,
        is_resident=row.is_resident,
        worth={label: points for label, _, points, *_ in row.facts["worth"]},
        isee=row.facts["isee"],
        school=row.school.name if row.school else "",
        drawn=row.ticket if row.is_drawn else "",
    )


def published_as(publications: Sequence[RankPublication], list_id: int) -> str:
    """Say as what a list was published, empty where it was not."""
    return ", ".join(WAYS[one.is_final] for one in reversed(publications) if one.ranking_id == list_id)


def _late(call: EnrolmentCall, scheme: Scheme) -> list[LateLine]:
    final = queries.final(call_id=call.pk)
    found = late(call=call, scheme=scheme, final=final) if final else []
    names = {line.application.pk: line.name for line in named([one.application for one in found])}
    called = {one.pk: one.name for one in schools.schools()} if found else {}
    return [
        LateLine(one, names[one.application.pk], ", ".join(called.get(pk, "") for pk in one.known.applicant.schools))
        for one in found
    ]


def _strange(scheme: Scheme, call_id: int) -> tuple[tuple[str, str], ...]:
    names = {one.name for one in schools.schools()}
    asked = [one for one in applying.every_part(call_id=call_id) if one.pk in scheme.preferences]
    return tuple((one.label, answer) for one in asked for answer in one.options if answer not in names)


def _groups(scheme: Scheme, lines: Sequence[ListLine]) -> list[GroupList]:
    names = {one.pk: one.name for one in schools.schools()}
    found = []
    for group in scheme.groups:
        mine = tuple(line for line in lines if line.row.group == group.name)
        given = Counter(line.row.school_id for line in mine)
        places = scheme.places(group=group.name)
        found.append(GroupList(group.name, mine, tuple((names.get(pk, ""), n, given[pk]) for pk, n in places.items() if n)))
    return found
