"""
Who was accepted leaves the service: the family gives it up, the office revokes what it has accepted, or ends its use.

What was enrolled ends by the use case of the register's pages, which gives back what was charged too much and cuts fees at
their edges; letters that had not left are called off. Wallets are held first, then the application.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from campanella.domains.applying import operations, queries, rules, used
from campanella.domains.applying.operations import DecidedMeanwhile
from campanella.domains.applying.queries import Application
from campanella.domains.enrolment.queries import Enrolled
from campanella.domains.messaging import operations as messaging
from campanella.domains.ranking import offering
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import use_case
from campanella.usecases import enrolling, pricing, reckoning
from campanella.usecases.applying import weeks
from campanella.usecases.applying.deciding import WordsMissing
from campanella.usecases.applying.sending import NoMoreYours, is_own
from campanella.usecases.messages import applications as letters

A_DAY = timedelta(days=1)
ENDED_BY_OFFICE = "L’ufficio ha terminato il servizio nella scheda del bambino."


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


@use_case
def end_use(*, by: Actor, child_id: int, subscription_id: int, last: date, now: datetime) -> Application | None:
    """
    End a service on the page of a child; where it was accepted for it and uses it no more, its application ends as well.

    So its place is free from the day after, as by the two above: the next one in line is offered it.

    :param last: the last day with the service; the day before its first one takes the subscription away altogether
    :returns: the application that has ended with it, None where there was none, or the child goes on later
    :raises NotFound, ChangedMeanwhile, NotWithinTheLine, WasThere: as ``enrolling.end``
    """
    reckoning.hold(child_ids=[child_id])
    line = pricing.subscription(child_id=child_id, subscription_id=subscription_id)
    day = max(last, line.first)
    found = queries.accepted(child_id=child_id, service_id=line.service_id, day=day)
    held = operations.hold(application_id=found.pk) if found else None
    enrolling.end(by=by, child_id=child_id, subscription_id=subscription_id, last=last, now=now)
    # The weeks of a camp are left one by one, on their own pages.
    if held is None or held.state != "accepted" or held.call.service.kind == "camp":
        return None
    if _lasting(used.uses_of(application=held), last):
        return None
    _close(by, held, "given_up", ENDED_BY_OFFICE, now, is_by_office=True)
    return held


def _end(by: Actor, row: Application, to: str, last: date, words: str, now: datetime, *, is_by_office: bool) -> None:
    if row.child_id is None or not rules.leads(state=row.state, to=to):
        raise DecidedMeanwhile
    reckoning.hold(child_ids=[row.child_id])
    held = operations.hold(application_id=row.pk)
    while lasting := _lasting(used.uses_of(application=row), last):
        # Those that a reckoned tariff has cut off the first one end with it.
        one = lasting[0]
        enrolling.end(by=by, child_id=row.child_id, subscription_id=one.id, last=max(last, one.first - A_DAY), now=now)
    _close(by, held, to, words, now, is_by_office=is_by_office)


def _lasting(uses: Sequence[Enrolled], last: date) -> list[Enrolled]:
    """Return what of the uses goes on after a day."""
    return [one for one in uses if one.end is None or one.end > max(last + A_DAY, one.first)]


def _close(by: Actor, held: Application, to: str, words: str, now: datetime, *, is_by_office: bool) -> None:
    """End an application that is held, once what it was for has ended; its place is free."""
    weeks.take_back(by=by, row=held, words="", now=now)
    until = max((one.last for one in used.uses_of(application=held) if one.last), default=None)
    _call_off(held, now)
    operations.move(by=by, row=held, to=to, words=words, is_by_office=is_by_office, now=now, last_on=until)
    offering.end(by=by, application=held, now=now)


def _call_off(row: Application, now: datetime) -> None:
    """Let letters of earlier steps that had not left stay here: they tell what holds no more."""
    keys = [letters.key_of(step_id=step.pk) for step in queries.steps(application_id=row.pk)]
    messaging.call_off(keys=keys, now=now)
