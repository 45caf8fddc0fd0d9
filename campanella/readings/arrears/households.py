"""
What each household owes today, and what of it nobody asks for now, and why: a number of queries that does not grow.

Whoever sends holds the wallets first and asks this again, so that what came meanwhile takes the household out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from campanella.domains.arrears import queries, reminders
from campanella.domains.arrears.choices import ArrearsChoices
from campanella.domains.arrears.reminders import Added
from campanella.domains.arrears.rules.debts import Debt, Household, Left, in_order, kind_of
from campanella.domains.arrears.rules.ladder import Why
from campanella.domains.billing import queries as billing
from campanella.domains.billing import settlement
from campanella.domains.billing.queries import InvoiceView
from campanella.domains.billing.settlement import Claim
from campanella.domains.billing.views import claims_and_credits
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.ledger import queries as ledger
from campanella.domains.messaging import silences
from campanella.domains.payments import queries as payments
from campanella.foundation.core import clock, sql
from campanella.foundation.core.italian import month_name
from campanella.foundation.core.scope import active_town_id
from campanella.foundation.tenants.queries import active_town
from campanella.readings.arrears import members, statements
from campanella.readings.arrears.plans import PlanStanding, standings
from campanella.readings.billing.after import wallets_paid_after
from campanella.readings.debited import debited
from campanella.readings.told import told


def households(*, payer_ids: Sequence[int] | None, now: datetime) -> list[Household]:
    """
    Return who owes something that is past its day, by payer: at most forty-five queries, however many they are.

    :param payer_ids: of these alone; None for all of the town
    """
    today = clock.day_of(now)
    owed: dict[int, list[Debt]] = {}
    left: dict[int, list[Left]] = {}
    for payer_id, debt, why in _found(payer_ids, today):
        if why:
            left.setdefault(payer_id, []).append(Left(debt, why))
        else:
            owed.setdefault(payer_id, []).append(debt)
    payers = sorted({*owed, *left})
    if not payers:
        return []
    barred = _barred(payers, now)
    plans: dict[int, list[PlanStanding]] = {}
    for one in standings(payer_ids=payers, today=today):
        if one.state == "kept":
            plans.setdefault(one.plan.payer_id, []).append(one)
    steps: dict[int, list[reminders.Reached]] = {}
    for step in reminders.reached(payer_ids=payers):
        steps.setdefault(step.payer_id, []).append(step)
    return [
        _household(payer_id, owed.get(payer_id, []), left.get(payer_id, []), barred, plans, steps) for payer_id in payers
    ]


def all_debts(*, payer_id: int, now: datetime) -> list[Debt]:
    """Return everything that a household owes past its day, whatever is left out: at most twenty queries."""
    today = clock.day_of(now)
    sums: dict[tuple[str, int], Debt] = {}
    for _, debt, _ in _found([payer_id], today):
        before = sums.get((debt.key, debt.wallet_id))
        sums[debt.key, debt.wallet_id] = replace(debt, cents=debt.cents + (before.cents if before else 0))
    return list(in_order(sums.values()))


def for_plan(*, payer_id: int, now: datetime) -> list[Debt]:
    """Return what a household may pay by instalments: all that is past its day, but what is contested or a bank collects."""
    return list(in_order(debt for _, debt, why in _found([payer_id], clock.day_of(now)) if why in (None, "untold")))


def _household(
    payer_id: int,
    owed: Sequence[Debt],
    left: Sequence[Left],
    barred: Mapping[int, Why],
    plans: Mapping[int, Sequence[PlanStanding]],
    steps: Mapping[int, Sequence[reminders.Reached]],
) -> Household:
    debts, by_plan = _beside_plans(owed, plans.get(payer_id, ()))
    since = {debt.key: debt.due_on for debt in debts}
    # A credit that was above zero meanwhile is another debt than the one that was reminded of.
    had = [one for one in steps.get(payer_id, ()) if one.key in since and one.issued_on >= since[one.key]]
    last = had[-1] if had else None
    return Household(
        payer_id=payer_id,
        debts=in_order(debts),
        left=(*left, *by_plan),
        barred=barred.get(payer_id),
        last_place=last.place if last else 0,
        last_on=last.issued_on if last else None,
    )


def _beside_plans(owed: Sequence[Debt], plans: Sequence[PlanStanding]) -> tuple[list[Debt], list[Left]]:
    """Part what plans that are kept are paying from what is owed beside them."""
    paying: dict[tuple[str, int], int] = {}
    for plan in plans:
        for key, cents in plan.left.items():
            paying[key] = paying.get(key, 0) + cents
    debts, left = [], []
    for debt in owed:
        part = min(debt.cents, paying.get((debt.key, debt.wallet_id), 0))
        if part:
            left.append(Left(replace(debt, cents=part), "plan"))
        if debt.cents > part:
            debts.append(replace(debt, cents=debt.cents - part))
    return debts, left


def _found(payer_ids: Sequence[int] | None, today: date) -> Iterable[tuple[int, Debt, Why | None]]:
    values: dict[str, object] = {"town": active_town_id()}
    disputed = {pk for (pk,) in sql.rows(statements.CONTESTED_INVOICES, values)}
    overdue = [one for one in billing.open_invoices(payer_ids=payer_ids) if one.due_on < today and one.payer_id]
    debited, known = _debited(overdue, today), told(invoices=overdue, today=today)
    for one in overdue:
        on = known[one.id].on
        why: Why | None = "contested" if one.id in disputed else debited.get(one.id) or (None if on else "untold")
        for debt in _of_invoice(one, on):
            yield one.payer_id or 0, debt, why
    yield from _below_zero(payer_ids, values, today)
    for extra, cents in _added_open(payer_ids):
        yield extra.payer_id, _of_added(extra, cents), None


def _of_invoice(one: InvoiceView, told_on: date | None) -> list[Debt]:
    return [
        Debt(
            kind="invoice",
            key=f"invoice:{one.id}",
            wallet_id=share.wallet_id,
            child_id=share.child_id,
            invoice_id=one.id,
            number=one.number,
            title=f"{one.service_name}, {month_name(one.period)}",
            due_on=one.due_on,
            cents=share.open.cents,
            told_on=told_on,
        )
        for share in one.shares
        if share.open.cents > 0
    ]


def _of_added(one: Added, cents: int) -> Debt:
    return Debt(
        kind=kind_of(one.key),
        key=one.key,
        wallet_id=one.wallet_id,
        child_id=one.child_id,
        invoice_id=None,
        number="",
        title=one.title,
        due_on=one.due_on,
        cents=cents,
    )


def _below_zero(
    payer_ids: Sequence[int] | None, values: Mapping[str, object], today: date
) -> Iterable[tuple[int, Debt, Why | None]]:
    """Credits that are paid beforehand and fell below the town's sum; what is paid after the month, an invoice asks for."""
    floor = max(active_town().chosen(ArrearsChoices).arrears_wallet_floor, 1)
    wanted = {**values, "floor": floor, "payers": None if payer_ids is None else list(payer_ids)}
    rows = sql.rows(statements.BELOW, wanted)
    if not rows:
        return
    held = {one.id: one for one in ledger.wallets_by_id(wallet_ids=[row[0] for row in rows])}
    enrolled = enrolment.enrolled(child_ids=sorted({row[1] for row in rows}), day=today)
    after = wallets_paid_after(wallets=list(held.values()), enrolled=enrolled, day=today)
    disputed = dict(sql.rows(statements.CONTESTED_CENTS, values))
    for wallet_id, child_id, payer_id, balance, fell_on in rows:
        if wallet_id in after:
            continue
        debt = Debt(
            kind="wallet",
            key=f"wallet:{wallet_id}",
            wallet_id=wallet_id,
            child_id=child_id,
            invoice_id=None,
            number="",
            title=f"{held[wallet_id].service_name}, credito sotto zero",
            due_on=fell_on,
            cents=-balance,
        )
        contested = min(debt.cents, max(0, disputed.get(wallet_id, 0)))
        if contested:
            yield payer_id, replace(debt, cents=contested), "contested"
        if debt.cents > contested:
            yield payer_id, replace(debt, cents=debt.cents - contested), None


def _added_open(payer_ids: Sequence[int] | None) -> list[tuple[Added, int]]:
    """
    Return what is left of what reminders have added where services are paid after the month: at most three queries.

    A later invoice has carried them over; what came in has paid the invoices that were older first, then them. Of a credit
    they are part already.
    """
    known = reminders.added(payer_ids=payer_ids)
    if not known:
        return []
    claims, credits = claims_and_credits(wallet_ids=sorted({one.wallet_id for one in known}))
    found = []
    for wallet_id, mine in claims.items():
        last = max(claim.until_entry for claim in mine)
        extra = [one for one in known if one.wallet_id == wallet_id and one.until_entry >= last]
        # It is a claim as an invoice is, younger than those it reminds of; its number cannot be an invoice's.
        asked = [*mine, *(Claim(-one.id, one.cents, one.until_entry) for one in extra)]
        paid = settlement.paid(claims=asked, credits=credits.get(wallet_id, []))
        found += [(one, one.cents - paid[-one.id]) for one in extra]
    return [(one, cents) for one, cents in found if cents > 0]


def _debited(invoices: Sequence[InvoiceView], today: date) -> dict[int, Why]:
    """
    Return the invoices of which a bank is still asked, or the office looks at what it said: six queries, none without.

    Where the holder of the account has died nobody is written to (MD07).
    """
    mine = [one for one in invoices if one.method == "debit"]
    if not mine:
        return {}
    found: dict[int, Why] = {}
    for one in debited(invoices=mine, today=today):
        if one.why == "silence":
            found[one.invoice.id] = "stop"
        elif one.is_with_bank:
            found[one.invoice.id] = "debit"
    return found


def _barred(payer_ids: Sequence[int], now: datetime) -> dict[int, Why]:
    """Return why nobody writes to some of these at all: a stop, or money that is on its way or before the office."""
    today = clock.day_of(now)
    pairs = members.pairs(payer_ids=payer_ids)
    waiting = payments.waiting_of(child_ids=sorted({child_id for _, child_id in pairs}), now=now, today=today)
    coming = {one.child_id for one in waiting.positions if one.is_under_way} | {one.child_id for one in waiting.held}
    found: dict[int, Why] = {payer_id: "coming" for payer_id, child_id in pairs if child_id in coming}
    found |= dict.fromkeys(queries.stopped(day=today, payer_ids=payer_ids), "stop")
    found |= dict.fromkeys(silences.silent(guardian_ids=payer_ids), "stop")
    return found
