"""
Which services an authorisation pays: all of the payer's children, those that are added later too.

One order for whoever signs, ends or joins: the children's wallets, then the mandate, then the turn of the policies. A child
that begins to use a service and a parent who signs or revokes come one after the other, since both hold the child.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from campanella.domains.billing import operations as billing
from campanella.domains.billing import policies as known
from campanella.domains.billing import runs
from campanella.domains.debiting import queries
from campanella.domains.debiting.events import ServicesJoined
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.ledger import holding
from campanella.domains.people import queries as people
from campanella.domains.people.models import Guardian
from campanella.domains.services import queries as services
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.events import publish_all
from campanella.foundation.core.scope import operation
from campanella.usecases.billing import policies

REASON = "addebito sul conto"
A_DAY = timedelta(days=1)


def paid_by(*, payer_ids: Sequence[int]) -> list[int]:
    """Return the children that these adults pay for, by id: two queries."""
    tied = sorted({tie.child_id for tie in people.ties_of(guardian_ids=payer_ids)})
    return sorted(child_id for child_id, who in people.payers_of(child_ids=tied).items() if who.pk in payer_ids)


@operation
def hold_payers(*, payer_ids: Sequence[int], child_ids: Sequence[int] = ()) -> None:
    """
    Hold the wallets of all children that these adults pay for, and of others, in one go: before their mandates are read.

    :param child_ids: whom the act needs besides
    """
    holding.hold_children(child_ids=sorted({*paid_by(payer_ids=payer_ids), *child_ids}))


# Part of the act that signs or revokes: it joins that act's transaction, which holds the payer's children.
@operation
def pay_so(*, by: Actor, payer: Guardian, kind: str, now: datetime) -> None:
    """
    Let all services of a payer's children be paid so from the first of next month on; billed months stay.

    :param kind: ``debit``, or ``town`` for an authorisation that is over: as before it, by the child's own rule or as all
    """
    first = _first_of_next(clock.day_of(now))
    # Whom the payer began to pay for since its children were held, it pays for as from after this act.
    mine = [child_id for child_id in paid_by(payer_ids=[payer.pk]) if holding.are_held(child_ids=[child_id])]
    billing.hold_policies()
    used: dict[int, list[int]] = {}
    for one in enrolment.enrolled(child_ids=mine, day=first):
        used.setdefault(one.service_id, []).append(one.child_id)
    for service_id, child_ids in sorted(used.items()):
        for so, found in sorted(_ways(child_ids, service_id, kind, first).items()):
            _set(by=by, child_ids=found, service_id=service_id, kind=so, first=first, now=now)


def _first_of_next(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def topped_up_from(*, payer_id: int, since: date) -> list[tuple[str, str, date]]:
    """
    Return what of a payer is paid before it is used once its authorisation is over: (child, service, first day).

    :param since: the day on which the authorisation ended
    """
    first, mine = _first_of_next(since), paid_by(payer_ids=[payer_id])
    names, found = people.called(child_ids=mine), []
    for one in enrolment.enrolled(child_ids=mine, day=first):
        owner, day = (one.child_id, one.service_id), _not_before(first, one.service_id)
        if known.kinds_on(owners=[owner], day=day)[owner] == "prepaid":
            found.append((names[one.child_id], one.service_name, day))
    return found


def _ways(child_ids: Sequence[int], service_id: int, kind: str, day: date) -> dict[str, list[int]]:
    """Part children by how they pay a service from a day on, where all are to pay so."""
    ways: dict[str, list[int]] = {}
    for child_id in child_ids:
        ways.setdefault(_before(child_id, service_id, day) if kind == "town" else kind, []).append(child_id)
    return ways


def _before(child_id: int, service_id: int, day: date) -> str:
    """Return the last rule that no authorisation has written; what needs one is none any more."""
    rules = [one for one in known.policies_of(child_id=child_id) if one.service_id == service_id and one.first <= day]
    return next((one.kind for one in rules if one.reason != REASON and one.kind != "debit"), "town")


# Part of the act that subscribes, which holds these children.
@operation
def join(*, by: Actor, owners: Sequence[tuple[int, int]], first: date, now: datetime) -> None:
    """
    Let services that children begin to use be paid as their payer has authorised, and tell each payer once.

    :param owners: (child, service), each used from ``first`` on; who is paid so already, or has no authorisation, stays
    """
    payers = people.payers_of(child_ids=sorted({child_id for child_id, _ in owners}))
    mandates = queries.mandates_of(payer_ids=sorted({payer.pk for payer in payers.values()}))
    living = {payer_id for payer_id, mandate in mandates.items() if mandate.is_in_force}
    mine = [owner for owner in owners if owner[0] in payers and payers[owner[0]].pk in living]
    if not mine:
        return
    billing.hold_policies()
    kinds = known.kinds_on(owners=mine, day=first)
    joining: dict[int, list[tuple[int, int]]] = {}
    for child_id, service_id in sorted(owner for owner in set(mine) if kinds[owner] != "debit"):
        joining.setdefault(payers[child_id].pk, []).append((child_id, service_id))
    for service_id in sorted({service_id for found in joining.values() for _, service_id in found}):
        child_ids = [child_id for found in joining.values() for child_id, its in found if its == service_id]
        _set(by=by, child_ids=child_ids, service_id=service_id, kind="debit", first=first, now=now)
    publish_all(
        [
            ServicesJoined(
                mandate_id=mandates[payer_id].id,
                child_ids=[child_id for child_id, _ in found],
                service_ids=[service_id for _, service_id in found],
                day=first.isoformat(),
            )
            for payer_id, found in sorted(joining.items())
        ]
    )


def _set(*, by: Actor, child_ids: Sequence[int], service_id: int, kind: str, first: date, now: datetime) -> None:
    """Set how a service is paid from a day on, or from the first one that is on no invoice yet."""
    (service,) = [one for one in services.services() if one.pk == service_id]
    since = _not_before(first, service_id)
    policies.set_for_children(by=by, child_ids=child_ids, service=service, kind=kind, first=since, reason=REASON, now=now)


def _not_before(first: date, service_id: int) -> date:
    last = runs.billed_until(service_id=service_id)
    return max(first, last + A_DAY) if last else first
