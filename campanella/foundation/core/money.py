"""
Money: whole cents of euro, and nothing else.

No float and no Decimal crosses this module. Shares add up to the whole; rounding is half-up, as on every Italian bill.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HARD_SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, order=True, slots=True)
class Euro:
    """An amount in cents, negative for a debt."""

    cents: int

    def __add__(self, other: Euro) -> Euro:
        return Euro(self.cents + other.cents)

    def __sub__(self, other: Euro) -> Euro:
        return Euro(self.cents - other.cents)

    def __neg__(self) -> Euro:
        return Euro(-self.cents)

    def __abs__(self) -> Euro:
        return Euro(abs(self.cents))

    def __mul__(self, times: int) -> Euro:
        return Euro(self.cents * times)

    def less_percent(self, percent: int) -> Euro:
        """
        Return the amount with a reduction, rounded half-up.

        :param percent: 0 to 100
        """
        return Euro(half_up(self.cents * (100 - percent), 100))

    def shared(self, parts: Sequence[int]) -> list[Euro]:
        """
        Split by weights with the largest remainder, so that the shares add up to the whole.

        :param parts: weights, at least one above zero
        """
        total = sum(parts)
        shares = [self.cents * part // total for part in parts]
        by_remainder = sorted(range(len(parts)), key=lambda i: -(self.cents * parts[i] % total))
        for i in by_remainder[: self.cents - sum(shares)]:
            shares[i] += 1
        return [Euro(share) for share in shares]

    def italian(self, *, signed: bool = False) -> str:
        """Write it as on a bill: ``1.234,50 €``; ``signed`` puts a plus before what comes in."""
        whole, rest = divmod(abs(self.cents), 100)
        thousands = f"{whole:,}".replace(",", ".")
        sign = MINUS if self.cents < 0 else "+" if signed and self.cents > 0 else ""
        return f"{sign}{thousands},{rest:02}{HARD_SPACE}€"

    def plain(self) -> str:
        """Write it as one types it, for fields and sheets: ``-1234,50``."""
        return f"{'-' if self.cents < 0 else ''}{abs(self.cents) // 100},{abs(self.cents) % 100:02}"

    def __str__(self) -> str:
        return self.italian()


def half_up(numerator: int, denominator: int) -> int:
    """Divide two whole numbers and round half away from zero."""
    sign = -1 if (numerator < 0) != (denominator < 0) else 1
    doubled = 2 * abs(numerator) + abs(denominator)
    return sign * (doubled // (2 * abs(denominator)))
