"""
Amounts that no day makes: the town decides a fee, looks at whom it would charge, confirms it; the night charges it.

What a child owes of an instalment is reckoned again whenever its subscription changes, and only the difference moves.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise

from campanella.domains.billing import fee_queries
from campanella.domains.billing import fees as billing
from campanella.domains.billing import operations as purses
from campanella.domains.billing.fee_reckoning import Owed, reckon
from campanella.domains.billing.fee_rules import Edges, Every, Part
from campanella.domains.ledger import holding
from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger.operations import Due
from campanella.domains.ledger.rules import Source
from campanella.domains.services import queries as services
from campanella.domains.services.models import Service
from campanella.domains.services.tariffs.shapes import Scheme
from campanella.foundation.core import audit, clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.italian import counted
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import operation, scope, use_case
from campanella.foundation.tenants.queries import active_town
from campanella.readings.billing.words import part_name
from campanella.usecases.billing import second


class NotThisFee(Refusal):
    """The fee was confirmed or withdrawn meanwhile."""

    message = "Nel frattempo questa quota è cambiata: ricarica la pagina e guarda a che punto è."


class NoPrice(Refusal):
    """A fee asks nobody for anything."""

    message = "Scrivi almeno un importo: una quota che non costa niente a nessuno non serve."


class NoInstalment(Refusal):
    """A fee has no instalment, or they are not in order."""

    message = "Le date delle rate devono essere in ordine, e cadere nel periodo della quota."


class NoTariff(Refusal):
    """A fee asks what a tariff says, on days or for schools for which that says nothing."""

    def __init__(self, service: str) -> None:
        super().__init__(
            f"La tariffa scelta non vale in tutti i giorni della quota, o per tutte le sue scuole: guarda le tariffe di "
            f"{service}, poi accorcia la quota o scegli le scuole."
        )


class ChangedSinceShown(Refusal):
    """What the fee would ask for is no longer what the page said."""

    message = (
        "Intanto è cambiato quanto chiede questa quota: iscrizioni, prezzi o un’altra quota per gli stessi giorni. Nessun "
        "addebito è partito: guarda i nuovi importi, poi conferma."
    )


@use_case
def draft(
    *,
    by: Actor,
    service: Service,
    name: str,
    every: Every,
    edges: Edges,
    level: str,
    parts: Sequence[Part],
    cents: Mapping[int, int],
    reason: str,
    now: datetime,
) -> int:
    """
    Write a fee down, to be looked at; it charges nobody.

    :param cents: what it asks, by price of the service
    :returns: its id
    :raises NoPrice: it asks nobody for anything
    :raises NoInstalment: without instalments, or they overlap
    :raises NoTariff: it asks what a tariff says, and that one does not hold on all its days, or for other schools
    """
    if not any(cents.values()):
        raise NoPrice
    known = services.reckoning_of(service_id=service.pk).shares
    shares = [known[pk] for pk, price in cents.items() if price and pk in known and known[pk].unit == every]
    if shares and not all(_is_answered(part, shares, level) for part in parts):
        raise NoTariff(service.name)
    if not parts or any(part.last < part.first for part in parts):
        raise NoInstalment
    if any(after.first <= part.last for part, after in pairwise(parts)):
        raise NoInstalment
    fee_id = billing.draft(
        by=by,
        service_id=service.pk,
        name=name.strip(),
        every=every,
        edges=edges,
        level=level,
        parts=parts,
        cents=cents,
        reason=reason.strip(),
        now=now,
    )
    _record(by, "fee.drafted", fee_id, name.strip(), service.name, now, why=reason.strip())
    return fee_id


@use_case
def confirm(*, by: Actor, fee_id: int, now: datetime, told: Euro | None = None) -> int:
    """
    Let a fee charge: what is due by now at once, the rest night by night.

    :param told: what the page said that it asks for in all, None where no page was read
    :returns: how many children were charged
    :raises NotThisFee: it was confirmed or withdrawn before
    :raises ChangedSinceShown: it asks for another sum than was told
    :raises AnotherPersonNeeded: above the town's amount, by who has prepared it
    :raises InOneHand: above it, by an access that was lately in the same hands
    """
    wallets = purses.hold_purses(service_id=fee_queries.fee(fee_id=fee_id).service_id, child_ids=None)
    fee = billing.hold(fee_id=fee_id)
    if fee.confirmed_at or fee.withdrawn_at:
        raise NotThisFee
    total = fee_queries.total_of(fee_id=fee_id)
    if told is not None and told != total:
        raise ChangedSinceShown
    second.check(what="le quote", total=total, prepared_by=fee.made_by_id, by=by, now=now)
    billing.confirm(by=by, fee=fee, now=now)
    _record(by, "fee.confirmed", fee_id, fee.name, fee.service.name, now)
    return _post(by=by, service=fee.service, wallets=wallets, child_ids=None, now=now)


@use_case
def withdraw(*, by: Actor, fee_id: int, reason: str, now: datetime) -> int:
    """
    Take a fee back: nobody owes it any more, and what it has charged is given back.

    :returns: to how many children something was given back
    :raises NotThisFee: it was withdrawn before
    """
    wallets = purses.hold_purses(service_id=fee_queries.fee(fee_id=fee_id).service_id, child_ids=None)
    fee = billing.hold(fee_id=fee_id)
    if fee.withdrawn_at:
        raise NotThisFee
    billing.withdraw(fee=fee, now=now)
    _record(by, "fee.withdrawn", fee_id, fee.name, fee.service.name, now, why=reason.strip())
    return _post(by=by, service=fee.service, wallets=wallets, child_ids=None, now=now)


def asking_by_tariff() -> set[int]:
    """Return the services of which a fee asks what a tariff says: one query."""
    return fee_queries.services_asking_by_tariff()


def are_charged() -> bool:
    """Tell whether the active town has fees that charge: one query."""
    return bool(fee_queries.services_with_fees())


def charge(*, by: Actor, now: datetime) -> None:
    """Charge what is due by now of every fee of the town, a service a transaction; a second run finds nothing to charge."""
    with scope(active_town().id):
        charged = fee_queries.services_with_fees()
        found = [service for service in services.services() if service.pk in charged]
    for service in found:
        charge_service(by=by, service=service, now=now)


@use_case
def charge_service(*, by: Actor, service: Service, now: datetime) -> int:
    """Charge what is due by now of a service's fees; returns how many children it concerned."""
    wallets = purses.hold_purses(service_id=service.pk, child_ids=None)
    return _post(by=by, service=service, wallets=wallets, child_ids=None, now=now)


# Part of an act that has changed who uses a service, or at what price: it joins that act's transaction.
@operation
def charge_again(*, by: Actor, service: Service, child_ids: Sequence[int], now: datetime) -> int:
    """
    Post what these children owe now of the service's fees, less what was charged for them.

    :returns: of how many the charge changed
    """
    if service.pk not in fee_queries.services_with_fees():
        return 0
    wallets = holding.hold_payers(child_ids=child_ids, service_id=service.pk)
    return _post(by=by, service=service, wallets=wallets, child_ids=child_ids, now=now)


def _post(*, by: Actor, service: Service, wallets: dict[int, int], child_ids: Sequence[int] | None, now: datetime) -> int:
    """Post the differences of children whose wallets are held: a number of statements for each instalment that changed."""
    today = clock.day_of(now)
    changed = reckon(service_id=service.pk, until=today, child_ids=child_ids).changed
    without = sorted({one.child_id for one in changed if one.child_id not in wallets})
    wallets |= holding.open_payers(child_ids=without, service_id=service.pk) if without else {}
    written = billing.write_dues(service_id=service.pk, owed=changed)
    revenue = ledger.account(kind="revenue", code=service.code)
    by_part: dict[tuple[int, int], list[Owed]] = {}
    for one in changed:
        by_part.setdefault((one.plan.id, one.part.number), []).append(one)
    # What is given back comes first: of two fees for the same days one goes before the other comes.
    for mine in sorted(by_part.values(), key=lambda found: sum(one.cents - one.was for one in found)):
        _post_part(by, mine, written, wallets, revenue.pk, now)
    return len({one.child_id for one in changed})


def _post_part(
    by: Actor,
    owed: Sequence[Owed],
    written: Mapping[tuple[int, int, int], int],
    wallets: Mapping[int, int],
    revenue_id: int,
    now: datetime,
) -> None:
    plan, part = owed[0].plan, owed[0].part
    named = part_name(part.first, part.last)
    dues = [
        Due(
            source=Source.of_fee(written[one.child_id, plan.id, part.number]),
            wallet_id=wallets[one.child_id],
            revenue_id=revenue_id,
            due=Euro(one.cents),
            is_first=one.due_id is None,
        )
        for one in owed
    ]
    memo = f"{plan.name}, {named}"
    ledger.settle(dues=dues, kind="fee", day=part.charged_on, memo=memo, by_id=by.actor_id, now=now)
    audit.record(
        by=by,
        action="fee.charged",
        subjects=[f"fee:{plan.id}"],
        at=now,
        data={
            "name": plan.name,
            "part": named,
            "children": counted(len(owed), "bambino", "bambini"),
            "total": str(Euro(sum(one.cents - one.was for one in owed))),
        },
    )


def _is_answered(part: Part, shares: Sequence[Scheme], level: str) -> bool:
    """Tell whether one of some tariffs says what an instalment costs, whenever a child begins in it."""
    of_level = [one for one in shares if one.level in ("", level)]
    return any(one.first <= part.first and part.last <= one.last for one in of_level)


def _record(by: Actor, action: str, fee_id: int, name: str, service: str, now: datetime, *, why: str = "") -> None:
    data = {"name": name, "service": service}
    audit.record(by=by, action=action, subjects=[f"fee:{fee_id}"], at=now, why=why, data=data)
