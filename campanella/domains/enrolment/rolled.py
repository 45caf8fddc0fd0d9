"""What children use when a school year ends, and what has changed since it was rolled over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from campanella.domains.enrolment.models import RollLine, Subscription

USE, OFF = ("child_id", "service_id"), "reduction_percent"
PRICE = ("bracket_id", "bracket__tariff_id", "bracket__tariff__scheme")


@dataclass(frozen=True, slots=True)
class Use:
    """
    A child's use of a service at the end of a year.

    :ivar end: the first day after it, None where it has none; ``season_end`` the same of its price list
    :ivar later_ids: the pieces of it, from the new year on, that a reckoned tariff has cut off
    :ivar is_settled: somebody has already written what the child uses in the new year
    """

    subscription_id: int
    child_id: int
    service_id: int
    bracket_id: int
    bracket_code: str
    is_reckoned: bool
    tariff_id: int
    reduction_percent: int
    weekdays: int
    end: date | None
    season_end: date | None
    later_ids: tuple[int, ...] = ()
    is_settled: bool = False

    @property
    def ids(self) -> tuple[int, ...]:
        """All pieces of it."""
        return self.subscription_id, *self.later_ids


def uses_until(*, child_ids: Sequence[int], first: date) -> list[Use]:
    """
    Return what these children use or have used before a day, of each service the last piece, and what is settled from
    that day on: two queries.

    :param first: of the new year
    """
    rows = Subscription.objects.filter(child_id__in=list(child_ids)).select_related("bracket__tariff")
    last = rows.filter(days__startswith__lt=first).order_by("child_id", "service_id", "-days")
    later: dict[tuple[int, int], list[Subscription]] = {}
    for row in rows.filter(days__startswith__gte=first).order_by("days"):
        later.setdefault((row.child_id, row.service_id), []).append(row)
    found = [_use(row, later.pop((row.child_id, row.service_id), [])) for row in last.distinct("child_id", "service_id")]
    return found + [_use(pieces[0], pieces) for pieces in later.values()]


def _use(row: Subscription, later: Sequence[Subscription]) -> Use:
    """Return a use with the pieces of it that follow; other pieces are an act of somebody's on the new year."""
    mine, end = [], row.days.upper
    for piece in later:
        if piece.pk == row.pk or piece.days.lower != end or not _is_cut(row, piece):
            break
        mine.append(piece.pk)
        end = piece.days.upper
    return Use(
        row.pk,
        row.child_id,
        row.service_id,
        row.bracket_id,
        row.bracket.code,
        bool(row.bracket.tariff.scheme),
        row.bracket.tariff_id,
        row.reduction_percent,
        row.weekdays,
        end,
        row.bracket.tariff.days.upper,
        tuple(mine),
        is_settled=len(mine) < len(later),
    )


def _is_cut(row: Subscription, piece: Subscription) -> bool:
    return bool(row.bracket.tariff.scheme) and row.bracket.tariff_id == piece.bracket.tariff_id


def children_of(*, roll_id: int) -> list[int]:
    """Return the children of whose services a roll-over has said something: one query."""
    return list(RollLine.objects.filter(roll_id=roll_id).order_by("child_id").values_list("child_id", flat=True).distinct())


def changed_since(*, roll_id: int, first: date, among: Sequence[int]) -> list[int]:
    """
    Return the children among these whose services of the new year are not those that the roll-over has made or found,
    at its prices and reductions: two queries.

    Prices may have been reckoned anew since: that is nobody's act on a child.
    """
    lines = RollLine.objects.filter(roll_id=roll_id, bracket__isnull=False)
    made = {
        (child_id, service_id): None if is_settled else (_price(*price), off)
        for child_id, service_id, is_settled, off, *price in lines.values_list(*USE, "is_settled", OFF, *PRICE)
    }
    rows = Subscription.objects.filter(Q(days__endswith__gt=first) | Q(days__upper_inf=True), child_id__in=list(among))
    found = [
        (child_id, service_id, _price(*price), off)
        for child_id, service_id, off, *price in rows.values_list(*USE, OFF, *PRICE)
    ]
    other = {
        child
        for child, service, price, off in found
        if made.get((child, service)) not in (None, (price, off), (price, None))
    }
    return sorted(other | {child for child, _ in made.keys() ^ {(child, service) for child, service, *_ in found}})


def _price(bracket_id: int, tariff_id: int, scheme: str) -> tuple[int, int]:
    """Return what somebody chooses: a price, or a whole list that is reckoned."""
    return (tariff_id, 0) if scheme else (tariff_id, bracket_id)
