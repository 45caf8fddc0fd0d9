"""
What the Node asks and what it is told, as plain values. Amounts are integer cents, dates are dates.

Source: `paForNode.xsd` of pagopa/pagopa-api (SANP 3.12). Names are ours; the docstrings give the official
ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

MAX_CENTS = 99_999_999_999
UNKNOWN_PERSON = "ANONIMO"

Version = Literal[1, 2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """To whom a request is addressed: `idPA`, `idBrokerPA`, `idStation`."""

    tax_code: str
    broker: str
    station: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyRequest:
    """`paVerifyPaymentNotice`: how much is this notice now?"""

    caller: Caller
    creditor_tax_code: str
    notice_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GetPaymentRequest:
    """
    `paGetPayment` and `paGetPaymentV2`: a payment begins, give everything needed.

    `amount_cents` is what the person was shown: a hint, never an order. `payment_note` is the id of our cart.
    """

    caller: Caller
    version: Version
    creditor_tax_code: str
    notice_number: str
    amount_cents: int | None = None
    payment_note: str = ""
    transfer_type: Literal["POSTAL", "PAGOPA"] | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandRequest:
    """`paDemandPaymentNotice`: a payment without notice, begun at a counter of a bank."""

    caller: Caller
    service_id: str
    subject_id: str
    payload: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A person (`kind` F) or a body (`kind` G); `tax_code` may be `ANONIMO`."""

    kind: Literal["F", "G"]
    tax_code: str
    name: str
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WireTransfer:
    """
    One share of a payment; `id` is 1 to 5, `category` is the taxonomy code, such as `9/0107101TS/`.

    `remittance` travels to banks: never a child's name. `iban` is empty only for a paid revenue stamp in a
    receipt.
    """

    id: int
    cents: int
    tax_code: str
    company_name: str
    iban: str
    remittance: str
    category: str
    postal_iban: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payable:
    """
    An open position as the Node needs it, at its amount of this moment.

    :raises ValueError: values with which the Node would refuse the whole answer
    """

    amount_cents: int
    due_on: date
    description: str
    company_name: str
    office_name: str
    tax_code: str
    iuv: str
    debtor: Subject
    transfers: Sequence[WireTransfer]

    def __post_init__(self) -> None:
        if not 0 < self.amount_cents <= MAX_CENTS:
            raise ValueError(f"amount out of range: {self.amount_cents} cents")
        if [transfer.id for transfer in self.transfers] != list(range(1, len(self.transfers) + 1)):
            raise ValueError("transfers must be numbered from 1")
        if not 1 <= len(self.transfers) <= 5:
            raise ValueError("a payment has one to five transfers")
        if any(transfer.cents <= 0 for transfer in self.transfers):
            raise ValueError("a transfer has no amount")
        if sum(transfer.cents for transfer in self.transfers) != self.amount_cents:
            raise ValueError("the transfers do not add up to the amount")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptMessage:
    """
    `paSendRT` and `paSendRTV2`: the proof that money moved.

    `receipt_id` is the IUR. `creditor_tax_code` is the main creditor; on a broadcast station it may differ
    from `caller.tax_code`, the town that this copy is for. Optional texts are empty when absent.
    `transfers` may fail to add up to `amount_cents`: such a receipt is for the office to look at, not to
    refuse.
    """

    caller: Caller
    version: Version
    receipt_id: str
    notice_number: str
    creditor_tax_code: str
    outcome: Literal["OK", "KO"]
    iuv: str
    amount_cents: int
    description: str
    company_name: str
    office_name: str
    debtor: Subject
    transfers: Sequence[WireTransfer]
    psp_id: str
    psp_name: str
    psp_tax_code: str
    psp_vat_number: str
    channel: str
    channel_description: str
    payer: Subject | None
    payment_method: str
    payment_note: str
    fee_cents: int | None
    paid_at: datetime | None
    applied_on: date | None
    transferred_on: date | None
    stand_in: bool


Request = VerifyRequest | GetPaymentRequest | DemandRequest | ReceiptMessage
