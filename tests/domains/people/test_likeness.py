"""Twins, namesakes and children written down twice: a table that an office could check."""

from dataclasses import dataclass
from datetime import date

import pytest

from campanella.domains.people import likeness

BORN = date(2019, 3, 16)


@dataclass(frozen=True)
class Someone:
    family_name: str
    given_name: str
    tax_code: str = ""
    birth_date: date | None = BORN


MARCO = Someone("Galli", "Marco", "GLLMRC19C16G479V")
MIRCO = Someone("Galli", "Mirco", "GLLMRC19C16G47VK")


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (MARCO, MIRCO, "i codici fiscali differiscono solo per le lettere"),
        (Someone("Galli", "Maria"), Someone("Galli", "Mario"), "nomi quasi uguali"),
        (Someone("D'Amico", "Niccolò"), Someone("D’AMICO", "Niccolo"), "stesso nome e stesso giorno di nascita"),
        (Someone("Galli", "Ugo"), Someone("Galli", "Ugo", birth_date=None), "di uno manca la data di nascita"),
        (Someone("Galli", "Ugo"), Someone("Galli", "Ugo", birth_date=date(2018, 1, 1)), ""),
        (Someone("Galli", "Anna"), Someone("Galli", "Luca"), ""),
        (Someone("Galli", "Maria"), Someone("Neri", "Maria"), ""),
        (Someone("", "Suharto"), Someone("", "Suharto"), "stesso nome e stesso giorno di nascita"),
        (Someone("Galli", "Ugo", "00142920439"), Someone("Neri", "Ada", "00142920439"), ""),
    ],
)
def test_who_may_be_one_child(one: Someone, other: Someone, why: str) -> None:
    assert why in likeness.why_alike(one, other)
    assert bool(likeness.why_alike(one, other)) is bool(why)
    assert [(a, b) for a, b, _ in likeness.pairs([one, other])] == ([(one, other)] if why else [])


def test_a_town_of_strangers_has_no_pairs() -> None:
    town = [Someone(f"Famiglia{n}", "Anna", birth_date=date(2015 + n % 5, 1 + n % 12, 1)) for n in range(500)]
    assert likeness.pairs(town) == []
    assert [(a.given_name, b.given_name) for a, b, _ in likeness.pairs([*town, MARCO, MIRCO])] == [("Marco", "Mirco")]
