"""
Seals: each night sums the book and the acts since the night before up in one digest, chained to the one before.

Whoever changes, adds or takes away a sealed row afterwards breaks its seal, whatever else was mended with it. Nothing of it
stands on the road of a charge: rows are sealed when the day is over and nobody writes them any more.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from campanella.domains.ledger import statements
from campanella.domains.ledger.models import Seal
from campanella.domains.ledger.verify import Violation
from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id, operation

PROMISE = "what was sealed is as it was"
IN_TIME = "nothing is dated ahead of its time"
# A clock that is wrong by less leaves a row open for one night at most.
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Place:
    """Up to where something is sealed, and the digest it is chained to."""

    entry_id: int = 0
    act_id: int = 0
    digest: str = ""


@operation
def seal(*, until: datetime, broken: int, now: datetime) -> Seal:
    """
    Seal what was written before an instant, from the last seal on.

    :param until: a moment before which nobody writes any more: the beginning of the day
    :param broken: how many promises the auditor has found broken
    """
    before = _last()
    values = {"town": active_town_id(), "until": until, "ahead": now + A_DAY}
    ends = sql.row(statements.SEALED_UNTIL, values) or (0, 0)
    entry_id, act_id = max(before.entry_id, ends[0]), max(before.act_id, ends[1])
    rows, digest = _digest(before, entry_id, act_id)
    return Seal.objects.create(at=now, until_entry=entry_id, until_act=act_id, rows=rows, digest=digest, broken=broken)


def violations() -> list[Violation]:
    """Return the seals that are broken: something under them was changed, added or taken away. One query a seal."""
    found, before = [], Place()
    for one in Seal.objects.order_by("id"):
        rows, digest = _digest(before, one.until_entry, one.until_act)
        if (rows, digest) != (one.rows, one.digest):
            what = f"entries after {before.entry_id} to {one.until_entry}, acts after {before.act_id} to {one.until_act}"
            gone = f"{rows - one.rows:+} rows" if rows != one.rows else "as many rows"
            found.append(Violation(PROMISE, f"seal {one.pk} of {one.at:%Y-%m-%d} ({what}: {gone})", 0))
        # The chain goes on from what was written down, so that one broken seal is named once.
        before = Place(one.until_entry, one.until_act, one.digest)
    return found


def ahead(*, now: datetime) -> list[Violation]:
    """Return what is dated a day or more from now: a clock went wrong, or somebody wants the seals to stop. One query."""
    rows = sql.rows(statements.AHEAD, {"town": active_town_id(), "ahead": now + A_DAY})
    return [Violation(IN_TIME, str(row), 0) for (row,) in rows]


def last_seal() -> Seal | None:
    """Return the last seal of the town; None before its first night."""
    return Seal.objects.order_by("-id").first()


def _last() -> Place:
    last = last_seal()
    return Place(last.until_entry, last.until_act, last.digest) if last else Place()


def _digest(before: Place, entry_id: int, act_id: int) -> tuple[int, str]:
    values = {
        "town": active_town_id(),
        "after_entry": before.entry_id,
        "entry": entry_id,
        "after_act": before.act_id,
        "act": act_id,
        "before": before.digest,
    }
    (rows, digest) = sql.rows(statements.DIGEST, values)[0]
    return int(rows), str(digest)
