"""Facts of payments."""

from dataclasses import dataclass

from campanella.foundation.core.events import Event


@dataclass(frozen=True)
class ReceiptKept(Event):
    """A receipt arrived and is kept; it waits to be booked, and a family with it."""

    urgency = 10

    receipt_pk: int


@dataclass(frozen=True)
class TopUpBooked(Event):
    """
    A receipt is in the ledger: the credit is there.

    :ivar surplus: cents that its debt did not ask for any more
    """

    receipt_pk: int
    wallet_id: int
    surplus: int = 0


@dataclass(frozen=True)
class ReceiptParked(Event):
    """A receipt waits for the office."""

    receipt_pk: int


@dataclass(frozen=True)
class NoticesMade(Event):
    """The office has made notices to pay for families, which do not know of them yet."""

    request_ids: list[int]
