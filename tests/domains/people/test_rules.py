"""Tax codes and telephones, as plain rules."""

from datetime import date

import pytest

from campanella.domains.people import rules


@pytest.mark.parametrize(
    ("code", "birth_date", "contradicts"),
    [
        ("RSSNNA19D52A562R", date(2019, 4, 12), False),
        ("RSSNNA19D52A562R", date(1919, 4, 12), False),
        ("RSSNNA19D52A562R", date(2018, 4, 12), True),
        ("RSSNNA19D52A562R", date(2019, 12, 4), True),
        ("RSSMRA85T10A562S", date(2019, 4, 12), True),
        ("RSSNNAMSD52A562R", date(2019, 4, 12), True),
        ("RSSNNA1VD52A562R", date(2019, 4, 12), False),
        ("12345678903", date(2019, 4, 12), False),
    ],
)
def test_a_tax_code_against_a_birthday(code: str, birth_date: date, contradicts: bool) -> None:
    """The year has two digits; of two persons alike one has letters for digits, and a provisional code tells nothing."""
    assert rules.tells_another_birth(code=code, birth_date=birth_date) is contradicts


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("333 555 0142", "3335550142", True),
        ("+39 333 555 0142", "3335550142", True),
        ("3335550142", "3335550143", False),
        ("", "3335550142", False),
        ("", "", True),
        ("12", "34", False),
        ("12345", "12 345", False),
        ("123456", "123 456", True),
        ("0039 333/555.01-42", "(333) 5550142", True),
        ("chiamare sera", "chiamare  sera", False),
        ("chiedi a Ada", "chiedi-a-Ada", False),
    ],
)
def test_a_telephone_in_two_spellings(one: str, other: str, same: bool) -> None:
    assert rules.is_same_phone(one, other) is same


@pytest.mark.parametrize(
    ("number", "code"),
    [(1, "J9YJ-J4"), (2, "R7TT-LC"), (3, "36M6-MH"), (27, "QNYD-GX"), (1000, "MN6H-HX"), (456_958, "DAGW-FM")],
)
def test_a_code_that_was_printed_once_never_changes(number: int, code: str) -> None:
    assert rules.child_code(number) == code


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("J9YJJ4", "J9YJ-J4"),
        ("J9YJ-J4", "J9YJ-J4"),
        (" J9 YJ J4 ", "J9YJ-J4"),
        ("J9-YJ-J4", "J9YJ-J4"),
        ("J9YJJ", "J9YJJ"),
        ("J9YJJ44", "J9YJJ44"),
        (" A-2 ", " A-2 "),
    ],
)
def test_a_code_without_its_hyphen(typed: str, code: str) -> None:
    assert rules.with_hyphen(typed) == code


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("D'Amico", ["D", "Amico"]),
        ("  De  Rossi-Bianchi, Anna Maria. ", ["De", "Rossi", "Bianchi", "Anna", "Maria"]),
        ("dall’Orto`x;y", ["dall", "Orto", "x", "y"]),
        ("", []),
        (" - ", []),
    ],
)
def test_what_a_clerk_typed_in_words(typed: str, words: list[str]) -> None:
    assert rules.words_of(typed) == words
