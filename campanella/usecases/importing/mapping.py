"""The town says once what the columns of its former software hold; each later file is read so."""

from datetime import datetime

from campanella.domains.people import mapping
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import use_case
from campanella.usecases.importing.columns import FIELDS, folded, header_of

LEFT_OUT = "non si importa"
LONGEST = 80


class UnknownColumn(Refusal):
    """What a column should hold is nothing that is imported, or its header has no letters."""


@use_case
def say(*, by: Actor, header: str, column: str, now: datetime) -> None:
    """
    Say what a column holds.

    :param column: one of the documented headers, or a synonym of it; empty leaves the column out
    :raises UnknownColumn: there is no such column, or the header is empty
    """
    if not folded(header) or len(header) > LONGEST:
        raise UnknownColumn(f"“{header[:LONGEST]}” non è un’intestazione: servono lettere o cifre, {LONGEST} al massimo.")
    field = _field(column)
    what = header_of(field) if field else LEFT_OUT
    mapping.say(by=by, header=folded(header), written=header.strip(), field=field, what=what, now=now)


@use_case
def forget(*, by: Actor, header: str, now: datetime) -> None:
    """
    Forget what a column holds.

    :raises UnknownColumn: nothing was said of it
    """
    if not mapping.forget(by=by, header=folded(header), now=now):
        raise UnknownColumn(f"Della colonna “{header[:LONGEST]}” non è stato detto niente.")


def _field(column: str) -> str:
    if not column.strip():
        return ""
    found = next((field for field, names in FIELDS.items() if folded(column) in map(folded, names)), None)
    if found is None:
        raise UnknownColumn(f"“{column[:LONGEST]}” non è una colonna: sono {', '.join(map(header_of, FIELDS))}.")
    return found
