"""Children who may be one child written down twice, until somebody says that they are two."""

from dataclasses import dataclass
from datetime import date

from campanella.domains.people import likeness
from campanella.domains.people import queries as people
from campanella.domains.people.models import Child
from campanella.domains.schools import queries as schools
from campanella.domains.schools.queries import Place
from campanella.foundation.core.italian import day_full

MOST = 50


@dataclass(frozen=True)
class AlikeChild:
    """One of two; ``details`` are what tells them apart."""

    id: int
    full_name: str
    details: str


@dataclass(frozen=True)
class Pair:
    """Two children and why they may be one."""

    children: tuple[AlikeChild, AlikeChild]
    why: str

    @property
    def names(self) -> str:
        """Both names."""
        return " e ".join(child.full_name for child in self.children)


def pairs(*, today: date) -> list[Pair]:
    """Return the first pairs that nobody has told apart, in the order of names: three queries."""
    apart = people.told_apart()
    found = [
        (one, other, why)
        for one, other, why in likeness.pairs(people.everybody())
        if frozenset((one.pk, other.pk)) not in apart
    ][:MOST]
    places = schools.places_of(child_ids=[child.pk for one, other, _ in found for child in (one, other)], day=today)
    return [Pair((_told(one, places.get(one.pk)), _told(other, places.get(other.pk))), why) for one, other, why in found]


def _told(child: Child, place: Place | None) -> AlikeChild:
    born = f"nato il {day_full(child.birth_date)}" if child.birth_date else "senza data di nascita"
    told = (born, child.tax_code or "senza codice fiscale", place.label if place else "in nessuna classe", child.code)
    return AlikeChild(child.pk, child.full_name, " · ".join(told))
