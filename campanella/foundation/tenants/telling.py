"""The triggers of the tables that tell what they change: put up with the other walls, for every model that ``tells``."""

import zlib

from django.db import models

from campanella.foundation.core.changes import NOTE
from campanella.foundation.core.tables import TownRow
from campanella.foundation.tenants.catalogue import Catalogue

# Rows of more children than this, in one statement, are told as a change of the whole town.
MOST_TOLD = 100
NAME = "tells_"
# The rows of a statement as they were and as they are.
ROWS = {"insert": "new table as is_now", "update": "old table as was new table as is_now", "delete": "old table as was"}


def telling(model: type[TownRow], found: Catalogue) -> list[str]:
    """Return the statements after which a table tells what its model says, and nothing else does."""
    table, stands = model._meta.db_table, found.tellers.get(model._meta.db_table, set())
    body = _body(model)
    name = f"{NAME}{table}_{zlib.crc32(body.encode()):x}" if body else ""
    statements = [f"drop function {old}() cascade" for old in sorted(stands - {name})]
    if name and name not in stands:
        statements += [
            f"create or replace function {name}() returns trigger language plpgsql as $tells${body}$tells$",
            *(_trigger(name, table, event, rows) for event, rows in ROWS.items()),
        ]
    return statements


def _trigger(name: str, table: str, event: str, rows: str) -> str:
    return (
        f"create or replace trigger {name}_{event} after {event} on {table} referencing {rows}"
        f" for each statement execute function {name}()"
    )


def _body(model: type[TownRow]) -> str:
    tells, table = model.tells, model._meta.db_table
    if tells is None:
        return ""
    subject = tells.column or "null::bigint"
    if not tells.days:
        days = "null::daterange"
    elif isinstance(model._meta.get_field(tells.days), models.DateField):
        days = f"daterange({tells.days}, {tells.days}, '[]')"
    else:
        days = tells.days
    one = f"select municipality_id, {subject} as subject, {days} as days from"
    told = {"INSERT": f"{one} is_now", "UPDATE": f"{one} was union {one} is_now", "DELETE": f"{one} was"}
    branches = " ".join(
        f"if tg_op = '{event}' then {_told(table, tells.whose, rows)} end if;" for event, rows in told.items()
    )
    return f"begin {branches} return null; end"


def _told(table: str, whose: str, rows: str) -> str:
    """Write down what one statement has changed; a class changes with every tap, so its rows are not even counted."""
    each = f"select distinct *, '{whose}' as whose from ({rows}) x"  # noqa: S608  # as below
    if whose != "child":
        return NOTE.format(table=table, rows=each)
    told = """select municipality_id, whose, subject, days from told where not (select are from many)
 union all
 select distinct municipality_id, 'town', null::bigint, null::daterange from told where (select are from many)"""
    return f"""with told as materialized ({each}), many as (select count(*) > {MOST_TOLD} as are from told)
 {NOTE.format(table=table, rows=told)}"""  # noqa: S608  # names of our own tables and columns
