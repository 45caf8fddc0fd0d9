"""What to do with a receipt, whether a payment is under way, what banks are told."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from typing import Literal

ParkedReason = Literal["foreign", "unknown", "cancelled", "expired", "twice", "amount"]

# pagoPA keeps a position for one payer at most half an hour after the payment page was opened.
UNDER_WAY = timedelta(minutes=30)

# A notice number has 18 digits, an IUV 17; the office may type its last ones as somebody reads them aloud.
LEAST_OF_A_NUMBER = 10
LEAST_OF_AN_IUR = 8

# pagoPA's words for how one paid (SANP, paymentMethod), as a person says them.
METHODS: dict[str, str] = {
    "creditCard": "carta", "bankTransfer": "conto", "payPal": "PayPal", "cash": "contanti", "satispay": "Satispay",
    "bancomatPay": "BANCOMAT Pay", "other": "",
}  # fmt: skip

REASONS: dict[str, str] = {
    "foreign": "L’avviso è di un altro ente, che ha diviso l’incasso con il Comune.",
    "unknown": "L’avviso non è tra quelli del Comune.",
    "cancelled": "L’avviso era stato eliminato.",
    "expired": "L’avviso era scaduto.",
    "twice": "L’avviso era già stato pagato.",
    "amount": "L’importo pagato non è quello dell’avviso.",
}


def why_park(
    *,
    is_foreign: bool = False,
    state: str | None,
    due_on: date | None,
    paid_on: date,
    asked_cents: int | None,
    paid_cents: int,
    share_cents: int,
) -> ParkedReason | None:
    """
    Tell why a receipt must be looked at by the office, or None when it can be booked.

    Whatever the answer, the receipt is kept: money moved.

    :param is_foreign: the notice is another body's; its number may be the same as one of the town's
    :param state: of the position, None when there is none
    :param paid_on: Italian day of the payment, not of the receipt's arrival
    :param share_cents: what the transfers to the town make
    """
    if is_foreign:
        return "foreign"
    if state is None or due_on is None:
        return "unknown"
    if state == "paid":
        return "twice"
    if state == "cancelled":
        return "cancelled"
    if paid_on > due_on:
        return "expired"
    if not asked_cents == paid_cents == share_cents:
        return "amount"
    return None


def is_under_way(*, opened_at: datetime, outcome: str, now: datetime) -> bool:
    """
    Tell whether a visit to the payment page may still end in a receipt.

    Coming back with success means the receipt is on its way, so it stays under way for a day; an outcome of refusal ends it.
    """
    if outcome in ("cancelled", "failed"):
        return False
    return now < free_at(opened_at=opened_at, outcome=outcome)


def free_at(*, opened_at: datetime, outcome: str) -> datetime:
    """Return when a visit that has not been refused no longer keeps others from paying."""
    return opened_at + (timedelta(days=1) if outcome == "ok" else UNDER_WAY)


def remittance(*, iuv: str, cents: int, description: str) -> str:
    """
    Return what travels to banks with a payment (``remittanceInformation``), at most 140 characters.

    Letters of SEPA only: a typographic apostrophe or an accent is lost or refused on the way. Sources: SANP, "causale di
    versamento"; EPC217-08, basic Latin characters.
    """
    plain = unicodedata.normalize("NFKD", description.replace("’", "'").replace("‘", "'"))
    plain = re.sub(r"[^A-Za-z0-9/?:().,'+ -]", " ", "".join(c for c in plain if not unicodedata.combining(c)))
    return f"/RFB/{iuv}/{cents // 100}.{cents % 100:02}/TXT/{' '.join(plain.split())}"[:140].rstrip()


def digits_of_number(text: str) -> str:
    """Return the digits of a notice number or IUV as it was typed, in groups or not; nothing when it is none."""
    digits = "".join(text.replace("-", " ").split())
    return digits if digits.isdecimal() and LEAST_OF_A_NUMBER < len(digits) <= 18 else ""
