"""What goes into a file of credit transfers and what comes out of an answer, as values."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from campanella.domains.debiting.rules.accounts import Account

Format = Literal["pain001", "pain001-2009"]
FORMATS: tuple[Format, ...] = ("pain001", "pain001-2009")
Kind = Literal["executed", "back"]


@dataclass(frozen=True, slots=True)
class CreditTransfer:
    """
    One refund.

    :ivar end_to_end_id: our key, up to 35 characters: it is what comes back
    :ivar remittance: what the account's owner reads: never a child's name
    """

    end_to_end_id: str
    cents: int
    holder: str = field(repr=False)
    account: Account
    remittance: str


@dataclass(frozen=True, slots=True)
class TransferFile:
    """A file as a whole: who pays, when, and what; its id comes back with every answer."""

    message_id: str
    made_at: datetime
    day: date
    debtor: str
    account: Account
    cuc: str
    transfers: Sequence[CreditTransfer]

    @property
    def cents(self) -> int:
        """What it pays in all."""
        return sum(one.cents for one in self.transfers)


@dataclass(frozen=True, slots=True)
class Line:
    """
    What a bank says of one transfer, or of all of a file.

    :ivar number: its place in the file, from 1
    :ivar place: the transfer's number in our file, where the bank repeats it
    :ivar is_whole: it speaks of every transfer of the file
    :ivar reason: the bank's code, empty for what was paid
    :ivar cents: the amount, None where the bank does not repeat it
    """

    number: int
    kind: Kind
    end_to_end_id: str
    reason: str
    cents: int | None
    on: date | None
    place: int | None = None
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """
    A file that came back.

    :ivar ibans: of the accounts it speaks of, where it names them
    :ivar original_ids: the files that it answers to, where it names them
    :ivar is_status: it says what was taken and what was not, and not what moved on an account
    """

    form: str
    message_id: str
    ibans: tuple[str, ...]
    original_ids: tuple[str, ...]
    lines: tuple[Line, ...]
    is_status: bool = False
