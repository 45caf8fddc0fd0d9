"""A child's use of a service outlasts a tariff where another takes that one's place within the school year."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from campanella.domains.enrolment import queries as enrolled
from campanella.domains.enrolment.operations import NewSubscription
from campanella.domains.enrolment.queries import Enrolled
from campanella.domains.schools import queries as schools
from campanella.domains.services import queries as services
from campanella.domains.services.models import Bracket, Tariff
from campanella.domains.services.rules import BY_SCHEME
from campanella.domains.services.tariff_files import kept


def going_on(line: Enrolled) -> tuple[list[int], date | None]:
    """
    Return a subscription with those that go on from it, and the first day after the last of them.

    They are what a reckoned tariff has cut off it, and what goes on at a tariff that takes its tariff's place.

    :returns: their ids, and None while the last one lasts
    """
    ids, at = [line.id], line
    later = enrolled.uses_of(child_ids=[line.child_id], service_id=line.service_id) if line.end else []
    for one in sorted(later, key=lambda found: found.first):
        if one.first == at.end and (_is_piece(at, one) or _takes_place(at, one)):
            ids.append(one.id)
            at = one
    return ids, at.end


def pieces(*, new: NewSubscription, bracket: Bracket, first: date) -> list[tuple[NewSubscription, date]]:
    """
    Return a subscription as it goes on from tariff to tariff, each piece with its first day.

    :param new: until its very end
    :param bracket: its price, with its tariff and service
    """
    found: list[tuple[NewSubscription, date]] = []
    while (end := bracket.tariff.days.upper) and (new.end is None or new.end > end) and (after := _after(bracket)):
        if first < end:
            found.append((replace(new, bracket_id=bracket.pk, end=end), first))
        bracket, first = after, max(first, end)
    return [*found, (replace(new, bracket_id=bracket.pk), first)]


def season_end(bracket: Bracket) -> date | None:
    """Return the first day after the season of a price, of all tariffs that hold in it; None when it has no end."""
    while after := _after(bracket):
        bracket = after
    end: date | None = bracket.tariff.days.upper
    return end


def outlasting(*, bracket_ids: Collection[int]) -> dict[int, Bracket]:
    """Return those of some prices whose tariff another is to take the place of, by id."""
    found = services.prices_with(bracket_ids=bracket_ids)
    return {one.pk: one for one in found if _after(one)}


def of_a_file(
    *, new: NewSubscription, price: Bracket, replaces: int | None, first: date
) -> tuple[NewSubscription, list[tuple[NewSubscription, date]], list[int]]:
    """
    Return a subscription of a file until its tariff ends, how it goes on, and what ends beside the one it replaces.

    :param new: as the file was read: until the end of its tariff, or an earlier one
    :param price: of ``outlasting``
    """
    gone: list[int] = []
    until = season_end(price) if new.end == price.tariff.days.upper else new.end
    for line in enrolled.lines(subscription_ids=[replaces]) if replaces else ():
        (_, *gone), last = going_on(line)
        until = last or until
    (made, _), *then = pieces(new=replace(new, end=until), bracket=price, first=first)
    return made, then, gone


def _is_piece(at: Enrolled, one: Enrolled) -> bool:
    return at.reckoned_by is not None and one.reckoned_by == at.reckoned_by


def _takes_place(at: Enrolled, one: Enrolled) -> bool:
    return at.season[1] == one.first == one.season[0] and _is_within_a_year(one.first)


def _after(bracket: Bracket) -> Bracket | None:
    """Return the price at which who pays another goes on when its tariff ends, None where no tariff takes its place."""
    tariff = bracket.tariff
    end: date | None = tariff.days.upper
    if end is None or not _is_within_a_year(end):
        return None
    for one in services.prices_beginning(service_id=tariff.service_id, level=tariff.level, day=end):
        is_whole = bool(one.tariff.scheme) and one.code == BY_SCHEME
        is_same = not one.tariff.scheme and not tariff.scheme and one.name == bracket.name
        if (is_whole or is_same) and _unit(one.tariff) == _unit(tariff):
            return one
    return None


def _unit(tariff: Tariff) -> str:
    return kept.scheme_in(tariff.scheme, tariff.service.code).unit if tariff.scheme else "day"


def _is_within_a_year(day: date) -> bool:
    """Tell whether the day before is of the same school year: what begins with a year is the roll-over's."""
    year = schools.year_of(day=day)
    return year is not None and bool(year.days.lower < day)
