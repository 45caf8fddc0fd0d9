"""
Who was accepted leaves the service: the family gives it up, or the office revokes what it has accepted.

What was enrolled ends by the use case of the register's pages, which gives back what was charged too much and cuts fees at
their edges; letters that had not left are called off. Wallets are held first, then the application.
"""

from datetime import date, datetime, timedelta

from campanella.domains.applying import operations, queries, rules, used
from campanella.domains.applying.operations import DecidedMeanwhile
from campanella.domains.applying.queries import Application
from campanella.domains.messaging import operations as messaging
from campanella.domains.ranking import offering
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import use_case
from campanella.usecases import enrolling, reckoning
from campanella.usecases.applying import weeks
from campanella.usecases.applying.deciding import WordsMissing
from campanella.usecases.applying.sending import NoMoreYours, is_own
from campanella.usecases.messages import applications as letters

A_DAY = timedelta(days=1)


class PastDay(Refusal):
    """A family ends the service today or later; what was before, the office looks at."""

    message = "Scegli oggi o un giorno dopo: per i giorni passati chiedi all’ufficio."


@use_case
def give_up(*, by: Actor, application_id: int, last: date, is_by_office: bool, now: datetime) -> None:
    """
    Give up, for a family, a service to which its child was accepted.

    :param last: the last day with the service; what begins later does not begin at all
    :raises NotFound: the town has no such application
    :raises NoMoreYours: the child is no more that adult's
    :raises PastDay: a family chose a day that is over
    :raises DecidedMeanwhile: it is not accepted, or not any more
    :raises WasThere: a roll-call says that the child was there later
    """
    row = queries.application(application_id=application_id)
    if not is_by_office and not is_own(row):
        raise NoMoreYours
    if not is_by_office and last < clock.day_of(now):
        raise PastDay
    _end(by, row, "given_up", last, "", now, is_by_office=is_by_office)


@use_case
def revoke(*, by: Actor, application_id: int, last: date, words: str, now: datetime) -> None:
    """
    Take back that an application was accepted, with the reason that the family reads.

    :param last: as ``give_up``; the office may choose a day that is over
    :raises WordsMissing: without a reason
    :raises NotFound, DecidedMeanwhile, WasThere: as ``give_up``
    """
    if not words.strip():
        raise WordsMissing
    row = queries.application(application_id=application_id)
    _end(by, row, "revoked", last, words.strip(), now, is_by_office=True)


def _end(by: Actor, row: Application, to: str, last: date, words: str, now: datetime, *, is_by_office: bool) -> None:
    if row.child_id is None or not rules.leads(state=row.state, to=to):
        raise DecidedMeanwhile
    reckoning.hold(child_ids=[row.child_id])
    held = operations.hold(application_id=row.pk)
    uses = used.uses_of(application=row)
    while lasting := [one for one in uses if one.end is None or one.end > max(last + A_DAY, one.first)]:
        # Those that a reckoned tariff has cut off the first one end with it.
        one = lasting[0]
        enrolling.end(by=by, child_id=row.child_id, subscription_id=one.id, last=max(last, one.first - A_DAY), now=now)
        uses = used.uses_of(application=row)
    weeks.take_back(by=by, row=held, words="", now=now)
    until = max((one.last for one in uses if one.last), default=None)
    _call_off(row, now)
    operations.move(by=by, row=held, to=to, words=words, is_by_office=is_by_office, now=now, last_on=until)
    offering.end(by=by, application=held, now=now)


def _call_off(row: Application, now: datetime) -> None:
    """Let letters of earlier steps that had not left stay here: they tell what holds no more."""
    keys = [letters.key_of(step_id=step.pk) for step in queries.steps(application_id=row.pk)]
    messaging.call_off(keys=keys, now=now)
