"""What ends by itself: an offer whose term is over, and the places of a child that does not use the service any more."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from campanella.domains.enrolment import queries as enrolled
from campanella.domains.enrolment.queries import Enrolled
from campanella.domains.places import holding, operations, queries
from campanella.domains.places.queries import Place
from campanella.domains.schools import queries as schools
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor, Software
from campanella.foundation.core.scope import operation, use_case
from campanella.usecases import reckoning

BY_ITSELF = Software("Tempo scaduto")
NOT_USED = Software("Servizio non più usato")
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Known:
    """What places go with: the services of their children from today on, and who is in a class."""

    today: date
    lines: Mapping[tuple[int, int], Sequence[Enrolled]]
    in_class: Collection[int]


@use_case
def lapse(*, now: datetime) -> int:
    """
    End the offers whose term is over; a second run finds none.

    :returns: how many
    """
    over = queries.over(now=now)
    found = {place_id: queries.place(place_id=place_id).pool_id for place_id in over}
    holding.hold_pools(pool_ids=set(found.values()))
    done = 0
    for place_id in over:
        place = holding.hold(place_id=place_id)
        if place.state == "offered" and not queries.may_answer(place=place, now=now):
            operations.let_go(by=BY_ITSELF, place=place, to="lapsed", words="", now=now)
            done += 1
    return done


# Part of an act that ends or lengthens what a child uses: it joins that act's transaction.
@operation
def follow(*, by: Actor, child_ids: Collection[int], now: datetime) -> int:
    """
    Let places go with what they are of: a seat ends with the service, a wait or an offer with the child's last class or with
    what it is for.

    One query where these children have neither.

    :returns: how many have ended
    """
    today = clock.day_of(now)
    live = queries.live_of(child_ids=child_ids, day=today)
    if not live:
        return 0
    holding.hold_pools(pool_ids={one.pool_id for one in live})
    known = _known(live, today)
    done = 0
    for found in live:
        place = holding.hold(place_id=found.pk)
        if not _ends(place, known):
            continue
        if place.state == "held":
            last = _used_until(place, known) - A_DAY
            operations.leave(by=by, place=place, last=last, words="Non usa più il servizio.", now=now)
        else:
            operations.let_go(by=by, place=place, to="withdrawn", words=_gone(place, known), now=now)
        done += 1
    return done


@use_case
def follow_all(*, now: datetime) -> int:
    """
    Put right what no act has, such as a service that an import has ended; a second run finds none.

    Of a town's thousands of places only those that seem to end are held, and asked again.

    :returns: how many have ended
    """
    today = clock.day_of(now)
    live = queries.live_of(child_ids=queries.children_with_live(), day=today)
    known = _known(live, today)
    child_ids = {place.child_id for place in live if _ends(place, known)}
    if not child_ids:
        return 0
    reckoning.hold(child_ids=child_ids)
    return follow(by=NOT_USED, child_ids=child_ids, now=now)


def _known(live: Sequence[Place], today: date) -> _Known:
    child_ids = sorted({one.child_id for one in live})
    lines: dict[tuple[int, int], list[Enrolled]] = {}
    for line in enrolled.enrolled_from(child_ids=child_ids, day=today):
        lines.setdefault((line.child_id, line.service_id), []).append(line)
    return _Known(today, lines, schools.in_class_from(child_ids=child_ids, day=today))


def _ends(place: Place, known: _Known) -> bool:
    """Tell whether a place, a wait or an offer goes with what it is of."""
    if place.state == "held":
        return place.end is not None and _used_until(place, known) < place.end
    return place.state in ("waiting", "offered") and bool(_gone(place, known))


def _gone(place: Place, known: _Known) -> str:
    """Return why nothing is left to wait for, empty where there is."""
    if place.pool.days.upper <= known.today + A_DAY:
        return "È finito senza che si liberasse un posto."
    return "" if place.child_id in known.in_class else "Non è più in nessuna classe."


def _used_until(place: Place, known: _Known) -> date:
    """Return the first day on which a child uses the service of its place no more; of a week, in its days alone."""
    ends = [
        one.end or clock.LAST_DAY
        for one in known.lines.get((place.child_id, place.pool.service_id), ())
        if one.first < place.pool.days.upper and (one.end is None or one.end > place.first)
    ]
    over: date = place.pool.days.upper
    return min(max(ends, default=known.today), over)
