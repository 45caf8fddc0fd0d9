"""
What a PostgreSQL must be before our tables are made in it, and the role that pages and worker sign in with.

An outside database is made by strangers: whatever is missing is one sentence with the line that mends it.
"""

import os

from django.conf import settings
from django.db import connection

from campanella.foundation.core import sql
from campanella.foundation.core.errors import Refusal

OLDEST = 15
BY_HAND = "let an administrator of PostgreSQL run"
EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent")


class Unfit(Refusal):
    """The database cannot carry Campanella; the sentence is for whoever runs the installation."""


def make_ready() -> None:
    """
    Check the database and the application's role; call it as the owner, before migrations.

    Nothing is changed where nothing is missing.

    :raises Unfit: with what to run, or to ask an administrator for
    """
    number = _version()
    if number < OLDEST * 10_000:
        raise Unfit(f"PostgreSQL {OLDEST} or newer is needed; this one is {number // 10_000}.{number % 10_000}.")
    ((encoding, who, name, makes_tables, makes_roles, owns_database),) = sql.rows(_ABOUT)
    if encoding != "UTF8":
        raise Unfit(f"The database {name} keeps text as {encoding}: make it anew with “encoding 'UTF8' template template0”.")
    if not makes_tables:
        raise Unfit(f"The role {who} may not make tables in {name}: run “alter database {name} owner to {who}”.")
    found = {extension for (extension,) in sql.rows("select name from pg_available_extensions")}
    missing = [extension for extension in EXTENSIONS if extension not in found]
    if missing:
        raise Unfit(f"PostgreSQL lacks {', '.join(missing)}: install its contrib package on the server.")
    role = settings.APPLICATION_ROLE
    if os.environ.get("DATABASE_ROLE"):
        _make_role(role, who=who, may_make=makes_roles)
    else:
        _check_role(role, who=who)
    _shut_to_others(role, name=name, may_shut=owns_database)


def _make_role(role: str, *, who: str, may_make: bool) -> None:
    """With one sign-in for everything (the demo, the tests) the owner acts as a role that it may make itself."""
    if not sql.rows("select 1 from pg_roles where rolname = %s", [role]):
        if not may_make:
            raise Unfit(
                f"The role {who} may not make {role}: {BY_HAND} “create role {role} nologin; grant {role} to {who};”."
            )
        sql.run(f"create role {_name(role)} nologin")
        sql.run(f"grant {_name(role)} to current_user")
    # Since version 16 a member may be one without the right to act as the role.
    right = "set" if _version() >= 160_000 else "member"
    if sql.rows("select pg_has_role(current_user, %s, %s)", [role, right]) != [(True,)]:
        raise Unfit(f"The role {who} may not act as {role}: {BY_HAND} “grant {role} to {who};”.")


def _check_role(role: str, *, who: str) -> None:
    """Pages and worker sign in as somebody who owns nothing, and can become nobody who does."""
    if role == who:
        raise Unfit(
            f"Pages and worker would sign in as {who}, which owns the tables and may do anything: give DATABASE_URL a role"
            " of its own, and DATABASE_OWNER_URL this one (docs/operate/database.md)."
        )
    known = sql.rows(
        "select rolsuper or rolbypassrls or pg_has_role(rolname, %s, 'member') from pg_roles where rolname = %s", [who, role]
    )
    if not known:
        raise Unfit(f"There is no role {role}: {BY_HAND} “create role {role} login password '…';”.")
    if known == [(True,)]:
        raise Unfit(
            f"The role {role} can do what {who} can, or sees through the walls between towns: {BY_HAND}"
            f" “alter role {role} nosuperuser nobypassrls; revoke {who} from {role};”."
        )


def _shut_to_others(role: str, *, name: str, may_shut: bool) -> None:
    """Whoever has a role on the server may enter a database as it is made; into this one only its own two may."""
    if sql.rows("select has_database_privilege('public', current_database(), 'connect')") == [(True,)]:
        lines = [
            f"revoke connect, temporary on database {_name(name)} from public",
            f"grant connect on database {_name(name)} to {_name(role)}",
        ]
        if may_shut:
            for line in lines:
                sql.run(line)
        elif not settings.DEMO:
            raise Unfit(f"Every role of the server may enter {name}: let its owner run “{'; '.join(lines)};”.")
    if sql.rows("select has_database_privilege(%s, current_database(), 'connect')", [role]) != [(True,)]:
        line = f"grant connect on database {_name(name)} to {_name(role)}"
        if not may_shut:
            raise Unfit(f"The role {role} may not enter {name}: let its owner run “{line};”.")
        sql.run(line)


def _name(text: str) -> str:
    return connection.ops.quote_name(text)


def _version() -> int:
    ((number,),) = sql.rows("select current_setting('server_version_num')::int")
    return int(number)


_ABOUT = """
select pg_encoding_to_char(d.encoding), current_user, current_database(),
       has_schema_privilege(current_user, 'public', 'create'), r.rolsuper or r.rolcreaterole,
       pg_has_role(current_user, d.datdba, 'usage')
  from pg_database d join pg_roles r on r.rolname = current_user where d.datname = current_database()
"""
