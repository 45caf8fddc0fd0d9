"""
The register of ISEE, as INPS would have it: a value for every tax code, until a presenter says another.

Out of the code itself, so that who prepares a demonstration knows what will be answered: two in ten have none, one in ten
has omissions. A switch lets the service be down, refuse, or answer late.
"""

import hashlib
import json
import time
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from campanella.simulators import clock
from campanella.simulators.store import Store

MODES = ("answers", "down", "refuses", "slow")
SLOW_SECONDS = 30.0
HIGHEST_EURO = 40_000


@dataclass(frozen=True)
class Record:
    """What is on record of a person; ``cents`` None where there is nothing."""

    cents: int | None
    issued_on: str
    dsu: str
    has_omissions: bool = False


def record_of(tax_code: str, today: date) -> Record:
    """Return what the register has of a person of whom nobody has said anything else."""
    number = int.from_bytes(hashlib.sha256(tax_code.encode()).digest()[:8], "big")
    first = date(today.year, 1, 10)
    issued_on = min(first + timedelta(days=number % 60), today)
    cents = None if number % 10 < 2 else number % (HIGHEST_EURO * 100)
    return Record(cents, issued_on.isoformat(), f"INPS-ISEE-{today.year}-{number % 10**8:08}A-00", number % 10 == 2)


class Inps:
    """Answers questions, and keeps them for whoever wants to see who asked what."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def mode(self) -> str:
        """How it answers now."""
        return self._store.switch("inps", "answers")

    def turn(self, mode: str) -> None:
        """Let it answer otherwise from now on."""
        self._store.set_switch("inps", mode)

    def say(self, tax_code: str, record: Record) -> None:
        """Say what the register has of a person from now on."""
        said = json.dumps(asdict(record))
        self._store.run("INSERT OR REPLACE INTO inps_records (tax_code, data) VALUES (?, ?)", tax_code, said)

    def find(self, tax_code: str) -> Record:
        """Return what the register has of a person."""
        said = self._store.document("SELECT data FROM inps_records WHERE tax_code = ?", tax_code)
        return Record(**said) if said else record_of(tax_code, clock.now().date())

    def wait(self) -> None:
        """Take one's time, where it is slow."""
        if self.mode == "slow":
            time.sleep(SLOW_SECONDS)

    def keep(self, question: dict[str, str], outcome: str) -> int:
        """Keep a question and what was answered; return its number."""
        kept = {"at": clock.now().isoformat(timespec="seconds"), **question, "outcome": outcome}
        return self._store.insert("INSERT INTO inps_questions (data) VALUES (?)", json.dumps(kept))

    def questions(self, *, most: int = 50) -> list[dict[str, Any]]:
        """Return the last questions, newest first."""
        rows = self._store.rows("SELECT id, data FROM inps_questions ORDER BY id DESC LIMIT ?", most)
        return [{"id": row["id"], **json.loads(row["data"])} for row in rows]
