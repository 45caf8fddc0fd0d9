"""What the money of a joint notice pays of each invoice, as an officer would share it out."""

import pytest

from campanella.domains.billing.joint_rules import Paid, split

ANNA, LUCA = 10, 20
# October (1) and November (2) for Anna and Luca.
OPEN = [(1, ANNA, 920), (1, LUCA, 620), (2, ANNA, 920), (2, LUCA, 620)]


@pytest.mark.parametrize(
    ("brought", "claims", "otherwise", "gets"),
    [
        (
            [(ANNA, 1840), (LUCA, 1240)],
            OPEN,
            {},
            [Paid(1, ANNA, 920), Paid(2, ANNA, 920), Paid(1, LUCA, 620), Paid(2, LUCA, 620)],
        ),
        ([(ANNA, 1840), (LUCA, 160)], OPEN, {}, [Paid(1, ANNA, 920), Paid(2, ANNA, 920), Paid(1, LUCA, 160)]),
        ([(ANNA, 1000)], OPEN, {}, [Paid(1, ANNA, 920), Paid(2, ANNA, 80)]),
        # October was paid meanwhile: what is too much is its.
        ([(ANNA, 1840)], [(1, ANNA, 0), (2, ANNA, 920)], {1: 920}, [Paid(1, ANNA, 920, 920), Paid(2, ANNA, 920)]),
        ([(ANNA, 1840)], [(1, ANNA, 0), (2, ANNA, 0)], {1: 920, 2: 920}, [Paid(1, ANNA, 920, 920), Paid(2, ANNA, 920, 920)]),
        # More than anybody asked for: with the newest.
        ([(ANNA, 2000)], [(1, ANNA, 920), (2, ANNA, 920)], {}, [Paid(1, ANNA, 920), Paid(2, ANNA, 1080, 160)]),
        ([(ANNA, 0)], OPEN, {}, []),
        ([(30, 500)], OPEN, {}, []),
        ([], OPEN, {1: 100}, []),
    ],
)
def test_a_payment_is_shared_out_to_the_cent(
    brought: list[tuple[int, int]], claims: list[tuple[int, int, int]], otherwise: dict[int, int], gets: list[Paid]
) -> None:
    assert split(brought=brought, claims=claims, otherwise=otherwise) == gets
