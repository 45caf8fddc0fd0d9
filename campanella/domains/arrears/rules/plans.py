"""Instalments: how a debt is split, which dues are met by what was paid, whether a plan is kept. Amounts in cents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

DueState = Literal["paid", "partial", "open", "missed", "gone"]
PlanState = Literal["kept", "missed", "done", "gone", "ended"]

PLAN_WORDS: dict[PlanState, str] = {
    "kept": "In corso",
    "missed": "Una rata non è stata pagata",
    "done": "Finito: non resta niente da pagare",
    "gone": "Finito: il debito è stato annullato",
    "ended": "Chiuso dall’ufficio",
}


@dataclass(frozen=True, slots=True)
class Due:
    """One instalment: what, by when."""

    place: int
    due_on: date
    cents: int


@dataclass(frozen=True, slots=True)
class Met:
    """
    An instalment with what is paid of it.

    :ivar gone: what of it is owed no more, and nobody paid: called back, or written off
    """

    due: Due
    paid: int
    state: DueState
    gone: int = 0

    @property
    def open(self) -> int:
        """Return what is left of it, in cents."""
        return self.due.cents - self.paid - self.gone


def month_after(day: date, months: int) -> date:
    """Return the same day some months later, or the last one of a shorter month."""
    place = day.month - 1 + months
    year, month = day.year + place // 12, place % 12 + 1
    next_first = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, min(day.day, (next_first - timedelta(days=1)).day))


def split(*, cents: int, count: int, first: date, months: int = 1) -> list[Due]:
    """
    Split a debt in equal dues that add up to it; the odd cents are on the first ones.

    :param months: between two dues
    """
    share, odd = divmod(cents, count)
    return [Due(i + 1, month_after(first, i * months), share + (i < odd)) for i in range(count)]


def met(*, dues: Sequence[Due], paid: int, today: date, grace_days: int, gone: int = 0) -> list[Met]:
    """
    Tell what is paid of each due: whatever was paid, from wherever it came, meets the oldest first.

    :param grace_days: days after a due before it counts as missed
    :param gone: what is owed no more, and nobody paid: the last dues need not be paid
    """
    found, left = [], max(paid, 0)
    owed = sum(due.cents for due in dues) - max(gone, 0)
    for due in sorted(dues, key=lambda one: one.place):
        part = min(left, due.cents)
        left -= part
        asked = max(part, min(due.cents, owed))
        owed -= asked
        is_over = today > due.due_on + timedelta(days=grace_days)
        state: DueState = (
            "paid"
            if part == due.cents
            else "gone"
            if part == asked
            else "missed"
            if is_over
            else "partial"
            if part
            else "open"
        )
        found.append(Met(due, part, state, due.cents - asked))
    return found


def state_of(*, dues: Sequence[Met], is_ended: bool) -> PlanState:
    """Tell how a plan stands: the ladder sleeps only while it is kept."""
    if not any(one.open for one in dues):
        return "gone" if any(one.gone for one in dues) else "done"
    if is_ended:
        return "ended"
    return "missed" if any(one.state == "missed" for one in dues) else "kept"


def faults(*, cents: int, count: int, first: date, today: date, most: int, least: int) -> list[str]:
    """
    Return what is wrong with a plan that is asked for, each as a sentence.

    :param most: instalments that a town grants
    :param least: of one instalment, in cents
    """
    found = []
    if cents <= 0:
        return ["Non c’è niente da pagare a rate."]
    if not 2 <= count <= most:
        found.append(f"Le rate sono da 2 a {most}.")
    elif cents // count < least:
        found.append(f"Ogni rata è di almeno {least // 100},{least % 100:02} €: scegli meno rate.")
    if first < today:
        found.append("La prima rata scade da oggi in poi.")
    return found
