"""Places down the list against a slow reference that tries everything, and terms to answer."""

from datetime import date, timedelta
from itertools import product
from random import Random

import pytest

from campanella.domains.ranking.rules.places import Waiting, assign, free_from, next_offers

SCHOOLS = (1, 2, 3)
DAY, A_DAY = date(2026, 11, 2), timedelta(days=1)


def slow(order: list[tuple[str, tuple[int, ...]]], free: dict[int, int]) -> dict[str, int]:
    """Try every way to give the places, and keep the one that is best for the first, then for the second, and so on."""
    best: tuple[tuple[int, ...], dict[str, int]] | None = None
    for choice in product(*[(*wanted, None) for _, wanted in order]):
        if any(choice.count(school) > free.get(school, 0) for school in SCHOOLS):
            continue
        marks = tuple(len(w) if got is None else w.index(got) for (_, w), got in zip(order, choice, strict=True))
        if best is None or marks < best[0]:
            best = marks, {number: got for (number, _), got in zip(order, choice, strict=True) if got is not None}
    return best[1] if best else {}


def made_up(random: Random) -> tuple[list[tuple[str, tuple[int, ...]]], dict[int, int]]:
    order = [(f"n{i}", tuple(random.sample(SCHOOLS, random.randint(0, 3)))) for i in range(random.randint(0, 6))]
    return order, {school: random.randint(0, 2) for school in SCHOOLS}


@pytest.mark.parametrize("seed", range(60))
def test_places_are_given_as_by_the_slow_reference(seed: int) -> None:
    order, free = made_up(Random(seed))  # nothing secret: it must repeat
    assert assign(order=order, free=free) == slow(order, free)


@pytest.mark.parametrize("seed", range(60))
def test_offers_end_where_nobody_wants_what_is_free(seed: int) -> None:
    """Families answer as they like until nothing is offered: no place too many, none free that somebody waits for."""
    random = Random(seed)  # nothing secret: it must repeat
    order, places = made_up(random)
    limit = random.randint(0, 3)
    gone: dict[str, set[int]] = {number: set() for number, _ in order}
    has: dict[str, int] = {}
    for _ in range(100):
        waiting = [Waiting(n, w, frozenset(gone[n]), n in has, len(gone[n])) for n, w in order]
        taken = {school: list(has.values()).count(school) for school in SCHOOLS}
        offered = next_offers(order=waiting, places=places, taken=taken, limit=limit)
        if not offered:
            break
        for number, school in offered.items():
            assert school not in gone[number]
            if random.random() < 0.5:
                has[number] = school
            else:
                gone[number].add(school)
    else:
        pytest.fail("offers without end")
    for school in SCHOOLS:
        held = list(has.values()).count(school)
        assert held <= places[school]
        wanting = [n for n, w in order if school in w and n not in has and school not in gone[n]]
        still = [n for n in wanting if not 0 < limit <= len(gone[n])]
        assert held == places[school] or not still


@pytest.mark.parametrize(
    ("places", "others", "leaving", "expected"),
    [
        (1, 0, (), DAY),
        (1, 0, (DAY - A_DAY,), DAY),
        (1, 0, (DAY,), DAY + A_DAY),
        (2, 1, (DAY + 9 * A_DAY,), DAY + 10 * A_DAY),
        (2, 0, (DAY + 9 * A_DAY,), DAY),
        (2, 0, (DAY + 9 * A_DAY, DAY + 3 * A_DAY), DAY + 4 * A_DAY),
        (2, 1, (DAY + 9 * A_DAY, DAY + 3 * A_DAY), DAY + 10 * A_DAY),
        (0, 0, (DAY + 3 * A_DAY,), DAY + 4 * A_DAY),
    ],
)
def test_nobody_begins_in_a_place_that_somebody_uses(
    places: int, others: int, leaving: tuple[date, ...], expected: date
) -> None:
    assert free_from(first=DAY, places=places, others=others, leaving=leaving) == expected
