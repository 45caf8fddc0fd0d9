"""Money of a year for tests: receipts of pagoPA as they are kept, cash, refunds, each on its day."""

from datetime import date, time
from itertools import count

from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger.operations import Movement
from campanella.domains.ledger.rules import Source
from campanella.domains.payments.models import Receipt
from campanella.domains.payments.receipts import operations as receiving
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id
from campanella.usecases import top_up
from tests.towns import OFFICE, Cast

MOTHER = "RSSMRA85T10A562S"
_numbers = count(1)


def pay(
    valle: Cast, child: str, cents: int, on: date, *, method: str = "creditCard", payer: str = MOTHER, service: str = "mensa"
) -> Receipt:
    """Let a receipt of pagoPA come in, and be booked at noon of its day."""
    number, at = next(_numbers), clock.rome(on, time(12))
    raw = receiving.keep_raw(body=f"<receipt>{number}</receipt>".encode(), municipality_id=active_town_id(), now=at)
    receipt = Receipt.objects.create(
        receipt_id=f"iur-{number}",
        message_id=raw,
        notice_number=f"3{number:017}",
        amount_cents=cents,
        paid_at=at,
        kept_at=at,
        payer_tax_code=payer,
        payer_name="chi paga",
        psp_name="Banca",
        method=method,
        outcome="booked",
    )
    wallet_id = valle.wallet(child, service).pk
    top_up.credit(parts=[(wallet_id, Euro(cents))], receipt_id=receipt.receipt_id, by=OFFICE, now=at)
    return receipt


def move_outside(valle: Cast, child: str, cents: int, on: date, *, account: str, service: str = "mensa") -> None:
    """Let money come in (or leave, below zero) through another account than pagoPA's: the desk's cash, the bank."""
    at = clock.rome(on, time(12))
    outside = ledger.account(kind="clearing", code=account)
    movement = Movement(
        Source.of_receipt(f"other-{next(_numbers)}"), valle.wallet(child, service).pk, outside.pk, Euro(cents)
    )
    ledger.post(movements=[movement], kind="top_up", day=on, memo="", by_id=None, now=at)
