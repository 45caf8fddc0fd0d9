"""
From a class list to a charged day: confirm, correct, and the whole day of a town at once.

Works for every service that is charged by presence: meals, the bus, a nursery day.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from campanella.domains.attendance import operations as attendance
from campanella.domains.attendance import queries as sheets
from campanella.domains.attendance.events import PresenceCorrected, RollCallConfirmed
from campanella.domains.attendance.models import RollCall
from campanella.domains.attendance.operations import AlreadyConfirmed, Marked
from campanella.domains.attendance.rules import Mark
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger import queries as wallets
from campanella.domains.ledger.operations import Due
from campanella.domains.people.models import Child
from campanella.domains.services.models import Service
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.events import publish
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import use_case


class ReasonMissing(Refusal):
    """A correction needs its reason."""

    message = "Scrivi il motivo della correzione: la famiglia lo vedrà."


@use_case
def confirm(*, by: Actor, roll_call: RollCall, absent_ids: Iterable[int], adults: int | None, now: datetime) -> int:
    """
    Confirm a class and charge those who are there.

    :param absent_ids: the children who are not there; everybody else on the sheet is
    :param adults: meals of adults, None leaves them
    :returns: how many are there
    :raises AlreadyConfirmed: it was confirmed before; nothing is charged twice
    """
    absent = set(absent_ids)
    lines = sheets.expected(class_group_ids=[roll_call.class_group_id], service_id=roll_call.service_id, day=roll_call.day)
    marks = [(roll_call.pk, child_id, child_id not in absent) for child_id, _, _ in lines]
    return _confirm(
        by=by,
        service=roll_call.service,
        day=roll_call.day,
        roll_call_ids=[roll_call.pk],
        marks=marks,
        adults=adults,
        now=now,
    )


@use_case
def confirm_day(
    *,
    by: Actor,
    service: Service,
    day: date,
    class_group_ids: Sequence[int],
    absent_ids: Iterable[int],
    now: datetime,
) -> int:
    """
    Confirm and charge many classes at once: the office's end of the day, and towns where meals are booked by default.

    Classes confirmed before are left as they are. Everything is set-based: the number of statements does not grow.

    :param absent_ids: who is not there; marks already made on the sheets hold for everybody else
    :returns: how many are there
    """
    calls = attendance.begin_many(class_group_ids=class_group_ids, service_id=service.pk, day=day)
    done = sheets.confirmed_classes(service_id=service.pk, day=day)
    open_calls = {class_id: call for class_id, call in calls.items() if class_id not in done}
    attendance.hold(roll_call_ids=list(open_calls.values()))
    absent = set(absent_ids)
    lines = sheets.expected(class_group_ids=list(open_calls), service_id=service.pk, day=day)
    marks = [
        (open_calls[class_id], child_id, child_id not in absent and mark is not False) for child_id, class_id, mark in lines
    ]
    if not open_calls:
        return 0
    return _confirm(
        by=by,
        service=service,
        day=day,
        roll_call_ids=list(open_calls.values()),
        marks=marks,
        adults=None,
        now=now,
    )


@use_case
def correct(
    *, by: Actor, child_id: int, service: Service, day: date, is_present: bool, reason: str, now: datetime,
    is_white: bool = False,
) -> None:  # fmt: skip
    """
    Correct one presence; only the difference of money is posted. A child that joined after the confirmation may be added.

    :param is_white: with the white meal, which costs as every meal
    :raises ReasonMissing: without a reason
    :raises NotFound: no confirmed roll-call expects this child that day
    """
    if not reason.strip():
        raise ReasonMissing
    marked = attendance.correct(
        by=by,
        child_id=child_id,
        service_id=service.pk,
        day=day,
        mark=Mark.of(is_present=is_present, is_white=is_white, is_late=False),
        reason=reason.strip(),
        now=now,
    )
    _charge(by=by, service=service, day=day, marked=[marked], now=now)
    publish(PresenceCorrected(presence_id=marked.presence_id, child_id=child_id, service_id=service.pk, day=day.isoformat()))


@use_case
def price_again(*, by: Actor, child_id: int, service: Service, first: date, now: datetime) -> int:
    """
    Charge a child's days of a service again from a day on, after its price has changed; only differences are posted.

    :returns: how many days it was there
    """
    marks = sheets.marks_of(child_id=child_id, first=first, last=clock.day_of(now))
    there = [mark for mark in marks if mark.service_id == service.pk and mark.is_present and mark.confirmed_at]
    for mark in there:
        marked = Marked(mark.presence_id, child_id, is_present=True)
        _charge(by=by, service=service, day=mark.day, marked=[marked], now=now)
    return len(there)


def _confirm(
    *, by: Actor, service: Service, day: date, roll_call_ids: list[int], marks: list[tuple[int, int, bool]],
    adults: int | None, now: datetime,
) -> int:  # fmt: skip
    marked = attendance.confirm(
        by=by,
        roll_call_ids=roll_call_ids,
        marks=marks,
        service_id=service.pk,
        day=day,
        adults=adults,
        now=now,
    )
    _charge(by=by, service=service, day=day, marked=marked, now=now)
    publish(RollCallConfirmed(roll_call_ids=roll_call_ids, service_id=service.pk, day=day.isoformat()))
    return sum(1 for mark in marked if mark.is_present)


def _charge(*, by: Actor, service: Service, day: date, marked: Sequence[Marked], now: datetime) -> None:
    """Charge those who are there at the day's price, and give back to those who are not."""
    child_ids = [mark.child_id for mark in marked]
    prices = enrolment.prices(child_ids=child_ids, service=service, day=day)
    payers = wallets.wallet_ids(child_ids=child_ids, service_id=service.pk)
    for child in Child.objects.filter(pk__in=[child_id for child_id in child_ids if child_id not in payers]):
        payers[child.pk] = ledger.open_wallet(child=child, service_id=service.pk).pk
    revenue = ledger.account(kind="revenue", code=service.code)
    nothing = Euro(0)
    dues = [
        Due(
            source=f"presence:{mark.presence_id}",
            wallet_id=payers[mark.child_id],
            revenue_id=revenue.pk,
            due=prices.get(mark.child_id, nothing) if mark.is_present else nothing,
        )
        for mark in marked
    ]
    ledger.settle(dues=dues, kind="charge", day=day, memo=service.name, by_id=by.actor_id, now=now)


__all__ = ["AlreadyConfirmed", "ReasonMissing", "confirm", "confirm_day", "correct", "price_again"]
