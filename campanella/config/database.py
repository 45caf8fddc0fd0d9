"""
How the database is reached.

Without ``DATABASE_URL`` the embedded PostgreSQL under ``var/`` is meant. The application always acts as the role
``campanella_app``, which cannot bypass row-level security; only migrations and the making of towns act as the owner.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

APPLICATION = "campanella_app"
NO_ADDRESS = "DATABASE_URL is not the address of a PostgreSQL, such as postgresql://role:password@host:5432/database."


def connection_of(environ: Mapping[str, str], var: Path) -> dict[str, Any]:
    """
    Return Django's description of the database.

    :raises ValueError: with a sentence, when ``DATABASE_URL`` is no address; it is not repeated, for it holds a password
    """
    url = environ.get("DATABASE_URL") or f"postgresql://campanella@/campanella?host={embedded_socket(var)}"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError(NO_ADDRESS)
    if parts.scheme not in ("postgresql", "postgres"):
        raise ValueError(NO_ADDRESS)
    query = dict(parse_qsl(parts.query))
    as_owner = environ.get("CAMPANELLA_AS_OWNER") == "1"
    options: dict[str, Any] = {"options": "" if as_owner else f"-c role={APPLICATION}"}
    options["options"] += " -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s"
    # A statement that comes back is planned once a connection: half of a page's cost in the database was planning.
    # Behind a pooler that gives each transaction another connection, the plan would be elsewhere.
    lasting = environ.get("CAMPANELLA_PREPARED_STATEMENTS", "true").lower() not in {"false", "0", "no"}
    options |= {"server_side_binding": True, "prepare_threshold": 5 if lasting else None}
    options |= {key: value for key, value in query.items() if key not in {"host", "port"}}
    if not as_owner:
        options["pool"] = {
            "min_size": 1,
            "max_size": int(environ.get("CAMPANELLA_THREADS") or 4) + 1,
            "timeout": 5,
        }
    return {
        "ENGINE": "campanella.config.engine",
        "NAME": parts.path.lstrip("/") or "campanella",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or query.get("host", ""),
        "PORT": str(port or query.get("port", "")),
        "CONN_MAX_AGE": 0,
        "DISABLE_SERVER_SIDE_CURSORS": not lasting,
        "OPTIONS": options,
    }


def embedded_socket(var: Path) -> str:
    """Return the folder of the embedded server's socket: short, because a socket's path may have 107 bytes."""
    import hashlib

    name = hashlib.sha256(str(var.resolve()).encode()).hexdigest()[:10]
    return f"/tmp/campanella-{os.getuid()}-{name}"  # noqa: S108  # made with mode 0700 by the server's starter
