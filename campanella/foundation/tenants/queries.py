"""Which town this is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from time import monotonic
from typing import Any, TypeVar

from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.scope import active_town_id
from campanella.foundation.tenants.models import Municipality, WaitingChoice
from campanella.foundation.tenants.settings import ChoiceGroup, Choices, read_all, read_before

G = TypeVar("G", bound=ChoiceGroup)

# Every page needs its town; a change made by the office reaches every process within this time.
FRESH_SECONDS = 3


@dataclass(frozen=True)
class Town:
    """A municipality as everybody else sees it."""

    id: int
    slug: str
    name: str
    tax_code: str
    province: str
    host: str
    choices: Choices
    stored: Mapping[str, Any] = field(repr=False)

    def chosen(self, group: type[G]) -> G:
        """Return what the town has chosen of a group that a domain declares."""
        return group.read(self.stored)

    def chosen_before(self, name: str) -> tuple[tuple[date, Any], ...]:
        """Return how a choice that goes by the day was before: the last day of each value and the value, in order."""
        return read_before(self.stored, name)

    @property
    def colour(self) -> str:
        """The town's main colour, ``#rrggbb``."""
        return self.choices.colour


def town_at(*, host: str) -> Town:
    """
    Return the town of a host name, without port.

    :raises NotFound: no town answers there
    """
    return _towns(int(monotonic() / FRESH_SECONDS)).at_host(host)


def town_by_tax_code(*, tax_code: str) -> Town | None:
    """Return the town with this tax code, as pagoPA names it."""
    return _towns(int(monotonic() / FRESH_SECONDS)).by_tax_code.get(tax_code)


def town_by_slug(*, slug: str) -> Town:
    """
    Return a town by its short name, as commands name it.

    :raises NotFound: there is no such town
    """
    row = Municipality.objects.filter(slug=slug).first()
    if row is None:
        known = ", ".join(Municipality.objects.order_by("slug").values_list("slug", flat=True))
        raise NotFound(f"There is no town “{slug}”. Known towns: {known or 'none'}.")
    return _town(row)


def chosen_now() -> dict[str, Any]:
    """Return what the active town has chosen by name, from its row: what a page that changes it must show."""
    return read_all(Municipality.objects.values_list("choices", flat=True).get(pk=active_town_id()))


def waiting_choices() -> list[WaitingChoice]:
    """Return the changes that wait for a second person."""
    return list(WaitingChoice.objects.order_by("asked_at"))


def active_town() -> Town:
    """Return the active town."""
    return _towns(int(monotonic() / FRESH_SECONDS)).by_id[active_town_id()]


def all_towns() -> list[Town]:
    """Return every town, by short name; for the worker's schedules and for commands."""
    return [_town(row) for row in Municipality.objects.order_by("slug")]


def forget() -> None:
    """Forget what this process remembers of the towns, after a change."""
    _towns.cache_clear()


class _Register:
    def __init__(self) -> None:
        rows = list(Municipality.objects.order_by("id"))
        self.by_id = {row.pk: _town(row) for row in rows}
        self.by_host = {host: self.by_id[row.pk] for row in rows for host in row.hosts}
        self.by_tax_code = {town.tax_code: town for town in self.by_id.values()}

    def at_host(self, host: str) -> Town:
        if host not in self.by_host:
            raise NotFound("A questo indirizzo non risponde nessun Comune.")
        return self.by_host[host]


@lru_cache(maxsize=1)
def _towns(moment: int) -> _Register:
    return _Register()


def _town(row: Municipality) -> Town:
    choices = Choices.read(row.choices)
    return Town(row.pk, row.slug, row.name, row.tax_code, row.province, row.hosts[0], choices, row.choices)
