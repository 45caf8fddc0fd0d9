"""A month of direct debit with everybody in a process of its own: the commands, PostgreSQL, and a bank over HTTP."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope
from tests import morning
from tests.billing import noon
from tests.crash.installation import ROOT, Installation, free_port
from tests.crash.test_kills import installation
from tests.crash.warm import Warm
from tests.plain import PLAIN
from tests.towns import Cast
from tests.usecases.debiting.conftest import invoice, make_debited

pytestmark = [pytest.mark.slow, pytest.mark.process, pytest.mark.xdist_group("crash")]

# What is used as a fixture here is made there.
FIXTURES = (installation,)
TOTAL = 3 * (460 + 310)


class Outside:
    """The bank's simulator and the commands, each as a process, each on the day it is told."""

    def __init__(self, made: Installation) -> None:
        self.made = made
        self.commands = Warm("campanella", made.environment)
        self.port, self.mail_port = free_port(), free_port()
        self.bank: subprocess.Popen[bytes] | None = None

    def offset(self, day: date) -> str:
        """What a process is told that begins on a day at noon."""
        return f"{float(self.made.offset) + (noon(day) - morning.MORNING).total_seconds():.0f}"

    def open(self, day: date) -> None:
        """Start the bank."""
        self.bank = subprocess.Popen(
            [sys.executable, "-m", "campanella", "simulators"],
            cwd=ROOT,
            env={
                **self.made.environment,
                morning.VARIABLE: self.offset(day),
                "SIMULATORS_PORT": str(self.port),
                "SIMULATORS_SMTP_PORT": str(self.mail_port),
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.made.wait_for(self._answers)

    def close(self) -> None:
        """Stop the bank."""
        if self.bank:
            self.bank.kill()
            self.bank.wait()

    def command(self, day: date, *words: str) -> dict[str, Any]:
        """Run ``campanella sdd`` on a day, and return what it says as JSON."""
        done = self.commands.run("sdd", *words, "--town", "conto", "--json", offset=self.offset(day))
        assert done.status == 0, done.err
        told: dict[str, Any] = json.loads(done.out)
        return told

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Speak with the bank's control API."""
        answer = httpx.request(method, f"http://127.0.0.1:{self.port}/api/bank{path}", timeout=30, verify=PLAIN, **more)
        assert answer.status_code == 200, answer.text
        return answer

    def _answers(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/api/bank/files", timeout=5, verify=PLAIN).status_code == 200
        except httpx.HTTPError:
            return False


@pytest.fixture
def cast(installation: Installation) -> Cast:
    """A town whose October is billed, with a mandate; committed."""
    return make_debited()


@pytest.fixture
def outside(installation: Installation, cast: Cast) -> Iterator[Outside]:
    found = Outside(installation)
    with found.commands:
        try:
            found.open(date(2026, 11, 20))
            yield found
        finally:
            found.close()


def handed_over(outside: Outside, day: date, form: str, path: Path) -> dict[str, Any]:
    """Make the file of October in one process, and give it to the bank in the other."""
    outside.command(day, "file", "--period", "2026-10", "--format", form, "--out", str(path))
    told: dict[str, Any] = outside.ask("POST", "/files", content=path.read_bytes()).json()
    return told


def fetched(outside: Outside, file: int, form: str, path: Path) -> Path:
    """Let the bank write what it has to tell, and fetch it."""
    number = outside.ask("POST", f"/files/{file}/answers", json={"form": form}).json()["answer"]
    path.write_bytes(outside.ask("GET", f"/answers/{number}").content)
    return path


def test_a_month_between_the_town_and_its_bank(outside: Outside, cast: Cast, tmp_path: Path) -> None:
    told = handed_over(outside, date(2026, 11, 20), "cbi", tmp_path / "asked.xml")
    (debit,) = told["debits"]
    assert (debit["cents"], debit["sequence"], debit["day"], debit["state"]) == (TOTAL, "FRST", "2026-12-07", "received")

    file = told["file"]["id"]
    outside.ask("POST", f"/files/{file}/book", json={})
    outside.ask("POST", f"/debits/{debit['key']}/act", json={"act": "return", "reason": "AM04"})
    answer = fetched(outside, file, "camt054", tmp_path / "answer.xml")
    first = outside.command(date(2026, 12, 10), "returns", str(answer))
    again = outside.command(date(2026, 12, 10), "returns", str(answer))
    assert [(line["verdict"], line["outcome"]) for line in first["lines"]] == [
        ("applied", "booked"),
        ("applied", "returned"),
    ]
    assert (first["applied"], first["lines"][1]["action"]) == (2, "retry")
    assert (again["applied"], again["again"]) == (0, True)

    second = handed_over(outside, date(2026, 12, 14), "pain008", tmp_path / "second.xml")
    (debit,) = second["debits"]
    assert (debit["cents"], debit["sequence"], debit["day"]) == (TOTAL, "RCUR", "2026-12-28")
    outside.ask("POST", f"/files/{second['file']['id']}/book", json={})
    paid = fetched(outside, second["file"]["id"], "camt054", tmp_path / "paid.xml")
    assert outside.command(date(2026, 12, 29), "returns", str(paid))["lines"][0]["outcome"] == "booked"
    with scope(cast.town.id), clock.standing_at(noon(date(2026, 12, 29))):
        assert invoice().state == "paid"

    # Within eight weeks the family asks its bank for the money: the debt is open again, and the book is whole.
    outside.ask("POST", f"/debits/{debit['key']}/act", json={"act": "refund", "reason": "MD06"})
    refund = fetched(outside, second["file"]["id"], "pain002", tmp_path / "refund.xml")
    (line,) = outside.command(date(2027, 2, 19), "returns", str(refund))["lines"]
    assert (line["verdict"], line["outcome"], line["action"]) == ("applied", "returned", "pause")
    with scope(cast.town.id), clock.standing_at(noon(date(2027, 2, 19))):
        assert invoice().state == "unpaid"
    verified = outside.commands.run("ledger", "verify", offset=outside.offset(date(2027, 2, 21)))
    assert verified.status == 0, verified


def test_a_file_that_ends_in_the_middle_says_so_and_does_nothing(outside: Outside, cast: Cast, tmp_path: Path) -> None:
    told = handed_over(outside, date(2026, 11, 20), "cbi", tmp_path / "asked.xml")
    outside.ask("POST", f"/debits/{told['debits'][0]['key']}/act", json={"act": "reject", "reason": "AC04"})
    answer = fetched(outside, told["file"]["id"], "cbi", tmp_path / "answer.xml")
    answer.write_bytes(answer.read_bytes()[:-30])
    returns = ("sdd", "returns", str(answer), "--town", "conto")
    done = outside.commands.run(*returns, offset=outside.offset(date(2026, 12, 1)))
    assert (done.status != 0, done.out) == (True, "")
    assert "finisce a metà" in done.err
    assert len(done.err.strip().splitlines()) == 1
