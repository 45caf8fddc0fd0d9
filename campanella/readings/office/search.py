"""One box for everything the office looks for: children, adults, notices, receipts."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from campanella.domains.billing import queries as billing
from campanella.domains.billing.queries import InvoiceView
from campanella.domains.ledger import queries as wallets
from campanella.domains.payments import queries as payments
from campanella.domains.payments.queries import Position
from campanella.domains.payments.receipts import queries as receipts
from campanella.domains.payments.receipts.queries import ReceiptView
from campanella.domains.people import queries as people
from campanella.domains.people import searching, words
from campanella.domains.people.models import Child, Guardian
from campanella.domains.schools import queries as schools
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro

MOST = 30
# Shorter texts sound like everybody.
LEAST_OF_A_GUESS = 4


@dataclass(frozen=True)
class ChildHit:
    """A child that was found; ``lowest`` is the lowest of its wallets, None without any."""

    id: int
    full_name: str
    code: str
    place: str
    lowest: Euro | None
    lowest_service: str


@dataclass(frozen=True)
class AdultHit:
    """An adult who was found, with whose adult it is."""

    id: int
    full_name: str
    children: str


@dataclass(frozen=True)
class Hits:
    """Everything found for a text, by kind; ``is_guess`` when nobody has this name and these sound like it."""

    children: list[ChildHit]
    adults: list[AdultHit]
    positions: list[Position]
    receipts: list[ReceiptView]
    is_guess: bool = False
    invoices: list[InvoiceView] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many were found."""
        people = len(self.children) + len(self.adults)
        return people + len(self.positions) + len(self.receipts) + len(self.invoices)

    @property
    def are_more_kinds(self) -> bool:
        """Tell whether anything but children was found."""
        return self.count > len(self.children)

    @property
    def is_cut(self) -> bool:
        """Tell whether there may be more than is shown."""
        return MOST in (len(self.children), len(self.adults))


NOTHING = Hits([], [], [], [])


def search(*, text: str, now: datetime) -> Hits:
    """Find a text as ``exact`` does; when nobody has this name, whoever sounds like it."""
    hits = exact(text=text, now=now)
    return hits if hits.count or len(text.strip()) < LEAST_OF_A_GUESS else _guess(text, now)


def exact(*, text: str, now: datetime, most: int = MOST) -> Hits:
    """
    Find a text among names, tax codes, codes old and new, addresses, telephones, numbers of notices and invoices, IUV, IUR.

    :param most: how many children and how many adults; two are enough to know whether there is one
    """
    if len(text.strip()) < 2:
        return NOTHING
    return Hits(
        children=child_hits(children=searching.children(text=text, limit=most), now=now),
        adults=_adult_hits(searching.guardians(text=text, limit=most)),
        positions=payments.search_positions(text=text, now=now, today=clock.day_of(now)),
        receipts=receipts.search_receipts(text=text) if any(letter.isdecimal() for letter in text) else [],
        invoices=_invoices(text),
    )


def _invoices(text: str) -> list[InvoiceView]:
    """Return the invoices of a number, or of a credit note's: seven queries, none where the text is no such number."""
    found = billing.ids_by_number(text=text)
    return billing.invoices(invoice_ids=found) if found else []


def _guess(text: str, now: datetime) -> Hits:
    if any(letter.isdecimal() or letter == "@" for letter in text):
        return NOTHING
    children = child_hits(children=searching.children_alike(text=text), now=now)
    return Hits(children, _adult_hits(searching.guardians_alike(text=text)), [], [], is_guess=True)


def child_hits(*, children: Sequence[Child], now: datetime) -> list[ChildHit]:
    """Return children with their class and their lowest wallet: three queries."""
    if not children:
        return []
    ids = [child.pk for child in children]
    places = schools.places_of(child_ids=ids, day=clock.day_of(now))
    names, lowest = people.full_names(child_ids=ids), {}
    for wallet in sorted(wallets.wallets_of(child_ids=ids), key=lambda wallet: -wallet.balance.cents):
        lowest[wallet.child_id] = wallet
    return [
        ChildHit(
            child.pk,
            names[child.pk],
            child.code,
            places[child.pk].label if child.pk in places else "Senza classe quest’anno",
            lowest[child.pk].balance if child.pk in lowest else None,
            lowest[child.pk].service_name if child.pk in lowest else "",
        )
        for child in children
    ]


def _adult_hits(adults: Sequence[Guardian]) -> list[AdultHit]:
    if not adults:
        return []
    children: dict[int, dict[int, Child]] = defaultdict(dict)
    for tie in people.ties_of(guardian_ids=[adult.pk for adult in adults]):
        children[tie.guardian_id][tie.child_id] = tie.child
    return [AdultHit(adult.pk, adult.full_name, ", ".join(words.at_home(children[adult.pk]).values())) for adult in adults]
