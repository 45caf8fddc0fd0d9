"""The office confirms for the classes that did not, and charges what it was told, not a cent more."""

from collections.abc import Sequence
from datetime import datetime

from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import use_case
from campanella.readings.office import confirming
from campanella.usecases import mealtime
from campanella.usecases.mealtime import ChargeChanged


class TooEarly(Refusal):
    """The classes may still confirm by themselves."""

    message = "Le classi possono ancora confermare: aspetta l’ora di chiusura dell’appello."


@use_case
def confirm_for(*, by: Actor, class_group_ids: Sequence[int] | None, service_id: int, told: Euro, now: datetime) -> int:
    """
    Confirm the classes of today that did not: marks already made hold, everybody else is there.

    Classes that have confirmed meanwhile are left as they are.

    :param class_group_ids: of these, None for all that did not
    :param told: what the clerk has read that it charges in all
    :returns: how many are there
    :raises TooEarly: before the closing time of all of them
    :raises ChargeChanged: it would charge another sum; nothing is confirmed
    """
    chosen = confirming.not_confirmed(class_group_ids=class_group_ids, service_id=service_id, now=now)
    if not chosen:
        check_time(class_group_ids=class_group_ids, service_id=service_id, now=now)
        return 0
    return mealtime.confirm_day(
        by=by,
        service=chosen[0].service,
        day=clock.day_of(now),
        class_group_ids=[line.class_group_id for line in chosen],
        absent_ids=[],
        now=now,
        told=told,
    )


def check_time(*, class_group_ids: Sequence[int] | None, service_id: int, now: datetime) -> None:
    """:raises TooEarly: before the closing time of all of these classes"""
    if confirming.may_still_confirm(class_group_ids=class_group_ids, service_id=service_id, now=now):
        raise TooEarly


__all__ = ["ChargeChanged", "TooEarly", "check_time", "confirm_for"]
