"""Points, order and draw: tables that an officer could check, with Ravarino's points as the example."""

from datetime import UTC, date, datetime
from hashlib import sha256
from random import Random
from typing import Any

import pytest

from campanella.domains.ranking.rules.order import Applicant, gained, rank, ticket
from campanella.domains.ranking.rules.scheme import Group, Scheme, Seats
from tests.domains.ranking.ravarino import (
    CHILDREN,
    COMMUTING,
    CRITERIA,
    DISABLED,
    HOURS,
    HOUSEHOLD,
    NIGHTS,
    TWINS,
    WORK,
)

SENT = datetime(2026, 3, 2, 8, tzinfo=UTC)
RESIDENCE = 20
GROUPS = (
    Group("Lattanti", date(2026, 1, 1), date(2026, 12, 31)),
    Group("Medi", date(2025, 1, 1), date(2025, 12, 31)),
)


def scheme(**more: Any) -> Scheme:
    values: dict[str, Any] = {
        "groups": GROUPS,
        "criteria": CRITERIA,
        "residence": RESIDENCE,
        "seats": (Seats(1, "Medi", 2),),
    }
    return Scheme(**{**values, **more})


def who(number: str, answers: dict[int, str] | None = None, **more: Any) -> Applicant:
    said = {str(RESIDENCE): "yes"} | {str(pk): text for pk, text in (answers or {}).items()}
    values: dict[str, Any] = {"born": date(2025, 5, 1), "sent_at": SENT, "isee_cents": 900_000, "schools": (1,)}
    return Applicant(number=number, answers=said, **{**values, **more})


def numbers(*applicants: Applicant, seed: str = "seme", **more: Any) -> list[str]:
    return [row.number for row in rank(scheme=scheme(**more), applicants=applicants, seed=seed)]


@pytest.mark.parametrize(
    ("answers", "points"),
    [
        ({}, 0),
        ({HOUSEHOLD: "Genitore solo"}, 35),
        ({HOUSEHOLD: "Genitori separati", CHILDREN: "Due"}, 35),
        ({WORK: "Contratto di almeno un anno", HOURS: "30 ore o più"}, 25),
        ({WORK: "Contratto più breve", HOURS: "Da 21 a 29 ore", NIGHTS: "yes", COMMUTING: "yes"}, 27),
        ({WORK: "Disoccupato", TWINS: "no"}, 8),
        ({WORK: "una risposta di prima"}, 0),
    ],
)
def test_points_of_ravarino(answers: dict[int, str], points: int) -> None:
    found = gained(criteria=CRITERIA, answers={str(pk): text for pk, text in answers.items()})
    assert sum(one.points for one in found) == points


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # Disability before a lone parent, residents before points, then points, ISEE, age, time.
        (who("b", {DISABLED: "yes"}), who("a", {HOUSEHOLD: "Genitore solo"})),
        (who("b"), who("a", {HOUSEHOLD: "Genitore solo", RESIDENCE: "no"})),
        (who("b", {HOUSEHOLD: "Genitore solo"}), who("a", {HOUSEHOLD: "Genitori separati"})),
        (who("b", isee_cents=899_999), who("a")),
        (who("b", isee_cents=9_000_000), who("a", isee_cents=None)),
        (who("b", born=date(2025, 4, 30)), who("a")),
        (who("b"), who("a", sent_at=datetime(2026, 3, 2, 8, 0, 0, 1, tzinfo=UTC))),
    ],
)
def test_who_goes_before_whom(first: Applicant, second: Applicant) -> None:
    assert numbers(second, first) == [first.number, second.number]


def test_the_town_says_in_which_order_the_keys_decide() -> None:
    older, poorer = who("a", born=date(2025, 1, 2)), who("b", isee_cents=1)
    assert numbers(older, poorer, keys=("points", "isee", "older")) == ["b", "a"]
    assert numbers(older, poorer, keys=("points", "older", "isee")) == ["a", "b"]
    assert numbers(older, poorer, keys=("points", "younger")) == ["b", "a"]


def test_each_age_group_has_a_list_and_who_is_in_none_comes_last() -> None:
    rows = rank(
        scheme=scheme(),
        applicants=[who("m"), who("x", born=date(2022, 1, 1)), who("n", born=None), who("l", born=date(2026, 12, 31))],
        seed="seme",
    )
    assert [(row.number, row.group, row.position) for row in rows] == [
        ("l", "Lattanti", 1),
        ("m", "Medi", 1),
        ("n", "", 0),
        ("x", "", 0),
    ]


def test_only_a_tie_is_drawn_and_anybody_can_repeat_the_draw() -> None:
    rows = rank(scheme=scheme(), applicants=[who("I-1"), who("I-2"), who("I-3", isee_cents=1)], seed="2 14 33")
    assert [row.is_drawn for row in rows] == [False, True, True]
    expected = sorted(["I-1", "I-2"], key=lambda one: sha256(f"2 14 33/{one}".encode()).hexdigest())
    assert [row.number for row in rows[1:]] == expected
    assert rows[1].ticket == ticket(seed="2 14 33", number=rows[1].number)


def test_the_same_inputs_and_seed_give_the_same_list_in_whatever_order_they_come() -> None:
    people = [who(f"I-{number}", isee_cents=number % 3) for number in range(40)]
    again = people[:]
    Random(7).shuffle(again)  # nothing secret: it must repeat
    assert rank(scheme=scheme(), applicants=people, seed="s") == rank(scheme=scheme(), applicants=again, seed="s")
    assert numbers(*people, seed="s") != numbers(*people, seed="t")
