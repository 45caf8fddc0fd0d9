"""The year moves up in the second in which a file of tariffs is loaded: both end as if one had come after the other."""

from collections.abc import Callable
from typing import Any

import pytest

from campanella.domains.services.models import Tariff
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope
from campanella.usecases.tariffs import loading
from campanella.usecases.tariffs.loading import TariffsRefused
from campanella.usecases.yearly import rolling
from tests.concurrency.racing import meeting
from tests.towns import OFFICE, Cast
from tests.usecases.tariffs.files import put

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("concurrency")]

# The council's own prices of the year to come.
COUNCIL = put("from: 2026-09-01\n    to: 2027-08-31", "from: 2027-09-01\n    to: 2028-08-31").replace(
    "mensa-2026", "delibera"
)


def roll() -> Any:
    return rolling.roll(by=OFFICE, policies={"mensa": "carry"}, now=clock.now())


def load() -> Any:
    return loading.load(by=OFFICE, text=COUNCIL, now=clock.now())


def new_codes() -> list[str]:
    rows = Tariff.objects.filter(service__code="mensa", days__startswith__year=2027)
    return sorted(rows.values_list("code", flat=True))


def met(town: Cast, first: Callable[[], Any], place: Any, name: str, second: Callable[[], Any], patch: Any) -> Any:
    """Let the second act begin once the first has read, and not yet written; return what became of the second."""
    ends = meeting(town, place, name, second, patch)
    with scope(town.town.id):
        first()
    return ends()


def test_a_load_in_the_middle_of_a_roll_comes_after_it(town: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = met(town, roll, rolling.calendars, "plan", load, monkeypatch)
    assert isinstance(loaded, TariffsRefused), "the year has its prices by then"
    with scope(town.town.id):
        assert new_codes() == ["mensa-27"]


def test_a_roll_in_the_middle_of_a_load_carries_nothing(town: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    rolled = met(town, load, loading, "concerned", roll, monkeypatch)
    assert rolled.plan.carried == []
    with scope(town.town.id):
        assert new_codes() == ["delibera"]
