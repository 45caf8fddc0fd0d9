"""
The weeks of a camp that an application asks for: put in line, given and taken back by the use cases of the camp's own page.

What an application asks for when it is sent stands in the line of each week by the moment of its receipt. Whoever sends,
decides or takes back holds the child's wallets before the application (``hold``): leaving a week needs them.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from campanella.domains.applying import queries
from campanella.domains.applying.queries import Application, ApplicationVersion
from campanella.domains.places import operations
from campanella.domains.places import queries as places
from campanella.domains.places.offering import OfferOver
from campanella.domains.places.operations import NoPlaceLeft
from campanella.domains.places.queries import Place
from campanella.domains.places.rules import LIVE
from campanella.domains.services.models import Bracket
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import operation
from campanella.usecases import reckoning
from campanella.usecases.places import seats, weeks
from campanella.usecases.places.seats import OthersWait

A_DAY = timedelta(days=1)
WAITING = ("waiting", "offered")


class WeekGone(Refusal):
    """A week that was chosen has begun, or is none of the camp's."""

    message = "Una delle settimane scelte non c’è più, o è già cominciata: torna ai dati e scegli di nuovo."


def asks_weeks(row: Application) -> bool:
    """Tell whether an application is for a camp, which is used by the week."""
    return bool(row.call.service.kind == "camp")


def hold(row: Application) -> None:
    """Hold the wallets of the child that an application asks weeks for; nothing where it asks for none."""
    if row.child_id and asks_weeks(row):
        reckoning.hold(child_ids=[row.child_id])


def check_open(*, row: Application, now: datetime) -> None:
    """:raises WeekGone: a week that was chosen may not be asked for any more"""
    if not _chosen(row) <= _open(row, clock.day_of(now)):
        raise WeekGone


# Part of an act that sends or accepts an application: it joins that act's transaction.
@operation
def put_in_line(*, by: Actor, row: Application, received_at: datetime, now: datetime) -> None:
    """
    Ask for the weeks that an application names, and let go of those that it named when it was sent before.

    A child that is not on record waits for its acceptance; it has its place in line by the moment of receipt all the same.

    :raises NotForThisChild: the child's school has no such camp
    :raises AskedAlready: somebody has asked for one of them meanwhile
    """
    if row.child_id and asks_weeks(row):
        _leave(by, row, _sent(row) - _chosen(row), "", now)
        _ask(by, row, _chosen(row), received_at, now)


# Part of an act that accepts an application: it joins that act's transaction.
@operation
def give(*, by: Actor, row: Application, bracket: Bracket, was_in_line: bool, now: datetime) -> None:
    """
    Give a child that is accepted the weeks whose turn has come; for the others it stays in line, at the same price.

    A week that the family has let go of since it applied is not asked for again.

    :param was_in_line: the child was on record when its application was sent, and has waited since
    :raises NoClass, NotServed, PriceNotYet: as ``weeks.assign``
    """
    if not was_in_line:
        named = _named_since(row)
        for received_at in sorted(set(named.values())):
            _ask(by, row, [pool_id for pool_id, at in named.items() if at == received_at], received_at, now)
    wanted = _sent(row)
    for found in sorted(_mine(row, clock.day_of(now)), key=lambda one: one.pool_id):
        if found.pool_id not in wanted or found.state not in WAITING:
            continue
        place, _ = seats.held_place(found.pk, child_id=found.child_id)
        operations.keep_price(place=place, bracket=bracket)
        week: dict[str, Any] = {"child_id": place.child_id, "pool_id": place.pool_id, "is_reserved": place.is_reserved}
        try:
            weeks.assign(by=by, **week, words="", now=now)
        except (OthersWait, NoPlaceLeft, OfferOver):
            # It waits on, or what it was offered goes to who comes next.
            continue


# Part of an act that ends an application: it joins that act's transaction.
@operation
def take_back(*, by: Actor, row: Application, words: str, now: datetime) -> None:
    """End the waits and offers of an application that holds no more; a week that it has ends as its subscription does."""
    if row.child_id and asks_weeks(row):
        _leave(by, row, _sent(row), words, now)


def _ask(by: Actor, row: Application, wanted: Collection[int], received_at: datetime, now: datetime) -> None:
    """Ask for those of some weeks that are open, and that the child neither has nor waits for."""
    today = clock.day_of(now)
    asked = {one.pool_id for one in _mine(row, today) if one.state in LIVE}
    if row.child_id and (new := _open(row, today).intersection(wanted) - asked):
        weeks.ask(by=by, child_id=row.child_id, pool_ids=sorted(new), received_at=received_at, now=now)


def _leave(by: Actor, row: Application, pool_ids: Collection[int], words: str, now: datetime) -> None:
    for place in _mine(row, clock.day_of(now)) if pool_ids else ():
        if place.pool_id in pool_ids and place.state in WAITING:
            weeks.leave(by=by, child_id=place.child_id, place_id=place.pk, words=words, now=now)


def _mine(row: Application, today: date) -> list[Place]:
    return places.live_of(child_ids=[row.child_id] if row.child_id else [], day=today)


def _open(row: Application, today: date) -> set[int]:
    return {one.pk for one in places.pools_of(service_id=row.call.service_id, day=today + A_DAY)}


def _chosen(row: Application) -> set[int]:
    return {int(pool_id) for pool_id in row.data.get("weeks", ())}


def _sent(row: Application) -> set[int]:
    """Return the weeks that an application named when it was sent last."""
    version = queries.version(application=row) if row.version else None
    return _named_in(version) if version else set()


def _named_since(row: Application) -> dict[int, datetime]:
    """Return by week since when an application names it: one that was added later has its place in line from then on."""
    named: dict[int, datetime] = {}
    for version in queries.versions(application_id=row.pk):
        named = {pool_id: named.get(pool_id, version.received_at) for pool_id in _named_in(version)}
    return named


def _named_in(version: ApplicationVersion) -> set[int]:
    return {int(pool_id) for pool_id in version.content["data"].get("weeks", ())}
