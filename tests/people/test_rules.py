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
    ],
)
def test_a_telephone_in_two_spellings(one: str, other: str, same: bool) -> None:
    assert rules.is_same_phone(one, other) is same
