"""Two installations on one server, made as docs/operate/database.md says: nobody reads or rewrites what is not his."""

import os
import re
from collections.abc import Iterator
from contextlib import closing, nullcontext
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import errors

from tests.config.commands.running import Ended, in_a_process

pytestmark = [pytest.mark.process, pytest.mark.xdist_group("roles")]

ROOT = Path(__file__).resolve().parents[2]
PREFIX = "campanella_test_"
TOWN = (
    "town", "create", "bra", "--name", "Comune di Bra", "--tax-code", "00142920438", "--province", "CN",
    "--iban", "IT60X0542811101000000123456", "--segregation", "7", "--office-email", "scuola@bra.example",
)  # fmt: skip


class Server:
    """The tests' own server, as its administrator."""

    def __init__(self) -> None:
        self.query = urlsplit(os.environ["CAMPANELLA_TEST_SERVER"]).query
        if "host=/" not in self.query:
            pytest.skip("only on the embedded server everybody on its socket may be the administrator")
        self.admin = psycopg.connect(self.url("postgres", "postgres"), autocommit=True)

    def url(self, role: str, database: str) -> str:
        """Return an address on this server."""
        return f"postgresql://{role}@/{database}?{self.query}"

    def make(self, name: str) -> None:
        """Make a database and its roles, line by line as the document says, under another name."""
        recipe = (ROOT / "docs/operate/database.md").read_text().split("```sql\n")[1].split("```")[0]
        self.drop(name)
        for line in re.sub(r"\bcomune(_owner)?\b", rf"{name}\1", recipe).splitlines():
            self.admin.execute(line)

    def drop(self, name: str) -> None:
        """Forget a database and its roles."""
        self.admin.execute(f"drop database if exists {name} with (force)")
        self.admin.execute(f"drop role if exists {name}")
        self.admin.execute(f"drop role if exists {name}_owner")

    def run(self, name: str, *words: str, **environment: str) -> Ended:
        """Run a command of an installation that has two addresses."""
        told = {"DATABASE_URL": self.url(name, name), "DATABASE_OWNER_URL": self.url(f"{name}_owner", name)}
        return in_a_process(*words, **{**told, "DATABASE_ROLE": "", **environment})


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Two installations, each with the town of Bra."""
    here = Server()
    with closing(here.admin):
        for name in (OURS, THEIRS):
            here.make(name)
            assert here.run(name, "migrate", "-v0") == Ended(0, "", "")
            assert here.run(name, *TOWN).status == 0
        yield here
        for name in (OURS, THEIRS):
            here.drop(name)


OURS, THEIRS = f"{PREFIX}comune", f"{PREFIX}valle"


@pytest.mark.parametrize("role", [THEIRS, f"{THEIRS}_owner"])
def test_another_installations_roles_may_not_enter(server: Server, role: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(server.url(role, OURS))


@pytest.mark.parametrize(
    "act", ["set role none", f"set role {OURS}_owner", "set session authorization default", "reset all"]
)
def test_the_pages_sign_in_can_become_nobody_who_owns(server: Server, act: str) -> None:
    with psycopg.connect(server.url(OURS, OURS), autocommit=True) as connection:
        with pytest.raises(errors.InsufficientPrivilege) if "_owner" in act else nullcontext():
            connection.execute(act)
        for wrong in (
            "delete from ledger_transfer", "update ledger_entry set memo = ''", "truncate ledger_entry",
            "alter table people_child disable row level security", "drop policy town on people_child",
            "create table mine (id int)", "delete from tenants_municipality",
        ):  # fmt: skip
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(wrong)
        assert connection.execute("select count(*) from accounts_user").fetchone() == (0,), "without a town nothing is seen"


def test_every_check_of_such_an_installation_is_silent(server: Server) -> None:
    checked = server.run(OURS, "check", "--database", "default", "--tag", "campanella", DATABASE_OWNER_URL="")
    assert (checked.status, checked.err) == (0, "")


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_nothing_starts_that_signs_in_as_the_owner(server: Server, command: str) -> None:
    started = server.run(OURS, command, DATABASE_URL=server.url(f"{OURS}_owner", OURS))
    assert started.status == 1
    assert f"The database role {OURS}_owner is, or may become, the owner of the tables" in started.err


def test_with_real_addresses_no_one_sign_in_is_allowed(server: Server) -> None:
    server.admin.execute(f"grant {OURS} to {OURS}_owner")
    started = server.run(
        OURS, "worker", DATABASE_URL=server.url(f"{OURS}_owner", OURS), DATABASE_ROLE=OURS,
        CAMPANELLA_BASE_URL="https://scuola.example", CAMPANELLA_SECRET_KEY="k" * 50,
    )  # fmt: skip
    server.admin.execute(f"revoke {OURS} from {OURS}_owner")
    assert started.status == 1
    assert "may become, the owner of the tables" in started.err


def test_a_door_left_open_is_noticed_and_shut_by_migrate(server: Server) -> None:
    server.admin.execute(f"grant connect on database {OURS} to public")
    server.admin.execute(f"grant {OURS} to {THEIRS}")  # as it was when every installation shared one role
    with psycopg.connect(server.url(f"{OURS}_owner", OURS), autocommit=True) as owner:
        owner.execute(f"grant select on people_child to {THEIRS}_owner")
    refused = server.run(OURS, "serve")
    assert refused.status == 1
    assert "every role of the server may enter" in refused.err

    assert server.run(OURS, "migrate", "-v0") == Ended(0, "", "")
    server.admin.execute(f"revoke {OURS} from {THEIRS}")

    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(server.url(THEIRS, OURS))
    found = server.admin.execute("select has_table_privilege(%s, 'pg_class', 'select')", [THEIRS]).fetchone()
    assert found == (True,)
    with psycopg.connect(server.url("postgres", OURS)) as looking:
        (may,) = looking.execute("select has_table_privilege(%s, 'people_child', 'select')", [f"{THEIRS}_owner"]).fetchone()
    assert not may, "what a stranger was granted is taken back"


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([f"alter role {OURS} bypassrls"], "sees through the walls between towns"),
        ([f"grant {OURS}_owner to {OURS}"], f"The role {OURS} can do what {OURS}_owner can"),
    ],
)
def test_migrate_refuses_a_role_that_is_too_strong(server: Server, lines: list[str], sentence: str) -> None:
    for line in lines:
        server.admin.execute(line)
    refused = server.run(OURS, "migrate", "-v0")
    server.admin.execute(f"alter role {OURS} nobypassrls")
    server.admin.execute(f"revoke {OURS}_owner from {OURS}")
    assert (refused.status, refused.out, refused.err.count("\n")) == (1, "", 1)
    assert sentence in refused.err


def test_one_address_for_both_is_refused_with_what_to_do(server: Server) -> None:
    owner = server.url(f"{OURS}_owner", OURS)
    refused = server.run(OURS, "migrate", DATABASE_URL=owner, DATABASE_OWNER_URL="")
    assert refused.status == 1
    assert "give DATABASE_URL a role of its own" in refused.err
