"""
What a cash point sees: of a child the given name and an initial, of a wallet the service.

Never a balance, a debt, a family name or a class: whoever takes money needs to know that the code is the right one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from campanella.domains.cash import queries, rules
from campanella.domains.cash.queries import TopUpView
from campanella.domains.ledger import queries as wallets
from campanella.domains.people import queries as people
from campanella.domains.people import words


@dataclass(frozen=True, slots=True)
class Face:
    """
    Whose wallet it is, as far as a cash point is told.

    :ivar given: the name to ask for: "È per Luca?"
    :ivar name: with the initial of the family name: "Luca F."
    :ivar initials: for a list that lies open: "L. F."
    :ivar code: as people read it aloud
    """

    given: str
    name: str
    initials: str
    service_name: str
    code: str


@dataclass(frozen=True, slots=True)
class Line:
    """A top-up with whom it was for."""

    top_up: TopUpView
    face: Face


def faces(*, wallet_ids: Sequence[int]) -> dict[int, Face]:
    """Return what a cash point is told of these wallets: three queries."""
    found = wallets.wallets_by_id(wallet_ids=list(set(wallet_ids)))
    children = people.children(child_ids=[wallet.child_id for wallet in found])
    codes = queries.codes(wallet_ids=[wallet.id for wallet in found])
    faces = {}
    for wallet in found:
        child = children[wallet.child_id]
        # Each by itself: told apart from the others a name would be said in full.
        name = words.at_school({child.pk: child})[child.pk]
        initials = " ".join(f"{part[0].upper()}." for part in (child.given_name, child.family_name) if part)
        code = rules.in_groups(codes.get(wallet.id, ""))
        faces[wallet.id] = Face(child.given_name or name, name, initials, wallet.service_name, code)
    return faces


def face(*, wallet_id: int) -> Face:
    """Return what a cash point is told of a wallet: three queries."""
    return faces(wallet_ids=[wallet_id])[wallet_id]


def last_lines(*, session_id: int, limit: int) -> list[Line]:
    """Return what a session took last, newest first: five queries."""
    taken = queries.last_of(session_id=session_id, limit=limit)
    known = faces(wallet_ids=[one.wallet_id for one in taken]) if taken else {}
    return [Line(one, known[one.wallet_id]) for one in taken]
