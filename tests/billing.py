"""Days eaten and months billed, for tests."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from campanella.domains.billing import queries as billing
from campanella.domains.billing.rules import month_of
from campanella.domains.billing.runs import RunView
from campanella.domains.messaging.models import Message
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor
from campanella.usecases import mealtime
from campanella.usecases.billing import issuing, running, staging, telling
from tests.towns import OFFICE, Cast

OCTOBER = (1, 2, *range(5, 10), *range(12, 17), *range(19, 24), *range(26, 31))


def noon(day: date) -> datetime:
    return clock.rome(day, time(12)).astimezone(UTC)


def eat(cast: Cast, days: Iterable[date], *, absent: Iterable[str] = (), service: str = "mensa") -> None:
    """Confirm the class on these days, each at noon."""
    away = [cast.child(name).pk for name in absent]
    for day in days:
        with clock.standing_at(noon(day)):
            mealtime.confirm(
                by=OFFICE, roll_call=cast.roll_call(service=service, day=day), absent_ids=away, adults=None, now=clock.now()
            )


def october(*days: int) -> list[date]:
    return [date(2026, 10, day) for day in days or OCTOBER]


def bill(cast: Cast, period: str = "2026-10", *, service: str = "mensa", by: Actor = OFFICE) -> RunView:
    """Preview, confirm and issue a month on the fifth of the next."""
    first, last = month_of(period)
    with clock.standing_at(noon(last + timedelta(days=5))):
        found = running.preview(by=by, service=cast.services[service], first=first, last=last, now=clock.now())
        running.confirm(by=by, run_id=found.id, now=clock.now())
        issuing.issue(run_id=found.id)
        run = running.runs.run(run_id=found.id)
        if run.is_waiting:
            staging.go_on(by=by, run_id=found.id, now=clock.now())
            issuing.issue(run_id=found.id)
        return running.runs.run(run_id=found.id)


def tell() -> None:
    """Let the e-mails of all invoices leave at noon of the day on which they were issued, without a worker."""
    for one in billing.invoices_between(period=None):
        with clock.standing_at(noon(one.issued_on)):
            telling.tell_issued(invoice_ids=[one.id])
        Message.objects.filter(key=one.letter).update(sent_at=noon(one.issued_on))
