"""
Lines of a bank of which nothing can be done by themselves: without a key, with one that nobody knows, with another amount.

The office says of which collections such a line speaks, and what the bank said is done; or that it is of none, and why.
"""

from collections.abc import Sequence
from datetime import datetime

from campanella.domains.debiting import asked, sorting, waiting
from campanella.domains.debiting.gateways.sepa.base import KINDS, Line
from campanella.domains.debiting.sorting import SortedBefore
from campanella.foundation.core import sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.closed import one_of
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id, use_case
from campanella.usecases.debiting import hearing


class AnotherSum(Refusal):
    """What was chosen does not add up to what the bank has taken."""


class ReasonMissing(Refusal):
    """A line of nobody needs its reason."""

    message = "Scegli l’addebito di cui parla la banca, oppure scrivi perché non è di nessuno."


@use_case
def sort_out(*, by: Actor, line_id: int, collection_ids: Sequence[int], why: str, now: datetime) -> None:
    """
    Say of which collections a line speaks: what the bank said of it is done to each of them, money and mandate included.

    :param collection_ids: none where the line is of no collection
    :raises SortedBefore: it waits no more, or another file was quicker to tell of a collection
    :raises NotFound: a collection is none of which it may speak
    :raises AnotherSum: they do not add up to what the bank says
    :raises ReasonMissing: neither a collection nor a reason
    """
    sql.take_turns("collections", active_town_id())
    line = waiting.waiting_line(line_id=line_id)
    if line is None:
        raise SortedBefore
    may_be = {one.id: one for one in asked.may_be_of(line_id=line_id, ids=collection_ids)}
    if not may_be.keys() >= set(collection_ids):
        raise NotFound
    chosen, reason = [may_be[pk] for pk in sorted(set(collection_ids))], why.strip()
    if not chosen and not reason:
        raise ReasonMissing
    total = sum(one.cents for one in chosen)
    if chosen and line.verdict == "unknown" and line.cents not in (None, total):
        raise AnotherSum(
            f"Hai scelto addebiti per {Euro(total)}, ma la banca dice {Euro(line.cents or 0)}: scegli quelli che "
            "insieme fanno la somma."
        )
    keys = [one.end_to_end_id for one in chosen]
    sorting.decide(by=by, answer_id=line.answer_id, line_id=line.id, keys=keys, why=reason, now=now)
    kind = one_of(KINDS, line.kind)
    said = [
        (line.message_id, Line(line.number, kind, one.end_to_end_id, line.reason, one.cents, on=line.day)) for one in chosen
    ]
    heard = hearing.apply(answer_id=line.answer_id, lines=said, by=by, now=now) if said else []
    # Under the wallets' lock: one of them has come back by another file since it was chosen.
    if line.kind != "collected" and any(one.verdict != "applied" for one in heard):
        raise SortedBefore
