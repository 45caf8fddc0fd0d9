"""
The office says where a child goes to school and which services it uses, from a day on.

All of it decides what a child is charged, so the child's wallets are held before anything is read (``ledger/holding.py``).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from campanella.domains.applying import queries as applying
from campanella.domains.attendance import queries as attendance
from campanella.domains.enrolment import operations as enrolment
from campanella.domains.enrolment import queries as enrolled
from campanella.domains.enrolment.operations import NewSubscription
from campanella.domains.enrolment.queries import Enrolled
from campanella.domains.ledger import holding
from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger import queries as wallets
from campanella.domains.people import queries as people
from campanella.domains.people.models import Child
from campanella.domains.schools import operations as schools
from campanella.domains.schools import queries as places
from campanella.domains.schools.models import ClassGroup
from campanella.domains.services import queries as services
from campanella.domains.services.choices import BusChoices
from campanella.domains.services.models import Bracket
from campanella.domains.services.rules import both_ways, runs_on
from campanella.domains.services.timetable import named
from campanella.foundation.core import audit, clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.italian import day_figures, day_full, the_day
from campanella.foundation.core.scope import use_case
from campanella.foundation.tenants.queries import active_town
from campanella.usecases import lasting, pricing, reckoning, registry
from campanella.usecases.billing import fees
from campanella.usecases.places import following

audit.sentences(
    {
        "child.moved": "ha messo il bambino in {place} dal {day}",
        "child.left": "ha tolto il bambino dalla classe dal {day}",
        "subscription.days": "ha cambiato i giorni di {service} dal {day}: {weekdays}",
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


class NotAdmitted(Refusal):
    """Only who has applied and was accepted may use the service in that year."""

    message = "A questo servizio si è ammessi solo con una domanda d’iscrizione accettata: inserisci prima la domanda."


class NoOtherWay(Refusal):
    """The line has no other ride, or not at this price."""

    message = "Per l’altra corsa non c’è una tariffa uguale: iscrivi il bambino a una corsa alla volta."


class NotWithinTheLine(Refusal):
    """The last day is not one of the subscription's: an end only ever shortens it."""


@use_case
def move(*, by: Actor, child_id: int, class_group_id: int | None, first: date, now: datetime) -> None:
    """
    Put a child in a class from a day on; what was written of that day and after stays as it was.

    :param class_group_id: None takes the child out of its class: it goes to school elsewhere
    :raises NotFound: the town has no such child or class
    :raises OutsideTheYear: the day is not in the class's school year
    :raises SchoolIsClosed: the class, or its school, is no more on that day
    """
    people.child(child_id=child_id)
    holding.hold_children(child_ids=[child_id])
    group = places.class_group(class_group_id=class_group_id) if class_group_id else None
    if group and not group.year.days.lower <= first < group.year.days.upper:
        last = group.year.days.upper - A_DAY
        raise OutsideTheYear(f"L’anno di questa classe va dal {day_full(group.year.days.lower)} al {day_full(last)}.")
    schools.move(child_id=child_id, class_group=group, first=first)
    note_places(by=by, child_ids=[child_id], group=group, first=first, now=now)


def note_places(*, by: Actor, child_ids: Sequence[int], group: ClassGroup | None, first: date, now: datetime) -> None:
    """Write down that children go into a class from a day on, or out of theirs."""
    place = {"place": f"{group.name}, {group.school.name}"} if group else {}
    told = [(f"child:{child_id}", {**place, "day": day_figures(first)}) for child_id in child_ids]
    audit.record_each(by=by, action="child.moved" if group else "child.left", at=now, told=told)


@use_case
def register(
    *,
    by: Actor,
    given_name: str,
    family_name: str,
    tax_code: str,
    birth_date: date | None,
    class_group_id: int | None,
    first: date,
    now: datetime,
) -> Child:
    """
    Register a child and put it in its class, both or neither.

    :param class_group_id: None when it has no class yet
    :param first: the first day in class
    :raises TaxCodeKnown: the town has a child with this tax code
    :raises OthersTaxCode: the tax code is an adult's, or tells another day of birth
    :raises OutsideTheYear: the day is not in the class's school year
    """
    child = registry.register_child(
        by=by, given_name=given_name, family_name=family_name, tax_code=tax_code, birth_date=birth_date, now=now
    )
    if class_group_id:
        move(by=by, child_id=child.pk, class_group_id=class_group_id, first=first, now=now)
    return child


@use_case
def subscribe(*, by: Actor, child_id: int, bracket: Bracket, reduction_percent: int, first: date, now: datetime) -> None:
    """
    Subscribe a child to the service of a price, until the tariff's season ends, and open its wallet.

    :param bracket: with its tariff and service
    :param reduction_percent: 0 to 100
    :raises NoClass: the child is in no class that day
    :raises NotServed: its school has no such service, or the price is for another level
    :raises PriceNotYet: the tariff does not hold that day
    :raises NotAdmitted: only who has applied may use it, and the child's application is not accepted
    :raises AlreadySubscribed: it uses the service then
    """
    _subscribe(by=by, child_id=child_id, bracket=bracket, reduction_percent=reduction_percent, first=first, now=now)


@use_case
def subscribe_both_ways(
    *, by: Actor, child_id: int, bracket: Bracket, reduction_percent: int, first: date, now: datetime
) -> None:
    """
    Subscribe a child to both rides of a line, both or neither, each at its own price less what the town takes off for both.

    :param bracket: of one of the rides; the other one's is found by its code
    :raises NoOtherWay: the other ride has no such price
    :raises NoClass, NotServed, PriceNotYet, AlreadySubscribed: of one of them, as ``subscribe`` does
    """
    other = services.other_way(bracket=bracket)
    if other is None:
        raise NoOtherWay
    discount = active_town().chosen(BusChoices).both_ways_percent
    percent = both_ways(reduction_percent=reduction_percent, discount_percent=discount)
    for one in (bracket, other):
        _subscribe(by=by, child_id=child_id, bracket=one, reduction_percent=percent, first=first, now=now)


@use_case
def subscribe_for(
    *, by: Actor, child_id: int, bracket: Bracket, reduction_percent: int, first: date, end: date, now: datetime
) -> None:
    """
    Subscribe a child for some days alone, as a week of a camp; others of the same service stand beside it.

    :param end: first day after
    :raises NoClass, NotServed, PriceNotYet, NotAdmitted, AlreadySubscribed: as ``subscribe`` does, of these days
    """
    _subscribe(by=by, child_id=child_id, bracket=bracket, reduction_percent=reduction_percent, first=first, now=now, end=end)


def _subscribe(
    *,
    by: Actor,
    child_id: int,
    bracket: Bracket,
    reduction_percent: int,
    first: date,
    now: datetime,
    end: date | None = None,
) -> None:
    service = bracket.tariff.service
    people.child(child_id=child_id)
    reckoning.hold(child_ids=[child_id])
    pricing.check_price(bracket, first)
    _check_school(child_id, bracket, first)
    if applying.not_admitted(child_ids=[child_id], service_id=service.pk, day=first):
        raise NotAdmitted
    lines = [line for line in enrolled.subscriptions_of(child_id=child_id) if line.service_id == service.pk]
    if any((line.end is None or line.end > first) and (end is None or line.first < end) for line in lines):
        raise AlreadySubscribed
    pricing.note_price("subscription.made", by=by, child_id=child_id, bracket=bracket, day=first, now=now)
    ends = [day for day in (end, lasting.season_end(bracket)) if day]
    line = NewSubscription(child_id, service.pk, bracket.pk, min(ends, default=None), reduction_percent)
    (line, first), *then = lasting.pieces(new=line, bracket=bracket, first=first)
    pricing.write_lines(by=by, ended=[], lines=[line], then=then, first=first, now=now)


@use_case
def change_days(*, by: Actor, child_id: int, subscription_id: int, weekdays: int, first: date, now: datetime) -> None:
    """
    Let a child use a service on these days of the week from a day on; what it pays for a day stays as it is.

    :param weekdays: seven bits, bit 0 is Monday
    :raises ChangedMeanwhile: the child has no such subscription any more
    :raises NotWithinTheLine: the day is not to come, or after its end
    :raises WasThere: a day that it would not use any more is confirmed already: its numbers close on an earlier day
    """
    line = pricing.held_line(child_id, subscription_id)
    first = max(first, line.first)
    ended, last = lasting.going_on(line)
    if first <= clock.day_of(now) or (last is not None and last <= first):
        raise NotWithinTheLine("Scegli un giorno da domani in poi, prima che finisca l’iscrizione.")
    marks = attendance.marks_of(child_id=child_id, first=first, last=clock.LAST_DAY)
    counted = [mark.day for mark in marks if mark.service_id == line.service_id and mark.confirmed_at and mark.is_due]
    gone = [day for day in counted if not runs_on(day=day, weekdays=weekdays)]
    if gone:
        raise pricing.WasThere(
            f"{the_day(max(gone)).capitalize()} i numeri sono già chiusi e contano il bambino: scegli un giorno dopo."
        )
    new = NewSubscription(child_id, line.service_id, line.bracket_id, last, line.reduction_percent, weekdays)
    (bracket,) = services.prices_with(bracket_ids=[line.bracket_id])
    (new, first), *then = lasting.pieces(new=new, bracket=bracket, first=first)
    pricing.write_lines(by=by, ended=ended, lines=[new], then=then, first=first, now=now)
    audit.record(
        by=by,
        action="subscription.days",
        subjects=[f"child:{child_id}"],
        at=now,
        data={"service": line.service_name, "day": day_figures(first), "weekdays": named(weekdays)},
    )


def open_wallets(*, child_ids: Sequence[int], service_id: int) -> dict[int, int]:
    """Return by child the wallet that pays a service, opening one where there is none: a common wallet is used as it is."""
    found = wallets.wallet_ids(child_ids=child_ids, service_id=service_id)
    missing = [(child_id, service_id) for child_id in child_ids if child_id not in found]
    if missing:
        found |= {child_id: wallet_id for (child_id, _), wallet_id in ledger.open_wallets(owners=missing).items()}
    return found


@use_case
def end(*, by: Actor, child_id: int, subscription_id: int, last: date, now: datetime) -> None:
    """
    End a subscription before it would; the wallet stays, with what is in it.

    :param last: the last day with the service; the day before its first one takes the subscription away altogether
    :raises ChangedMeanwhile: the child has no such subscription any more
    :raises NotWithinTheLine: it ends on that day or before already, or it begins later
    :raises WasThere: a roll-call says that the child was there later
    """
    line = pricing.held_line(child_id, subscription_id)
    ended, until = lasting.going_on(line)
    _check_last(replace(line, end=until), last)
    # Ended before anybody looks: a tap either came first and is seen, or finds the service ended.
    enrolment.end_many(subscription_ids=ended, on=last + A_DAY)
    changed = reckoning.put_right(by=by, child_ids=[child_id], now=now)
    marks = attendance.marks_of(child_id=child_id, first=last + A_DAY, last=until - A_DAY if until else clock.LAST_DAY)
    later = [mark.day for mark in marks if mark.service_id == line.service_id and (mark.is_present or mark.is_due)]
    if later:
        raise pricing.WasThere(
            f"{the_day(max(later)).capitalize()} risulta presente: se non c’era correggi prima la presenza, "
            "altrimenti scegli quel giorno come ultimo."
        )
    following.follow(by=by, child_ids=[child_id], now=now)
    service = services.service_with(service_id=line.service_id)
    fees.charge_again(by=by, service=service, child_ids=[child_id], now=now)
    # A sibling may be the first one now.
    reckoning.charge_again(by=by, changed=changed, why="", now=now)
    audit.record(
        by=by,
        action="subscription.ended",
        subjects=[f"child:{child_id}"],
        at=now,
        data={"service": line.service_name, "day": day_figures(last)},
    )


def _check_last(line: Enrolled, last: date) -> None:
    if line.last and last >= line.last:
        raise NotWithinTheLine(f"Questa iscrizione finisce già {the_day(line.last)}: scegli un giorno prima di quello.")
    if last < line.first - A_DAY:
        raise NotWithinTheLine(
            f"Questa iscrizione comincia {the_day(line.first)}: scegli un giorno da lì in poi, "
            "o il giorno prima per annullarla."
        )


def _check_school(child_id: int, bracket: Bracket, first: date) -> None:
    service = bracket.tariff.service
    place = places.places_of(child_ids=[child_id], day=first).get(child_id)
    if place is None:
        raise NoClass
    calendars = services.calendars(school_id=place.school_id)
    if not any(one.service_id == service.pk and (one.days.upper is None or one.days.upper > first) for one in calendars):
        raise NotServed(f"A {place.school_name} il servizio {service.name} non c’è.")
    if not bracket.tariff.is_for(place.level):
        raise NotServed(f"La tariffa «{bracket.tariff.name}» non è per {place.school_name}: scegline un’altra.")
