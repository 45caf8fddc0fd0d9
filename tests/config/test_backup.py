"""A copy of a living installation is taken, put back elsewhere, and is the same to the last row."""

import json
import os
import resource
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from zipfile import ZipFile

import psycopg
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.db import connection

from campanella.config import restore
from campanella.domains.payments.models import InboundMessage
from campanella.foundation.core import clock, jobs
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import scope
from campanella.usecases import adjust
from tests import database
from tests.concurrency.conftest import committed, town  # noqa: F401  # fixtures
from tests.config.commands.running import ROOT, Ended, in_a_process
from tests.towns import Cast, make_cast

pytestmark = [pytest.mark.process, pytest.mark.slow]


@dataclass
class House:
    """A living installation: two towns, files, a job that waits, a payment for nobody."""

    url: str
    var: Path
    cast: Cast

    def run(self, *words: str, url: str = "", var: Path | None = None) -> Ended:
        """Run a command on it, or on another."""
        return in_a_process(*words, DATABASE_URL=url or self.url, CAMPANELLA_VAR=str(var or self.var))


@pytest.fixture
def house(committed: str, town: Cast, tmp_path: Path) -> House:  # noqa: F811
    """Valle and Borgo, with something in every corner that is easily forgotten."""
    make_cast(slug="borgo", tax_code="00142920413")
    var = tmp_path / "var"
    files = FileSystemStorage(location=var / "files")
    files.save("news/1/menu.pdf", ContentFile(b"%PDF \x00 menu"))
    files.save("news/1/empty", ContentFile(b""))
    with scope(town.town.id):
        town.credit("Anna", 1234)
        jobs.enqueue("react", town=town.town.id, reaction="nothing", event="Nothing", fields={})
        for number, where in enumerate((town.town.id, None)):
            InboundMessage.objects.create(
                municipality_id=where, sha256=str(number), body=b"\x00\\N\n\t\xff", received_at=clock.now()
            )
    return House(committed, var, town)


@pytest.fixture
def elsewhere(house: House) -> Iterator[str]:
    """A database of the same server with tables and without a town."""
    server = os.environ["CAMPANELLA_TEST_SERVER"]
    name = urlsplit(house.url).path.lstrip("/") + "_e"
    yield database.copy(server, os.environ["CAMPANELLA_TEST_TEMPLATE"], name)
    database.drop(server, name)


@pytest.fixture
def empty(house: House) -> Iterator[str]:
    """A database of the same server with nothing in it."""
    server = os.environ["CAMPANELLA_TEST_SERVER"]
    name = urlsplit(house.url).path.lstrip("/") + "_r"
    with psycopg.connect(database.url_of(server, "postgres"), autocommit=True) as admin:
        admin.execute(f'drop database if exists "{name}" with (force)')
        admin.execute(f'create database "{name}" encoding "UTF8" template template0')
    yield database.url_of(server, name)
    database.drop(server, name)


def everything(url: str) -> dict[str, list[str]]:
    """Read every row of every table and every sequence; a table's owner lifts the walls for a moment, as nobody else may."""
    found = {}
    with psycopg.connect(url) as owner:
        for name, kind in owner.execute(_RELATIONS).fetchall():
            if name in ("procrastinate_workers", "core_change"):
                continue
            if kind == "S":
                found[name] = owner.execute(f"select last_value::text, is_called::text from {name}").fetchall()
                continue
            owner.execute(f"alter table {name} no force row level security")
            found[name] = [row for (row,) in owner.execute(f"select t::text from {name} t order by 1").fetchall()]
        owner.rollback()
    return found


_RELATIONS = """
select relname, relkind::text from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'S')
"""


def test_what_is_put_back_is_the_same_to_the_last_row(house: House, empty: str, tmp_path: Path) -> None:
    copy, var = tmp_path / "copy.zip", tmp_path / "other"
    taken = house.run("backup", str(copy))
    assert (taken.status, taken.err) == (0, "")
    assert f"{copy} holds 2 towns" in taken.out
    assert "2 files" in taken.out
    assert copy.stat().st_mode & 0o777 == 0o600

    back = house.run("restore", str(copy), url=empty, var=var)

    assert (back.status, back.err) == (0, "")
    before, after = everything(house.url), everything(empty)
    assert len(before["procrastinate_jobs"]) >= 1
    assert len(before["payments_inboundmessage"]) == 2
    assert len(before["people_child"]) >= 6
    assert after == before
    kept = {str(path.relative_to(var)): path.read_bytes() for path in (var / "files").rglob("*") if path.is_file()}
    assert kept == {"files/news/1/menu.pdf": b"%PDF \x00 menu", "files/news/1/empty": b""}
    assert house.run("ledger", "verify", url=empty) == Ended(0, "borgo: clean\nvalle: clean\n", "")
    walls = "select relname, relrowsecurity, relforcerowsecurity, relacl::text from pg_class where relkind = 'r' order by 1"
    with psycopg.connect(house.url) as one, psycopg.connect(empty) as other:
        assert other.execute(walls).fetchall() == one.execute(walls).fetchall()


def test_a_copy_is_of_one_moment(house: House, elsewhere: str, tmp_path: Path) -> None:
    """Money moves while the copy is taken: what is put back is clean, whichever movements it has."""
    done = threading.Event()

    def work() -> None:
        number = 0
        while not done.is_set() and number < 400:
            number += 1
            with scope(house.cast.town.id):
                wallet = house.cast.wallet("Luca").pk
                adjust.adjust(
                    by=house.cast.staff["office"],
                    wallet_id=wallet,
                    amount=Euro(number),
                    reason="Prova",
                    key=str(number),
                    now=clock.now(),
                )
        connection.close()

    living = threading.Thread(target=work)
    living.start()
    copy = tmp_path / "copy.zip"
    taken = house.run("backup", str(copy))
    done.set()
    living.join()
    assert taken.status == 0
    assert house.run("restore", str(copy), url=elsewhere, var=tmp_path / "other").status == 0
    assert house.run("ledger", "verify", url=elsewhere).status == 0


def test_a_file_that_is_there_is_not_written_over(house: House, tmp_path: Path) -> None:
    (tmp_path / "old.zip").write_text("precious")
    refused = house.run("backup", str(tmp_path / "old.zip"))
    assert (refused.status, refused.out, refused.err.count("\n")) == (1, "", 1)
    assert "is there already" in refused.err
    assert (tmp_path / "old.zip").read_text() == "precious"


@pytest.mark.parametrize("where", ["full", "absent/copy.zip"])
def test_a_copy_that_cannot_be_written_leaves_nothing(house: House, tmp_path: Path, where: str) -> None:
    """A disk that takes no more: here a limit of the process, which ends in the same place."""
    done = subprocess.run(
        [sys.executable, "-m", "campanella", "backup", str(tmp_path / where)],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": house.url, "CAMPANELLA_VAR": str(house.var)},
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000)),
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "could not be written" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["var"]


def test_a_living_house_is_never_written_over(house: House, elsewhere: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.zip"
    house.run("backup", str(copy))
    before = everything(house.url)

    town_there = house.run("restore", str(copy), var=tmp_path / "other")
    files_there = house.run("restore", str(copy), url=elsewhere)

    assert (town_there.status, files_there.status) == (1, 1)
    assert town_there.err == "This database holds a town already: restore into an empty one.\n"
    assert files_there.err.startswith("There are files in ")
    assert everything(house.url) == before
    assert not (tmp_path / "other" / "files").exists()


def test_a_copy_that_is_none_or_anothers_is_refused(house: House, elsewhere: str, tmp_path: Path) -> None:
    copy, var = tmp_path / "copy.zip", tmp_path / "other"
    house.run("backup", str(copy))
    short, other, holed, text = (tmp_path / name for name in ("short.zip", "later.zip", "holed.zip", "text.zip"))
    short.write_bytes(copy.read_bytes()[:-2000])
    text.write_text("not a zip")
    _written_again(copy, other, lambda name, data: _later(data) if name == "manifest.json" else data)
    _written_again(copy, holed, lambda name, data: _shorter(data) if name == "tables/ledger_wallet" else data)

    for path, words in (
        (short, "is not whole"),
        (text, "is no copy made by"),
        (tmp_path / "absent.zip", "No such file"),
        (other, "was made by Campanella 9.0.0, whose tables are others than this one’s"),
    ):
        with pytest.raises(restore.NotRestored, match=words):
            restore.put_back(copy=path, files=var / "files", migrate=lambda: pytest.fail("looked at too late"))
    refused = house.run("restore", str(holed), url=elsewhere, var=var)
    assert (refused.status, refused.out, refused.err.count("\n")) == (1, "", 1), refused.err
    assert refused.err.startswith("The copy is not whole: ledger_wallet has ")
    assert not var.exists() or not (var / "files").exists()

    assert house.run("restore", str(copy), url=elsewhere, var=var).status == 0, "what was refused left an empty house"


def _later(manifest: bytes) -> bytes:
    said = json.loads(manifest)
    return json.dumps({**said, "version": "9.0.0", "migrations": [*said["migrations"], "people.0099_later"]}).encode()


def _shorter(rows: bytes) -> bytes:
    return rows[: rows.rindex(b"\n", 0, -1) + 1]


def _written_again(copy: Path, to: Path, changed: Callable[[str, bytes], bytes]) -> None:
    with ZipFile(copy) as old, ZipFile(to, "w") as new:
        for name in old.namelist():
            new.writestr(name, changed(name, old.read(name)))
