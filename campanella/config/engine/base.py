"""PostgreSQL takes 65,535 values in a statement: rows beyond go into the next one (Django learns this in version 6)."""

from collections.abc import Sequence
from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.postgresql.operations import DatabaseOperations

MOST_VALUES = 65_535


class Operations(DatabaseOperations):
    """How statements are written."""

    def bulk_batch_size(self, fields: Sequence[Any], objs: Sequence[Any]) -> int:
        """Return how many rows of these fields go into one statement; an update says a row's key beside each value."""
        return MOST_VALUES // (2 * max(1, len(fields)))


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to PostgreSQL."""

    ops_class = Operations
