"""What goes into a file and what comes out of one, as values."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, get_args

from campanella.domains.debiting.rules.accounts import Account

Sequence = Literal["FRST", "RCUR"]
Format = Literal["cbi", "pain008"]
Kind = Literal["reject", "return", "collected"]
"""What a line says: not taken at all · taken and given back (return or refund) · taken."""
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Creditor:
    """
    Who collects.

    :ivar creditor_id: creditor identifier, 23 characters
    :ivar account: where the money goes
    :ivar cuc: the eight characters by which CBI knows who sends files (codice unico CBI); ISO does without
    """

    name: str
    creditor_id: str
    account: Account
    cuc: str = ""


@dataclass(frozen=True, slots=True)
class Amendment:
    """
    What has changed in a mandate since the last collection, told once with the next one.

    :ivar former_reference: the mandate's reference before
    :ivar former_creditor_id: the creditor's identifier before
    :ivar is_new_account: the debtor's account is another one
    """

    former_reference: str = ""
    former_creditor_id: str = ""
    is_new_account: bool = False

    def __bool__(self) -> bool:
        return bool(self.former_reference or self.former_creditor_id or self.is_new_account)


@dataclass(frozen=True, slots=True)
class Ask:
    """
    One collection that is asked of a bank.

    :ivar end_to_end_id: our key, up to 35 characters: it is what comes back
    :ivar cents: above zero
    :ivar holder: whose account it is
    :ivar remittance: what the account's owner reads: never a child's name
    :ivar town, country: of the debtor, where the account is outside the EEA
    """

    end_to_end_id: str
    cents: int
    reference: str
    signed_on: date
    holder: str = field(repr=False)
    account: Account
    remittance: str = field(repr=False)
    amendment: Amendment = Amendment()
    town: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """
    The collections of one day and one sequence type; a file has one block of each.

    :ivar asks: read once, in order
    """

    payment_id: str
    day: date
    sequence: Sequence
    count: int
    cents: int
    asks: Iterable[Ask]


@dataclass(frozen=True, slots=True)
class Head:
    """A file as a whole: its id is unique for the creditor, and comes back with every answer."""

    message_id: str
    made_at: datetime
    creditor: Creditor


@dataclass(frozen=True, slots=True)
class Line:
    """
    What a bank says of one collection, or of all that stand together.

    :ivar number: its place in the file, from 1
    :ivar end_to_end_id: as we wrote it; empty where the line speaks of a whole block, or of the whole file
    :ivar payment_id: the block of the file; empty as well where the line speaks of the whole file
    :ivar reason: the bank's code, empty for what was collected
    :ivar cents: the amount, None where the bank does not repeat it
    :ivar is_nameless: the bank speaks of one collection, or of some, and does not say of which: only the office can tell
    :ivar reference: the mandate's, where the bank names it
    """

    number: int
    kind: Kind
    end_to_end_id: str
    reason: str
    cents: int | None
    payment_id: str = ""
    on: date | None = None
    is_nameless: bool = False
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """
    The head of a file that came back.

    :ivar form: the kind of message, such as ``pain.002.001.03``
    :ivar message_id: the bank's; with key and reason of a line it makes a second reading harmless
    :ivar iban: the creditor's account, where the message names it
    :ivar cuc: the creditor's CBI code, where the message names it
    :ivar original_id: the file that it answers to, where the message names it
    """

    form: str
    message_id: str
    iban: str = field(default="", repr=False)
    cuc: str = ""
    original_id: str = ""
