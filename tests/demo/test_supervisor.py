"""
The whole demo as a person starts it: ready, hard to kill, and gone without a trace.

It is the package that runs here, built and installed apart and started in an empty folder, not this checkout.
"""

import json
import os
import re
import signal
import subprocess
import sys
import zipfile
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from bs4 import BeautifulSoup

from tests.demo.starting import Demo, command, started, until
from tests.repository.files import under
from tests.tools import wheel

RESTARTS = int(os.environ.get("CAMPANELLA_RESTARTS") or 2)

# One demo for all of them: they must meet in one process.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.process,
    pytest.mark.xdist_group("demo"),
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
]


def test_the_package_holds_every_file_of_the_product_and_nothing_else(package: Path) -> None:
    with zipfile.ZipFile(package) as whole:
        held = {name for name in whole.namelist() if ".dist-info/" not in name}
    ours = set(under("campanella/"))
    assert (sorted(ours - held), sorted(held - ours)) == ([], [])


def test_it_hands_over_its_sign_ins(demo: Demo) -> None:
    until(lambda: "Ready after" in (demo.home / "demo.log").read_text())
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
    until(lambda: thanked() > before)


@pytest.mark.parametrize("name", ["campanella worker", "campanella.simulators", "granian", "postgres -D"])
def test_what_is_killed_comes_back(demo: Demo, name: str) -> None:
    before = demo.pids(name)
    assert before

    for pid in before:
        os.kill(pid, signal.SIGKILL)

    until(lambda: bool(set(demo.pids(name)) - set(before)) and demo.is_ready())


def test_a_second_demo_on_its_ports_says_so_in_one_sentence(demo: Demo, tmp_path: Path) -> None:
    told = {**wheel.apart(), "PORT": str(demo.port), "SIMULATORS_PORT": str(demo.port + 20)}

    words = [command(demo.home), "demo"]
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
        again = started(demo.home, demo.port)
        demo.process.wait()
        demo.process = again.process

    read = subprocess.run([command(demo.home), "ledger", "verify"], cwd=demo.home, env=wheel.apart(), capture_output=True)
    assert read.returncode == 0, read.stdout.decode() + read.stderr.decode()


def test_it_stops_whole_and_starts_again_at_once(demo: Demo) -> None:
    demo.process.send_signal(signal.SIGTERM)
    assert demo.process.wait(timeout=40) == 0
    assert demo.pids() == []

    again = started(demo.home)
    assert "live through their school year" not in (demo.home / "demo.log").read_text().split("has stopped")[1]
    again.process.kill()
    again.process.wait()
    until(lambda: again.pids() == [], lambda: str(again.pids()), seconds=40)
