"""Euro cents as whole numbers, and the two ways they are written: on the wire and on a page."""

import re

WIRE = re.compile(r"[0-9]{1,9}\.[0-9]{2}")


def to_wire(cents: int) -> str:
    """`4650` -> `46.50`, as the SOAP messages want it."""
    return f"{cents // 100}.{cents % 100:02d}"


def from_wire(text: str) -> int:
    """
    `46.50` -> `4650`.

    :raises ValueError: not euros with a dot and two decimals (`stAmount` of the official schema)
    """
    if not WIRE.fullmatch(text):
        raise ValueError(f"not an amount in euros with two decimals: {text!r}")
    return int(text.replace(".", ""))


def to_page(cents: int) -> str:
    """`-460` -> `−4,60 €`, with the hard space and the true minus sign."""
    whole, part = divmod(abs(cents), 100)
    grouped = f"{whole:,}".replace(",", ".")
    return f"{'−' if cents < 0 else ''}{grouped},{part:02d}\N{NO-BREAK SPACE}€"
