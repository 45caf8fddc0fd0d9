"""What anybody would pay by the town's tariffs, asked without saying who one is: by the function that charges."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from campanella.domains.services import queries as services
from campanella.domains.services.tariff_files import kept
from campanella.domains.services.tariffs import quoting
from campanella.domains.services.tariffs.facts import Facts, NoPrice, Sibling
from campanella.foundation.core.money import Euro

LEVELS = {"nido": "nido", "infanzia": "infanzia", "primaria": "primaria", "secondaria": "secondaria"}


@dataclass(frozen=True, slots=True)
class Wish:
    """
    What somebody says of a child.

    :ivar isee: None for who has none
    :ivar siblings: that use the same services and stand before it
    :ivar household: persons, None where nobody said
    """

    isee: Euro | None = None
    is_resident: bool = True
    siblings: int = 0
    household: int | None = None
    weekdays: int = 5
    words: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Simulated:
    """
    One tariff's answer.

    :ivar amount: None where it has none, and ``because`` says why
    :ivar day: of the season, for which it is asked
    """

    service: str
    name: str
    amount: Euro | None
    unit: str
    because: str
    day: date


def simulated(*, wish: Wish, today: date) -> list[Simulated]:
    """Return what each tariff that holds today, or will, asks for such a child: two queries."""
    tariffs = [tariff for tariff in services.tariffs() if kept.is_scheme(tariff)]
    found = []
    for tariff in tariffs:
        scheme = kept.scheme_of(tariff)
        if scheme.last < today:
            continue
        day = max(today, scheme.first)
        children = _children(wish.siblings, scheme.service, is_youngest_first=scheme.eldest == "youngest")
        facts = Facts(
            day=day,
            children=children,
            child=wish.siblings,
            isee=wish.isee,
            is_resident=wish.is_resident,
            household=wish.household,
            weekdays=wish.weekdays,
            words=wish.words,
        )
        level = LEVELS.get(tariff.level, "")
        name = f"{scheme.name}, {level}" if level and level not in scheme.name.lower() else scheme.name
        try:
            told = quoting.quote(scheme=scheme, facts=facts)
        except NoPrice as none:
            found.append(Simulated(tariff.service.name, name, None, "", none.message, day))
        else:
            unit = quoting.UNITS[scheme.unit]
            found.append(Simulated(tariff.service.name, name, told.amount, unit, told.because, day))
    return found


def _children(siblings: int, service: str, *, is_youngest_first: bool) -> Sequence[Sibling]:
    """Return so many siblings that stand before a child, and the child last."""
    years = range(siblings + 1)
    return [Sibling(date(2020 - year if is_youngest_first else 2010 + year, 1, 1), frozenset([service])) for year in years]
