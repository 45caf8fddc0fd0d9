"""How the lines of an invoice are told: a day by its date, a fee by its name and the days it is for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from campanella.domains.billing import fee_queries
from campanella.domains.billing.queries import LineView
from campanella.domains.services.models import Service
from campanella.foundation.core.italian import counted as number_of
from campanella.foundation.core.italian import day_long
from campanella.foundation.core.money import Euro
from campanella.readings.billing.words import part_name

STAMP = "Imposta di bollo"


@dataclass(frozen=True, slots=True)
class ToldLine:
    """A line as it is read: "Lunedì 5 ottobre", "Retta mensile, ottobre 2026"."""

    text: str
    amount: Euro


def told(lines: Iterable[LineView]) -> dict[str, str]:
    """Return by source how each of these lines is called: one query at most."""
    mine = list(lines)
    fees = fee_queries.titles(sources=[line.source for line in mine if not line.is_day])
    names = {source: f"{name}, {part_name(first, last)}" for source, (name, first, last) in fees.items()}
    names |= {line.source: STAMP for line in mine if line.is_stamp}
    return {line.source: names.get(line.source) or _capital(day_long(line.day)) for line in mine}


def told_lines(lines: Sequence[LineView], called: dict[str, str]) -> list[ToldLine]:
    """Put lines into words: what was given back says so."""
    return [
        ToldLine(f"{called[line.source]}{', restituito' if line.amount.cents < 0 else ''}", line.amount) for line in lines
    ]


def counted(lines: Sequence[LineView], service: Service) -> str:
    """Count what was used and not given back: "13 pasti", "1 quota", "13 giorni e 1 quota"."""
    days = sum(line.amount.cents > 0 for line in lines if line.is_day)
    fees = sum(line.amount.cents > 0 for line in lines if not (line.is_day or line.is_stamp))
    parts = [f"{days} {service.unit if days == 1 else service.units}"] if days or not fees else []
    return " e ".join([*parts, number_of(fees, "quota", "quote")] if fees else parts)


def stamp_of(lines: Iterable[LineView]) -> Euro:
    """Return the stamp duty that these lines charge."""
    return sum((line.amount for line in lines if line.is_stamp), Euro(0))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
