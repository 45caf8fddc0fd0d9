"""
The tests' database: an embedded server for the run, one migrated template, a copy for each worker.

With ``DATABASE_URL`` an outside server is used instead; its role must be allowed to create databases. Only databases whose
names begin with ``campanella_test_`` and ``campanella_template_`` are made and dropped there.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import errors

ROOT = Path(__file__).resolve().parents[1]

# A drop waits five seconds for the last session; a loaded machine needs longer to end one.
ATTEMPTS = 12

# Left by runs that were killed, with nobody in them any more.
_OURS = """
select datname from pg_database d where datname ~ '^campanella_(test|template)_'
   and pg_has_role(current_user, d.datdba, 'usage') and not exists (select from pg_stat_activity a where a.datid = d.oid)
"""

_END_OURS = """
select pg_terminate_backend(pid) from pg_stat_activity where datname = %s and pg_has_role(current_user, usesysid, 'usage')
"""


def url_of(url: str, database: str) -> str:
    """Return the URL of another database of the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def own() -> str:
    """Return the name of this process's copy."""
    return urlsplit(os.environ["DATABASE_URL"]).path.lstrip("/")


def with_town() -> str:
    """Return the name of the database in which this process keeps a town that is committed; it is dropped with its copy."""
    return own() + "_town"


def make_template(url: str) -> str:
    """Make the migrated template if no other run has, and return its name; it is named after what it is made from."""
    name = f"campanella_template_{fingerprint()}"
    with psycopg.connect(url_of(url, "postgres"), autocommit=True) as admin:
        admin.execute("select pg_advisory_lock(7260)")
        if admin.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
            return name
        for (old,) in admin.execute(_OURS).fetchall():
            admin.execute(f'drop database if exists "{old}"')
        try:
            admin.execute(f'create database "{name}_new" encoding "UTF8" template template0')
        except errors.InsufficientPrivilege:
            raise SystemExit(
                "The tests make databases of their own: run “alter role … createdb” for the role of DATABASE_URL."
            )
        subprocess.run(
            [sys.executable, "-m", "campanella", "migrate", "-v0"],
            cwd=ROOT,
            check=True,
            env={**os.environ, "DATABASE_URL": url_of(url, f"{name}_new")},
        )
        admin.execute(f'alter database "{name}_new" rename to "{name}"')
    return name


def copy(url: str, template: str, database: str) -> str:
    """
    Make a fresh copy of a template and return its URL.

    By its files: written row by row into the log, as PostgreSQL does it by itself, a copy takes five times the work.
    """
    with psycopg.connect(url_of(url, "postgres"), autocommit=True) as admin:
        _drop(admin, database)
        admin.execute(f'create database "{database}" template "{template}" strategy file_copy')
    return url_of(url, database)


def drop(url: str, database: str) -> None:
    """Drop a copy."""
    with psycopg.connect(url_of(url, "postgres"), autocommit=True) as admin:
        _drop(admin, database)


def _drop(admin: psycopg.Connection, database: str) -> None:
    """
    Shut a database, end our own sessions in it, drop it.

    Not ``with (force)``: that is refused while the server vacuums there, and a plain drop waits for it. A session that
    was being opened while the database was shut is in no list yet: it is met at the next attempt.
    """
    if not admin.execute("select 1 from pg_database where datname = %s", [database]).fetchone():
        return
    admin.execute(f'alter database "{database}" allow_connections false')
    for left in reversed(range(ATTEMPTS)):
        admin.execute(_END_OURS, [database])
        try:
            admin.execute(f'drop database "{database}"')
            return
        except errors.ObjectInUse:
            if not left:
                raise


def fingerprint() -> str:
    """Return a name for what a migrated database is made from."""
    sources = sorted(
        [
            *ROOT.glob("campanella/**/migrations/*.py"),
            *ROOT.glob("campanella/**/models.py"),
            *ROOT.glob("campanella/**/guards.py"),
            *ROOT.glob("campanella/**/catalogue.py"),
            *ROOT.glob("campanella/**/telling.py"),
            *ROOT.glob("campanella/config/postgres.py"),
        ]
    )
    digest = hashlib.sha256()
    for source in sources:
        digest.update(source.read_bytes())
    return digest.hexdigest()[:12]
