"""What the book knows: kinds of account and entry, the keys of facts, and when a credit is low."""

from typing import Literal, get_args

from campanella.foundation.core.money import Euro

AccountKind = Literal["treasury", "clearing", "wallet", "revenue", "rounding", "opening", "adjustment"]
ACCOUNT_KINDS: tuple[AccountKind, ...] = get_args(AccountKind)

# "transfer" is a passage (giroconto): from a wallet to another.
# "collection" is money that a bank was asked for, "returned" the same money when the bank takes it back; "refund" is credit
# that leaves for a family's account, "sent_back" the same when its bank does not take it.
# "cash" is money taken at a counter, "cash_void" the same when it is given back within minutes.
# "charge" is what a day of a service costs, "fee" what it costs whatever the days, "reminder" what a reminder costs.
# "stamp" is the stamp duty of an invoice that a family bears; an invoice that is called back gives it back.
# "interest" is that of what is late, which the office may waive.
EntryKind = Literal[
    "charge",
    "fee",
    "stamp",
    "top_up",
    "opening",
    "adjustment",
    "transfer",
    "collection",
    "returned",
    "goodwill",
    "write_off",
    "refund",
    "sent_back",
    "reminder",
    "cash",
    "cash_void",
    "interest",
]
ENTRY_KINDS: tuple[EntryKind, ...] = get_args(EntryKind)

# What the source of an entry of each kind begins with, a colon after it.
FACTS: dict[EntryKind, str] = {
    "charge": "presence",
    "fee": "fee",
    "stamp": "stamp",
    "top_up": "receipt",
    "opening": "opening",
    "adjustment": "adjustment",
    "transfer": "transfer",
    "collection": "collection",
    "returned": "returned",
    "goodwill": "goodwill",
    "write_off": "write_off",
    "refund": "refund",
    "sent_back": "sent_back",
    "reminder": "reminder",
    "cash": "cash",
    "cash_void": "cash_void",
    "interest": "interest",
}

Level = Literal["low", "zero", "floor"]


class Source(str):
    """
    The key of a fact that moves money, such as ``presence:12``: the only place where one is built or taken apart.

    With the revision it is the retry key of an entry. ``Source.key_at`` is for SQL that takes it apart.
    """

    __slots__ = ()

    @classmethod
    def of_presence(cls, presence_id: int) -> "Source":
        """A child was there, or was not: what a day of a service costs."""
        return cls(f"{FACTS['charge']}:{presence_id}")

    @classmethod
    def of_fee(cls, due_id: int) -> "Source":
        """A child owes an instalment of a fee: a month's fixed share, a part of a year's."""
        return cls(f"{FACTS['fee']}:{due_id}")

    @classmethod
    def of_stamp(cls, invoice_id: int) -> "Source":
        """An invoice bears stamp duty."""
        return cls(f"{FACTS['stamp']}:{invoice_id}")

    @classmethod
    def of_receipt(cls, receipt_id: str) -> "Source":
        """Money has arrived; the receipt's id is pagoPA's (IUR)."""
        return cls(f"{FACTS['top_up']}:{receipt_id}")

    @classmethod
    def of_opening(cls, key: str) -> "Source":
        """A balance of the former software; the key says whose."""
        return cls(f"{FACTS['opening']}:{key}")

    @classmethod
    def of_carried(cls, *, child_id: int, service_id: int) -> "Source":
        """A balance of the former software for a service of a child: once, however a file spells the child."""
        return cls.of_opening(f"{child_id}:{service_id}")

    @classmethod
    def of_adjustment(cls, key: str) -> "Source":
        """The office has put a credit right; the key is of its form, sent once."""
        return cls(f"{FACTS['adjustment']}:{key}")

    @classmethod
    def of_passage(cls, key: str) -> "Source":
        """The office has moved credit between two wallets; the key is of its form, sent once."""
        return cls(f"{FACTS['transfer']}:{key}")

    @classmethod
    def of_collection(cls, *, key: str, wallet_id: int) -> "Source":
        """A bank was asked for what a wallet owes; the key is of the collection, such as its end-to-end id."""
        return cls(f"{FACTS['collection']}:{key}:{wallet_id}")

    @classmethod
    def of_returned(cls, *, key: str, wallet_id: int) -> "Source":
        """What a collection had brought into a wallet was taken back by the bank."""
        return cls(f"{FACTS['returned']}:{key}:{wallet_id}")

    @classmethod
    def of_proposal(cls, kind: Literal["goodwill", "write_off", "refund", "sent_back"], proposal_id: int) -> "Source":
        """Something of a wallet was put right as somebody of the office has proposed it."""
        return cls(f"{FACTS[kind]}:{proposal_id}")

    @classmethod
    def of_reminder(cls, reminder_id: int) -> "Source":
        """What a reminder costs: once, on one wallet of its household."""
        return cls(f"{FACTS['reminder']}:{reminder_id}")

    @classmethod
    def of_cash(cls, top_up_id: int) -> "Source":
        """A cash point has taken money for a wallet."""
        return cls(f"{FACTS['cash']}:{top_up_id}")

    @classmethod
    def of_cash_void(cls, top_up_id: int) -> "Source":
        """The same money was given back at the counter."""
        return cls(f"{FACTS['cash_void']}:{top_up_id}")

    @classmethod
    def of_interest(cls, accrual_id: int) -> "Source":
        """Interest on what an invoice asked late of a wallet: of some days, once."""
        return cls(f"{FACTS['interest']}:{accrual_id}")

    @property
    def presence_id(self) -> int | None:
        """The presence, when it is one."""
        key = self._key_of("charge")
        return int(key) if key.isascii() and key.isdigit() else None

    @property
    def fee_due_id(self) -> int | None:
        """What a child owes of a fee, when it is that."""
        key = self._key_of("fee")
        return int(key) if key.isascii() and key.isdigit() else None

    @property
    def is_stamp(self) -> bool:
        """Tell whether it is the stamp duty of an invoice."""
        return bool(self._key_of("stamp"))

    @property
    def receipt_id(self) -> str | None:
        """The receipt's id (IUR), when it is one."""
        return self._key_of("top_up") or None

    @property
    def carried_service_id(self) -> int | None:
        """The service a balance of the former software was brought for, when its key says so."""
        child_id, _, service_id = self._key_of("opening").partition(":")
        return int(service_id) if (child_id + service_id).isascii() and child_id.isdigit() and service_id.isdigit() else None

    @staticmethod
    def key_at(kind: EntryKind) -> int:
        """Return where the key begins in the sources of a kind, counted from one, as SQL's ``substr`` does."""
        return len(FACTS[kind]) + 2

    def _key_of(self, kind: EntryKind) -> str:
        fact, _, key = self.partition(":")
        return key if fact == FACTS[kind] else ""


def levels_reached(*, balance: Euro, unit_price: Euro, low_units: int, floor: Euro) -> set[Level]:
    """
    Return every level a balance has fallen to.

    :param unit_price: price of one day; nothing is low where it costs nothing
    :param low_units: how many days left count as low
    :param floor: the debt beyond which the office looks, a negative amount
    """
    if unit_price.cents <= 0:
        return set()
    reached: set[Level] = set()
    if balance.cents <= unit_price.cents * low_units:
        reached.add("low")
    if balance.cents <= 0:
        reached.add("zero")
    if balance.cents < floor.cents:
        reached.add("floor")
    return reached
