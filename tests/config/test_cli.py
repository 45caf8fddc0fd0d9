"""A command beside the running demo lives when the demo does."""

import gc
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import ManagementUtility

from campanella.config.cli import close_to_others, main, time_of_the_demo
from campanella.config.database import embedded_socket
from campanella.demo.state import State


@pytest.fixture
def var(tmp_path: Path) -> Iterator[Path]:
    """The folder of a demo that runs a night and a morning behind."""
    State(tmp_path).note(recipe="any", seen=datetime(2026, 10, 14, 6, 40, tzinfo=UTC), offset=-50_400.5)
    folder = Path(embedded_socket(tmp_path))
    folder.mkdir(mode=0o700)
    (folder / ".s.PGSQL.5432").touch()
    yield tmp_path
    shutil.rmtree(folder)


def test_a_command_beside_the_demo_takes_its_clock(var: Path) -> None:
    assert time_of_the_demo({}, var) == {"CAMPANELLA_CLOCK_OFFSET": "-50400.5"}


@pytest.mark.parametrize("said", [{"DATABASE_URL": "postgresql:///elsewhere"}, {"CAMPANELLA_CLOCK_OFFSET": "0"}])
def test_another_database_or_clock_is_not_the_demos(var: Path, said: dict[str, str]) -> None:
    assert time_of_the_demo(said, var) == {}


def test_a_demo_that_has_stopped_moves_no_clock(var: Path) -> None:
    (Path(embedded_socket(var)) / ".s.PGSQL.5432").unlink()
    assert time_of_the_demo({}, var) == {}


def test_what_is_under_var_is_its_owners(tmp_path: Path) -> None:
    var = tmp_path / "var"
    (var / "files").mkdir(parents=True, mode=0o755)
    (var / "postgres").mkdir(mode=0o750)
    (var / "demo.json").write_text("{}")
    (var / "tests" / "postgres").mkdir(parents=True, mode=0o750)
    close_to_others(var)
    assert var.stat().st_mode & 0o666 == 0o600
    assert [(var / name).stat().st_mode & 0o777 for name in ("files", "demo.json", "postgres")] == [0o700, 0o600, 0o750]
    # A command beside tests that run leaves their server the way to its own folder.
    assert (var / "tests").stat().st_mode & 0o777 == (0o711 if os.getuid() == 0 else 0o700)


def test_the_collector_is_still_while_a_command_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []

    def execute(command: ManagementUtility) -> None:
        seen.append(gc.isenabled())
        apps.get_app_config("config").ready()
        seen.append(gc.isenabled())

    monkeypatch.setattr(ManagementUtility, "execute", execute)
    try:
        main(["check"])
    finally:
        gc.enable()
    assert seen == [False, True]
