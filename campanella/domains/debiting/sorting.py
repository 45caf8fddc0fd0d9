"""The office has looked at a line of a bank of which nothing could be done by itself."""

from collections.abc import Sequence
from datetime import datetime

from campanella.domains.debiting.models import LineDecision
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import operation

audit.sentences(
    {
        "line.sorted": "ha detto di quali addebiti parla una riga della banca: {keys}",
        "line.left": "ha visto una riga della banca che non è di nessun addebito",
    }
)


class SortedBefore(Refusal):
    """Somebody was quicker."""

    message = "Di questa riga si è già deciso: guarda com’è andata."


@operation
def decide(*, by: Actor, answer_id: int, line_id: int, keys: Sequence[str], why: str, now: datetime) -> None:
    """
    Write down that a line is sorted out.

    :param keys: of the collections that it speaks of; none where it is of none
    :raises SortedBefore: somebody has done so
    """
    made = {"why": why[:200], "at": now, "by_id": by.actor_id}
    _row, is_new = LineDecision.objects.get_or_create(line_id=line_id, defaults=made)
    if not is_new:
        raise SortedBefore
    audit.record(
        by=by,
        action="line.sorted" if keys else "line.left",
        at=now,
        subjects=[f"bank_answer:{answer_id}"],
        why=why,
        data={"keys": ", ".join(keys)} if keys else {},
    )
