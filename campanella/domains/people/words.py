"""
How a child is called, so that two of one name are told apart: the one owner of these words, for pages, papers and letters.

Each function takes the children that are told of together and says as little as tells them apart: a longer name first, then
the day they were born (without its year, and with it), then the code.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from campanella.domains.people import rules


class Named(Protocol):
    """A child with its whole name; where it also has a ``code``, the code is the last thing that is said."""

    @property
    def given_name(self) -> str: ...

    @property
    def family_name(self) -> str: ...

    @property
    def birth_date(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Name:
    """A child as a statement read it."""

    given_name: str
    family_name: str
    birth_date: date | None
    code: str


Way = Callable[[Named], str]


def at_school(children: Mapping[int, Named]) -> dict[int, str]:
    """
    Return by child how a teacher calls it: "Aurora B."; the whole family name where two would be the same.

    The sheet lies on a desk that others can see.
    """
    return _apart(children, _short, *_ways(_whole))


def at_home(children: Mapping[int, Named]) -> dict[int, str]:
    """Return by child how its family calls it, fit for a sentence: "Aurora", "Aurora Bianchi", "Aurora Bianchi (16/6)"."""
    return _apart(children, _given, *_ways(_whole, "{} ({})"))


def in_full(children: Mapping[int, Named]) -> dict[int, str]:
    """Return by child its whole name: "Aurora Bianchi"."""
    return _apart(children, *_ways(_whole))


def in_register(children: Mapping[int, Named]) -> dict[int, str]:
    """Return by child its name as registers and lists have it, family name first: "Bianchi Aurora"."""
    return _apart(children, *_ways(_register))


def _apart(children: Mapping[int, Named], first: Way, *others: Way) -> dict[int, str]:
    names = {child_id: first(child) for child_id, child in children.items()}
    for longer in others:
        times = Counter(name.casefold() for name in names.values())
        alike = {child_id for child_id, name in names.items() if times[name.casefold()] > 1}
        names |= {child_id: longer(children[child_id]) for child_id in alike}
    return names


def _ways(name: Way, form: str = "{}, {}") -> list[Way]:
    def on(child: Named) -> str:
        return form.format(name(child), f"{child.birth_date:%-d/%-m}") if child.birth_date else name(child)

    def in_year(child: Named) -> str:
        return form.format(name(child), f"{child.birth_date:%-d/%-m/%Y}") if child.birth_date else name(child)

    def coded(child: Named) -> str:
        code = getattr(child, "code", "")
        return form.format(name(child), code) if code else in_year(child)

    return [name, on, in_year, coded]


def _given(child: Named) -> str:
    return child.given_name or child.family_name


def _short(child: Named) -> str:
    initial = child.family_name.strip()[:1].upper()
    return f"{child.given_name} {initial}." if child.given_name and initial else _given(child)


def _whole(child: Named) -> str:
    return rules.full_name(given_name=child.given_name, family_name=child.family_name)


def _register(child: Named) -> str:
    return f"{child.family_name} {child.given_name}".strip()
