"""What each child owes of the town's fees, reckoned from who uses the service when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import F

from campanella.domains.billing import fee_rules, fee_shares, fee_statements
from campanella.domains.billing.fee_rules import Edges, Every, Part
from campanella.domains.billing.models import Fee, FeeDue
from campanella.domains.enrolment import reckoned
from campanella.domains.enrolment.reckoning import Households
from campanella.domains.services import queries as services
from campanella.domains.services import rules as prices
from campanella.domains.services.queries import Reckoning
from campanella.domains.services.tariffs.shapes import Scheme
from campanella.foundation.core import sql
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id

# So long after its last day an instalment follows what is corrected of subscriptions.
FOLLOWED = timedelta(days=366)
NO_TARIFF = Reckoning({}, {})


class Use(NamedTuple):
    """Days on which a child uses the service, both included, at a price less a reduction."""

    first: date
    last: date
    bracket_id: int
    percent: int


class Place(NamedTuple):
    """Days on which a child goes to a school of a level, both included."""

    first: date
    last: date
    level: str


@dataclass(frozen=True)
class Plan:
    """
    A fee as the town has decided it.

    :ivar shares: the tariffs by which it asks, each in its days, where it asks for no amounts of its own
    :ivar instead: by a price that a tariff has reckoned, those that are asked of who pays it: its band's, or the whole's
    """

    id: int
    name: str
    every: Every
    edges: Edges
    level: str
    is_over: bool
    parts: list[Part]
    cents: Mapping[int, int]
    instead: Mapping[int, Sequence[int]] = field(default_factory=dict)
    shares: Sequence[Scheme] = ()

    def asks(self, bracket_id: int) -> int:
        """Return what it asks of who pays a price, in cents."""
        said = [one for one in (bracket_id, *self.instead.get(bracket_id, ())) if one in self.cents]
        return self.cents[said[0]] if said else 0


@dataclass(frozen=True, slots=True)
class Owed:
    """
    What a child owes of an instalment now.

    :ivar was: in cents, when it was last reckoned; ``due_id`` is the row that says so, None for none
    """

    child_id: int
    plan: Plan
    part: Part
    cents: int
    was: int
    due_id: int | None


@dataclass(frozen=True, slots=True)
class PassedOver:
    """An instalment that a child does not owe: it owes another for the same days, ``due_id``, None while none is charged."""

    child_id: int
    fee_id: int
    part: Part
    by_name: str
    due_id: int | None


@dataclass
class Reckoned:
    """All that children owe of a service's fees, and what they owe already under another name."""

    owed: list[Owed] = field(default_factory=list)
    passed: list[PassedOver] = field(default_factory=list)

    @property
    def changed(self) -> list[Owed]:
        """Return what is not as it was last reckoned."""
        return [one for one in self.owed if one.cents != one.was]


def reckon(
    *, service_id: int, until: date, child_ids: Sequence[int] | None = None, with_draft: int | None = None
) -> Reckoned:
    """
    Reckon what is owed of every instalment that is charged by a day: six queries, whatever the children, and
    six more where a fee asks what a tariff says.

    Of two fees of one kind for the same days the one confirmed first is owed.

    :param child_ids: of these alone; None for all who use or used the service
    :param with_draft: a fee that is not confirmed yet, reckoned as if it were confirmed now: after all others
    """
    plans = _plans(service_id, until=until, with_draft=with_draft)
    parts = [part for plan in plans for part in plan.parts if part.charged_on <= until]
    if not parts:
        return Reckoned()
    values = {
        "town": active_town_id(),
        "service": service_id,
        "children": None if child_ids is None else list(child_ids),
        "first": min(part.first for part in parts),
        "last": max(part.last for part in parts),
    }
    uses: dict[int, list[Use]] = {}
    for child_id, *use in sql.rows(fee_statements.USES, values):
        uses.setdefault(child_id, []).append(Use(*use))
    places: dict[int, list[Place]] = {}
    for child_id, *place in sql.rows(fee_statements.PLACES, values) if any(plan.level for plan in plans) else ():
        places.setdefault(child_id, []).append(Place(*place))
    dues = _dues(service_id, child_ids)
    asks_shares = any(plan.shares for plan in plans)
    known = reckoned.households(child_ids=sorted(uses)) if asks_shares else Households({})
    found = Reckoned()
    for child_id in sorted({*uses, *dues}):
        child = _Child(child_id, service_id, uses.get(child_id, []), places.get(child_id, []), known)
        _reckon_child(child, plans, until, dues.get(child_id, {}), found)
    return found


@dataclass(frozen=True, slots=True)
class _Child:
    """A child with what its fees follow from."""

    id: int
    service_id: int
    uses: Sequence[Use]
    places: Sequence[Place]
    known: Households

    def price(self, plan: Plan, use: Use, day: date) -> Euro:
        """Return what a fee asks of the child before any day is looked at."""
        if not plan.shares:
            return Euro(plan.asks(use.bracket_id))
        told = fee_shares.quoted(
            known=self.known, child_id=self.id, service_id=self.service_id, schemes=plan.shares, day=day
        )
        return told.amount if told else Euro(0)


def _reckon_child(
    child: _Child,
    plans: Sequence[Plan],
    until: date,
    dues: Mapping[tuple[int, int], tuple[int, int]],
    found: Reckoned,
) -> None:
    taken: list[tuple[Plan, Part, int | None]] = []
    for plan in plans:
        for part in plan.parts:
            if part.charged_on > until:
                continue
            due_id, was = dues.get((plan.id, part.number), (None, 0))
            cents = 0 if plan.is_over else _cents(plan, part, child)
            other = _other(taken, plan, part) if cents else None
            if other:
                found.passed.append(PassedOver(child.id, plan.id, part, other[0].name, other[2]))
                cents = 0
            elif cents:
                taken.append((plan, part, due_id))
            if cents or due_id is not None:
                found.owed.append(Owed(child.id, plan, part, cents, was, due_id))


def _cents(plan: Plan, part: Part, child: _Child) -> int:
    inside = [use for use in child.uses if use.first <= part.last and use.last >= part.first]
    if not inside:
        return 0
    begins = max(inside[0].first, part.first)
    if plan.level and not any(place.first <= begins <= place.last and place.level == plan.level for place in child.places):
        return 0
    price = prices.price(full=child.price(plan, inside[0], begins), reduction_percent=inside[0].percent)
    spans = [(use.first, use.last) for use in inside]
    whole = fee_rules.amount(price=price, part=part, parts=len(plan.parts), every=plan.every, edges=plan.edges, spans=spans)
    return whole.cents


def _other(taken: Sequence[tuple[Plan, Part, int | None]], plan: Plan, part: Part) -> tuple[Plan, Part, int | None] | None:
    for one in taken:
        if one[0].every == plan.every and one[1].first <= part.last and part.first <= one[1].last:
            return one
    return None


def _plans(service_id: int, *, until: date, with_draft: int | None) -> list[Plan]:
    rows = Fee.objects.filter(service_id=service_id).exclude(confirmed_at=None)
    if with_draft is not None:
        rows = rows | Fee.objects.filter(pk=with_draft)
    fees = rows.prefetch_related("instalments", "prices").order_by(F("confirmed_at").asc(nulls_last=True), "pk")
    known = services.reckoning_of(service_id=service_id)
    plans = [plan_of(fee, known=known) for fee in fees]
    return [plan for plan in plans if plan.parts and max(part.last for part in plan.parts) >= until - FOLLOWED]


def plan_of(fee: Fee, *, known: Reckoning = NO_TARIFF) -> Plan:
    """Return a fee with its instalments and prices, which are fetched."""
    asked = [known.shares[one.bracket_id] for one in fee.prices.all() if one.bracket_id in known.shares]
    parts = sorted(fee.instalments.all(), key=lambda one: one.number)
    return Plan(
        id=fee.pk,
        name=fee.name,
        every=next(one for one in fee_rules.EVERY if one == fee.every),
        edges=next(one for one in fee_rules.EDGES if one == fee.edges),
        level=fee.level,
        is_over=fee.withdrawn_at is not None,
        parts=[Part(one.number, one.first, one.last, one.charged_on) for one in parts],
        cents={one.bracket_id: one.cents for one in fee.prices.all()},
        instead=known.instead,
        shares=sorted((one for one in asked if one.unit == fee.every), key=lambda one: one.first),
    )


def _dues(service_id: int, child_ids: Sequence[int] | None) -> dict[int, dict[tuple[int, int], tuple[int, int]]]:
    rows = FeeDue.objects.filter(service_id=service_id)
    if child_ids is not None:
        rows = rows.filter(child_id__in=list(child_ids))
    found: dict[int, dict[tuple[int, int], tuple[int, int]]] = {}
    for child_id, fee_id, number, pk, cents in rows.values_list("child_id", "fee_id", "number", "id", "cents"):
        found.setdefault(child_id, {})[fee_id, number] = (pk, cents)
    return found
