"""How a child is called: no longer than it takes to tell two of one name apart."""

from collections.abc import Callable
from datetime import date

import pytest

from campanella.domains.people import words
from campanella.domains.people.words import Name

JUNE, NEXT_YEAR, MAY = date(2019, 6, 16), date(2020, 6, 16), date(2019, 5, 2)


def named(*children: tuple[str, str, date | None]) -> dict[int, Name]:
    return {place: Name(*child, f"C{place}") for place, child in enumerate(children)}


ALONE = named(("Mamadou", "Diop", JUNE), ("Anna", "Rossi", None))
COUSINS = named(("Mamadou", "Diop", JUNE), ("Mamadou", "Diallo", MAY))
NAMESAKES = named(("Mamadou", "Diop", JUNE), ("Mamadou", "DIOP", MAY))
A_YEAR_APART = named(("Mamadou", "Diop", JUNE), ("Mamadou", "Diop", NEXT_YEAR))
UNBORN = named(("Mamadou", "Diop", None), ("Mamadou", "Diop", None))
ONE_NAME = named(("Mamadou", "", JUNE), ("", "Diop", JUNE))


@pytest.mark.parametrize(
    ("children", "called", "expected"),
    [
        (ALONE, words.at_school, ["Mamadou D.", "Anna R."]),
        (ALONE, words.at_home, ["Mamadou", "Anna"]),
        (ALONE, words.in_full, ["Mamadou Diop", "Anna Rossi"]),
        (ALONE, words.in_register, ["Diop Mamadou", "Rossi Anna"]),
        (COUSINS, words.at_school, ["Mamadou Diop", "Mamadou Diallo"]),
        (COUSINS, words.at_home, ["Mamadou Diop", "Mamadou Diallo"]),
        (COUSINS, words.in_register, ["Diop Mamadou", "Diallo Mamadou"]),
        (NAMESAKES, words.at_school, ["Mamadou Diop, 16/6", "Mamadou DIOP, 2/5"]),
        (NAMESAKES, words.at_home, ["Mamadou Diop (16/6)", "Mamadou DIOP (2/5)"]),
        (NAMESAKES, words.in_full, ["Mamadou Diop, 16/6", "Mamadou DIOP, 2/5"]),
        (NAMESAKES, words.in_register, ["Diop Mamadou, 16/6", "DIOP Mamadou, 2/5"]),
        (A_YEAR_APART, words.in_full, ["Mamadou Diop, 16/6/2019", "Mamadou Diop, 16/6/2020"]),
        (UNBORN, words.in_register, ["Diop Mamadou, C0", "Diop Mamadou, C1"]),
        (ONE_NAME, words.at_school, ["Mamadou", "Diop"]),
        (ONE_NAME, words.at_home, ["Mamadou", "Diop"]),
    ],
)
def test_two_of_one_name_are_told_apart(
    children: dict[int, Name], called: Callable[..., dict[int, str]], expected: list[str]
) -> None:
    assert list(called(children).values()) == expected
