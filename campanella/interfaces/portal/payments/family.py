"""A family's positions with the names that the pages show."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from campanella.domains.accounts.queries import User
from campanella.domains.billing import joint
from campanella.domains.billing import queries as billing
from campanella.domains.payments import queries as positions
from campanella.domains.payments.queries import Position
from campanella.domains.people import queries as people
from campanella.domains.people.queries import FamilyChild
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.readings.asked import told_now
from campanella.readings.family.positions import seen

# What a status is called, and the kind of its pill.
STATUSES = {
    "open": ("warn", "Da pagare"),
    "under_way": ("off", "Non sappiamo se è pagato"),
    "paid": ("ok", "Pagato"),
    "cancelled": ("off", "Eliminato"),
    "expired": ("stop", "Scaduto"),
}
COMING = ("wait", "Sta arrivando")
CHECKING = ("wait", "Lo controlla l’ufficio")


@dataclass(frozen=True)
class Named:
    """
    A position with the child it is for, and the number of the invoice that it asks for, if any.

    :ivar is_joint: it asks for several invoices
    """

    position: Position
    child: FamilyChild
    invoice: str = ""
    is_joint: bool = False

    @property
    def title(self) -> str:
        """What it is for: "Refezione di Anna", "Fattura FT/2026/3", "Avviso unico"."""
        if self.position.is_asked:
            return f"Fattura {self.invoice}" if self.invoice else self.position.service_name
        return f"{self.position.service_name} di {self.child.called}"

    @property
    def status(self) -> tuple[str, str]:
        """Kind and words of its pill."""
        if self.position.parked and self.position.status != "paid":
            return CHECKING
        if self.position.status == "under_way" and self.position.is_coming:
            return COMING
        return STATUSES["paid" if self.position.receipt else self.position.status]


def named(found: Sequence[Position], children: Sequence[FamilyChild]) -> list[Named]:
    """Put the names to positions; those of other families are left out. Two queries where a payer is asked for any."""
    by_id = {child.id: child for child in children}
    asked = [position.id for position in found if position.is_asked]
    invoices = billing.numbers_by_position(request_ids=asked) if asked else {}
    return [
        Named(position, by_id[position.child_id], invoices.get(position.id, ""))
        for position in found
        if position.child_id in by_id
    ]


def as_notices(items: Sequence[Named], *, now: datetime) -> list[Named]:
    """
    Return what stands in a list of notices: those that the family has made, and joint ones at what they ask for now.

    One that asks for nothing any more is left out. One query where a payer is asked for any, ten more for an open joint one.
    """
    asked = [item.position.id for item in items if item.position.is_asked and not item.invoice]
    joint_ones = joint.among(request_ids=asked) if asked else set()
    found = []
    for item in items:
        if item.position.id in joint_ones:
            is_open = item.position.status in ("open", "under_way")
            told = told_now(position=item.position, now=now) if is_open else item.position
            found += [replace(item, position=told, is_joint=True)] if told else []
        elif item.position.is_notice:
            found.append(item)
    return found


def position_for(*, user: User, request_id: int) -> Named:
    """
    Return one position of this family: four queries, one more for what is asked of a payer.

    :raises NotFound: it is another family's, is asked of another payer, or there is none
    """
    now = clock.now()
    found = positions.position(request_id=request_id, now=now, today=clock.day_of(now))
    children = people.children_of(user=user)
    mine = named([found], children)
    asked = [request_id] if found.is_asked else []
    if not mine or set(asked) != seen(user=user, child_ids=[child.id for child in children], request_ids=asked):
        raise NotFound
    return mine[0]
