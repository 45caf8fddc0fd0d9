"""What ends by itself: an offer whose term is over, and the places of a child that does not use the service any more."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from campanella.domains.enrolment import queries as enrolled
from campanella.domains.enrolment.queries import Enrolled
from campanella.domains.places import holding, operations, queries
from campanella.domains.places.queries import Place
from campanella.domains.schools import queries as schools
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor, Software
from campanella.foundation.core.scope import operation, use_case

BY_ITSELF = Software("Tempo scaduto")
NOT_USED = Software("Servizio non più usato")
A_DAY = timedelta(days=1)


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
        if place.state == "offered" and place.offer_ends_at and place.offer_ends_at < now:
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
    mine = sorted({one.child_id for one in live})
    lines = enrolled.enrolled_from(child_ids=mine, day=today)
    in_class = schools.in_class_from(child_ids=mine, day=today)
    done = 0
    for found in live:
        place = holding.hold(place_id=found.pk)
        if place.state in ("waiting", "offered"):
            words = _gone(place, in_class, today)
            if words:
                operations.let_go(by=by, place=place, to="withdrawn", words=words, now=now)
                done += 1
        elif place.state == "held" and place.end is not None:
            until = _used_until(place, lines, today)
            if until < place.end:
                operations.leave(by=by, place=place, last=until - A_DAY, words="Non usa più il servizio.", now=now)
                done += 1
    return done


def _gone(place: Place, in_class: Collection[int], today: date) -> str:
    """Return why nothing is left to wait for, empty where there is."""
    if place.pool.days.upper <= today + A_DAY:
        return "È finito senza che si liberasse un posto."
    return "" if place.child_id in in_class else "Non è più in nessuna classe."


def _used_until(place: Place, lines: Sequence[Enrolled], today: date) -> date:
    """Return the first day on which a child uses the service of its place no more; of a week, in its days alone."""
    ends = [
        one.end or clock.LAST_DAY
        for one in lines
        if (one.child_id, one.service_id) == (place.child_id, place.pool.service_id)
        and one.first < place.pool.days.upper
        and (one.end is None or one.end > place.first)
    ]
    over: date = place.pool.days.upper
    return min(max(ends, default=today), over)


@use_case
def follow_all(*, now: datetime) -> int:
    """
    Put right what no act has, such as a service that an import has ended; a second run finds none.

    :returns: how many have ended
    """
    return follow(by=NOT_USED, child_ids=queries.children_with_live(), now=now)
