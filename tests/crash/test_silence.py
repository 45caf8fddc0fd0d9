"""Neighbours that do not answer: nobody waits but who called them, and a monitor is told the truth within five seconds."""

import os
import select
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from django.conf import settings

from campanella.domains.accounts.roles import Role
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope
from tests.browsing import browser
from tests.crash.installation import PATIENCE_SECONDS, Installation, close_connections, installed
from tests.morning import MORNING
from tests.plain import PLAIN
from tests.towns import Cast, make_cast

pytestmark = [pytest.mark.slow, pytest.mark.process, pytest.mark.xdist_group("crash")]

THREADS = 4


@pytest.fixture(scope="module")
def installation(django_db_setup: None, django_db_blocker: Any) -> Iterator[Installation]:
    """An installation of its own for all of them."""
    folder = Path(tempfile.mkdtemp(prefix="campanella-silence-"))
    folder.chmod(0o755)
    with django_db_blocker.unblock(), installed(folder) as made:
        yield made
    shutil.rmtree(folder, ignore_errors=True)


class House:
    """The installation, seen by a teacher with a tablet and by a monitor."""

    def __init__(self, installation: Installation, cast: Cast, session: str) -> None:
        self.installation = installation
        self.sheet = f"/appello/{cast.classes['2B'].pk}/mensa/"
        self.client = httpx.Client(
            base_url=f"http://127.0.0.1:{installation.port}",
            headers={"Host": cast.town.host, "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"},
            timeout=30,
            verify=PLAIN,
        )

    def page(self) -> int:
        """Ask for a page that reads the database; return its status."""
        return self.client.get(self.sheet).status_code

    def health(self, what: str) -> httpx.Response:
        """Ask as a monitor does, with a connection of its own; whoever is silent meanwhile stays so until it has heard."""
        return httpx.get(f"http://127.0.0.1:{self.installation.port}/health/{what}", timeout=PATIENCE_SECONDS, verify=PLAIN)

    def problems(self) -> list[str]:
        """Return what is not fine."""
        return list(self.health("ready").json()["problems"])

    def wait_until_ready(self) -> None:
        """Wait until all is fine."""

        def all_is_fine() -> bool:
            self.installation.start("serve", "worker")  # as whoever supervises them does
            return self.installation.answers() and not self.problems()

        self.installation.wait_for(all_is_fine)


@pytest.fixture(scope="module")
def house(installation: Installation) -> Iterator[House]:
    """Valle, with web and worker."""
    with clock.standing_at(MORNING), pytest.MonkeyPatch.context() as patch:
        patch.setenv("CAMPANELLA_THREADS", str(THREADS))
        cast = make_cast(slug="valle", tax_code="00142920439")
        with scope(cast.town.id):
            session = browser(cast.town, cast.staff[Role.SCHOOL]).cookies[settings.SESSION_COOKIE_NAME].value
        close_connections()
        made = House(installation, cast, session)
        made.wait_until_ready()
        yield made
        made.client.close()


@contextmanager
def stopped(installation: Installation) -> Iterator[None]:
    """The database neither answers nor goes away."""
    assert installation.server.process
    group = installation.server.process.pid
    children = [int(pid) for pid in Path(f"/proc/{group}/task/{group}/children").read_text().split()]
    for pid in (group, *children):
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in (group, *children):
            os.kill(pid, signal.SIGCONT)


def test_a_database_that_is_silent_is_told_while_every_page_waits(house: House) -> None:
    assert house.page() == 200
    with ThreadPoolExecutor(3 * THREADS) as visitors:
        with stopped(house.installation):
            waiting = [visitors.submit(house.page) for _ in range(3 * THREADS)]
            time.sleep(0.5)  # the threads of the web are taken
            for _ in range(3):
                assert house.health("live").status_code == 200
                assert house.problems() == ["the database does not answer"]
        assert {page.result() for page in waiting} <= {200, 500, 503}, "nobody waits for ever"
    assert house.page() == 200
    house.wait_until_ready()


def test_a_database_that_takes_no_writing_is_told(house: House) -> None:
    with psycopg.connect(house.installation.server.url("postgres"), autocommit=True) as admin:
        admin.execute("alter system set default_transaction_read_only = on")
        admin.execute("select pg_reload_conf()")
        try:
            house.installation.wait_for(lambda: house.problems() == ["the database takes no writing"])
        finally:
            admin.execute("set default_transaction_read_only = off")
            admin.execute("alter system reset default_transaction_read_only")
            admin.execute("select pg_reload_conf()")
    house.wait_until_ready()


def test_a_worker_that_is_gone_is_told(house: House) -> None:
    house.installation.kill("worker")
    house.installation.wait_for(lambda: house.problems() == ["no worker is running"])
    house.wait_until_ready()


def test_a_restart_of_the_database_costs_no_page_an_error(house: House) -> None:
    with ThreadPoolExecutor(THREADS) as visitors:
        assert set(visitors.map(lambda _: house.page(), range(12))) == {200}  # every thread has a connection
    house.installation.kill_postgres()
    house.installation.server.start()
    with ThreadPoolExecutor(THREADS) as visitors:
        assert set(visitors.map(lambda _: house.page(), range(24))) == {200}
    house.wait_until_ready()


def test_slow_senders_hold_nobody_but_themselves(house: House) -> None:
    address = ("127.0.0.1", house.installation.port)
    head = b"POST /pagopa/paForNode HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml\r\nContent-Length: 5000\r\n\r\n<"
    with ExitStack() as stack:
        senders = [stack.enter_context(socket.create_connection(address)) for _ in range(4 * THREADS)]
        for sender in senders:
            sender.sendall(head)
        assert house.page() == 200
        assert not select.select(senders, [], [], 0)[0], "all of them are still there: the page waited for none"


def test_a_body_without_end_is_not_taken(house: House) -> None:
    with socket.create_connection(("127.0.0.1", house.installation.port), timeout=10) as sender:
        sender.sendall(b"POST /contattaci/ HTTP/1.1\r\nHost: valle.localhost\r\nContent-Length: 30000000\r\n\r\n")
        assert sender.recv(200).startswith(b"HTTP/1.1 413 ")


def test_what_a_body_and_an_answer_carry_arrives_whole(house: House) -> None:
    """The way between the loop and the pages: a path with accents, two cookies, a body in pieces, no answer to HEAD."""
    answer = house.client.get("/perch%C3%A9/così", params={"q": "è"})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert house.client.head(house.sheet).content == b""
    address, told = (
        f"http://127.0.0.1:{house.installation.port}/pagopa/paForNode",
        {"Host": "localhost", "Content-Type": "text/xml"},
    )
    pieces = [b"<no", b"t", b" xml>" * 30_000]
    whole, parts = (
        httpx.post(address, content=content, headers=told, verify=PLAIN) for content in (b"".join(pieces), iter(pieces))
    )
    assert (parts.status_code, parts.content) == (whole.status_code, whole.content)
    page = house.client.get("/entra/", headers={"Cookie": ""}, follow_redirects=True)
    assert "set-cookie" in page.headers
