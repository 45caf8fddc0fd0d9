"""A variable that makes no sense is named, with what it takes."""

from pathlib import Path

import pytest

from campanella import VERSION
from campanella.config.settings import _home
from tests.config.commands.running import in_a_process


@pytest.mark.process
@pytest.mark.parametrize(
    ("name", "value", "takes"),
    [
        ("CAMPANELLA_LOG_LEVEL", "loud", "one of DEBUG, INFO, WARNING, ERROR, CRITICAL"),
        ("CAMPANELLA_WORKERS", "0", "a whole number from 1 to 256"),
        ("CAMPANELLA_THREADS", "many", "a whole number from 1 to 256"),
        ("PORT", "70000", "a whole number from 1 to 65535"),
        ("CAMPANELLA_BIND", "localhost", "an address in numbers, such as 127.0.0.1 or ::1"),
        ("CAMPANELLA_CLOCK_OFFSET", "domani", "a number of seconds"),
        ("CAMPANELLA_BEHIND_PROXY", "ture", "true or false"),
    ],
)
def test_a_variable_that_makes_no_sense(name: str, value: str, takes: str) -> None:
    ended = in_a_process("town", "list", **{name: value})

    assert ended.status == 1
    assert ended.err == f"{name} is “{value}”; it must be {takes}.\n"


@pytest.mark.process
def test_a_log_level_may_be_written_small(django_db_setup: None) -> None:
    assert in_a_process("ledger", "verify", CAMPANELLA_LOG_LEVEL="error").status == 0


def test_a_checkout_keeps_its_things_beside_the_code_and_a_package_where_it_is_started(tmp_path: Path) -> None:
    code, started = tmp_path / "code", tmp_path / "started"
    code.mkdir()
    assert _home(code=code, started=started) == started

    (code / "pyproject.toml").touch()
    assert _home(code=code, started=started) == code


def test_a_package_started_at_the_top_of_the_disk_keeps_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="CAMPANELLA_VAR must name the folder"):
        _home(code=tmp_path, started=Path("/"))


@pytest.mark.process
def test_a_secret_comes_from_a_file(django_db_setup: None, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("short\n")
    refused = in_a_process("worker", CAMPANELLA_SECRET_KEY_FILE=str(tmp_path / "key"))
    assert (refused.status, refused.err.count("\n")) == (1, 1)
    assert "campanella.E002" in refused.err, "the file is read, and holds too short a key"
    absent = in_a_process("worker", CAMPANELLA_SECRET_KEY_FILE=str(tmp_path / "absent"))
    assert (
        absent.err
        == f"CAMPANELLA_SECRET_KEY_FILE names {tmp_path}/absent, which cannot be read: No such file or directory.\n"
    )


@pytest.mark.process
def test_the_version_is_ours() -> None:
    assert in_a_process("--version").out == f"{VERSION}\n"
