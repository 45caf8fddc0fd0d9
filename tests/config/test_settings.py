"""A variable that makes no sense is named, with what it takes."""

import pytest

from tests.commands.running import in_a_process


@pytest.mark.parametrize(
    ("name", "value", "takes"),
    [
        ("CAMPANELLA_LOG_LEVEL", "loud", "one of DEBUG, INFO, WARNING, ERROR, CRITICAL"),
        ("CAMPANELLA_WORKERS", "0", "a whole number from 1 to 256"),
        ("CAMPANELLA_THREADS", "many", "a whole number from 1 to 256"),
        ("PORT", "70000", "a whole number from 1 to 65535"),
    ],
)
def test_a_variable_that_makes_no_sense(name: str, value: str, takes: str) -> None:
    ended = in_a_process("town", "list", **{name: value})

    assert ended.status == 1
    assert ended.err == f"{name} is “{value}”; it must be {takes}.\n"


def test_a_log_level_may_be_written_small(django_db_setup: None) -> None:
    assert in_a_process("ledger", "verify", CAMPANELLA_LOG_LEVEL="error").status == 0
