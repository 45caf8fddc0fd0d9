"""The order in which events decide is written twice, for Python and for SQL: both put the same event first."""

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

from campanella.domains.attendance.fact_rules import Fact
from campanella.domains.attendance.statements.order import LAST_FIRST
from campanella.foundation.core import sql

MORNING = datetime(2026, 10, 14, 7, 30, tzinfo=UTC)

ORDERED = f"""
select e.id from unnest(%(ids)s::bigint[], %(levels)s::int[], %(moments)s::timestamptz[], %(devices)s::bigint[],
                        %(seqs)s::bigint[], %(names)s::uuid[]) as e(id, level, made_at, device_id, seq, event_id)
 order by {LAST_FIRST}
"""


def test_events_of_one_instant_have_one_order_in_sql_and_in_the_rules(db: None) -> None:
    dice = random.Random(9)
    events = []
    for pk in range(1, 401):
        device = dice.choice([None, None, 1, 2])
        # Of so few levels, moments and counts many are alike, so that each part of the order decides somewhere.
        seq = dice.choice([None, dice.randrange(1, 9)]) if device is None else dice.randrange(1, 9)
        moment = MORNING + timedelta(microseconds=dice.randrange(3))
        events.append((pk, dice.randrange(3), moment, device, seq, UUID(int=dice.getrandbits(128))))
    dice.shuffle(events)

    def rank(event: tuple[int, int, datetime, int | None, int | None, UUID]) -> tuple[int, datetime, int, int, UUID]:
        pk, level, moment, device, seq, name = event
        return Fact("marked", level, moment, name, is_on=True, device=device or 0, seq=seq or pk).rank

    ids, levels, moments, devices, seqs, names = zip(*events, strict=True)
    columns = {"ids": ids, "levels": levels, "moments": moments, "devices": devices, "seqs": seqs, "names": names}
    found = sql.rows(ORDERED, {name: list(column) for name, column in columns.items()})

    assert [pk for (pk,) in found] == [event[0] for event in sorted(events, key=rank, reverse=True)]
