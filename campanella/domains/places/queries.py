"""How many places there are and are taken, who has one, who waits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Q, QuerySet

from campanella.domains.places import offer_rules, rules
from campanella.domains.places.models import Place as Place
from campanella.domains.places.models import PlaceStep as PlaceStep
from campanella.domains.places.models import Pool as Pool
from campanella.domains.places.rules import LIVE, Asking
from campanella.foundation.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class Tally:
    """
    The places of a pool in numbers.

    :ivar capacity: None where there is no limit
    :ivar taken: held from a day on or offered
    :ivar offered: of these, not answered yet
    :ivar waiting: who waits for one
    """

    capacity: int | None
    reserved: int
    taken: int
    taken_reserved: int
    offered: int
    waiting: int

    def free(self, *, is_reserved: bool) -> int | None:
        """Return how many are left for somebody, None where there is no limit."""
        return rules.free(
            capacity=self.capacity,
            reserved=self.reserved,
            taken=self.taken,
            taken_reserved=self.taken_reserved,
            is_reserved=is_reserved,
        )

    @property
    def left(self) -> int | None:
        """How many are left for everybody, None where there is no limit."""
        return self.free(is_reserved=False)

    @property
    def is_full(self) -> bool:
        """Nobody without a right to a reserved place would get one."""
        return self.left == 0


def pool(*, pool_id: int) -> Pool:
    """
    Return what has places, with its service.

    :raises NotFound: the town has none
    """
    found = Pool.objects.select_related("service").filter(pk=pool_id).first()
    if found is None:
        raise NotFound
    return found


def pools_of(*, service_id: int, day: date) -> list[Pool]:
    """Return what has places of a service on a day or later, in the order of its days: one query."""
    rows = Pool.objects.filter(service_id=service_id, days__endswith__gt=day).select_related("service")
    return list(rows.order_by("days", "id"))


def pools_of_kind(*, kind: str, day: date) -> list[Pool]:
    """Return what has places of the services of a kind on a day or later, service by service: one query."""
    rows = Pool.objects.filter(service__kind=kind, days__endswith__gt=day).select_related("service")
    return list(rows.order_by("service__position", "service_id", "days", "id"))


def kinds() -> set[str]:
    """Return the kinds of services that have places: one query."""
    return set(Pool.objects.order_by().values_list("service__kind", flat=True).distinct())


def tallies(*, pools: Collection[Pool], day: date | None) -> dict[int, Tally]:
    """
    Return the places of each pool in numbers: one query.

    :param day: as they are from then on; None from the first day of each
    """
    is_taken = taken(day or F("pool__days__startswith"))
    rows = (
        Place.objects.filter(pool_id__in=[one.pk for one in pools])
        .order_by()
        .values("pool_id")
        .annotate(
            taken=Count("pk", filter=is_taken),
            taken_reserved=Count("pk", filter=is_taken & Q(is_reserved=True)),
            offered=Count("pk", filter=Q(state="offered")),
            waiting=Count("pk", filter=Q(state="waiting")),
        )
    )
    found = {row["pool_id"]: (row["taken"], row["taken_reserved"], row["offered"], row["waiting"]) for row in rows}
    return {one.pk: Tally(one.capacity, one.reserved, *found.get(one.pk, (0, 0, 0, 0))) for one in pools}


def taken(day: date | F) -> Q:
    """Return which places are nobody else's from a day on: those that are offered, and those that are held later than it."""
    # What was left before its first day was never taken.
    return Q(state="offered") | Q(state__in=("held", "given_back"), end__gt=day) & Q(end__gt=F("first"))


def holding(*, pool_ids: Collection[int], day: date) -> "QuerySet[Place]":
    """Return the places that are held on a day or will be, with their children, by name."""
    rows = Place.objects.filter(taken(day), pool_id__in=pool_ids).exclude(state="offered")
    return rows.select_related("child").order_by("child__family_name", "child__given_name", "id")


def waiting(*, pool_id: int) -> list[Place]:
    """Return who waits and who was offered a place, in the order of the line, with the child: one query."""
    rows = Place.objects.filter(pool_id=pool_id, state__in=("waiting", "offered")).select_related("child")
    return list(rows.order_by("asked_at", "id"))


def asking(*, pool_id: int) -> list[Asking]:
    """Return who waits, as the rules look at it: one query."""
    rows = Place.objects.filter(pool_id=pool_id, state="waiting").values_list("pk", "asked_at", "is_reserved")
    return [Asking(*row) for row in rows]


def before(*, places: Sequence[Place]) -> dict[int, int]:
    """Return by place how many wait before it: one query."""
    rows = Place.objects.filter(pool_id__in={one.pool_id for one in places}, state="waiting")
    lines: dict[int, list[tuple[datetime, int]]] = {}
    for pool_id, asked_at, pk in rows.values_list("pool_id", "asked_at", "pk"):
        lines.setdefault(pool_id, []).append((asked_at, pk))
    return {one.pk: sum(key < (one.asked_at, one.pk) for key in lines.get(one.pool_id, ())) for one in places}


def place(*, place_id: int) -> Place:
    """
    Return one place with its pool, service and child, for the town's staff.

    :raises NotFound: the town has none
    """
    found = _whole().filter(pk=place_id).first()
    if found is None:
        raise NotFound
    return found


def live_of(*, child_ids: Collection[int], day: date) -> list[Place]:
    """Return what these children have, are offered or wait for on a day and later, the oldest first: one query."""
    rows = _whole().filter(Q(state__in=LIVE) | Q(state="given_back", end__gt=F("first")), child_id__in=list(child_ids))
    return list(rows.filter(Q(end=None) | Q(end__gt=day)).order_by("asked_at", "id"))


def children_with_live() -> list[int]:
    """Return the children who have a place, are offered one or wait: one query."""
    return sorted(set(Place.objects.filter(state__in=LIVE).values_list("child_id", flat=True)))


def had_before(*, child_id: int, service_id: int, apart_from: int) -> bool:
    """Tell whether a child has, or had for a day at least, another place of a service: one query."""
    rows = Place.objects.filter(child_id=child_id, pool__service_id=service_id, state__in=("held", "given_back"))
    return rows.filter(end__gt=F("first")).exclude(pk=apart_from).exists()


def may_answer(*, place: Place, now: datetime) -> bool:
    """Tell whether a place is offered, and an answer that comes now would count."""
    return offer_rules.may_answer(is_open=place.state == "offered", until=place.offer_ends_at, received_at=now)


def over(*, now: datetime) -> list[int]:
    """Return the offers whose term is over, in the order of their pools: one query."""
    rows = Place.objects.filter(state="offered", offer_ends_at__lt=now)
    return list(rows.order_by("pool_id", "id").values_list("pk", flat=True))


def steps(*, place_ids: Collection[int]) -> list[PlaceStep]:
    """Return the history of places, the oldest step first: one query."""
    return list(PlaceStep.objects.filter(place_id__in=list(place_ids)).order_by("id"))


def step(*, step_id: int) -> PlaceStep:
    """Return one step, which is there, with its place."""
    return PlaceStep.objects.select_related("place__pool__service", "place__child").get(pk=step_id)


def _whole() -> "QuerySet[Place]":
    return Place.objects.select_related("pool__service", "child", "bracket__tariff__service")


def priced_tariffs() -> set[int]:
    """Return the tariffs of whose prices one was offered with a place: one query."""
    return set(Place.objects.exclude(bracket=None).values_list("bracket__tariff_id", flat=True).distinct().order_by())
