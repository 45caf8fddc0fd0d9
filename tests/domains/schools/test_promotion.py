"""Where a child goes when the year ends: a table that a school officer could check."""

from datetime import date

import pytest

from campanella.domains.schools.promotion import Next, first_class, next_class

UNCLEAR, OUT = Next("unclear"), Next("out")


@pytest.mark.parametrize(
    ("level", "name", "born", "expected"),
    [
        ("primaria", "1ª A", None, Next("up", "2ª A")),
        ("primaria", "2B", None, Next("up", "3B")),
        ("primaria", "Classe 4 C", None, Next("up", "Classe 5 C")),
        ("primaria", "5ª A", None, OUT),
        ("primaria", "Multiclasse", None, UNCLEAR),
        ("primaria", "6A", None, UNCLEAR),
        ("secondaria", "2ª A", None, Next("up", "3ª A")),
        ("secondaria", "3ª A", None, OUT),
        # In autumn 2027 who was born in 2021 goes to primary school; who was born in 2022 has a year left.
        ("infanzia", "Sezione Delfini", date(2021, 12, 31), OUT),
        ("infanzia", "Sezione Delfini", date(2022, 1, 1), Next("stays", "Sezione Delfini")),
        ("infanzia", "Sezione Delfini", None, UNCLEAR),
        ("nido", "Piccoli Sole", date(2026, 8, 1), Next("up", "Medi Sole")),
        ("nido", "Sole Medi", date(2025, 8, 1), Next("up", "Sole Grandi")),
        ("nido", "grandi", date(2024, 8, 1), OUT),
        ("nido", "lattanti", None, Next("up", "semidivezzi")),
        ("nido", "Sezione mista", date(2024, 6, 1), OUT),
        ("nido", "Sezione mista", date(2025, 6, 1), Next("stays", "Sezione mista")),
    ],
)
def test_where_a_child_goes(level: str, name: str, born: date | None, expected: Next) -> None:
    assert next_class(level=level, name=name, birth_date=born, autumn=2027) == expected


@pytest.mark.parametrize(
    ("level", "name", "is_first"),
    [("primaria", "1ª A", True), ("primaria", "2A", False), ("infanzia", "Sezione 1", False), ("secondaria", "1B", True)],
)
def test_which_classes_open_anew(level: str, name: str, is_first: bool) -> None:
    assert first_class(level=level, name=name) is is_first
