"""A full disk: a clear failure, no half entry, and everything booked once when there is room again."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from django.conf import settings

from campanella.domains.accounts.roles import Role
from campanella.domains.ledger import verify
from campanella.domains.ledger.models import Entry
from campanella.domains.payments.models import Receipt
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import scope
from campanella.readings import proofs
from campanella.usecases import top_up
from tests.browsing import browser
from tests.crash.installation import PATIENCE_SECONDS, ROOT, Installation, close_connections, installed
from tests.crash.test_kills import _is_taken, _receipt
from tests.plain import PLAIN
from tests.towns import Cast, make_cast

pytestmark = [pytest.mark.slow, pytest.mark.process, pytest.mark.xdist_group("crash")]

SIZE_MB = 220
RECEIPTS = 4
TRIES = 400
ADDRESS = "/pagopa/paForNode"


@pytest.fixture
def installation(django_db_setup: None, django_db_blocker: Any) -> Iterator[Installation]:
    """An installation on a small disk of its own."""
    folder = Path(tempfile.mkdtemp(prefix="campanella-disk-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m,mode=0755", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        folder.rmdir()
        pytest.skip("only root may mount a small disk")
    try:
        with django_db_blocker.unblock(), installed(folder) as made:
            yield made
    finally:
        subprocess.run(["umount", "-l", folder], check=False)
        shutil.rmtree(folder, ignore_errors=True)


class Teacher:
    """Somebody with a tablet, at the real address."""

    def __init__(self, installation: Installation, cast: Cast) -> None:
        self.client = httpx.Client(
            base_url=f"http://127.0.0.1:{installation.port}", headers={"Host": cast.town.host}, timeout=20, verify=PLAIN
        )
        self.sheet = f"/appello/{cast.classes['2B'].pk}/mensa/"
        # The tests hash passwords in a way of their own, so the session is made here.
        signed_in = browser(cast.town, cast.staff[Role.SCHOOL]).cookies[settings.SESSION_COOKIE_NAME]
        self.client.cookies.set(settings.SESSION_COOKIE_NAME, signed_in.value)

    def send(self, path: str, **fields: Any) -> httpx.Response:
        """Open a page and send its form."""
        page = self.client.get(path)
        if page.status_code != 200:
            return page
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        return self.client.post(path, data={"csrfmiddlewaretoken": token[1] if token else "", **fields})

    def confirm(self, children: list[int]) -> httpx.Response:
        """Confirm the class as it is, everybody there."""
        fields = {"shown": children, "before": children, "eats": children, "adults": "0", "adults_before": "0"}
        return self.send(self.sheet, day=f"{clock.today()}", act="confirm", **fields)


def fill(folder: Path) -> Path:
    """Write a ballast file until not one block is left; called again, it takes what became free."""
    ballast = folder / "ballast"
    with ballast.open("ab", buffering=0) as file:
        block = 1 << 20
        while block >= 4096:
            try:
                file.write(bytes(block))
            except OSError:
                block //= 2
    return ballast


def test_a_full_disk_loses_nothing_and_doubles_nothing(installation: Installation, request: pytest.FixtureRequest) -> None:
    collect = [sys.executable, "-m", "campanella", "collectstatic", "--noinput", "-v0"]
    subprocess.run(collect, cwd=ROOT, env=installation.environment, check=True)
    cast = make_cast(slug="valle", tax_code="00142920439")
    with scope(cast.town.id):
        by, wallet = cast.staff["office"], cast.wallet("Anna").pk
        positions = top_up.prepare_at_desk(by=by, wallet_id=wallet, amount=Euro(1000), count=RECEIPTS, now=clock.now())
        children = [cast.child(name).pk for name in ("Anna", "Luca", "Amina")]
    close_connections()
    installation.start("serve")
    installation.wait_for(installation.answers)
    bodies = [_receipt(cast.town.tax_code, p.notice_number, f"r{n}") for n, p in enumerate(positions)]
    assert _is_taken(installation.post(ADDRESS, bodies[0]))
    teacher = Teacher(installation, cast)
    request.addfinalizer(teacher.client.close)

    ballast = fill(installation.var)
    installation.wait_for(lambda: _told(installation) == (503, ["the disk of the database is full"]))
    deliver_until_refused(installation, bodies[1])
    # A checkpoint of PostgreSQL's own gives a little room back, and for as long the answers are sound ones.
    installation.wait_for(lambda: nothing_fits(installation, bodies[1]))
    page = teacher.confirm(children)
    assert page.status_code == 500
    assert page.headers["X-Request-Id"] in page.text, "the page has a number to quote"

    ballast.unlink()
    restart(installation)
    with scope(cast.town.id):
        assert Entry.objects.count() == 0, "no half entry"
        assert verify.violations() + proofs.violations() == []
    for body in bodies:
        installation.wait_for(lambda body=body: _is_taken(installation.post(ADDRESS, body)))
    confirmed = teacher.confirm(children)
    assert (confirmed.status_code, confirmed.headers["Location"]) == (302, teacher.sheet)

    def booked() -> bool:
        close_connections()
        with scope(cast.town.id):
            return Entry.objects.filter(kind="top_up").count() >= RECEIPTS

    installation.start("worker")
    installation.wait_for(booked)
    with scope(cast.town.id):
        assert Receipt.objects.filter(outcome="booked").count() == RECEIPTS
        assert cast.balance("Anna") == 1000 * RECEIPTS - 460
        assert verify.violations() + proofs.violations() == []


def _told(installation: Installation) -> tuple[int, list[str]]:
    """Return what a monitor is told."""
    ready = httpx.get(f"http://127.0.0.1:{installation.port}/health/ready", timeout=PATIENCE_SECONDS, verify=PLAIN)
    return ready.status_code, ready.json()["problems"]


def restart(installation: Installation) -> None:
    """Start what has stopped; PostgreSQL takes its time to give up, and to come back."""

    def works() -> bool:
        process = installation.server.process
        assert process
        if process.poll() is not None:
            installation.server.start()
        try:
            with psycopg.connect(host=str(installation.server.socket), user="postgres", dbname="campanella") as asked:
                asked.execute("create temporary table room as select 1")
        except psycopg.OperationalError:
            return False
        return True

    installation.wait_for(works)
    close_connections()
    installation.start("serve")
    installation.wait_for(installation.answers)


def deliver_until_refused(installation: Installation, body: bytes) -> None:
    """Deliver large receipts, each other than the one before, until the tables cannot grow."""
    for _ in range(TRIES):
        stuffing = os.urandom(200_000).hex().encode()
        answer = installation.post(ADDRESS, body.replace(b"<idPA>", b"<idPA>" + stuffing))
        if answer is None or answer.status_code >= 500:
            assert answer is not None
            assert b"PAA_SYSTEM_ERROR" in answer.content
            return
    raise AssertionError("the disk never filled")


def nothing_fits(installation: Installation, body: bytes) -> bool:
    """Take every room there is, and tell whether a receipt is refused: an unsound answer, so that pagoPA sends it again."""
    fill(installation.var)
    use_up_the_log(installation)
    answer = installation.post(ADDRESS, body)
    assert answer is not None
    if _is_taken(answer):
        return False
    assert answer.status_code == 500
    assert b"PAA_SYSTEM_ERROR" in answer.content
    return True


def use_up_the_log(installation: Installation) -> None:
    """Leave the parts of the write-ahead log that PostgreSQL had set aside, until there is none to go on with."""
    with suppress(psycopg.OperationalError):
        for _ in range(20):
            with psycopg.connect(host=str(installation.server.socket), user="postgres", dbname="postgres") as admin:
                admin.execute("select pg_logical_emit_message(true, 'full', 'disk')")
                admin.execute("select pg_switch_wal()")
