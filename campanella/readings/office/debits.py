"""What the office sees of direct debit: files and what came of them, invoices left out, what waits, with names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.billing import queries as billing
from campanella.domains.billing.rules import month_of
from campanella.domains.debiting import asked, queries, waiting
from campanella.domains.debiting.choices import DebitChoices
from campanella.domains.debiting.rules import days
from campanella.domains.debiting.rules.collecting import WHY_NOT, WhyNot
from campanella.domains.debiting.rules.debts import debt_of, invoice_of
from campanella.domains.messaging import silences
from campanella.domains.messaging.silences import SilenceView
from campanella.foundation.core.money import Euro
from campanella.foundation.tenants.queries import active_town
from campanella.readings.office.debit_answers import FaultLine, UnsortedLine, faults, payers, unsorted_lines


@dataclass(frozen=True)
class FileLine:
    """A file, with the days it collects on and how many of its collections came to what."""

    id: int
    message_id: str
    period: str
    made_at: datetime
    first: date
    last: date
    count: int
    total: Euro
    booked: int
    back: int
    handed_at: datetime | None

    @property
    def is_withdrawn(self) -> bool:
        """Tell whether it was given up before it left the house."""
        return self.handed_at is None and self.back == self.count

    @property
    def waits(self) -> bool:
        """Tell whether nobody has taken it yet."""
        return self.handed_at is None and not self.is_withdrawn


@dataclass(frozen=True)
class LeftLine:
    """
    An invoice that is not collected: whose, and why.

    :ivar collection_id: of the attempt of which the office decides, None where nothing is to decide
    """

    payer_id: int | None
    payer: str
    number: str
    amount: Euro
    why: str
    collection_id: int | None
    is_asked: bool


# Of an invoice that was asked of a bank, came back, and ended its authorisation.
BACK = "l’addebito è tornato indietro, e l’autorizzazione non vale più"


def files(*, file_id: int | None = None) -> list[FileLine]:
    """Return the last files, newest first, or one: one query."""
    rows = asked.file_sums(limit=24, file_id=file_id)
    return [
        FileLine(pk, message_id, period, made_at, first, last, count, Euro(int(cents)), booked, back, handed_at)
        for pk, message_id, period, made_at, first, last, count, cents, booked, back, handed_at in rows
    ]


def left_out(found: Sequence[tuple[billing.InvoiceView, WhyNot]]) -> list[LeftLine]:
    """Return invoices that are not collected, with their payers: two queries."""
    names = payers([invoice.payer_id for invoice, _ in found if invoice.payer_id])
    pasts = queries.pasts(debts=[debt_of(invoice.id) for invoice, why in found if why in ("office", "no_mandate")])
    return [
        LeftLine(
            one.payer_id,
            names.get(one.payer_id or 0, ""),
            one.number,
            one.open,
            BACK if why == "no_mandate" and debt_of(one.id) in pasts else WHY_NOT[why],
            pasts[debt_of(one.id)].collection_id if why == "office" else None,
            is_asked=why in ("under_way", "paid"),
        )
        for one, why in found
    ]


@dataclass(frozen=True)
class WaitingFileLine:
    """
    A file that nobody has taken to the bank: nothing of it is booked.

    :ivar until: the last day on which the bank still takes it
    """

    id: int
    message_id: str
    month: date
    first: date
    until: date
    count: int
    total: Euro
    is_late: bool


@dataclass(frozen=True)
class DoubleLine:
    """An invoice that was paid by pagoPA while a bank was asked for it: what is too much becomes credit."""

    id: int
    payer_id: int
    payer: str
    number: str
    amount: Euro
    day: date
    is_booked: bool


@dataclass(frozen=True)
class Waiting:
    """What of direct debit waits for the office."""

    files: list[WaitingFileLine]
    doubles: list[DoubleLine]
    silent: list[SilenceView]
    lines: list[UnsortedLine]
    faults: list[FaultLine]

    @property
    def count(self) -> int:
        """How many things."""
        return len(self.files) + len(self.doubles) + len(self.silent) + len(self.lines) + len(self.faults)


def waits(*, today: date) -> Waiting:
    """Return what of direct debit waits for the office: two queries where nothing does, up to fifteen else."""
    there, bank_days = waiting.anything(), active_town().chosen(DebitChoices).terms.bank_days
    return Waiting(
        files=[_waiting(one, bank_days, today) for one in waiting.waiting_files()] if there.files else [],
        doubles=_doubles(waiting.doubles()) if there.doubles else [],
        silent=silences.all_silent(),
        lines=unsorted_lines() if there.lines else [],
        faults=faults() if there.faults else [],
    )


def _waiting(one: waiting.WaitingFile, bank_days: int, today: date) -> WaitingFileLine:
    until, month = days.days_before(one.first, count=bank_days), month_of(one.period)[0]
    return WaitingFileLine(one.id, one.message_id, month, one.first, until, one.count, Euro(one.cents), until < today)


def _doubles(found: Sequence[waiting.Double]) -> list[DoubleLine]:
    if not found:
        return []
    by_id = {one.id: one for one in asked.collections(ids=[one.collection_id for one in found])}
    names = payers([one.payer_id for one in by_id.values()])
    numbers = billing.numbers(invoice_ids=[invoice_of(one.debt) for one in by_id.values()])
    return [
        DoubleLine(
            double.id,
            one.payer_id,
            names.get(one.payer_id, ""),
            numbers.get(invoice_of(one.debt), ""),
            Euro(one.cents),
            one.day,
            double.is_booked,
        )
        for double in found
        for one in [by_id[double.collection_id]]
    ]
