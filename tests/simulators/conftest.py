"""The simulators as a process of their own, with a fake creditor on the other side."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from lxml import etree

from tests.plain import PLAIN
from tests.simulators.fake_station import FakeStation

REPOSITORY = Path(__file__).parents[2]
SPEC = Path(os.environ.get("CAMPANELLA_SPEC") or REPOSITORY.parent / "shared" / "spec") / "pagopa"
NOTICE = "301202600000000103"
CREDITOR = "77777777777"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need the process."""
    for item in items:
        if {"_running", "launch"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.process)


@dataclass
class Running:
    """A running process of simulators."""

    process: subprocess.Popen[bytes]
    smtp_port: int
    http: httpx.Client

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        """Call the control API."""
        answer = self.http.post(f"/api/{path}", json=body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def get(self, path: str) -> dict[str, Any]:
        """Read from the control API."""
        return dict(self.http.get(f"/api/{path}").raise_for_status().json())

    def pay(self, **options: Any) -> dict[str, Any]:
        """Pay the notice the fake station knows."""
        return self.post("pay", notice_number=NOTICE, fiscal_code=CREDITOR, **options)

    def wait_for(self, ready: Callable[[], bool], seconds: float = 60) -> None:
        """Wait until something is true, or fail."""
        deadline = time.monotonic() + seconds
        while not ready():
            assert time.monotonic() < deadline, self.get("deliveries")
            time.sleep(0.02)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Stop the process and give its exit status."""
        self.http.close()
        self.process.send_signal(number)
        return self.process.wait(60)


@dataclass
class Launcher:
    """Starts simulators against one station."""

    station: FakeStation
    started: list[Running] = field(default_factory=list)

    def __call__(self, state: Path, **variables: str) -> Running:
        """Start one process on free ports and wait until it answers."""
        port, smtp_port = free_port(), free_port()
        environ = {
            **os.environ,
            "SIMULATORS_PORT": str(port),
            "SIMULATORS_SMTP_PORT": str(smtp_port),
            "SIMULATORS_STATE": str(state),
            "PAGOPA_STATION_URL": self.station.url,
            "SIMULATORS_RETRY_SECONDS": "0.1",
            **variables,
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "campanella.simulators"],
            cwd=REPOSITORY,
            env=environ,
            stdout=subprocess.DEVNULL,
        )
        http = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, verify=PLAIN, trust_env=False)
        running = Running(process, smtp_port, http)
        self.started.append(running)
        _await_health(running)
        return running


def _await_health(running: Running) -> None:
    deadline = time.monotonic() + 60
    while True:
        assert running.process.poll() is None, "the simulators ended at once"
        assert time.monotonic() < deadline, "the simulators do not answer"
        try:
            running.get("health")
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def launcher(station: FakeStation) -> Iterator[Launcher]:
    """A launcher that leaves no process behind."""
    launch = Launcher(station)
    try:
        yield launch
    finally:
        for running in launch.started:
            if running.process.poll() is None:
                running.stop(signal.SIGKILL)


@pytest.fixture(scope="session")
def _station() -> Iterator[FakeStation]:
    station = FakeStation()
    stop = station.start()
    yield station
    stop()


@pytest.fixture(scope="session")
def _running(_station: FakeStation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with launcher(_station) as launch:
        yield launch(tmp_path_factory.mktemp("simulators"))


@pytest.fixture
def station(_station: FakeStation) -> FakeStation:
    """The fake creditor, saying yes to everything."""
    _station.reset()
    return _station


@pytest.fixture
def simulators(_running: Running, station: FakeStation) -> Running:
    """The simulators, with nothing remembered."""
    _running.post("reset")
    return _running


@pytest.fixture
def launch(station: FakeStation) -> Iterator[Launcher]:
    """Start further simulators, for tests that kill them."""
    with launcher(station) as start:
        yield start


@pytest.fixture(scope="session")
def schema() -> etree.XMLSchema:
    """The official schema of the messages, when it is at hand."""
    path = SPEC / "pagopa-api" / "wsdl" / "xsd" / "paForNode.xsd"
    if not path.exists():
        pytest.skip(f"official pagoPA schema not found: {path} (set CAMPANELLA_SPEC)")
    return etree.XMLSchema(etree.parse(path))


@pytest.fixture(scope="session")
def examples() -> Path:
    """The folder of example messages, when it is at hand."""
    path = SPEC / "examples"
    if not path.exists():
        pytest.skip(f"pagoPA examples not found: {path} (set CAMPANELLA_SPEC)")
    return path
