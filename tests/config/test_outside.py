"""A database made by somebody else: looked at before anything is made in it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from campanella.config import outside
from campanella.domains.accounts.models import User
from campanella.foundation.core.scope import scope
from tests.towns import as_owner, make_town

ROOT = Path(__file__).resolve().parents[2]
STRANGER = "campanella_test_stranger"


def command(url: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command of ours on a database."""
    return subprocess.run(
        [sys.executable, "-m", "campanella", *words],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture
def foreign() -> Iterator[tuple[psycopg.Connection, str]]:
    """An empty database owned by a role that may do nothing else, and the server's administrator."""
    url = urlsplit(os.environ["CAMPANELLA_TEST_SERVER"])
    if "host=/" not in url.query:
        pytest.skip("only on the embedded server everybody on its socket may be the administrator")
    with psycopg.connect(f"postgresql://postgres@/postgres?{url.query}", autocommit=True) as admin:
        admin.execute(f"drop database if exists {STRANGER}")
        admin.execute(f"drop role if exists {STRANGER}")
        admin.execute(f"create role {STRANGER} login")
        admin.execute(f"create database {STRANGER} owner {STRANGER} template template0")
        yield admin, f"postgresql://{STRANGER}@/{STRANGER}?{url.query}"
        admin.execute(f"drop database {STRANGER} with (force)")
        admin.execute(f"drop role {STRANGER}")


@pytest.mark.process
def test_a_stranger_is_told_what_to_ask_for_and_then_migrates(foreign: tuple[psycopg.Connection, str]) -> None:
    admin, url = foreign
    before = command(url, "town", "list")
    assert (before.returncode, before.stdout) == (1, "")
    assert before.stderr.endswith("Run “campanella migrate” first.\n")

    refused = command(url, "migrate", "-v0")
    assert (refused.returncode, refused.stdout) == (1, "")
    (sentence,) = refused.stderr.splitlines()
    assert f"let an administrator of PostgreSQL run “grant campanella_app to {STRANGER};”" in sentence

    admin.execute(f"grant campanella_app to {STRANGER}")
    waiting = command(url, "worker")
    assert waiting.returncode == 1
    assert "migrations are waiting" in waiting.stderr
    assert "Traceback" not in waiting.stderr

    done = command(url, "migrate", "-v0")
    assert (done.returncode, done.stderr) == (0, "")
    after = command(url, "town", "list")
    assert (after.returncode, after.stdout) == (0, "No towns yet: “campanella town create” makes one.\n")


def test_a_server_that_is_too_old_is_refused_in_a_sentence(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside, "_version", lambda: 130_014)
    with as_owner(), pytest.raises(outside.Unfit, match=r"^PostgreSQL 15 or newer is needed; this one is 13\.14\.$"):
        outside.make_ready()


def test_a_server_that_lacks_an_extension_says_which(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside, "EXTENSIONS", ("btree_gist", "postgis_of_nowhere"))
    with as_owner(), pytest.raises(outside.Unfit, match="PostgreSQL lacks postgis_of_nowhere: install its contrib package"):
        outside.make_ready()


def test_the_tests_own_database_is_fit(db: None) -> None:
    with as_owner():
        outside.make_ready()


@pytest.mark.process
@pytest.mark.parametrize(
    "words", [("ledger", "verify"), ("migrate",), ("worker",), ("import", "people", "x.csv", "--town", "bra")]
)
def test_a_database_that_does_not_answer_is_one_sentence(words: tuple[str, ...]) -> None:
    done = command("postgresql://nobody@127.0.0.1:1/none", *words)
    assert (done.returncode, done.stdout) == (1, "")
    (sentence,) = done.stderr.splitlines()
    assert sentence.startswith("The database does not answer: ")
    assert "refused" in sentence


@pytest.mark.slow
def test_more_rows_than_fit_in_a_statement(db: None) -> None:
    town = make_town(slug="valle", tax_code="00142920439")
    with scope(town.id):
        rows = [User(username=f"u{i}", display_name="", roles=["guardian"], password="") for i in range(8_000)]
        User.objects.bulk_create(rows)
        for row in rows:
            row.display_name = "Famiglia"
        User.objects.bulk_update(rows[:7000:70], ["display_name"])
        assert User.objects.filter(display_name="Famiglia").count() == 100
        assert User.objects.count() == 8_000
