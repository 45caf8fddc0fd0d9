"""
Subscriptions to reckoned tariffs are kept as their tariffs say, and what was charged already is charged again.

Whatever a price follows from changes under the wallets of all whom it concerns: those of one payer (``hold``).
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from campanella.domains.enrolment import operations as enrolment
from campanella.domains.enrolment import reckoned
from campanella.domains.enrolment.operations import NewSubscription
from campanella.domains.enrolment.reckoned import Differing
from campanella.domains.ledger import holding
from campanella.domains.services import operations as prices
from campanella.domains.services import queries as services
from campanella.foundation.core import audit, clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.italian import day_figures
from campanella.foundation.core.scope import operation, use_case
from campanella.readings import priced
from campanella.usecases import mealtime
from campanella.usecases.billing import fees

audit.sentences({"subscription.reckoned": "ha ricalcolato la tariffa di {service} dal {day}"})


# Part of an act that changes what prices follow from: it joins that act's transaction.
@operation
def hold(*, child_ids: Collection[int], will_reckon: bool = False) -> None:
    """
    Hold the wallets of these children and, where the town reckons its tariffs, of all whose price follows from theirs.

    :param will_reckon: this act brings the first tariff that reckons
    """
    holding.hold_children(child_ids=reckoned.related(child_ids=child_ids, will_reckon=will_reckon))


# Part of an act that changes what prices follow from: it joins that act's transaction.
@operation
def put_right(*, by: Actor, child_ids: Collection[int], now: datetime) -> dict[int, dict[int, date]]:
    """
    Put the subscriptions of these households as their tariffs say; nothing is charged again yet.

    A dozen statements, however many the children; one where the town reckons no tariff.

    :returns: by service and child the first day that may cost something else; the last of all where only a fee may
    :raises NotHeld: a child's wallets are not held
    """
    if not services.reckons():
        return {}
    known = priced.households(child_ids=child_ids)
    found = reckoned.differing(known=known)
    if not holding.are_held(child_ids=[one.child_id for one in found]):
        raise holding.NotHeld
    _write(found)
    names = {service.pk: service.name for service in services.services()} if found else {}
    told = [(f"child:{one.child_id}", {"service": names[one.service_id], "day": day_figures(one.first)}) for one in found]
    if told:
        audit.record_each(by=by, action="subscription.reckoned", at=now, told=told)
    changed: dict[int, dict[int, date]] = {}
    for one in found:
        changed.setdefault(one.service_id, {})[one.child_id] = one.first
    # What a fee asks by a tariff follows from the household too, though no day costs anything else.
    for service_id in fees.asking_by_tariff():
        for kid in known.kids.values():
            if any(line.service_id == service_id for line in kid.lines):
                changed.setdefault(service_id, {}).setdefault(kid.id, clock.LAST_DAY)
    return changed


@operation
def charge_again(*, by: Actor, changed: Mapping[int, Mapping[int, date]], why: str, now: datetime) -> int:
    """
    Charge again what days of changed prices cost, one entry of the difference for each day.

    :param changed: as ``put_right`` returns it
    :param why: for the entries, empty for none
    :returns: how many days were charged again, each child's counted
    """
    days = 0
    for service in services.services():
        if mine := changed.get(service.pk):
            dearer = {child_id: first for child_id, first in mine.items() if first < clock.LAST_DAY}
            if dearer:
                first, ids = min(dearer.values()), sorted(dearer)
                days += mealtime.price_again(by=by, child_ids=ids, service=service, first=first, now=now, why=why)
            fees.charge_again(by=by, service=service, child_ids=sorted(mine), now=now)
    return days


@use_case
def put_all_right(*, by: Actor, now: datetime) -> int:
    """
    Put every subscription of the town as its tariff says, and charge again what that changes; a second run finds nothing.

    :returns: of how many children a price changed
    """
    known = priced.households(child_ids=None)
    found = sorted({one.child_id for one in reckoned.differing(known=known)})
    if found:
        hold(child_ids=found)
        changed = put_right(by=by, child_ids=found, now=now)
        charge_again(by=by, changed=changed, why="tariffa ricalcolata", now=now)
    return len(found)


def _write(found: Collection[Differing]) -> None:
    if not found:
        return
    wanted = {(line.tariff_id, line.name, line.cents) for one in found for line in one.come}
    brackets = prices.reckoned_brackets(wanted=wanted)
    come = [
        (
            NewSubscription(
                line.child_id,
                line.service_id,
                brackets[line.tariff_id, line.name, line.cents],
                line.end,
                line.reduction,
                line.weekdays,
            ),
            line.first,
        )
        for one in found
        for line in one.come
    ]
    enrolment.put_in_place(gone=[pk for one in found for pk in one.gone], come=come)
