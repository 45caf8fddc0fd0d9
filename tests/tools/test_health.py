"""A figure may swing within its goal, come nearer to it, and not move away."""

import pytest

from tests.tools.health import Figure, figures


@pytest.mark.parametrize(
    ("value", "kept", "slack", "is_worse"),
    [
        (203, 203, 0.0, False),
        (204, 203, 0.0, True),
        (202, 203, 0.0, False),
        (150, 120, 0.0, False),
        (151, 120, 0.0, True),
        (213, 203, 0.05, False),
        (214, 203, 0.05, True),
    ],
)
def test_less_is_better(value: float, kept: float, slack: float, is_worse: bool) -> None:
    assert Figure("lines", value, goal=150, slack=slack).is_worse(kept) is is_worse


@pytest.mark.parametrize(
    ("value", "kept", "is_worse"), [(36, 36, False), (35, 40, False), (34.9, 40, True), (30, 30, False), (29.9, 30, True)]
)
def test_more_is_better(value: float, kept: float, is_worse: bool) -> None:
    assert Figure("tests", value, goal=35, more_is_better=True).is_worse(kept) is is_worse


def test_what_is_better_is_kept() -> None:
    assert Figure("lines", 190, goal=150).better(203) == 190
    assert Figure("lines", 210, goal=150).better(203) == 203
    assert Figure("tests", 37, goal=35, more_is_better=True).better(36) == 37
    assert Figure("tests", 35, goal=35, more_is_better=True).better(36) == 36


@pytest.mark.xdist_group("repository")
def test_every_figure_is_measured_and_kept() -> None:
    names = [figure.name for figure in figures()]
    assert len(set(names)) == len(names) >= 10
