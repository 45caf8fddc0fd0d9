"""Whom a change of a rule concerns, before it is confirmed."""

from collections.abc import Sequence
from datetime import date

from campanella.foundation.core.italian import counted, day_full
from campanella.readings.office.rule_readers import Concerned


def concerns(found: Concerned | None) -> list[str]:
    """Tell whom a change concerns and who is written to; None for one that families do not notice."""
    if found is None:
        return ["Per le famiglie non cambia nulla: non ricevono lettere."]
    if not found.children:
        return ["Da quel giorno nessun bambino usa il servizio in questa scuola: non c’è nessuno da avvisare."]
    said = [f"Riguarda {counted(found.children, 'bambino', 'bambini')}."]
    if found.families:
        written = counted(found.families, "famiglia riceve", "famiglie ricevono")
        said.append(f"{written} una lettera con queste parole, una sola anche con più figli.")
    if found.unreached:
        said.append(f"Di {counted(found.unreached, 'bambino', 'bambini')} nessun adulto ha una mail: avvisali tu.")
    return said


def removed(firsts: Sequence[date]) -> list[str]:
    """Name what was entered for later and goes with a change, by the day on which it would have begun."""
    return [f"Toglie quello che era previsto dal {day_full(first)}." for first in firsts]
