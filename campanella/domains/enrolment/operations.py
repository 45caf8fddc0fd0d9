"""Subscribing a child to a service."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Func, Value

from campanella.domains.enrolment.models import Subscription
from campanella.foundation.core.scope import operation

EVERY_DAY = 0b1111111


@dataclass(frozen=True, slots=True)
class NewSubscription:
    """
    A subscription to make among many.

    :ivar end: first day after, None while it lasts
    :ivar reduction_percent: 0 to 100
    :ivar weekdays: seven bits, bit 0 is Monday; None is all of them, or those of the subscription whose place it takes
    """

    child_id: int
    service_id: int
    bracket_id: int
    end: date | None
    reduction_percent: int = 0
    weekdays: int | None = None


@operation
def subscribe_many(*, subscriptions: Sequence[NewSubscription], first: date) -> None:
    """Subscribe many children at once, in a number of statements that does not grow."""
    Subscription.objects.bulk_create(_row(new, first) for new in subscriptions)


@operation
def end_many(*, subscription_ids: Sequence[int], on: date) -> None:
    """
    End subscriptions, never later than they would; one that would have begun on that day or later goes altogether.

    :param on: first day without the service
    """
    ending = Subscription.objects.filter(pk__in=list(subscription_ids))
    ending.filter(days__startswith__gte=on).delete()
    ending.update(days=Func(F("days"), Value(DateRange(None, on)), template="%(expressions)s", arg_joiner=" * "))


@operation
def put_in_place(*, gone: Sequence[int], come: Sequence[tuple[NewSubscription, date]]) -> None:
    """
    Take subscriptions away and write others in their place: two statements.

    :param come: each with its first day
    """
    Subscription.objects.filter(pk__in=list(gone)).delete()
    Subscription.objects.bulk_create(_row(new, first) for new, first in come)


def _row(new: NewSubscription, first: date) -> Subscription:
    return Subscription(
        child_id=new.child_id,
        service_id=new.service_id,
        bracket_id=new.bracket_id,
        reduction_percent=new.reduction_percent,
        weekdays=EVERY_DAY if new.weekdays is None else new.weekdays,
        days=DateRange(first, new.end),
    )
