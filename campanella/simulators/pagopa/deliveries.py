"""
Receipts on their way to the creditor: kept first, sent when due, sent again until accepted.

The Node tries 48 times, an hour apart (SANP 3.12); here the wait is seconds at first and doubles four times.
OK and PAA_RECEIPT_DUPLICATA end a delivery; any other answer does not.
States: waiting, sending, held (leaves only by hand), delivered, duplicate, given_up.
"""

import json
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any

from campanella.simulators import clock
from campanella.simulators.pagopa.station import Call, Station
from campanella.simulators.store import Row, Store

MOST_ATTEMPTS = 48
WORKERS = 8
SENDABLE = ("waiting", "held", "given_up")
SHOWN = "id, payment, receipt_id, operation, prefixes, state, due, attempts, answer"


class Deliveries:
    """The queue of receipts and the thread that empties it."""

    def __init__(self, *, store: Store, station: Station, retry_seconds: float) -> None:
        self._store = store
        self._station = station
        self._retry_seconds = retry_seconds
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="deliveries", daemon=True)

    def start(self) -> None:
        """Take up what a former process left, then work until `stop`."""
        # A process killed while sending never learned the answer: it must ask again.
        self._store.run("UPDATE deliveries SET state = 'waiting' WHERE state = 'sending'")
        self._thread.start()

    def stop(self) -> None:
        """Finish the calls in flight and stop."""
        self._stopping.set()
        self._wake.set()
        self._thread.join()

    def add(
        self,
        *,
        payment: str,
        receipt_id: str,
        operation: str,
        style: str,
        document: bytes,
        delay_seconds: float | None,
    ) -> int:
        """Keep one receipt to send after a delay; None means never by itself."""
        state = "held" if delay_seconds is None else "waiting"
        due = clock.waiting_time() + (delay_seconds or 0)
        identifier = self._store.insert(
            "INSERT INTO deliveries (payment, receipt_id, operation, prefixes, document, state, due)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            *(payment, receipt_id, operation, style, document, state, due),
        )
        self._wake.set()
        return identifier

    def send(self, identifier: int) -> Call | None:
        """Send one delivery now; None when it is done, unknown or being sent by somebody else."""
        claimed = self._store.run(
            "UPDATE deliveries SET state = 'sending' WHERE id = ? AND state IN (?, ?, ?)",
            identifier,
            *SENDABLE,
        )
        row = self._store.row("SELECT * FROM deliveries WHERE id = ?", identifier) if claimed else None
        return self._send(row) if row else None

    def send_all(self, identifiers: Sequence[int], *, parallel: bool) -> list[Call]:
        """Send these deliveries now, one after the other or all at once, and tell the answers."""
        with ThreadPoolExecutor(len(identifiers) if parallel else 1) as pool:
            return [call for call in pool.map(self.send, identifiers) if call]

    def of(self, payment: str) -> list[dict[str, Any]]:
        """The deliveries of one payment, in order."""
        rows = self._store.rows(f"SELECT {SHOWN} FROM deliveries WHERE payment = ? ORDER BY id", payment)  # noqa: S608 -- the columns above
        return [_shown(row) for row in rows]

    def pending(self) -> list[dict[str, Any]]:
        """What is not yet delivered, the soonest first."""
        rows = self._store.rows(
            f"SELECT {SHOWN} FROM deliveries"  # noqa: S608 -- the columns above
            " WHERE state NOT IN ('delivered', 'duplicate') ORDER BY due LIMIT 200"
        )
        return [_shown(row) for row in rows]

    def _send(self, row: Row) -> Call:
        call = self._station.deliver(operation=row["operation"], document=row["document"], style=row["prefixes"])
        attempts = row["attempts"] + 1
        state = _state_after(call, attempts)
        due = clock.waiting_time() + self._retry_seconds * 2 ** min(attempts - 1, 4)
        self._store.run(
            "UPDATE deliveries SET state = ?, attempts = ?, due = ?, answer = ? WHERE id = ?",
            *(state, attempts, due, json.dumps(asdict(call)), row["id"]),
        )
        return call

    def _work(self) -> None:
        with ThreadPoolExecutor(WORKERS) as pool:
            while not self._stopping.is_set():
                due = self._store.rows(
                    "SELECT id FROM deliveries WHERE state = 'waiting' AND due <= ? ORDER BY due, id LIMIT ?",
                    *(clock.waiting_time(), WORKERS),
                )
                if due:
                    list(pool.map(self.send, [row["id"] for row in due]))
                else:
                    self._wake.wait(0.2)
                    self._wake.clear()


def _state_after(call: Call, attempts: int) -> str:
    if call.outcome == "OK":
        return "delivered"
    if call.fault_code == "PAA_RECEIPT_DUPLICATA":
        return "duplicate"
    return "given_up" if attempts >= MOST_ATTEMPTS else "waiting"


def _shown(row: Row) -> dict[str, Any]:
    answer = json.loads(row["answer"]) if row["answer"] else None
    return {**row, "answer": answer, "seconds_left": max(0, round(row["due"] - clock.waiting_time()))}
