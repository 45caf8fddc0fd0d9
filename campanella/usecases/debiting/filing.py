"""The file for the bank: which invoices are collected with it, which are left out and why; pressed twice, it is one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import BinaryIO

from campanella.domains.billing import queries as billing
from campanella.domains.billing.views import InvoiceView
from campanella.domains.debiting import asked, collecting, handing
from campanella.domains.debiting.choices import DebitChoices
from campanella.domains.debiting.collecting import Wanted
from campanella.domains.debiting.events import CollectionAgain
from campanella.domains.debiting.gateways.sepa import writing
from campanella.domains.debiting.gateways.sepa.base import Format
from campanella.domains.debiting.models import CollectionFile
from campanella.domains.debiting.queries import MandateView
from campanella.domains.debiting.rules import collecting as rules
from campanella.domains.debiting.rules.collecting import Past, Terms, WhyNot
from campanella.domains.debiting.rules.debts import debt_of, invoice_of
from campanella.domains.ledger import operations as ledger
from campanella.domains.payments.events import NoticesMade
from campanella.foundation.core import clock, sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.events import publish, publish_all
from campanella.foundation.core.italian import month_name
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id, use_case
from campanella.foundation.tenants.queries import active_town
from campanella.readings.debited import debited
from campanella.usecases.billing import asking
from campanella.usecases.debiting import creditor


@dataclass(frozen=True, slots=True)
class LeftOut:
    """
    An invoice that is not collected, and why.

    :ivar is_noticed: a pagoPA notice asks for it already
    """

    invoice: InvoiceView
    why: WhyNot
    is_noticed: bool

    @property
    def words(self) -> str:
        """Why, for the office."""
        return rules.WHY_NOT[self.why]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file of a month would ask for, and what it leaves out."""

    wanted: tuple[Wanted, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def total(self) -> Euro:
        """What is asked for in all."""
        return Euro(sum(one.cents for one in self.wanted))


def plan(*, period: date, today: date) -> Plan:
    """
    Say what a file of a month would ask for; of earlier months only what has come back and is tried again.

    :param period: the first day of the month
    """
    town = active_town()
    terms = town.chosen(DebitChoices).terms
    wanted, left_out = [], []
    for one in debited(invoices=_open(period), today=today, creditor_id=creditor.creditor_id_of(town)):
        if one.invoice.period != period and not one.past.attempts:
            continue
        if one.why or one.mandate is None:
            left_out.append(LeftOut(one.invoice, one.why or "no_mandate", one.is_noticed))
        else:
            wanted.append(_wanted(one.invoice, one.mandate, one.past, terms, today))
    return Plan(tuple(wanted), tuple(left_out))


def _open(period: date) -> list[InvoiceView]:
    return [one for one in billing.open_invoices(method="debit") if one.period <= period]


@use_case
def make(*, by: Actor, period: date, now: datetime, form: Format | None = None) -> tuple[CollectionFile | None, Plan]:
    """
    Ask for what a month's invoices leave to collect; where nothing is new, the month's last file is the answer.

    Who cannot be collected from is asked by a pagoPA notice instead.

    :param form: the kind of file that is written at once: what cannot be written is not asked for
    :returns: the file, None where nothing of the month was ever asked for; and what is new in it, what is left out
    :raises NotSetUp: the town has no account yet
    :raises CucMissing: CBI needs the town's code
    :raises NotItalian: CBI needs an Italian account
    """
    if form:
        creditor.check_format(creditor.creditor_of(active_town()), form=form)
    # Two who press at once: the second finds what the first has asked for.
    sql.take_turns("collections", active_town_id())
    # What pays an invoice, or calls it back, meanwhile is seen under the lock.
    ledger.hold_wallets(wallet_ids=sorted({share.wallet_id for one in _open(period) for share in one.shares}))
    planned = plan(period=period, today=clock.day_of(now))
    named = f"{period:%Y-%m}"
    _ask_otherwise(by=by, left_out=planned.left_out, now=now)
    if not planned.wanted:
        return asked.file_of_period(period=named), planned
    town = creditor.creditor_of(active_town())
    file = collecting.ask(by=by, wanted=planned.wanted, creditor=town, period=named, now=now)
    return file, planned


@use_case
def hand_over(*, by: Actor, file_id: int, now: datetime) -> None:
    """
    Note that a file is in somebody's hands, on its way to the bank: only then its collections are booked on their day.

    :raises NotFound: the town has no such file
    :raises Withdrawn: it was given up meanwhile
    """
    sql.take_turns("collections", active_town_id())
    handing.hand_over(by=by, file=asked.file(file_id=file_id), now=now)


@use_case
def withdraw(*, by: Actor, file_id: int, now: datetime) -> int:
    """
    Give a file up that never left the house: the next one asks for the same, and the families read the new day.

    :returns: how many are asked for again
    :raises NotFound: the town has no such file
    :raises HandedOver: it has left the house
    :raises Withdrawn: it was given up before
    """
    sql.take_turns("collections", active_town_id())
    given_up = asked.collections(ids=handing.withdraw(by=by, file=asked.file(file_id=file_id), now=now))
    invoices = {one.id: one for one in billing.invoices(invoice_ids=[invoice_of(one.debt) for one in given_up])}
    again = [one.id for one in given_up if invoices[invoice_of(one.debt)].open.cents > 0]
    publish_all([CollectionAgain(collection_id=pk) for pk in again])
    return len(again)


def write(out: BinaryIO, *, file: CollectionFile, form: Format) -> None:
    """
    Write a file as the bank takes it, from what was written down: the same bytes each time.

    A file that was made before the town had its CBI code is sent with the one that it has now.

    :raises CucMissing: CBI needs the town's code
    :raises NotItalian: CBI needs an Italian account
    """
    head = asked.head(file=file)
    if not head.creditor.cuc:
        head = replace(head, creditor=replace(head.creditor, cuc=active_town().chosen(DebitChoices).sdd_cuc))
    creditor.check_format(head.creditor, form=form)
    writing.write(out, head=head, groups=asked.groups(file=file), form=form)


def _wanted(invoice: InvoiceView, mandate: MandateView, past: Past, terms: Terms, today: date) -> Wanted:
    return Wanted(
        debt=debt_of(invoice.id),
        mandate=mandate,
        attempt=past.attempts + 1,
        day=rules.day_of(due_on=invoice.due_on, past=past, terms=terms, today=today),
        shares=tuple((share.wallet_id, share.open.cents) for share in invoice.shares if share.open.cents > 0),
        remittance=f"{invoice.service_name}, {month_name(invoice.period)}, fattura {invoice.number}",
    )


def why_nothing(*, period: date, left_out: Sequence[LeftOut]) -> str:
    """Say why nothing of a month is asked of the bank."""
    if not left_out:
        return f"Di {month_name(period)} non c’è nessuna fattura da addebitare sul conto."
    words = sorted({one.words for one in left_out})
    return f"Di {month_name(period)} non si può addebitare niente: {'; '.join(words)}."


def _ask_otherwise(*, by: Actor, left_out: Sequence[LeftOut], now: datetime) -> None:
    """Make a pagoPA notice for whom the bank cannot be asked, unless one is open; the families are told."""
    invoices = [one.invoice for one in left_out if one.why in rules.PAID_OTHERWISE and not one.is_noticed]
    made = asking.ask_for(by=by, invoices=invoices, now=now)
    if made:
        publish(NoticesMade(request_ids=sorted(made.values())))
