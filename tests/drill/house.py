"""The installation of a drill, and how it is harmed."""

import os
import random
import signal
import threading
import time
from pathlib import Path

import httpx
import psycopg

from tests.browser.installation import free_ports
from tests.crash.installation import Installation
from tests.plain import PLAIN

COMMANDS = ("serve", "worker", "simulators")
READY_SECONDS = 60


class House(Installation):
    """PostgreSQL with fsync, web, worker and simulators; whoever ends is started again at once."""

    def __init__(self, var: Path) -> None:
        super().__init__(var)
        self.port, self.bank_port, self.smtp_port = free_ports()
        self.bank = f"http://127.0.0.1:{self.bank_port}"
        self.faults: list[str] = []
        self._turn = threading.Lock()

    @property
    def environment(self) -> dict[str, str]:
        """What every process is told."""
        return {
            **super().environment,
            "CAMPANELLA_WORKERS": "2",
            "CAMPANELLA_BASE_URL": f"http://localhost:{self.port}",
            "CAMPANELLA_SMTP_PORT": str(self.smtp_port),
            "CAMPANELLA_FORM_ACTION": self.bank,
            "PAGOPA_CHECKOUT_URL": f"{self.bank}/checkout/ec/v1",
            "PAGOPA_STATION_URL": f"http://127.0.0.1:{self.port}/pagopa/paForNode",
            "SIMULATORS_PORT": str(self.bank_port),
            "SIMULATORS_SMTP_PORT": str(self.smtp_port),
            "SIMULATORS_STATE": str(self.var / "simulators"),
            "SIMULATORS_RETRY_SECONDS": "0.5",
        }

    def keep_up(self) -> None:
        """Start again what has ended, as a supervisor does."""
        with self._turn:
            if self.server.process and self.server.process.poll() is not None:
                self.server.start()
            self.start(*COMMANDS)

    def harm(self, dice: random.Random) -> None:
        """Kill something, and start it again."""
        what = dice.choice(["web", "worker", "postgres", "connection", "connection", "everything"])
        with self._turn:
            if what in ("web", "everything"):
                self.kill("serve")
            if what in ("worker", "everything"):
                self.kill("worker")
            if what in ("postgres", "everything"):
                self.kill_postgres()
            if what == "connection":
                self._kill_one_connection(dice)
        self.faults.append(what)
        self.keep_up()

    def is_ready(self) -> bool:
        """Tell whether web, worker and database say that all is fine."""
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/health/ready", timeout=5, verify=PLAIN).status_code == 200
        except httpx.HTTPError:
            return False

    def owner(self) -> "psycopg.Connection[tuple[object, ...]]":
        """Look at everything, from outside the product."""
        return psycopg.connect(self.server.url().replace("campanella@", "postgres@", 1), autocommit=True)

    def _kill_one_connection(self, dice: random.Random) -> None:
        """Kill -9 of one of the server's processes: all others start anew."""
        ask = "select pid from pg_stat_activity where datname = 'campanella' and pid <> pg_backend_pid()"
        try:
            with self.owner() as looking:
                found = [int(str(pid)) for (pid,) in looking.execute(ask).fetchall()]
        except psycopg.OperationalError:
            return
        if found:
            os.kill(dice.choice(found), signal.SIGKILL)


def harm_until(house: House, dice: random.Random, end: float) -> None:
    """
    Harm the house again and again until the end of the drill.

    Mostly a few seconds after it is ready again, however slow the machine is: a house that is never up proves nothing.
    Now and then while it still starts.
    """
    while time.monotonic() < end:
        given_up = time.monotonic() + (READY_SECONDS if dice.random() < 0.8 else 0)
        while time.monotonic() < min(given_up, end) and not house.is_ready():
            house.keep_up()
            time.sleep(0.2)
        pause = time.monotonic() + dice.uniform(2, 6)
        while time.monotonic() < min(pause, end):
            time.sleep(0.2)
            house.keep_up()
        if time.monotonic() < end:
            house.harm(dice)
