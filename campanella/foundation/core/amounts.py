"""Amounts of money as people and machines write them in files. Plain: no database, no clock."""

import re
from decimal import Decimal

from campanella.foundation.core.money import Euro

# Of one child, and of a whole file.
MOST_CENTS = 10_000_000


class Wrong(ValueError):
    """A value cannot be taken; the words complete “colonna …:”."""


def amount(plain: str, *, most: int = MOST_CENTS) -> Euro | None:
    """
    Return an amount: ``12,50``, ``-12.50``, ``€ 12,50``, ``(12,50)``, ``1.234,50``; None when there is none.

    One separator with three digits after it (``1.234``) is refused: it may be a thousand or a decimal, and nobody guesses.

    :param most: how many cents it may be, debt or credit
    """
    plain = re.sub(r"€|eur(o)?\b|\s", "", plain, flags=re.IGNORECASE).replace("\N{MINUS SIGN}", "-")
    if not plain:
        return None
    shape = re.fullmatch(r"\((?P<bracketed>[\d.,]+)\)|(?P<before>[+-]?)(?P<digits>[\d.,]+)(?P<after>-?)", plain)
    if shape is None or (shape["before"] and shape["after"]):
        raise Wrong(f"“{plain}” non è un importo: scrivi per esempio 12,50")
    digits = shape["bracketed"] or shape["digits"]
    negative = bool(shape["bracketed"]) or "-" in (shape["before"], shape["after"])
    if re.fullmatch(r"\d{1,3}[.,]\d{3}", digits):
        raise Wrong(f"“{plain}” non è chiaro, migliaia o decimali: scrivi l’importo con due decimali e la virgola")
    if not re.fullmatch(r"\d+([.,]\d{1,2})?|\d{1,3}(\.\d{3})+(,\d{1,2})?|\d{1,3}(,\d{3})+(\.\d{1,2})?", digits):
        raise Wrong(f"“{plain}” non è un importo: scrivi per esempio 12,50")
    whole, mark, cents = digits.rpartition(",") if "," in digits[-3:] else digits.rpartition(".")
    if len(cents) > 2 or not mark:
        whole, cents = digits, "0"
    number = Decimal(f"{re.sub('[.,]', '', whole)}.{cents}")
    return in_cents(-number if negative else number, most)


def in_cents(number: Decimal, most: int) -> Euro:
    """Return an exact number of euro as an amount; :raises Wrong: it has parts of a cent, or is too large"""
    cents = number * 100
    if cents != int(cents):
        raise Wrong("ha più di due decimali")
    if abs(cents) > most:
        raise Wrong(f"supera {Euro(most)}")
    return Euro(int(cents))
