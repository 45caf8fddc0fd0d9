"""
The whole demo as a person starts it: ready, hard to kill, and gone without a trace.

It is the package that runs here, built and installed apart and started in an empty folder, not this checkout.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from bs4 import BeautifulSoup

from tests.repository.files import under
from tests.tools import wheel

PATIENCE = 240
RESTARTS = int(os.environ.get("CAMPANELLA_RESTARTS") or 2)

# One demo for all of them: they must meet in one process.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.process,
    pytest.mark.xdist_group("demo"),
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
]


@dataclass
class Demo:
    """A running demo."""

    process: "subprocess.Popen[bytes]"
    home: Path
    port: int

    @property
    def var(self) -> Path:
        """Where an installed package keeps its things: in the folder where it is started."""
        return self.home / "var"

    def end(self) -> None:
        """Stop it, in peace if it still lives."""
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(timeout=60)

    def is_ready(self) -> bool:
        """Tell what ``/health/ready`` says."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def pids(self, words: str = "") -> list[int]:
        """Return the processes that work on this demo's folder, those with these words in their command."""
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == self.process.pid:
                continue
            try:
                place = os.readlink(entry / "cwd")
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if place.startswith(str(self.home)) and words in command:
                found.append(int(entry.name))
        return found


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as it is given to others."""
    return wheel.build(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def demo(package: Path) -> Iterator[Demo]:
    """A tiny demo of the installed package on free ports, with an embedded PostgreSQL of its own."""
    # Not under pytest's own folder: where root runs the tests its PostgreSQL may not enter that, and would stay behind.
    with tempfile.TemporaryDirectory(prefix="campanella-demo-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        wheel.install(package, Path(folder) / "environment")
        (home := Path(folder) / "home").mkdir()
        running = _started(home)
        yield running
        running.end()


def _started(home: Path, port: int = 0) -> Demo:
    port = port or _free_port()
    told = {
        "PORT": str(port),
        "SIMULATORS_PORT": str(port + 2),
        "DEMO_SIZE": "tiny",
        "DEMO_CLOCK": "2026-09-23T08:40",
    }
    with (home / "demo.log").open("ab") as log:
        process = subprocess.Popen([_command(home), "demo"], cwd=home, env={**wheel.apart(), **told}, stdout=log, stderr=log)
    running = Demo(process, home, port)
    _until(running.is_ready, lambda: (home / "demo.log").read_text())
    return running


def _command(home: Path) -> str:
    return str(home.parent / "environment" / "bin" / "campanella")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _until(holds: Callable[[], bool], words: Callable[[], str] = str, seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, words()
        time.sleep(0.2)


def test_the_package_holds_every_file_of_the_product_and_nothing_else(package: Path) -> None:
    with zipfile.ZipFile(package) as whole:
        held = {name for name in whole.namelist() if ".dist-info/" not in name}
    ours = set(under("campanella/"))
    assert (sorted(ours - held), sorted(held - ours)) == ([], [])


def test_it_hands_over_its_sign_ins(demo: Demo) -> None:
    _until(lambda: "Ready after" in (demo.home / "demo.log").read_text())
    told = json.loads((demo.var / "demo.json").read_text())

    assert told["base_url"] == f"http://localhost:{demo.port}"
    assert len(told["towns"]) == 5


def test_a_family_reads_its_page_keeps_a_notice_on_paper_pays_it_and_gets_a_letter(demo: Demo) -> None:
    told = json.loads((demo.var / "demo.json").read_text())
    town = next(town for town in told["towns"] if town["slug"] == "pesaro")
    wallets = {wallet["id"]: child for child in town["children"] for wallet in child["wallets"]}
    notice = next(
        notice for notice in town["notices"] if notice["status"] == "open" and wallets[notice["wallet"]]["guardian"]
    )
    child = wallets[notice["wallet"]]
    with httpx.Client(base_url=f"http://127.0.0.1:{demo.port}", headers={"Host": town["host"]}, timeout=60) as phone:
        form = BeautifulSoup(phone.get("/entra/").text, "html.parser")
        fields = {str(field["name"]): str(field.get("value", "")) for field in form.select("main form input[name]")}
        phone.post("/entra/", data={**fields, "username": child["guardian"], "password": "campanella-demo"})

        home = BeautifulSoup(phone.get("/", follow_redirects=True).text, "html.parser")
        assert child["name"].split()[0] in home.get_text()
        sheets = [phone.get(str(link["href"])) for link in home.select("head link[rel=stylesheet]")]
        assert [sheet.status_code for sheet in sheets] == [200] * len(sheets) != []

        (position,) = [
            link
            for link in set(re.findall(r"/pagamenti/avvisi/[0-9]+/", phone.get("/pagamenti/avvisi/").text))
            if notice["notice_number"] in re.sub(r"[^0-9]", "", phone.get(link).text)
        ]
        assert phone.get(f"{position}avviso.pdf").content.startswith(b"%PDF-")

    inbox, amount = f"{told['simulators_url']}/api/inbox", f"{notice['amount_cents'] / 100:.2f}".replace(".", ",")

    def thanked() -> int:
        """Count the letters that thank for as much as this notice asks."""
        listed = httpx.get(inbox, timeout=60).json()["messages"]
        letters = [httpx.get(f"{inbox}/{one['id']}", timeout=60).json()["text"] for one in listed]
        return sum("abbiamo ricevuto" in letter and amount in letter for letter in letters)

    before = thanked()
    order = {"notice_number": notice["notice_number"], "fiscal_code": town["tax_code"]}
    assert httpx.post(f"{told['simulators_url']}/api/pay", json=order, timeout=60).json()["state"] == "paid"
    _until(lambda: thanked() > before)


@pytest.mark.parametrize("name", ["campanella worker", "campanella.simulators", "granian", "postgres -D"])
def test_what_is_killed_comes_back(demo: Demo, name: str) -> None:
    before = demo.pids(name)
    assert before

    for pid in before:
        os.kill(pid, signal.SIGKILL)

    _until(lambda: bool(set(demo.pids(name)) - set(before)) and demo.is_ready())


def test_a_second_demo_on_its_ports_says_so_in_one_sentence(demo: Demo, tmp_path: Path) -> None:
    told = {**wheel.apart(), "PORT": str(demo.port), "SIMULATORS_PORT": str(demo.port + 20)}

    words = [_command(demo.home), "demo"]
    ended = subprocess.run(words, cwd=tmp_path, env=told, capture_output=True, text=True, timeout=120)

    assert ended.returncode == 1
    assert ended.stderr == f"Port {demo.port} is in use: stop the program that uses it, or set PORT to a free one.\n"


def test_killed_whole_while_money_arrives_and_started_at_once_it_is_ready_and_its_book_is_right(demo: Demo) -> None:
    """As when somebody pulls the plug: nobody says goodbye, and the dead are still warm when it is started again."""
    told = json.loads((demo.var / "demo.json").read_text())
    town = next(town for town in told["towns"] if town["slug"] == "pesaro")
    notices = [notice["notice_number"] for notice in town["notices"] if notice["status"] == "open"]
    for number in notices[-RESTARTS:]:
        order = {"notice_number": number, "fiscal_code": town["tax_code"]}
        httpx.post(f"{told['simulators_url']}/api/pay", json=order, timeout=60)
        for pid in (demo.process.pid, *demo.pids()):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        again = _started(demo.home, demo.port)
        demo.process.wait()
        demo.process = again.process

    read = subprocess.run([_command(demo.home), "ledger", "verify"], cwd=demo.home, env=wheel.apart(), capture_output=True)
    assert read.returncode == 0, read.stdout.decode() + read.stderr.decode()


def test_it_stops_whole_and_starts_again_at_once(demo: Demo) -> None:
    demo.process.send_signal(signal.SIGTERM)
    assert demo.process.wait(timeout=40) == 0
    assert demo.pids() == []

    again = _started(demo.home)
    assert "live through their school year" not in (demo.home / "demo.log").read_text().split("has stopped")[1]
    again.process.kill()
    again.process.wait()
    _until(lambda: again.pids() == [], lambda: str(again.pids()), seconds=40)
