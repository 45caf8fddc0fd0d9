"""
Asking for a place, offering, giving, leaving one: the pool is held before it is counted, then the place (``holding.py``).
"""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.people.models import Child
from campanella.domains.places import holding, offering, queries, rules
from campanella.domains.places.events import PlaceMoved
from campanella.domains.places.models import Place, PlaceStep, Pool
from campanella.domains.services.models import Bracket, Service
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.events import publish
from campanella.foundation.core.italian import day_figures
from campanella.foundation.core.scope import operation

audit.sentences(
    {
        "pool.made": "ha aperto {pool}: {capacity}",
        "pool.changed": "ha cambiato i posti di {pool}: {capacity}",
        "place.waiting": "ha chiesto un posto: {pool}",
        "place.offered": "ha offerto un posto: {pool}, dal {day}",
        "place.prolonged": "ha prolungato l’offerta di un posto: {pool}, fino al {until}",
        "place.held": "ha dato il posto: {pool}, dal {day}",
        "place.given_back": "ha lasciato il posto: {pool}, ultimo giorno {day}",
        "place.lapsed": "ha lasciato scadere l’offerta di un posto: {pool}",
        "place.refused": "ha rifiutato un posto: {pool}",
        "place.withdrawn": "ha ritirato la richiesta di un posto: {pool}",
    }
)
# What each step is called in the history.
ACTIONS = {
    "waiting": "place.waiting",
    "offered": "place.offered",
    "prolonged": "place.prolonged",
    "held": "place.held",
    "given_back": "place.given_back",
    "lapsed": "place.lapsed",
    "refused": "place.refused",
    "withdrawn": "place.withdrawn",
}


class AskedAlready(Refusal):
    """The child has a place there, or waits for one."""

    message = "C’è già un posto, o una richiesta, per lo stesso bambino: non serve chiedere di nuovo."


class NoPlaceLeft(Refusal):
    """Every place is taken."""

    message = "I posti sono finiti: il bambino può stare in lista d’attesa."


class MovedMeanwhile(Refusal):
    """The place is in another state than this step begins from."""

    message = "Intanto qualcosa è cambiato: guarda com’è adesso."


class NothingLeft(Refusal):
    """What has places is over, or has no whole day left."""

    message = "È già finito, o lo è da quel giorno: non c’è più nessun posto da dare."


class ReservedTooMany(Refusal):
    """More places are reserved than there are."""

    message = "I posti riservati non possono essere più dei posti."


@operation
def open_pool(
    *,
    by: Actor,
    service: Service,
    name: str,
    first: date,
    end: date,
    capacity: int | None,
    reserved: int,
    now: datetime,
) -> Pool:
    """
    Open what has a number of places for some days.

    :param end: the first day after
    :param capacity: None where there is no limit
    :raises ReservedTooMany: more are reserved than there are
    """
    _check(capacity, reserved)
    pool = Pool.objects.create(service=service, name=name, days=DateRange(first, end), capacity=capacity, reserved=reserved)
    _note_pool("pool.made", by, pool, now)
    return pool


@operation
def change_pool(*, by: Actor, pool_id: int, name: str, capacity: int | None, reserved: int, now: datetime) -> Pool:
    """
    Change how many places there are; who has one keeps it, also where there are less now.

    :raises NotFound: the town has none
    :raises ReservedTooMany: more are reserved than there are
    """
    _check(capacity, reserved)
    pool = holding.hold_pool(pool_id=pool_id)
    if (pool.name, pool.capacity, pool.reserved) != (name, capacity, reserved):
        pool.name, pool.capacity, pool.reserved = name, capacity, reserved
        pool.save(update_fields=["name", "capacity", "reserved"])
        _note_pool("pool.changed", by, pool, now)
    return pool


@operation
def ask(
    *,
    by: Actor,
    pool: Pool,
    child: Child,
    first: date,
    is_reserved: bool,
    asked_at: datetime,
    now: datetime,
    bracket: Bracket | None = None,
) -> Place:
    """
    Put a child in the line.

    :param asked_at: by what the line is ordered: the moment of receipt
    :raises AskedAlready: it has a place there, or waits for one
    """
    try:
        with transaction.atomic():
            place = Place.objects.create(
                pool=pool,
                child=child,
                state="waiting",
                is_reserved=is_reserved,
                asked_at=asked_at,
                changed_at=now,
                first=first,
                bracket=bracket,
            )
    except IntegrityError:
        raise AskedAlready
    _note(place, by=by, words="", now=now)
    return place


@operation
def offer(*, by: Actor, place: Place, first: date, ends_at: datetime, bracket: Bracket | None, now: datetime) -> Place:
    """
    Offer a child a place; until its term is over it is nobody else's.

    :param place: held, its pool too
    :param ends_at: the last instant at which it may be accepted
    :raises NoPlaceLeft: every place is taken
    :raises MovedMeanwhile: it does not wait
    """
    check_free(pool=place.pool, is_reserved=place.is_reserved, day=first)
    place.first, place.offer_ends_at, place.bracket = first, ends_at, bracket
    return _move(by, place, "offered", "", now)


@operation
def prolong(*, by: Actor, place: Place, day: date, words: str, now: datetime) -> Place:
    """
    Let a family answer until a later day; until then the place is nobody else's.

    :param place: held, its pool too
    :param day: the last one for the answer
    :param words: why; the family reads it
    :raises OfferOver, NobodySaidWhy, NotLonger: as ``offering.prolonged``
    """
    place.offer_ends_at, why = offering.prolonged(
        is_open=place.state == "offered",
        until=place.offer_ends_at,
        day=day,
        over=place.pool.days.upper,
        words=words,
        now=now,
    )
    place.save(update_fields=["offer_ends_at"])
    _note(place, by=by, words=why, now=now, what="prolonged")
    return place


@operation
def give(*, by: Actor, place: Place, first: date, end: date, words: str, now: datetime) -> Place:
    """
    Give a child the place for which it waits, or which it was offered.

    :param place: held, its pool too
    :param first: the first day with it
    :param end: the first day without it
    :param words: why, where others waited before
    :raises NothingLeft: that is no day at all
    :raises NoPlaceLeft: every place is taken
    :raises OfferOver: it was offered, and the term is over
    :raises MovedMeanwhile: it neither waits nor was offered one
    """
    is_offered = place.state == "offered"
    if is_offered:
        offering.check_in_time(is_open=True, until=place.offer_ends_at, received_at=now)
    if first >= end:
        raise NothingLeft
    if not is_offered:
        check_free(pool=place.pool, is_reserved=place.is_reserved, day=first)
    place.first, place.end = first, end
    return _move(by, place, "held", words, now)


@operation
def leave(*, by: Actor, place: Place, last: date, words: str, now: datetime) -> Place:
    """
    Let a child leave its place after a day; whoever waits may have it from the next one.

    :param place: held, its pool too
    :raises MovedMeanwhile: it has none
    """
    place.end = max(place.first, date.fromordinal(last.toordinal() + 1))
    return _move(by, place, "given_back", words, now)


@operation
def let_go(*, by: Actor, place: Place, to: str, words: str, now: datetime) -> Place:
    """
    End a wait or an offer: ``withdrawn``, ``refused`` or ``lapsed``.

    :param place: held, its pool too
    :raises MovedMeanwhile: it is in no state from which that begins
    """
    return _move(by, place, to, words, now)


@operation
def reserve(*, place: Place) -> None:
    """Write down that a child has a right to a reserved place; call it with the place held."""
    place.is_reserved = True
    place.save(update_fields=["is_reserved"])


@operation
def keep_price(*, place: Place, bracket: Bracket) -> None:
    """Write down at which price a child will use the service once its turn has come; call it with the place held."""
    place.bracket = bracket
    place.save(update_fields=["bracket"])


@operation
def end_no_later(*, place: Place, end: date) -> None:
    """Let a place that is held end when its service does; call it with the place held."""
    place.end = end
    Place.objects.filter(pk=place.pk).update(end=end)


def check_free(*, pool: Pool, is_reserved: bool, day: date) -> None:
    """
    Make sure that a place is left from a day on; call it with the pool held.

    :raises NoPlaceLeft: every place is taken
    """
    if queries.tallies(pools=[pool], day=day)[pool.pk].free(is_reserved=is_reserved) == 0:
        raise NoPlaceLeft


def _move(by: Actor, place: Place, to: str, words: str, now: datetime) -> Place:
    if not rules.leads(state=place.state, to=to):
        raise MovedMeanwhile
    place.state, place.changed_at = to, now
    place.save(update_fields=["state", "changed_at", "first", "end", "offer_ends_at", "bracket"])
    _note(place, by=by, words=words, now=now)
    return place


def _check(capacity: int | None, reserved: int) -> None:
    if capacity is not None and reserved > capacity:
        raise ReservedTooMany


def _note(place: Place, *, by: Actor, words: str, now: datetime, what: str = "") -> None:
    said = what or place.state
    step = PlaceStep.objects.create(place=place, state=said, at=now, by_id=by.actor_id, by_label=by.actor_label, words=words)
    last = place.end and said == "given_back" and date.fromordinal(place.end.toordinal() - 1)
    data = {"pool": place.pool.name, "day": day_figures(last or place.first)}
    if said == "prolonged" and place.offer_ends_at:
        data["until"] = day_figures(place.offer_ends_at)
    subjects = [f"child:{place.child_id}", f"pool:{place.pool_id}"]
    audit.record(by=by, action=ACTIONS[said], subjects=subjects, at=now, why=words, data=data)
    publish(PlaceMoved(step_id=step.pk))


def _note_pool(action: str, by: Actor, pool: Pool, now: datetime) -> None:
    reserved = f", {pool.reserved} riservati" if pool.reserved else ""
    capacity = "senza limite di posti" if pool.capacity is None else f"{pool.capacity} posti{reserved}"
    data = {"pool": pool.name, "capacity": capacity}
    audit.record(by=by, action=action, subjects=[f"pool:{pool.pk}"], at=now, data=data)
