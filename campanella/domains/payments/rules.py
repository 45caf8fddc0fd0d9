"""What to do with a receipt, whether a payment is under way, what banks are told."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Literal

from stdnum import iban

from campanella.foundation.core.money import Euro

Phase = Literal["coming", "unknown", "over"]
ParkedReason = Literal["foreign", "unknown", "cancelled", "expired", "twice", "amount"]

# pagoPA keeps a position for one payer at most half an hour after the payment page was opened.
UNDER_WAY = timedelta(minutes=30)

# Least and most of the two digits that pagoPA gives to a creditor for its notices (SANP, "codice segregazione").
SEGREGATION = (0, 47)

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


def italian_iban(written: str) -> str:
    """Return an Italian IBAN without blanks, in capitals; nothing when it is none."""
    number = iban.compact(written)
    return number if number.startswith("IT") and iban.is_valid(number) else ""


def why_park(
    *,
    is_foreign: bool = False,
    state: str | None,
    due_on: date | None,
    paid_on: date,
    asked_cents: int | None,
    paid_cents: int,
    share_cents: int,
    is_debt: bool = False,
) -> ParkedReason | None:
    """
    Tell why a receipt must be looked at by the office, or None when it can be booked.

    Whatever the answer, the receipt is kept: money moved.

    :param is_foreign: the notice is another body's; its number may be the same as one of the town's
    :param state: of the position, None when there is none
    :param paid_on: Italian day of the payment, not of the receipt's arrival
    :param share_cents: what the transfers to the town make
    :param is_debt: it asks for what is open of an invoice, a reminder or an instalment: less, once a part was settled
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
    is_asked = paid_cents == asked_cents or (is_debt and 0 < paid_cents < (asked_cents or 0))
    if not is_asked or share_cents != paid_cents:
        return "amount"
    return None


def phase(*, opened_at: datetime, outcome: str, now: datetime) -> Phase:
    """
    Tell what is known of a visit to the payment page, as long as no receipt speaks.

    ``coming``: the browser came back with success, so the receipt is on its way. ``unknown``: it did not come back, and
    somebody may be paying or have given up. ``over``: refused, or too long ago to end in a receipt.
    """
    if not is_under_way(opened_at=opened_at, outcome=outcome, now=now):
        return "over"
    return "coming" if outcome == "ok" else "unknown"


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


def subject(*, service: str, period: str, code: str) -> str:
    """
    Return what a notice is for, as banks and counters read it: service, month and the child's code, never a name.

    :param period: the month it is made in: "novembre 2026"
    """
    rest = f", {period}, codice {code}"
    return f"Ricarica {service}"[: 140 - len(rest)] + rest


def invoice_subject(*, service: str, period: str, number: str) -> str:
    """Return what an invoice's notice is for, as banks and counters read it: service, month, number, never a name."""
    rest = f", {period}, fattura {number}"
    return service[: 140 - len(rest)] + rest


def remittance(*, iuv: str, cents: int, description: str) -> str:
    """
    Return what travels to banks with a payment (``remittanceInformation``), at most 140 characters.

    Letters of SEPA only: a typographic apostrophe or an accent is lost or refused on the way. Sources: SANP, "causale di
    versamento"; EPC217-08, basic Latin characters.
    """
    plain = unicodedata.normalize("NFKD", description.replace("’", "'").replace("‘", "'"))
    plain = re.sub(r"[^A-Za-z0-9/?:().,'+ -]", " ", "".join(c for c in plain if not unicodedata.combining(c)))
    return f"/RFB/{iuv}/{cents // 100}.{cents % 100:02}/TXT/{' '.join(plain.split())}"[:140].rstrip()


def to_even(*, balance: int, least: int, most: int) -> int:
    """
    Return what brings a credit back to zero, in cents, within what a top-up may be; 0 when nothing is owed.

    :param balance: with what its notices and payments under way will bring
    :param least: the town's least top-up, ``most`` its greatest
    """
    return min(max(-balance, least), most) if balance < 0 else 0


def digits_of_number(text: str) -> str:
    """Return the digits of a notice number or IUV as it was typed, in groups or not; nothing when it is none."""
    digits = "".join(text.replace("-", " ").split())
    return digits if digits.isdecimal() and LEAST_OF_A_NUMBER < len(digits) <= 18 else ""


def of_debt(*, parts: Sequence[tuple[int, Euro]], owed: Sequence[tuple[int, Euro]], amount: Euro) -> list[tuple[int, Euro]]:
    """
    Return what each wallet gets of a payment for a debt: what is open of it first, the rest as it was asked for.

    :param parts: wallets with what was asked for each; they make the amount at least
    :param owed: what is open for each now
    """
    asked, now = dict(parts), dict(owed)
    given = dict.fromkeys(asked, 0)
    left = amount.cents
    for most in (
        {pk: min(one.cents, now[pk].cents) for pk, one in asked.items() if pk in now},
        {pk: one.cents for pk, one in asked.items()},
    ):
        for wallet_id, cents in most.items():
            part = min(left, cents - given[wallet_id])
            given[wallet_id] += part
            left -= part
    return [(wallet_id, Euro(cents)) for wallet_id, cents in given.items() if cents]


def spread(*, parts: Sequence[tuple[int, Euro]], amount: Euro, rest: int) -> list[tuple[int, Euro]]:
    """
    Return what each wallet gets of an amount: as much as is asked for it, in order, and what is left over to one of them.

    :param parts: wallets with what is asked for each; none gives all to ``rest``
    """
    given: dict[int, int] = {}
    left = amount.cents
    for wallet_id, asked in parts:
        given[wallet_id] = min(left, asked.cents)
        left -= given[wallet_id]
    given[rest] = given.get(rest, 0) + left
    return [(wallet_id, Euro(cents)) for wallet_id, cents in given.items() if cents]
