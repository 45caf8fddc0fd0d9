"""
What a PostgreSQL must be before our tables are made in it, and the role that the application acts as.

An outside database is made by strangers: whatever is missing is one sentence with the line that mends it.
"""

from campanella.config.database import APPLICATION
from campanella.foundation.core import sql
from campanella.foundation.core.errors import Refusal

OLDEST = 15
EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent")


class Unfit(Refusal):
    """The database cannot carry Campanella; the sentence is for whoever runs the installation."""


def make_ready() -> None:
    """
    Check the database and make the application's role; call it as the owner, before migrations.

    :raises Unfit: with what to run, or to ask an administrator for
    """
    number = _version()
    if number < OLDEST * 10_000:
        raise Unfit(f"PostgreSQL {OLDEST} or newer is needed; this one is {number // 10_000}.{number % 10_000}.")
    ((encoding, who, name, makes_tables, makes_roles),) = sql.rows(_ABOUT)
    if encoding != "UTF8":
        raise Unfit(f"The database {name} keeps text as {encoding}: make it anew with “encoding 'UTF8' template template0”.")
    if not makes_tables:
        raise Unfit(f"The role {who} may not make tables in {name}: run “alter database {name} owner to {who}”.")
    found = {extension for (extension,) in sql.rows("select name from pg_available_extensions")}
    missing = [extension for extension in EXTENSIONS if extension not in found]
    if missing:
        raise Unfit(f"PostgreSQL lacks {', '.join(missing)}: install its contrib package on the server.")
    _make_role(who=who, may_make=makes_roles)


def _make_role(*, who: str, may_make: bool) -> None:
    by_hand = f"let an administrator of PostgreSQL run “create role {APPLICATION} nologin; grant {APPLICATION} to {who};”"
    if not sql.rows("select 1 from pg_roles where rolname = %s", [APPLICATION]):
        if not may_make:
            raise Unfit(f"The role {who} may not make the role {APPLICATION}: {by_hand}.")
        sql.run(f"create role {APPLICATION} nologin")
        sql.run(f"grant {APPLICATION} to current_user")
    # Since version 16 a member may be one without the right to act as the role.
    right = "set" if _version() >= 160_000 else "member"
    if sql.rows("select pg_has_role(current_user, %s, %s)", [APPLICATION, right]) != [(True,)]:
        grant = f"grant {APPLICATION} to {who}"
        raise Unfit(f"The role {who} may not act as {APPLICATION}: let an administrator of PostgreSQL run “{grant};”.")


def _version() -> int:
    ((number,),) = sql.rows("select current_setting('server_version_num')::int")
    return int(number)


_ABOUT = """
select pg_encoding_to_char(d.encoding), current_user, current_database(),
       has_schema_privilege(current_user, 'public', 'create'), r.rolsuper or r.rolcreaterole
  from pg_database d join pg_roles r on r.rolname = current_user where d.datname = current_database()
"""
