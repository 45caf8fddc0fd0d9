"""Subscribing a child to a service, and its diet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Func, Value

from campanella.domains.accounts.models import User
from campanella.domains.enrolment.models import Diet, DietRead, Subscription
from campanella.domains.people.models import Child
from campanella.domains.services.models import Bracket, Service
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import operation

audit.sentences({"diet.written": "ha scritto la dieta dal {day}", "diet.ended": "ha tolto la dieta dal {day}"})


class CodeTaken(Refusal):
    """A diet's code means another menu in this town."""


@dataclass(frozen=True, slots=True)
class NewSubscription:
    """A subscription to make among many; the reduction is 0 to 100 percent."""

    child_id: int
    service_id: int
    bracket_id: int
    reduction_percent: int = 0


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
def subscribe_many(*, subscriptions: Sequence[NewSubscription], first: date, end: date | None) -> None:
    """
    Subscribe many children at once, in a number of statements that does not grow.

    :param end: first day after, None while it lasts
    """
    Subscription.objects.bulk_create(
        Subscription(
            child_id=new.child_id, service_id=new.service_id, bracket_id=new.bracket_id,
            reduction_percent=new.reduction_percent, days=DateRange(first, end),
        )
        for new in subscriptions
    )  # fmt: skip


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
def set_diet(*, child: Child, code: str, menu: str, reason: str, first: date, end: date | None) -> Diet:
    """Give a child a special menu; the reason is health data or belief and stays behind its own door."""
    return Diet.objects.create(child=child, code=code, menu=menu, reason=reason, days=DateRange(first, end))


@operation
def set_diets(*, diets: Mapping[int, tuple[str, str, str]], first: date, end: date | None) -> None:
    """
    Give many children a special menu at once.

    :param diets: code, menu and reason by child
    """
    Diet.objects.bulk_create(
        Diet(child_id=child_id, code=code, menu=menu, reason=reason, days=DateRange(first, end))
        for child_id, (code, menu, reason) in diets.items()
    )


@operation
def replace_diet(
    *, by: Actor, child: Child, code: str, menu: str, reason: str, first: date, now: datetime
) -> None:  # fmt: skip
    """
    Give a child another special menu from a day on; the history says that, never which or why.

    :param code: empty when the child eats like everybody from then on
    :raises CodeTaken: the code means another menu in this town: the kitchen would serve the wrong one
    """
    other = Diet.objects.filter(code=code).exclude(menu=menu).exclude(child=child).values_list("menu", flat=True).first()
    if code and other:
        raise CodeTaken(f"La sigla {code} vuol dire già «{other}»: usa quelle parole, o un’altra sigla.")
    diets = Diet.objects.filter(child=child)
    # A reading that was written down keeps its diet, so one that would begin later ends before it begins.
    coming = diets.filter(days__startswith__gte=first)
    coming.exclude(pk__in=DietRead.objects.values("diet_id")).delete()
    coming.update(days=DateRange(empty=True))
    running = diets.filter(days__contains=first)
    running.update(days=Func(Func(F("days"), function="lower"), Value(first), function="daterange"))
    if code:
        Diet.objects.create(child=child, code=code, menu=menu, reason=reason, days=DateRange(first, None))
    action = "diet.written" if code else "diet.ended"
    audit.record(by=by, action=action, subjects=[f"child:{child.pk}"], at=now, data={"day": f"{first:%d/%m/%Y}"})


@operation
def read_diet(*, by: User, child_id: int, day: date, now: datetime) -> Diet | None:
    """Open a child's diet with its reason; the reading is written down."""
    diet = Diet.objects.filter(child_id=child_id, days__contains=day).first()
    if diet:
        DietRead.objects.create(diet=diet, user_id=by.pk, at=now)
    return diet
