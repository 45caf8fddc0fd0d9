"""Asking for the money of reminders and instalments: one position at pagoPA for all the wallets of a household."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from campanella.domains.arrears import agreed, issuing, planning, reminders
from campanella.domains.arrears.rules.debts import Debt, by_wallet
from campanella.domains.billing.choices import BillingChoices
from campanella.domains.ledger import queries as wallets
from campanella.domains.ledger.holding import hold_children
from campanella.domains.payments import operations as payments
from campanella.domains.payments.choices import PagopaChoices
from campanella.domains.payments.operations import Ask, NotOpen, Part
from campanella.domains.payments.queries import PaymentRequest
from campanella.domains.people import queries as people
from campanella.domains.people.models import Guardian
from campanella.domains.services import queries as services
from campanella.foundation.core import clock, sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id, operation, use_case
from campanella.foundation.tenants.queries import active_town
from campanella.readings.arrears import members
from campanella.readings.arrears.owed import open_of_plan, open_of_reminder
from campanella.usecases.billing.asking import NoWay

__all__ = ["NothingOpen", "Part", "Wanted", "ask", "position_for_due", "position_for_reminder"]

NAME = "Pagamenti arretrati"
# Of a wallet for all services (pagoPA's taxonomy, school meals).
TAXONOMY = "9/0107100TS/"


class NothingOpen(NotOpen):
    """Nothing of it is to pay."""

    message = "Di questo non c’è più niente da pagare."


@dataclass(frozen=True, slots=True)
class Wanted:
    """
    What a position is to ask for.

    :ivar what: travels to banks: a number, never a child
    :ivar pay_by: the day it is to be paid by; it is taken later too
    :ivar name: what it is called where services are
    """

    payer: Guardian
    what: str
    parts: Sequence[Part]
    pay_by: date
    name: str = NAME


@operation
def ask(*, by: Actor, wanted: Sequence[Wanted], now: datetime) -> list[int]:
    """
    Make a position for each of these; part of the act that asks.

    :returns: the positions, in the same order; empty while the town has no IBAN
    """
    town = active_town()
    pagopa, late = town.chosen(PagopaChoices), town.chosen(BillingChoices).bill_late_days
    if not wanted or not pagopa.iban:
        return []
    held = {
        one.id: one for one in wallets.wallets_by_id(wallet_ids=[part.wallet_id for one in wanted for part in one.parts])
    }
    taxonomies = {one.pk: one.taxonomy for one in services.services()}
    found: dict[int, int] = {}
    for pay_by in sorted({one.pay_by for one in wanted}):
        mine = [(place, one) for place, one in enumerate(wanted) if one.pay_by == pay_by]
        made = payments.make_positions(
            by=by,
            asks=[
                _ask(one, iban=pagopa.iban, taxonomy=taxonomies.get(held[one.parts[0].wallet_id].service_id or 0, TAXONOMY))
                for _, one in mine
            ],
            segregation=pagopa.pagopa_segregation,
            due_on=max(pay_by, clock.day_of(now)) + timedelta(days=late),
            asked_by=pay_by,
            is_notice=False,
            now=now,
        )
        found |= {place: request.pk for (place, _), request in zip(mine, made, strict=True)}
    return [found[place] for place in range(len(wanted))]


def _ask(one: Wanted, *, iban: str, taxonomy: str) -> Ask:
    first = one.parts[0]
    return Ask(
        wallet_id=first.wallet_id,
        child_id=first.child_id,
        payer=one.payer,
        amount=Euro(sum(part.amount.cents for part in one.parts)),
        description=f"Servizi scolastici, {one.what}",
        service_name=one.name,
        debtor_tax_code=one.payer.tax_code or "ANONIMO",
        debtor_name=one.payer.full_name,
        iban=iban,
        taxonomy=taxonomy,
        parts=tuple(one.parts),
    )


@use_case
def position_for_reminder(*, by: Actor, reminder_id: int, now: datetime) -> int:
    """
    Return the position that asks for exactly what is open of a reminder, making one when there is none.

    :raises NothingOpen: nothing of it is to pay
    :raises PaymentUnderWay: somebody may be paying the one of another amount right now
    :raises NoWay: the town has no IBAN
    """
    sql.take_turns(f"reminder {reminder_id}", active_town_id())
    one = reminders.reminder(reminder_id=reminder_id)
    made = _hold(one.request_ids, one.payer_id)
    found = _found(by, made, open_of_reminder(reminder=one, now=now), now)
    if isinstance(found, int):
        return found
    request_id = _make(by, one.payer_id, f"sollecito {one.number}", found, one.pay_by, now)
    issuing.note_position(reminder_id=reminder_id, request_id=request_id)
    return request_id


@use_case
def position_for_due(*, by: Actor, plan_id: int, place: int, now: datetime) -> int:
    """
    Return the position that asks for exactly what is open of an instalment, making one when there is none.

    :raises NothingOpen: nothing of it is to pay
    :raises PaymentUnderWay: somebody may be paying the one of another amount right now
    :raises NoWay: the town has no IBAN
    """
    sql.take_turns(f"plan {plan_id}", active_town_id())
    plan = agreed.plan(plan_id=plan_id)
    due = next((due for due in plan.dues if due.place == place), None)
    if due is None:
        raise NothingOpen
    due_id = plan.due_ids[plan.dues.index(due)]
    made = _hold(plan.request_ids[due_id], plan.payer_id)
    found = _found(by, made, open_of_plan(plan=plan, place=place, today=clock.day_of(now)), now)
    if isinstance(found, int):
        return found
    request_id = _make(by, plan.payer_id, f"rata {place} di {len(plan.dues)}", found, due.due_on, now)
    planning.note_position(due_id=due_id, request_id=request_id)
    return request_id


def _hold(request_ids: Sequence[int], payer_id: int) -> list[PaymentRequest]:
    """Hold the positions, then the household's wallets, before what is open is read: taps come one by one."""
    made = payments.hold_positions(request_ids=request_ids)
    hold_children(child_ids=members.children_of(payer_ids=[payer_id]))
    return made


def _found(by: Actor, made: Sequence[PaymentRequest], owed: Sequence[Debt], now: datetime) -> int | Sequence[Debt]:
    """Return an open position of exactly this sum; else what is owed, the open ones of another sum deleted."""
    total = sum(debt.cents for debt in owed)
    if not total:
        raise NothingOpen
    for request in made:
        if request.state != "open":
            continue
        if request.amount_cents == total and not request.is_expired(clock.day_of(now)):
            return request.pk
        payments.cancel_position(by=by, request_id=request.pk, now=now)
    return owed


def _make(by: Actor, payer_id: int, what: str, owed: Sequence[Debt], pay_by: date, now: datetime) -> int:
    parts = [Part(wallet_id, child_id, Euro(cents)) for wallet_id, child_id, cents in by_wallet(owed)]
    wanted = Wanted(people.guardian(guardian_id=payer_id), what, parts, pay_by)
    made = ask(by=by, wanted=[wanted], now=now)
    if not made:
        raise NoWay
    return made[0]
