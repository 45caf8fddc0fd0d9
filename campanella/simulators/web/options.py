"""What a presenter or a test may choose about a payment, from a form or a JSON body, as an `Order`."""

import re
from dataclasses import replace
from typing import Any

from campanella.simulators.pagopa.envelope import STYLES
from campanella.simulators.pagopa.notices import NotReadable, read_code
from campanella.simulators.pagopa.psp import Order
from campanella.simulators.pagopa.receipts import METHODS
from campanella.simulators.web.http import BadRequest, Body

MOST_DUPLICATES = 100
LONGEST_DELAY = 7 * 24 * 3600.0
STOPS = (None, "verify", "get")
CHOICES = frozenset(
    {
        "version", "prefixes", "method", "delay_seconds", "duplicates", "parallel", "twice", "receipt_id", "payment_note",
        "stop_after", "amount_cents", "payer_tax_code", "id_pa", "broker", "station",
    }
)  # fmt: skip
NOTICE = frozenset({"notice_number", "fiscal_code"})


def read_order(body: Body) -> Order:
    """
    Read an order; the notice is required, everything else has a default.

    :raises BadRequest: a value that makes no sense, named
    """
    try:
        code = read_code(notice=text(body, "notice_number") or "", fiscal_code=text(body, "fiscal_code") or "")
    except NotReadable as refusal:
        raise BadRequest(str(refusal))
    order = read_options(body, notice_number=code.notice_number, fiscal_code=code.fiscal_code)
    return replace(order, printed_cents=code.cents)


def read_options(body: Body, *, notice_number: str = "", fiscal_code: str = "") -> Order:
    """
    Read everything but the notice.

    :raises BadRequest: a value that makes no sense, named
    """
    return Order(
        notice_number=notice_number,
        fiscal_code=fiscal_code,
        version=one_of(body, "version", (1, 2), 2),
        prefixes=one_of(body, "prefixes", (None, *STYLES), None),
        method=one_of(body, "method", tuple(METHODS), "carta"),
        delay_seconds=_delay(body),
        duplicates=whole(body, "duplicates", least=1, most=MOST_DUPLICATES) or 1,
        parallel=flag(body, "parallel"),
        twice=flag(body, "twice"),
        receipt_id=text(body, "receipt_id", most=255),
        payment_note=text(body, "payment_note", most=210),
        stop_after=one_of(body, "stop_after", STOPS, None),
        amount_cents=whole(body, "amount_cents", least=1, most=99_999_999_999),
        payer_tax_code=text(body, "payer_tax_code", most=16, least=2),
        id_pa=text(body, "id_pa", most=35),
        broker=text(body, "broker", most=35),
        station=text(body, "station", most=35),
    )


def only(body: Body, *known: frozenset[str]) -> Body:
    """
    Give the body back when every name in it means something: a mistyped option is told, not left out.

    :raises BadRequest: a name nobody knows
    """
    names = frozenset().union(*known)
    for name in body:
        if name not in names:
            raise BadRequest(f"{name}: unknown; known are {', '.join(sorted(names))}")
    return body


def text(body: Body, name: str, *, most: int = 140, least: int = 1) -> str | None:
    """A text, or None when it is absent or empty."""
    value = body.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not least <= len(value.strip()) <= most:
        raise BadRequest(f"{name}: a text of {least} to {most} characters")
    if re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", value):
        raise BadRequest(f"{name}: characters that XML cannot carry")
    return value.strip()


def whole(body: Body, name: str, *, least: int, most: int) -> int | None:
    """A whole number, or None when it is absent or empty; forms send it as digits."""
    value = body.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,12}", value):
        value = int(value)
    if type(value) is not int or not least <= value <= most:
        raise BadRequest(f"{name}: a whole number from {least} to {most}")
    return value


def flag(body: Body, name: str) -> bool:
    """A yes or no; a form's ticked box says `on`."""
    value = body.get(name, False)
    if value in (True, "on", "true"):
        return True
    if value in (False, None, "", "false"):
        return False
    raise BadRequest(f"{name}: true or false")


def one_of(body: Body, name: str, known: tuple[Any, ...], default: Any) -> Any:
    """One of the known values; numbers may come as digits from a form."""
    value = body.get(name)
    if value is None or value == "":
        return default
    for choice in known:
        if type(value) in (str, int) and str(value) == str(choice) and choice is not None:
            return choice
    raise BadRequest(f"{name}: one of {', '.join(str(choice) for choice in known if choice is not None)}")


def _delay(body: Body) -> float | None:
    """Seconds before the receipt leaves; `mai` (or null in JSON) means never by itself."""
    value = body.get("delay_seconds", 0)
    if value is None or value in ("mai", "never"):
        return None
    try:
        seconds = float(value)
    except (TypeError, ValueError):
        seconds = -1
    if not 0 <= seconds <= LONGEST_DELAY:
        raise BadRequest("delay_seconds: seconds from 0 to a week, or null for never")
    return seconds
