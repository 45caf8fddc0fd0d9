"""What the numbers of a day cost: what depends on no child is looked up once, however many children there are."""

import json
from collections.abc import Iterator
from typing import Any

from campanella.domains.attendance.models import DayEvent
from campanella.domains.attendance.statements import sheets
from campanella.domains.services.models import ClassCalendar
from campanella.foundation.core import clock, sql
from tests.towns import TODAY, Cast


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", []):
        yield from _nodes(below)


def looked_up(statement: str, values: dict[str, Any], table: str) -> list[int]:
    """Return how often each look-up of a table was made for a statement."""
    told = sql.rows(f"explain (analyze, format json) {statement}", values)[0][0]
    plan = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
    return [node["Actual Loops"] for node in _nodes(plan) if node.get("Relation Name") == table]


def test_the_classes_that_do_not_use_a_service_are_looked_up_once(valle: Cast) -> None:
    children = sum(len(family.children) for family in valle.families.values())
    assert children > 1

    values = {"town": valle.town.id, "services": [valle.services["mensa"].pk], "day": TODAY, "classes": None}
    for statement in (sheets.TALLY, sheets.BOARD):
        loops = looked_up(statement, values, ClassCalendar._meta.db_table)
        assert loops, "the statement asks which classes use the service"
        assert max(loops) <= 1


def test_the_days_of_a_request_are_found_without_reading_every_day_of_the_town(valle: Cast) -> None:
    # Of no rows every plan is as good.
    marks = "insert into attendance_dayevent (municipality_id, service_id, day, kind, channel, level, received_at, made_at)"
    values = {"town": valle.town.id, "service": valle.services["mensa"].pk, "day": TODAY, "at": clock.now()}
    sql.run(
        f"{marks} select %(town)s, %(service)s, %(day)s, 'marked', 'page', 1, %(at)s, %(at)s from generate_series(1, 3000)",
        values,
    )
    sql.run("set local enable_seqscan = off")
    plan = DayEvent.objects.filter(request_id=1, kind="asked").explain()
    assert "day_event_by_request" in plan, plan
