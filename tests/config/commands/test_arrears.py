"""``campanella arrears``: the same road as the office's pages, from the console."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError

from campanella.domains.arrears import queries
from campanella.foundation.core import clock
from tests.arrears import after_due, overdue, remind
from tests.config.commands.running import said
from tests.towns import Cast, put_back, tell_again


def call(*words: str, days: int = 15) -> str:
    with clock.standing_at(after_due(days)):
        told = said("arrears", *words)
    tell_again()
    return told


@pytest.fixture
def owing(request: pytest.FixtureRequest, db: None) -> Iterator[Cast]:
    yield from put_back(request, "owing", overdue)


def test_a_run_is_looked_at_then_let_go(owing: Cast) -> None:
    told = json.loads(call("run", "--town", "valle", "--preview", "--json"))
    assert (told["state"], told["wanted"], told["total_cents"]) == ("prepared", 2, 7380)
    assert {one["step"] for one in told["households"]} == {"Promemoria"}
    assert "2 reminders" in call("run", "--town", "valle")
    (run,) = queries.runs()
    assert run.state == "going"


def test_reminders_are_listed_with_their_proof(owing: Cast) -> None:
    remind(after_due(15))
    told = json.loads(call("list", "--town", "valle", "--json"))
    assert [(one["number"], one["total_cents"]) for one in told] == [("SO/2026/1", 4620), ("SO/2026/2", 2760)]
    assert "in partenza" in told[0]["proof"]


def test_the_list_for_the_collector_is_written(owing: Cast, tmp_path: Path) -> None:
    out = tmp_path / "lista.csv"
    call("collector", "--town", "valle", "--out", str(out))
    assert out.read_bytes().startswith("\ufeffDebitore;".encode())
    with pytest.raises(CommandError, match="cannot be written"):
        call("collector", "--town", "valle", "--out", str(tmp_path / "no" / "lista.csv"))


def test_the_ladder_goes_out_and_comes_in_again(owing: Cast, tmp_path: Path) -> None:
    out = tmp_path / "passi.json"
    out.write_text(call("ladder", "--town", "valle").replace('"threshold": 1200', '"threshold": 1500'))
    call("ladder", "--town", "valle", "--set", str(out))
    assert queries.ladder(day=after_due(15).date()).steps[0].threshold == 1500

    out.write_text("no")
    with pytest.raises(CommandError, match="non contiene i passi"):
        call("ladder", "--town", "valle", "--set", str(out))
