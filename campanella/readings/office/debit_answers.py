"""What a bank has answered, line by line, with names; what of it waits for a word of the office."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from campanella.domains.billing import queries as billing
from campanella.domains.debiting import asked, waiting
from campanella.domains.debiting.asked import CollectionView, Heard
from campanella.domains.debiting.rules import reasons
from campanella.domains.debiting.rules.collecting import VERDICTS
from campanella.domains.debiting.rules.debts import debt_of, invoice_of
from campanella.domains.debiting.rules.reasons import Reason
from campanella.domains.debiting.waiting import WaitingLine
from campanella.domains.people import queries as people
from campanella.domains.people import searching
from campanella.foundation.core import clock
from campanella.foundation.core.closed import one_of
from campanella.foundation.core.money import Euro

NO_KEY = "senza riferimento"


@dataclass(frozen=True)
class HeardLine:
    """A line of a bank: whose it is, what it says, what was done, what the office does."""

    payer: str
    invoice: str
    amount: Euro | None
    words: str
    code: str
    verdict: str
    is_done: bool
    advice: str


@dataclass(frozen=True)
class UnsortedLine:
    """
    A line of a bank of which nothing could be done by itself.

    :ivar key: as the bank wrote it, or that it wrote none
    :ivar on: the day of the movement, else that on which the file came
    :ivar is_money_gone: it came back, or was never taken; else it came in, with another amount
    """

    id: int
    payer: str
    key: str
    amount: Euro | None
    words: str
    code: str
    verdict: str
    on: date
    is_money_gone: bool


@dataclass(frozen=True)
class FaultLine:
    """A collection refused for a fault of the file: it is asked once more, or the family pays otherwise."""

    collection_id: int
    payer_id: int
    payer: str
    number: str
    amount: Euro
    reason: Reason


@dataclass(frozen=True)
class MayBe:
    """A collection of which a line may speak."""

    id: int
    payer: str
    number: str
    amount: Euro
    day: date


def unsorted_lines() -> list[UnsortedLine]:
    """Return the lines that wait until somebody says whose they are: three queries."""
    found = waiting.waiting_lines()
    by_id = _by_id([one.collection_id for one in found if one.collection_id])
    names = payers([one.payer_id for one in by_id.values()])
    return [_unsorted(one, by_id, names) for one in found]


def unsorted_line(*, line_id: int, text: str = "") -> tuple[UnsortedLine, list[MayBe]] | None:
    """
    Return one of them with the collections of which it may speak, None where it waits no more: ten queries at most.

    :param text: what the office seeks among them: a name, a tax code, the number of an invoice; empty for the likeliest
    """
    one = waiting.waiting_line(line_id=line_id)
    if one is None:
        return None
    by_id = _by_id([one.collection_id] if one.collection_id else [])
    may_be = _sought(line_id, text) if text else asked.may_be_of(line_id=line_id)
    names = payers([each.payer_id for each in (*may_be, *by_id.values())])
    numbers = billing.numbers(invoice_ids=[invoice_of(each.debt) for each in may_be])
    return _unsorted(one, by_id, names), [
        MayBe(each.id, names.get(each.payer_id, ""), numbers.get(invoice_of(each.debt), ""), Euro(each.cents), each.day)
        for each in may_be
    ]


def _sought(line_id: int, text: str) -> list[CollectionView]:
    found = [one.pk for one in searching.guardians(text=text)]
    debts = [debt_of(pk) for pk in billing.ids_by_number(text=text)]
    return asked.may_be_of(line_id=line_id, payer_ids=found, debts=debts)


def faults() -> list[FaultLine]:
    """Return what was refused for a fault of the file, is still to pay and waits for a decision: nine queries at most."""
    waits = waiting.faults()
    found = asked.collections(ids=list(waits))
    invoices = {one.id: one for one in billing.invoices(invoice_ids=[invoice_of(one.debt) for one in found])}
    open_ones = [one for one in found if invoices[invoice_of(one.debt)].open.cents > 0]
    names = payers([one.payer_id for one in open_ones])
    return [
        FaultLine(
            collection_id=one.id,
            payer_id=one.payer_id,
            payer=names.get(one.payer_id, ""),
            number=invoices[invoice_of(one.debt)].number,
            amount=Euro(one.cents),
            reason=reasons.reason(waits[one.id]),
        )
        for one in open_ones
    ]


def payers(guardian_ids: Sequence[int]) -> dict[int, str]:
    """Return by id the names of adults: one query."""
    return {one.pk: one.full_name for one in people.guardians(guardian_ids=sorted(set(guardian_ids)))}


def _by_id(ids: Sequence[int]) -> dict[int, CollectionView]:
    return {one.id: one for one in asked.collections(ids=sorted(set(ids)))} if ids else {}


def _unsorted(one: WaitingLine, by_id: dict[int, CollectionView], names: dict[int, str]) -> UnsortedLine:
    mine = by_id.get(one.collection_id or 0)
    return UnsortedLine(
        id=one.id,
        payer=names.get(mine.payer_id, "") if mine else "",
        key=one.key or NO_KEY,
        amount=Euro(one.cents) if one.cents is not None else None,
        words=reasons.reason(one.reason).words if one.reason else "pagato",
        code=one.reason,
        verdict=VERDICTS[one_of(VERDICTS, one.verdict)],
        on=one.day or clock.day_of(one.received_at),
        is_money_gone=one.kind != "collected",
    )


def heard(found: Sequence[Heard]) -> list[HeardLine]:
    """Return the lines of a bank, with payers and invoices: two queries."""
    names = payers([one.collection.payer_id for one in found if one.collection])
    ids = {one.collection.id: invoice_of(one.collection.debt) for one in found if one.collection}
    numbers = billing.numbers(invoice_ids=sorted(ids.values()))
    return [_heard(one, names, numbers, ids) for one in found]


def _heard(one: Heard, names: dict[int, str], numbers: dict[int, str], ids: dict[int, int]) -> HeardLine:
    known = reasons.reason(one.line.reason) if one.line.reason else None
    return HeardLine(
        payer=names.get(one.collection.payer_id, "") if one.collection else "",
        invoice=numbers.get(ids[one.collection.id], "") if one.collection else one.key or NO_KEY,
        amount=Euro(one.line.cents) if one.line.cents is not None else None,
        words=known.words if known else "pagato",
        code=one.line.reason,
        verdict=VERDICTS[one.verdict],
        is_done=one.verdict == "applied",
        advice=known.office if known and one.verdict == "applied" else "",
    )
