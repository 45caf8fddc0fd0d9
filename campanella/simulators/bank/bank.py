"""What the bank does with a file, and with each debit of it, as whoever presents decides."""

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

from stdnum import iban as ibans

from campanella.simulators import clock
from campanella.simulators.bank import answers, files
from campanella.simulators.bank.orders import Debit, Order, Refused, Told
from campanella.simulators.store import Store

# What may be done with a debit in a state, and the state after it.
ACTS = {
    "reject": ({"received"}, "rejected"),
    "book": ({"received"}, "booked"),
    "return": ({"booked"}, "returned"),
    "refund": ({"booked"}, "refunded"),
}
REASONS = {
    "AM04": "senza fondi",
    "AC04": "conto chiuso",
    "AC01": "IBAN sbagliato",
    "AC06": "conto bloccato",
    "AG01": "conto senza addebiti diretti",
    "DNOR": "banca senza addebiti diretti",
    "MD01": "non autorizzato",
    "MD06": "rimborso chiesto",
    "MD07": "intestatario deceduto",
    "MS02": "rifiutato",
    "MS03": "motivo non detto",
    "BE06": "titolare non conosciuto",
    "SL01": "bloccato dal debitore",
}


class NotPossible(ValueError):
    """The debit is not in a state in which this can happen."""


class Bank:
    """Files, debits and answers, in the simulators' store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def take(self, document: bytes) -> int:
        """
        Take a file, and reject at once what no bank would pass on.

        :returns: its number
        :raises Refused: the whole file is turned away
        """
        order = files.read(document, today=clock.today())
        if self._store.row("SELECT id FROM bank_files WHERE message_id = ?", order.message_id):
            raise Refused(f"DUPL: un flusso {order.message_id} è già arrivato")
        known = {row["key"] for row in self._store.rows("SELECT key FROM bank_debits")}
        accounts = {
            row["reference"]: row["iban"] for row in self._store.rows("SELECT reference, iban FROM bank_debits ORDER BY id")
        }
        head = {**asdict(replace(order, debits=[])), "arrived": clock.now().isoformat(timespec="seconds")}
        number = self._store.insert(
            "INSERT INTO bank_files (message_id, data) VALUES (?, ?)", order.message_id, json.dumps(head)
        )
        rows = []
        for debit in order.debits:
            debit.reason = _why_not(debit, known, accounts)
            debit.state = "rejected" if debit.reason else "received"
            known.add(debit.key)
            told = [[debit.state, debit.reason]] if debit.reason else []
            rows.append((number, debit.key, debit.reference, debit.iban, json.dumps(asdict(debit)), json.dumps(told)))
        self._store.insert_all(
            "INSERT INTO bank_debits (file, key, reference, iban, data, events) VALUES (?, ?, ?, ?, ?, ?)", rows
        )
        return number

    def files(self) -> list[dict[str, Any]]:
        """The files, newest first, with how many debits are in which state."""
        found = []
        for row in self._store.rows("SELECT id, data FROM bank_files ORDER BY id DESC"):
            debits = self.debits(row["id"])
            states: dict[str, int] = {}
            for debit in debits:
                states[debit["state"]] = states.get(debit["state"], 0) + 1
            head = {name: value for name, value in json.loads(row["data"]).items() if name != "debits"}
            total = sum(debit["cents"] for debit in debits)
            found.append({**head, "id": row["id"], "count": len(debits), "total_cents": total, "states": states})
        return found

    def file(self, number: int) -> dict[str, Any] | None:
        """One file, None when there is none."""
        return next((file for file in self.files() if file["id"] == number), None)

    def debits(self, file: int) -> list[dict[str, Any]]:
        """The debits of a file."""
        rows = self._store.rows("SELECT id, data FROM bank_debits WHERE file = ? ORDER BY id", file)
        return [{**json.loads(row["data"]), "id": row["id"]} for row in rows]

    def act(self, *, number: int, act: str, reason: str = "") -> dict[str, Any]:
        """
        Let something happen to a debit.

        :raises NotPossible: it is not in the state for it, or there is no such debit
        """
        row = self._store.row("SELECT id, data, events FROM bank_debits WHERE id = ?", number)
        if row is None:
            raise NotPossible("there is no such debit")
        debit, (states, after) = json.loads(row["data"]), ACTS[act]
        if debit["state"] not in states:
            raise NotPossible(f"it is {debit['state']}")
        debit |= {"state": after, "reason": reason if act != "book" else ""}
        events = [*json.loads(row["events"]), [after, debit["reason"]]]
        self._store.run(
            "UPDATE bank_debits SET data = ?, events = ? WHERE id = ?", json.dumps(debit), json.dumps(events), number
        )
        return {**debit, "id": number}

    def find(self, key: str) -> int | None:
        """The number of the debit with a key, the newest where there are several."""
        row = self._store.row("SELECT id FROM bank_debits WHERE key = ? ORDER BY id DESC", key)
        return int(row["id"]) if row else None

    def book_all(self, file: int) -> int:
        """Book whatever of a file was not rejected, and tell how many."""
        waiting = [debit["id"] for debit in self.debits(file) if debit["state"] == "received"]
        for number in waiting:
            self.act(number=number, act="book")
        return len(waiting)

    def answer(self, *, file: int, form: str) -> int | None:
        """
        Write a file with what happened since the last one.

        :param form: ``cbi``, ``pain002`` or ``camt054``
        :returns: its number; None when nothing is to be told
        """
        head = self._store.document("SELECT data FROM bank_files WHERE id = ?", file)
        if head is None:
            raise NotPossible("there is no such file")
        order = Order(**{name: value for name, value in head.items() if name != "arrived"})
        told = list(self._untold(file, answers.tells(form, order=order)))
        if not told:
            return None
        number = self._store.insert("INSERT INTO bank_answers (file, form, document) VALUES (?, ?, '')", file, form)
        document = answers.write(form, order=order, told=told, name=f"ESITI-{file}-{number}", now=clock.now())
        self._store.run("UPDATE bank_answers SET document = ? WHERE id = ?", document, number)
        return number

    def answers(self, file: int) -> list[dict[str, Any]]:
        """The answers that were written for a file, newest first."""
        return [
            dict(row) for row in self._store.rows("SELECT id, form FROM bank_answers WHERE file = ? ORDER BY id DESC", file)
        ]

    def document(self, answer: int) -> bytes | None:
        """An answer as the bank sends it, None when there is none."""
        row = self._store.row("SELECT document FROM bank_answers WHERE id = ?", answer)
        return bytes(row["document"]) if row else None

    def _untold(self, file: int, tells: set[str]) -> Iterable[Told]:
        for row in self._store.rows("SELECT id, data, events, told FROM bank_debits WHERE file = ? ORDER BY id", file):
            events = json.loads(row["events"])
            debit = Debit(**json.loads(row["data"]))
            wanted = [Told(debit, state, reason) for state, reason in events[row["told"] :] if state in tells]
            if wanted:
                yield from wanted
                self._store.run("UPDATE bank_debits SET told = ? WHERE id = ?", len(events), row["id"])


def _why_not(debit: Debit, known: set[str], accounts: dict[str, str]) -> str:
    """The reason for which a debit goes no further, empty when it does."""
    if not ibans.is_valid(debit.iban):
        return "AC01"
    if debit.key in known:
        return "AM05"
    # A mandate whose account has changed must say so.
    if accounts.get(debit.reference, debit.iban) != debit.iban and not debit.is_amended:
        return "MD02"
    return ""
