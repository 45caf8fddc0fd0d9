"""
What the simulators remember, in one SQLite file, so that a killed process goes on where it was.

Payments and carts are documents (JSON); deliveries and messages are rows, because they are searched.
"""

import json
import sqlite3
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS payments (number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, data TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS carts (id TEXT PRIMARY KEY, state TEXT NOT NULL, data TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY, payment TEXT NOT NULL, receipt_id TEXT NOT NULL, operation TEXT NOT NULL,
    prefixes TEXT NOT NULL, document BLOB NOT NULL, state TEXT NOT NULL, due REAL NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, answer TEXT);
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (state, due);
CREATE INDEX IF NOT EXISTS deliveries_of ON deliveries (payment);
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY, arrived TEXT NOT NULL, sender TEXT NOT NULL, recipients TEXT NOT NULL,
    subject TEXT NOT NULL, raw BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS bank_files (id INTEGER PRIMARY KEY, message_id TEXT UNIQUE NOT NULL, data TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS bank_debits (
    id INTEGER PRIMARY KEY, file INTEGER NOT NULL, key TEXT NOT NULL, reference TEXT NOT NULL, iban TEXT NOT NULL,
    data TEXT NOT NULL, events TEXT NOT NULL, told INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS bank_debits_of ON bank_debits (file);
CREATE TABLE IF NOT EXISTS bank_answers (
    id INTEGER PRIMARY KEY, file INTEGER NOT NULL, form TEXT NOT NULL, document BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS inps_records (tax_code TEXT PRIMARY KEY, data TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS inps_questions (id INTEGER PRIMARY KEY, data TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS switches (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
OF_INPS = ("inps_records", "inps_questions")
TABLES = ("payments", "carts", "deliveries", "messages", "bank_files", "bank_debits", "bank_answers", *OF_INPS, "switches")

Row = Mapping[str, Any]


class Store:
    """One connection shared by threads; every call is one short transaction."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._database.row_factory = sqlite3.Row
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.executescript(SCHEMA)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._database.close()

    def run(self, statement: str, *values: object) -> int:
        """Run one writing statement and tell how many rows it touched."""
        with self._lock:
            return self._database.execute(statement, values).rowcount

    def insert(self, statement: str, *values: object) -> int:
        """Run one INSERT and give the new row's id."""
        with self._lock:
            return self._database.execute(statement, values).lastrowid or 0

    def insert_all(self, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
        """Run one INSERT for many rows, all or none."""
        with self._lock, self._database:
            self._database.execute("BEGIN")
            self._database.executemany(statement, rows)

    def rows(self, query: str, *values: object) -> list[Row]:
        """Give all rows of a query."""
        with self._lock:
            return [dict(row) for row in self._database.execute(query, values)]

    def row(self, query: str, *values: object) -> Row | None:
        """Give the first row of a query, if any."""
        return next(iter(self.rows(query, *values)), None)

    def document(self, query: str, *values: object) -> dict[str, Any] | None:
        """Give the parsed `data` of the first row, if any."""
        row = self.row(query, *values)
        return json.loads(row["data"]) if row else None

    def reset(self) -> None:
        """Forget everything."""
        with self._lock:
            for table in TABLES:
                self._database.execute(f"DELETE FROM {table}")  # noqa: S608 -- a name of the tuple above

    def switch(self, name: str, default: str) -> str:
        """Read a presenter's switch."""
        row = self.row("SELECT value FROM switches WHERE name = ?", name)
        return row["value"] if row else default

    def set_switch(self, name: str, value: str) -> None:
        """Turn a presenter's switch."""
        self.run("INSERT OR REPLACE INTO switches (name, value) VALUES (?, ?)", name, value)
