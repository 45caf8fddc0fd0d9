"""
How the database is reached, and as whom.

``DATABASE_URL`` signs in pages, worker and most commands as a role that owns nothing and cannot bypass row-level security;
``DATABASE_OWNER_URL`` signs in the few commands that change tables or the register of towns. Without either the embedded
PostgreSQL under ``var/`` is meant. The demo and the tests may have one sign-in only, the owner's, and then act as
``DATABASE_ROLE``.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

# The embedded server's roles.
OWNER, APPLICATION = "campanella", "campanella_app"
NO_ADDRESS = "{name} is not the address of a PostgreSQL, such as postgresql://role:password@host:5432/database."
# Seconds. Who changes tables gives way soon: whatever waits behind a change, every page, waits as long.
LOCKS, LOCKS_OF_OWNER = 10, 3
# Seconds, and milliseconds: a server that is gone without a word is given up within half a minute, not in two hours.
PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}


def connection_of(environ: Mapping[str, str], var: Path) -> dict[str, Any]:
    """
    Return Django's description of the database.

    :raises ValueError: with a sentence, when an address is none; it is not repeated, for it holds a password
    """
    as_owner = environ.get("CAMPANELLA_AS_OWNER") == "1"
    made = _described(*_address(environ, var, as_owner=as_owner))
    role = "" if as_owner else environ.get("DATABASE_ROLE") or ""
    locks = LOCKS_OF_OWNER if as_owner else LOCKS
    said = f"-c lock_timeout={locks}s -c idle_in_transaction_session_timeout=60s"
    if seconds := environ.get("DATABASE_STATEMENT_SECONDS"):
        said += f" -c statement_timeout={seconds}s"
    # A statement that comes back is planned once a connection: half of a page's cost in the database was planning.
    # Behind a pooler that gives each transaction another connection, the plan would be elsewhere.
    lasting = environ.get("CAMPANELLA_PREPARED_STATEMENTS", "true").lower() not in {"false", "0", "no"}
    options: dict[str, Any] = {
        "options": f"-c role={role} {said}" if role else said,
        "server_side_binding": True,
        "prepare_threshold": 5 if lasting else None,
        **PATIENCE,
        **made["OPTIONS"],
    }
    if not as_owner:
        options["pool"] = {
            "min_size": 1,
            "max_size": int(environ.get("CAMPANELLA_THREADS") or 4) + 1,
            "timeout": 5,
        }
    return {
        **made,
        "ENGINE": "campanella.config.engine",
        "CONN_MAX_AGE": 0,
        "DISABLE_SERVER_SIDE_CURSORS": not lasting,
        "OPTIONS": options,
    }


def application_role(environ: Mapping[str, str]) -> str:
    """
    Return the role that pages and worker act as: the walls are made for it.

    :raises ValueError: ``DATABASE_URL`` is no address
    """
    url = environ.get("DATABASE_URL")
    return environ.get("DATABASE_ROLE") or (_described("DATABASE_URL", url)["USER"] if url else APPLICATION)


def one_sign_in(environ: Mapping[str, str]) -> dict[str, str]:
    """Return what processes are told when only the owner's address is there: they act as a role named after it."""
    url = environ.get("DATABASE_URL")
    if not url or environ.get("DATABASE_OWNER_URL") or environ.get("DATABASE_ROLE"):
        return {}
    owner = _described("DATABASE_URL", url)["USER"] or "postgres"
    return {"DATABASE_ROLE": f"{owner}_app"}


def embedded_socket(var: Path) -> str:
    """Return the folder of the embedded server's socket: short, because a socket's path may have 107 bytes."""
    import hashlib

    name = hashlib.sha256(str(var.resolve()).encode()).hexdigest()[:10]
    return f"/tmp/campanella-{os.getuid()}-{name}"  # noqa: S108  # made with mode 0700 by the server's starter


def _address(environ: Mapping[str, str], var: Path, *, as_owner: bool) -> tuple[str, str]:
    """Return the name of the variable that counts, and its address."""
    for name in ("DATABASE_OWNER_URL", "DATABASE_URL") if as_owner else ("DATABASE_URL",):
        if url := environ.get(name):
            return name, url
    user = OWNER if as_owner else APPLICATION
    return "DATABASE_URL", f"postgresql://{user}@/campanella?host={embedded_socket(var)}"


def _described(name: str, url: str) -> dict[str, Any]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError(NO_ADDRESS.format(name=name))
    if parts.scheme not in ("postgresql", "postgres"):
        raise ValueError(NO_ADDRESS.format(name=name))
    query = dict(parse_qsl(parts.query))
    return {
        "NAME": parts.path.lstrip("/") or "campanella",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or query.get("host", ""),
        "PORT": str(port or query.get("port", "")),
        "OPTIONS": {key: value for key, value in query.items() if key not in {"host", "port"}},
    }
