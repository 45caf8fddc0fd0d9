"""
PostgreSQL takes 65,535 values in a statement: rows beyond go into the next one (Django learns this in version 6).

A transaction tells its town as it begins. Our longest statements are looked through once.
"""

import select
from collections.abc import Sequence
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.backends.utils import debug_transaction
from psycopg import _queries
from psycopg_pool import ConnectionPool

from campanella.foundation.core.scope import town_of_transaction

MOST_VALUES = 65_535
# The driver looks a statement through for its places once, and each time anew where it is longer than this. Its own 4,096
# leave out the longest of ours, that of the families' first page among them; with many values none is kept as before.
vars(_queries)["MAX_CACHED_STATEMENT_LENGTH"] = 8_192


class Operations(DatabaseOperations):
    """How statements are written."""

    def bulk_batch_size(self, fields: Sequence[Any], objs: Sequence[Any]) -> int:
        """Return how many rows of these fields go into one statement; an update says a row's key beside each value."""
        return MOST_VALUES // (2 * max(1, len(fields)))


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to PostgreSQL."""

    ops_class = Operations

    def _start_transaction_under_autocommit(self) -> None:
        """
        Begin a transaction and say whose it is in one message: every page, job and use case begins so.

        Django asks for it under this name where a transaction begins by a word of its own; the driver would send BEGIN
        alone, wait, and then the town.
        """
        town_id = town_of_transaction()
        told = "" if town_id is None else f"; set local app.town = '{town_id:d}'"
        try:
            with debug_transaction(self, "BEGIN"), self.wrap_database_errors:
                self.connection.execute(f"begin{told}", prepare=False)
        except BaseException:
            self.close()  # what has begun there is nobody's
            raise

    def _set_autocommit(self, autocommit: bool) -> None:
        if self.connection.autocommit != autocommit:
            super()._set_autocommit(autocommit)  # type: ignore[misc]  # the stubs leave it out

    @property
    def pool(self) -> "ConnectionPool[Any] | None":
        """The connections of the process; one that the server has shut is not handed out: after a restart all are."""
        pool: ConnectionPool[Any] | None = super().pool
        if pool:
            pool._check = _still_open
        return pool


def _still_open(connection: "psycopg.Connection[Any]") -> None:
    """
    Look whether the server has shut a connection that rested: then it has said so, and the word waits to be read.

    Asking it would cost every page a question more.

    :raises psycopg.OperationalError: it has
    """
    heard, _, _ = select.select([connection.fileno()], [], [], 0)
    if heard:
        ConnectionPool.check_connection(connection)
