"""Families are told of the school year that comes when the office says so, each once."""

from datetime import datetime

from campanella.domains.messaging import queries as messaging
from campanella.domains.schools import rolled
from campanella.domains.schools.events import YearTold
from campanella.domains.schools.models import YearRoll
from campanella.foundation.core import audit, clock, sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.events import publish
from campanella.foundation.core.scope import active_town_id, use_case
from campanella.readings.office import year_readers
from campanella.usecases.messages import years as letters

audit.sentences({"year.told": "ha scritto alle famiglie dell’anno che viene"})

# Adults written to in one transaction.
PIECE = 500


class NothingToTell(Refusal):
    """No roll-over stands."""

    message = "Prima si fa il passaggio, poi si scrive alle famiglie."


class ToldBefore(Refusal):
    """The families were written to."""

    message = "Le famiglie sono già state avvisate di questo passaggio."


@use_case
def begin(*, by: Actor, now: datetime) -> YearRoll:
    """
    Let the families of the last roll-over be written to, in pieces, by the worker.

    :raises NothingToTell: none stands
    :raises ToldBefore: they were written to
    """
    sql.take_turns("year", active_town_id())
    made = rolled.last_standing()
    if made is None:
        raise NothingToTell
    if is_told(roll=made):
        raise ToldBefore
    publish(YearTold(roll_id=made.pk))
    audit.record(by=by, action="year.told", subjects=["town", f"roll:{made.pk}"], at=now)
    return made


def is_told(*, roll: YearRoll) -> bool:
    """Tell whether any family has been written to about a roll-over: one query."""
    return messaging.is_any_told(prefix=letters.of_roll(roll.pk))


@use_case
def tell(*, roll_id: int, after: int) -> None:
    """Write to a piece of the families, then to the next; a roll-over that was undone is told to nobody."""
    # In turn with whoever takes the roll-over back: what is being undone is told to nobody.
    sql.take_turns("year", active_town_id())
    made = rolled.with_id(roll_id=roll_id)
    if made is None:
        return
    found = year_readers.families(roll_id=roll_id, after=after, limit=PIECE)
    for guardian, children in found:
        letters.begins(roll=made, guardian=guardian, children=children, now=clock.now())
    if len(found) == PIECE:
        publish(YearTold(roll_id=roll_id, after=found[-1][0].pk))
