"""The payments made with the simulators, as the home page and the control API show them."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from campanella.simulators.store import Store


@dataclass(frozen=True)
class Payment:
    """
    One payment and every call it made, in order.

    States: verified, activated (stopped there), refused (`problem` says why), paid (receipts were given).
    """

    id: str
    at: str
    origin: str
    notice_number: str
    fiscal_code: str
    state: str
    cart: str | None = None
    amount_cents: int | None = None
    description: str | None = None
    company_name: str | None = None
    problem: str | None = None
    receipts: list[str] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)


class Payments:
    """Where payments are kept."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, payment: Payment) -> Payment:
        """Keep a new payment."""
        data = json.dumps(asdict(payment))
        self._store.insert("INSERT INTO payments (id, data) VALUES (?, ?)", payment.id, data)
        return payment

    def save(self, payment: Payment) -> None:
        """Keep what has become of a payment."""
        self._store.run("UPDATE payments SET data = ? WHERE id = ?", json.dumps(asdict(payment)), payment.id)

    def find(self, identifier: str) -> Payment | None:
        """One payment, if we know it."""
        data = self._store.document("SELECT data FROM payments WHERE id = ?", identifier)
        return Payment(**data) if data else None

    def newest(self, most: int = 100) -> list[Payment]:
        """The last payments, newest first."""
        rows = self._store.rows("SELECT data FROM payments ORDER BY number DESC LIMIT ?", most)
        return [Payment(**json.loads(row["data"])) for row in rows]
