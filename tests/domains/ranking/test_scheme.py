"""Rules as data: kept and read again as they were, and what does not hold together is said."""

import json
from dataclasses import replace
from datetime import date

import pytest

from campanella.domains.ranking.rules.moved import Standing, moved
from campanella.domains.ranking.rules.scheme import Group, Scheme, Seats, as_data, faults, read
from tests.domains.ranking.ravarino import CRITERIA

MEDI = Group("Medi", date(2025, 1, 1), date(2025, 12, 31))
WHOLE = Scheme(groups=(MEDI,), seats=(Seats(3, "Medi", 12, 7), Seats(4, "Medi", 0)), criteria=CRITERIA, preferences=(5,))


def test_rules_are_read_as_they_were_kept() -> None:
    assert read(json.loads(json.dumps(as_data(WHOLE)))) == WHOLE
    assert faults(WHOLE) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"groups": ()}, "Scrivi almeno una fascia d’età."),
        ({"groups": (MEDI, MEDI)}, "Due fasce d’età hanno lo stesso nome."),
        (
            {"groups": (MEDI, Group("Grandi", date(2024, 1, 1), date(2025, 1, 1)))},
            "Le fasce Grandi e Medi si sovrappongono.",
        ),
        ({"groups": (Group("Medi", date(2025, 2, 1), date(2025, 1, 1)),)}, "La fascia Medi finisce prima di cominciare."),
        ({"keys": ("points", "points")}, "Un criterio di precedenza c’è due volte."),
        ({"keys": ("isee",)}, "Tra le precedenze mancano i punti."),
        ({"seats": ()}, "Scrivi i posti di almeno una struttura."),
    ],
)
def test_what_does_not_hold_together_is_said(change: dict[str, object], said: str) -> None:
    assert said in faults(replace(WHOLE, **change))  # type: ignore[arg-type]  # columns of the table


@pytest.mark.parametrize(
    ("born", "group"), [(date(2025, 1, 1), "Medi"), (date(2025, 12, 31), "Medi"), (date(2026, 1, 1), ""), (None, "")]
)
def test_a_birthday_says_the_list(born: date | None, group: str) -> None:
    assert WHOLE.group_of(born) == group


def test_what_has_moved_says_why() -> None:
    def at(number: str, position: int, **more: object) -> Standing:
        known = Standing(number, "Medi", position, 10, False, True, {"Lavoro": 10}, "9.000,00 €", "Nido A")
        return replace(known, **more)  # type: ignore[arg-type]  # columns of the table

    before = [at("a", 1), at("b", 2), at("c", 3), at("d", 4)]
    after = [at("b", 1, points=15, worth={"Lavoro": 10, "Gemelli": 5}), at("a", 2), at("d", 3, school=""), at("e", 4)]
    assert [(one.number, one.why) for one in moved(before=before, after=after)] == [
        ("b", ("Gemelli: 0 → 5 punti",)),
        ("a", ("si sono mosse altre domande",)),
        ("d", ("si sono mosse altre domande", "posto: Nido A → in attesa")),
        ("e", ("è entrata in graduatoria",)),
        ("c", ("non è più in graduatoria",)),
    ]
    assert moved(before=before, after=before) == []
