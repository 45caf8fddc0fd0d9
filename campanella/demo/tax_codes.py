"""
Writes a tax code (codice fiscale) from a person's data, for the invented people of the demo.

Source: ministerial decree of 23 December 1976. Checking is left to python-stdnum.
"""

import unicodedata
from datetime import date
from typing import Literal

from stdnum.it.codicefiscale import calc_check_digit

Sex = Literal["F", "M"]

MONTHS = "ABCDEHLMPRST"
# Letters that Unicode does not take apart.
PLAIN = str.maketrans(
    {"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ø": "o", "Ø": "O", "ß": "ss", "ı": "i", "æ": "ae", "Æ": "AE"}
)


def tax_code(*, family_name: str, given_name: str, sex: Sex, born: date, place: str) -> str:
    """
    Return the 16 characters of a person's tax code.

    :param place: cadastral code of the municipality or of the foreign state, such as ``H501``
    """
    day = born.day + (40 if sex == "F" else 0)
    body = f"{_surname(family_name)}{_name(given_name)}{born.year % 100:02}{MONTHS[born.month - 1]}{day:02}{place}"
    return body + calc_check_digit(body)


def plain(text: str) -> str:
    """Return a name in plain letters: no accents, no other alphabets' signs."""
    decomposed = unicodedata.normalize("NFKD", text.translate(PLAIN))
    return "".join(letter for letter in decomposed if letter.isascii())


def _surname(text: str) -> str:
    consonants, vowels = _split(text)
    return (consonants + vowels + "XXX")[:3]


def _name(text: str) -> str:
    consonants, vowels = _split(text)
    if len(consonants) > 3:
        return consonants[0] + consonants[2] + consonants[3]
    return (consonants + vowels + "XXX")[:3]


def _split(text: str) -> tuple[str, str]:
    letters = [letter for letter in plain(text).upper() if letter.isalpha()]
    return "".join(c for c in letters if c not in "AEIOU"), "".join(c for c in letters if c in "AEIOU")
