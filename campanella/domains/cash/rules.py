"""Codes with their check digit, receipts, and what may still be undone: plain decisions, amounts in cents."""

import re
from datetime import date, datetime, timedelta
from typing import Literal, get_args

from stdnum import damm

Means = Literal["cash", "card"]
MEANS: tuple[Means, ...] = get_args(Means)
PointKind = Literal["pharmacy", "shop", "desk"]
POINT_KINDS: tuple[PointKind, ...] = get_args(PointKind)

# Nine digits that say nothing of the child, and one that is reckoned from them.
CODE_DIGITS = 10
# The first is no nought, which a spreadsheet would leave out.
FIRST_BODY, LAST_BODY = 100_000_000, 999_999_999

_BETWEEN = re.compile(r"[\s.\-/\u00a0\u202f]")


def code_of(body: int) -> str:
    """
    Write a code: nine digits and their check digit (Damm 2004).

    It finds every single wrong digit, and every swap of two neighbours.
    """
    return f"{body}{damm.calc_check_digit(str(body))}"


def read_code(typed: str) -> str:
    """Return the digits of a code as somebody typed it, without blanks and points; what is no digit stays."""
    return _BETWEEN.sub("", typed)


def is_code(code: str) -> bool:
    """Tell whether ten digits are a code: whether the last one agrees with the others."""
    return code.isascii() and code.isdigit() and len(code) == CODE_DIGITS and damm.is_valid(code)


def in_groups(code: str) -> str:
    """Write a code as people read it aloud: "4417 2093 58"."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def receipt_number(*, point: int, number: int) -> str:
    """Write the number of a receipt: "CP-03-001284"."""
    return f"CP-{point:02}-{number:06}"


def may_take(*, opened_on: date, today: date) -> bool:
    """Tell whether a till takes money: on the day it was opened for, so that each day is counted by itself."""
    return opened_on == today


def may_void(*, taken_at: datetime, now: datetime, minutes: int, is_closed: bool) -> bool:
    """Tell whether who took money may give it back and undo the top-up: for some minutes, and before the close."""
    return not is_closed and now <= taken_at + timedelta(minutes=minutes)
