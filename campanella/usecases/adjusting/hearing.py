"""
What a bank answers to refunds: read to its end before anything is done, kept as it came, done in one transaction.

What cannot be read, or is another town's, is not kept. A second reading finds what the first has done: of each refund it is
on record once that it was paid, and once that it went back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from campanella.domains.adjusting import asked, ordering, words
from campanella.domains.adjusting.asked import OrderView
from campanella.domains.adjusting.events import RefundAnswered
from campanella.domains.adjusting.gateways.sct import reading
from campanella.domains.adjusting.gateways.sct.base import Answer, Line
from campanella.domains.adjusting.gateways.sct.reading import NotReadable
from campanella.domains.adjusting.models import RefundAnswer
from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger.operations import Movement
from campanella.domains.ledger.rules import Source
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.events import publish
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import use_case
from campanella.usecases.adjusting.posting import LONGEST_MEMO, REFUNDS

Verdict = Literal["applied", "again", "unknown", "amount", "over", "paid"]
VERDICTS: dict[Verdict, str] = {
    "applied": "registrato",
    "again": "già registrato",
    "unknown": "non è un nostro rimborso",
    "amount": "l’importo è un altro: sentire il tesoriere",
    "over": "era già tornato indietro: sentire il tesoriere",
    "paid": "la banca l’aveva già eseguito: sentire il tesoriere",
}


class NoAnswer(Refusal):
    """The file cannot be read, or is of another town; nothing of it was done."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One line of a bank, of which refund it speaks and what became of it."""

    line: Line
    order: OrderView | None
    verdict: Verdict

    @property
    def words(self) -> str:
        """What became of it, for the office."""
        return VERDICTS[self.verdict]

    @property
    def amount(self) -> Euro:
        """What the bank says that it is about; of a whole file, what we asked for."""
        known = self.order.cents if self.order else 0
        return Euro(known if self.line.cents is None else self.line.cents)

    @property
    def why(self) -> str:
        """Why it went back."""
        return words.back(self.line.reason) if self.line.reason else ""


@dataclass(frozen=True, slots=True)
class Report:
    """
    What became of a file.

    :ivar is_known: the same bytes were read before
    """

    form: str
    message_id: str
    is_known: bool
    heard: tuple[Heard, ...]

    @property
    def applied(self) -> int:
        """How many lines were new and done."""
        return sum(1 for one in self.heard if one.verdict == "applied")


@use_case
def hear(*, by: Actor, body: bytes, now: datetime) -> Report:
    """
    Read a bank's file and do what it says: what was paid is on record, what went back is in its wallet again.

    :raises NoAnswer: it cannot be read to its end, or is another town's
    """
    try:
        answer = reading.read(body, ours=ordering.key_prefix())
    except NotReadable as fault:
        raise NoAnswer(str(fault)) from None
    spoken = _spoken(answer)
    ledger.hold_wallets(wallet_ids=[one.wallet_id for _, one in spoken if one])
    kept, is_new = ordering.keep(by=by, body=body, now=now)
    # What another reading has done meanwhile is seen under the lock.
    fresh = asked.orders_by_key(keys=[one.end_to_end_id for _, one in spoken if one])
    known = {key: set(one.known) for key, one in fresh.items()}
    heard = [_judged(line, fresh[one.end_to_end_id] if one else None, known, answer.is_status) for line, one in spoken]
    _do(heard, kept, now)
    return Report(answer.form, answer.message_id, not is_new, tuple(heard))


def _spoken(answer: Answer) -> list[tuple[Line, OrderView | None]]:
    """
    Find the refunds that lines speak of: by their key, or by their place in the one file that is answered.

    What speaks of one transfer and names none is nobody's: it never stands for the whole file.
    """
    files = asked.files_called(message_ids=answer.original_ids)
    if answer.original_ids and not files:
        raise NoAnswer(
            f"Questo file risponde alla disposizione {answer.original_ids[0]}, che questo Comune non ha mandato: forse è "
            "di un altro Comune. Non è stato registrato niente."
        )
    if answer.ibans and not set(answer.ibans) & asked.known_accounts():
        raise NoAnswer("Questo file parla di un altro conto: non è quello da cui questo Comune paga i rimborsi.")
    by_key = asked.orders_by_key(keys=[line.end_to_end_id for line in answer.lines if line.end_to_end_id])
    files_orders = [asked.orders_of(file_id=file_id) for file_id in files.values()]
    found: list[tuple[Line, OrderView | None]] = []
    for line in answer.lines:
        if line.is_whole:
            found += [(line, one) for orders in files_orders for one in orders]
        elif line.end_to_end_id in ("", "NOTPROVIDED"):
            found.append((line, _at_its_place(line, files_orders)))
        else:
            found.append((line, by_key.get(line.end_to_end_id)))
    if not found:
        raise NoAnswer("In questo file non c’è nessun esito di rimborsi.")
    return found


def _at_its_place(line: Line, files_orders: Sequence[Sequence[OrderView]]) -> OrderView | None:
    if line.place is None or len(files_orders) != 1:
        return None
    (orders,) = files_orders
    return orders[line.place - 1] if 0 < line.place <= len(orders) else None


def _judged(line: Line, order: OrderView | None, known: dict[str, set[str]], is_status: bool) -> Heard:
    if order is None:
        return Heard(line, None, "unknown")
    before = known[order.end_to_end_id]
    if line.kind in before:
        return Heard(line, order, "again")
    if line.cents is not None and line.cents != order.cents:
        return Heard(line, order, "amount")
    if "back" in before:
        return Heard(line, order, "over")
    # What a bank has paid comes back as a movement; its status that says so contradicts itself.
    if is_status and line.kind == "back" and "executed" in before:
        return Heard(line, order, "paid")
    before.add(line.kind)
    return Heard(line, order, "applied")


def _do(heard: Sequence[Heard], kept: RefundAnswer, now: datetime) -> None:
    today = clock.day_of(now)
    for one in heard:
        if one.verdict == "applied" and one.order:
            if one.line.kind == "back":
                _give_back(one.order, one.line.reason, today, now)
            coming = ordering.note(
                order=one.order,
                kind=one.line.kind,
                reason=one.line.reason,
                day=min(one.line.on or today, today),
                answer=kept,
                now=now,
            )
            publish(RefundAnswered(coming_id=coming.pk))


def _give_back(order: OrderView, reason: str, today: date, now: datetime) -> None:
    """Put a refund that no account took back into its wallet."""
    clearing = ledger.account(kind="clearing", code=REFUNDS)
    source = Source.of_proposal("sent_back", order.proposal_id)
    ledger.post(
        movements=[Movement(source, order.wallet_id, clearing.pk, Euro(order.cents))],
        kind="sent_back",
        day=today,
        memo=f"Il bonifico non è arrivato: {words.back(reason)}"[:LONGEST_MEMO],
        by_id=None,
        now=now,
    )
