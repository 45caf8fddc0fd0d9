"""The office says where a child goes to school and which services it uses, from a day on."""

from datetime import date, datetime, timedelta

from campanella.domains.attendance import queries as attendance
from campanella.domains.enrolment import operations as enrolment
from campanella.domains.enrolment import queries as enrolled
from campanella.domains.enrolment.queries import Enrolled
from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger import queries as wallets
from campanella.domains.people import queries as people
from campanella.domains.schools import operations as schools
from campanella.domains.schools import queries as places
from campanella.domains.services import queries as services
from campanella.domains.services.models import Bracket, Service
from campanella.foundation.core import audit, clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.elision import elided
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.scope import use_case
from campanella.usecases import mealtime

audit.sentences(
    {
        "child.moved": "ha messo il bambino in {place} dal {day}",
        "child.left": "ha tolto il bambino dalla classe dal {day}",
        "subscription.made": "ha iscritto il bambino a {service} dal {day}: {price}",
        "subscription.priced": "ha cambiato la tariffa di {service} dal {day}: {price}",
        "subscription.ended": "ha terminato l’iscrizione a {service}: ultimo giorno {day}",
    }
)

A_DAY = timedelta(days=1)


class OutsideTheYear(Refusal):
    """The day is not in the school year of the class."""


class NoClass(Refusal):
    """A child without a class is on no roll-call."""

    message = "Quel giorno il bambino non è in nessuna classe: prima scegli la classe, poi l’iscrizione."


class NotServed(Refusal):
    """The child's school has no such service."""


class AlreadySubscribed(Refusal):
    """The child uses this service in that time already."""

    message = "È già iscritto a questo servizio in quel periodo: per cambiare il prezzo usa Cambia tariffa."


class PriceNotYet(Refusal):
    """The tariff does not hold on that day."""


class WasThere(Refusal):
    """The child was there after the day on which the service should have ended."""


class NotWithinTheLine(Refusal):
    """The last day is not one of the subscription's: an end only ever shortens it."""


@use_case
def move(*, by: Actor, child_id: int, class_group_id: int | None, first: date, now: datetime) -> None:
    """
    Put a child in a class from a day on; what was written of that day and after stays as it was.

    :param class_group_id: None takes the child out of its class: it goes to school elsewhere
    :raises NotFound: the town has no such child or class
    :raises OutsideTheYear: the day is not in the class's school year
    """
    people.child(child_id=child_id)
    group = places.class_group(class_group_id=class_group_id) if class_group_id else None
    if group and not group.year.days.lower <= first < group.year.days.upper:
        last = group.year.days.upper - A_DAY
        raise OutsideTheYear(f"L’anno di questa classe va dal {group.year.days.lower:%d/%m/%Y} al {last:%d/%m/%Y}.")
    schools.move(child_id=child_id, class_group=group, first=first)
    place = {"place": f"{group.name}, {group.school.name}"} if group else {}
    audit.record(
        by=by, action="child.moved" if group else "child.left", subjects=[f"child:{child_id}"], at=now,
        data={**place, "day": f"{first:%d/%m/%Y}"},
    )  # fmt: skip


@use_case
def subscribe(
    *, by: Actor, child_id: int, bracket: Bracket, reduction_percent: int, first: date, now: datetime
) -> None:  # fmt: skip
    """
    Subscribe a child to the service of a price, until the tariff's season ends, and open its wallet.

    :param bracket: with its tariff and service
    :param reduction_percent: 0 to 100
    :raises NoClass: the child is in no class that day
    :raises NotServed: its school has no such service
    :raises PriceNotYet: the tariff does not hold that day
    :raises AlreadySubscribed: it uses the service then
    """
    service = bracket.tariff.service
    child = people.child(child_id=child_id)
    _check_price(bracket, first)
    _check_school(child_id, service, first)
    lines = [line for line in enrolled.subscriptions_of(child_id=child_id) if line.service_id == service.pk]
    if any(line.end is None or line.end > first for line in lines):
        raise AlreadySubscribed
    enrolment.subscribe(
        child=child, service=service, bracket=bracket, first=first, end=None, reduction_percent=reduction_percent
    )  # fmt: skip
    if not wallets.wallet_ids(child_ids=[child_id], service_id=service.pk):
        ledger.open_wallet(child=child, service_id=service.pk)
    _note("subscription.made", by=by, child_id=child_id, service=service, bracket=bracket, day=first, now=now)
    mealtime.price_again(by=by, child_id=child_id, service=service, first=first, now=now)


@use_case
def change_price(
    *, by: Actor, child_id: int, subscription_id: int, bracket: Bracket, reduction_percent: int, first: date, now: datetime
) -> int:
    """
    Change the price of a subscription from a day on; days already charged are charged again, only the difference moves.

    :param bracket: another price of the same service, with its tariff and service
    :returns: how many days were charged again
    :raises NotFound: the child has no such subscription, or the price is of another service
    :raises PriceNotYet: the tariff does not hold that day
    """
    line = subscription(child_id=child_id, subscription_id=subscription_id)
    service = bracket.tariff.service
    if line.service_id != service.pk:
        raise NotFound
    first = max(first, line.first)
    _check_price(bracket, first)
    if line.end is not None and line.end <= first:
        raise PriceNotYet(f"L’iscrizione finisce {_the(line.end - A_DAY)}: scegli un giorno prima.")
    enrolment.end_many(subscription_ids=[line.id], on=first)
    enrolment.subscribe(
        child=people.child(child_id=child_id), service=service, bracket=bracket, first=first, end=line.end,
        reduction_percent=reduction_percent,
    )  # fmt: skip
    _note("subscription.priced", by=by, child_id=child_id, service=service, bracket=bracket, day=first, now=now)
    return mealtime.price_again(by=by, child_id=child_id, service=service, first=first, now=now)


@use_case
def end(*, by: Actor, child_id: int, subscription_id: int, last: date, now: datetime) -> None:
    """
    End a subscription before it would; the wallet stays, with what is in it.

    :param last: the last day with the service; the day before its first one takes the subscription away altogether
    :raises NotFound: the child has no such subscription
    :raises NotWithinTheLine: it ends on that day or before already, or it begins later
    :raises WasThere: a roll-call says that the child was there later
    """
    line = subscription(child_id=child_id, subscription_id=subscription_id)
    _check_last(line, last)
    marks = attendance.marks_of(child_id=child_id, first=last + A_DAY, last=line.last or clock.LAST_DAY)
    later = [mark.day for mark in marks if mark.service_id == line.service_id and mark.is_present]
    if later:
        raise WasThere(
            f"{_the(max(later)).capitalize()} risulta presente: se non c’era correggi prima la presenza, "
            "altrimenti scegli quel giorno come ultimo."
        )
    enrolment.end_many(subscription_ids=[line.id], on=last + A_DAY)
    audit.record(
        by=by, action="subscription.ended", subjects=[f"child:{child_id}"], at=now,
        data={"service": line.service_name, "day": f"{last:%d/%m/%Y}"},
    )  # fmt: skip


def subscription(*, child_id: int, subscription_id: int) -> Enrolled:
    """
    Return one subscription of a child.

    :raises NotFound: the child has no such subscription
    """
    found = [line for line in enrolled.subscriptions_of(child_id=child_id) if line.id == subscription_id]
    if not found:
        raise NotFound
    return found[0]


def _check_price(bracket: Bracket, first: date) -> None:
    days = bracket.tariff.days
    if days.lower and first < days.lower:
        raise PriceNotYet(f"La tariffa «{bracket.tariff.name}» vale {elided(f'dal {days.lower:%d/%m/%Y}')}.")
    if days.upper and first >= days.upper:
        raise PriceNotYet(f"La tariffa «{bracket.tariff.name}» vale fino {elided(f'al {days.upper - A_DAY:%d/%m/%Y}')}.")


def _check_last(line: Enrolled, last: date) -> None:
    if line.last and last >= line.last:
        raise NotWithinTheLine(f"Questa iscrizione finisce già {_the(line.last)}: scegli un giorno prima di quello.")
    if last < line.first - A_DAY:
        raise NotWithinTheLine(
            f"Questa iscrizione comincia {_the(line.first)}: scegli un giorno da lì in poi, "
            "o il giorno prima per annullarla."
        )


def _the(day: date) -> str:
    return elided(f"il {day:%d/%m/%Y}")


def _check_school(child_id: int, service: Service, first: date) -> None:
    place = places.places_of(child_ids=[child_id], day=first).get(child_id)
    if place is None:
        raise NoClass
    calendars = services.calendars(school_id=place.school_id)
    if not any(one.service_id == service.pk and (one.days.upper is None or one.days.upper > first) for one in calendars):
        raise NotServed(f"A {place.school_name} il servizio {service.name} non c’è.")


def _note(
    action: str, *, by: Actor, child_id: int, service: Service, bracket: Bracket, day: date, now: datetime
) -> None:  # fmt: skip
    data = {"service": service.name, "day": f"{day:%d/%m/%Y}", "price": bracket.name}
    audit.record(by=by, action=action, subjects=[f"child:{child_id}"], at=now, data=data)
