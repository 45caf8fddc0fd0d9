"""What a start of the demo keeps, and when it forgets."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.migrations.executor import MigrationExecutor

from campanella.demo import seeding
from campanella.demo.running import prepare
from campanella.demo.state import State
from campanella.demo.supervisor import Supervisor
from campanella.demo.wishes import read
from campanella.foundation.tenants import queries as tenants
from campanella.foundation.tenants.models import Municipality
from tests.towns import as_owner, make_town

NOON = datetime(2026, 10, 14, 10, 0, tzinfo=UTC)
MADE_FOR = {"DEMO_CLOCK": "2026-10-14T08:40"}


class InThisProcess(Supervisor):
    """Runs the steps here, in the test's transaction."""

    def run(self, *steps: Sequence[str], at_once: int = 1) -> None:
        """Run commands, one after the other."""
        with as_owner():
            for step in steps:
                call_command(*step)


def prepared(state: State, environ: dict[str, str], *, is_fresh: bool = False) -> str:
    """Prepare the demo that somebody wishes."""
    wishes = read(environ)
    return prepare(InThisProcess({}), state, wishes, wishes.moment(now=NOON, seen=None), is_fresh)


@pytest.fixture
def state(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> State:
    """A demo that is made, whose database also holds a town of somebody's own."""
    settings.VAR = tmp_path
    monkeypatch.setattr("campanella.config.static.collect", lambda: None)
    with as_owner():
        seeding.register_towns()
    make_town(slug="valle", tax_code="00142920439")
    moment = read(MADE_FOR).moment(now=NOON, seen=None)
    state = State(tmp_path)
    state.note(recipe=seeding.recipe(size="small", moment=moment), seen=moment, offset=0)
    return state


@pytest.mark.parametrize(
    ("wish", "is_fresh"),
    [({"DEMO_CLOCK": "2026-10-15T08:40"}, False), (MADE_FOR, True)],
    ids=["another day", "fresh, outside"],
)
def test_a_refused_start_leaves_the_demo_to_the_old_wish(state: State, wish: dict[str, str], is_fresh: bool) -> None:
    with pytest.raises(CommandError, match="its database also holds valle"):
        prepared(state, wish, is_fresh=is_fresh)

    assert prepared(state, MADE_FOR) == state.recipe
    assert "valle" in [town.slug for town in tenants.all_towns()]


def test_a_fresh_start_forgets_what_is_there(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL")

    with as_owner():
        call_command("demo_prepare", "--recipe", state.recipe, "--fresh")

    assert state.recipe == ""
    assert "valle" not in [town.slug for town in tenants.all_towns()]


def test_a_demo_that_is_as_it_must_be_is_left_alone(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(InThisProcess, "run", lambda *_, **__: pytest.fail("a step runs"))

    assert prepared(state, MADE_FOR) == state.recipe


def test_what_was_written_down_does_not_count_when_a_town_is_gone(state: State) -> None:
    with as_owner():
        Municipality.objects.filter(slug="aosta").delete()

    # It comes to the step that makes the towns anew, which finds somebody's own.
    with pytest.raises(CommandError, match="its database also holds valle"):
        prepared(state, MADE_FOR)


def test_a_new_database_is_not_there_yet(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda *_: ["one that waits"])

    assert not seeding.is_there()
