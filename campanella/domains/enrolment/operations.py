"""Subscribing a child to a service, and its diet."""

from datetime import date, datetime

from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.accounts.models import User
from campanella.domains.enrolment.models import Diet, DietRead, Subscription
from campanella.domains.people.models import Child
from campanella.domains.services.models import Bracket, Service
from campanella.foundation.core.scope import operation


@operation
def subscribe(
    *,
    child: Child,
    service: Service,
    bracket: Bracket,
    first: date,
    end: date | None,
    reduction_percent: int = 0,
) -> Subscription:
    """
    Subscribe a child to a service at a bracket's price.

    :param end: first day after, None while it lasts
    :param reduction_percent: 0 to 100
    """
    return Subscription.objects.create(
        child=child,
        service=service,
        bracket=bracket,
        reduction_percent=reduction_percent,
        days=DateRange(first, end),
    )


@operation
def set_diet(*, child: Child, code: str, menu: str, reason: str, first: date, end: date | None) -> Diet:
    """Give a child a special menu; the reason is health data or belief and stays behind its own door."""
    return Diet.objects.create(child=child, code=code, menu=menu, reason=reason, days=DateRange(first, end))


@operation
def read_diet(*, by: User, child_id: int, day: date, now: datetime) -> Diet | None:
    """Open a child's diet with its reason; the reading is written down."""
    diet = Diet.objects.filter(child_id=child_id, days__contains=day).first()
    if diet:
        DietRead.objects.create(diet=diet, user_id=by.pk, at=now)
    return diet
