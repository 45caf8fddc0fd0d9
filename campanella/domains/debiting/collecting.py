"""Asking a bank for what is owed, and keeping what came of it."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from campanella.domains.debiting import statements
from campanella.domains.debiting.asked import CollectionView, Heard
from campanella.domains.debiting.gateways.sepa.base import Amendment, Creditor
from campanella.domains.debiting.models import LONGEST_REASON, BankAnswer, CollectionFile, FaultDecision
from campanella.domains.debiting.queries import MandateView
from campanella.domains.debiting.rules.collecting import FaultKind
from campanella.foundation.core import audit, clock, sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id, operation

audit.sentences(
    {
        "collections.asked": "ha preparato il file degli addebiti {file}: {count}, in tutto {amount}",
        "collection.again": "ripresenta alla banca l’addebito {key}",
        "collection.noticed": "chiede con pagoPA l’addebito {key}",
        "answer.kept": "ha caricato un file di esiti della banca",
    }
)

BATCH = 2000


@dataclass(frozen=True, slots=True)
class Wanted:
    """
    One collection that is to be made.

    :ivar debt: what it pays, such as ``invoice:12``
    :ivar attempt: how often the debt was asked for, this time included
    :ivar shares: (wallet, cents), adding up to it
    :ivar remittance: what the account's owner reads: never a child's name
    :ivar is_further: another one of the same file is earlier with the same mandate, and tells the bank what there is to tell
    """

    debt: str
    mandate: MandateView
    attempt: int
    day: date
    shares: tuple[tuple[int, int], ...]
    remittance: str
    is_further: bool = False

    @property
    def cents(self) -> int:
        """What is asked for."""
        return sum(cents for _, cents in self.shares)


@operation
def ask(*, by: Actor, wanted: Sequence[Wanted], creditor: Creditor, period: str, now: datetime) -> CollectionFile:
    """
    Write collections down, before any file leaves the house: each has its key, and each block its id.

    Whoever calls has taken the town's turn, so that no debt is asked for twice; a unique key says the same.
    """
    file = CollectionFile.objects.create(
        message_id=f"SDD-{active_town_id()}-{clock.day_of(now):%Y%m%d}-{secrets.token_hex(4).upper()}",
        period=period,
        made_at=now,
        made_by_id=by.actor_id,
        creditor_name=creditor.name[:70],
        creditor_id=creditor.creditor_id,
        iban=creditor.account.iban,
        cuc=creditor.cuc,
    )
    wanted = _told_once(wanted)
    blocks: dict[tuple[date, str], str] = {}
    for one in sorted(wanted, key=lambda one: (one.day, _sequence(one) == "RCUR")):
        blocks.setdefault((one.day, _sequence(one)), f"{file.message_id}-{len(blocks) + 1}")
    for first in range(0, len(wanted), BATCH):
        _write_down(file, wanted[first : first + BATCH], blocks, now)
    amount = Euro(sum(one.cents for one in wanted))
    audit.record(
        by=by,
        action="collections.asked",
        at=now,
        subjects=[f"collection_file:{file.pk}"],
        data={"file": file.message_id, "count": len(wanted), "amount": str(amount)},
    )
    return file


class DecidedBefore(Refusal):
    """Somebody was quicker, or it came back for another reason."""

    message = "Di questo addebito si è già deciso: guarda com’è andata qui sotto."


@operation
def decide(*, by: Actor, collection: CollectionView, kind: FaultKind, now: datetime) -> None:
    """
    Write down what becomes of a collection that came back by a fault of the file.

    :raises DecidedBefore: somebody has decided it
    """
    made = {"kind": kind, "at": now, "by_id": by.actor_id}
    _row, is_new = FaultDecision.objects.get_or_create(collection_id=collection.id, defaults=made)
    if not is_new:
        raise DecidedBefore
    audit.record(
        by=by,
        action="collection.again" if kind == "again" else "collection.noticed",
        at=now,
        subjects=[f"guardian:{collection.payer_id}", f"collection_file:{collection.file_id}"],
        data={"key": collection.end_to_end_id},
    )


@operation
def keep(*, by: Actor, body: bytes, now: datetime) -> BankAnswer:
    """Keep a file of a bank as it came; the same bytes are kept once."""
    made = {"body": body, "received_at": now, "received_by_id": by.actor_id}
    kept, is_new = BankAnswer.objects.get_or_create(sha256=hashlib.sha256(body).hexdigest(), defaults=made)
    if is_new:
        audit.record(by=by, action="answer.kept", at=now, subjects=[f"bank_answer:{kept.pk}"])
    return kept


@operation
def note(*, answer_id: int, heard: Sequence[Heard], now: datetime, today: date) -> list[int]:
    """
    Keep lines of an answer, and what came of their collections: one statement.

    :returns: the comings of what was rejected or went back, in the order of the lines
    """
    values = {
        "town": active_town_id(),
        "answer": answer_id,
        "now": now,
        "today": today,
        "collections": [one.collection.id if one.collection else None for one in heard],
        "messages": [one.message_id for one in heard],
        "numbers": [one.line.number for one in heard],
        "kinds": [one.line.kind for one in heard],
        "keys": [one.key for one in heard],
        "reasons": [one.line.reason[:LONGEST_REASON] for one in heard],
        "cents": [one.line.cents for one in heard],
        "days": [one.line.on for one in heard],
        "verdicts": [one.verdict for one in heard],
        "comings": [one.coming for one in heard],
        "follows": [one.follows for one in heard],
    }
    return [pk for (pk,) in sql.rows(statements.NOTE, values)]


@operation
def note_booked(*, collections: Sequence[CollectionView], now: datetime) -> None:
    """Keep that the day of these collections has come and nobody has refused them: the money is there, and may go back."""
    values = {"town": active_town_id(), "now": now}
    ids, days = [one.id for one in collections], [one.day for one in collections]
    sql.run(statements.BOOKED, {**values, "collections": ids, "days": days})


def _told_once(wanted: Sequence[Wanted]) -> list[Wanted]:
    """Return the same, each mandate's first one apart: a bank refuses a second first time, or the same change again."""
    earliest: dict[int, Wanted] = {}
    for one in sorted(wanted, key=lambda one: one.day):
        earliest.setdefault(one.mandate.id, one)
    return [replace(one, is_further=earliest[one.mandate.id] is not one) for one in wanted]


def _write_down(
    file: CollectionFile, wanted: Sequence[Wanted], blocks: Mapping[tuple[date, str], str], now: datetime
) -> None:
    """Write some collections and their shares: one statement."""
    columns = [_columns(one, blocks[one.day, _sequence(one)]) for one in wanted]
    values: dict[str, Any] = {name: [column[name] for column in columns] for name in columns[0]}
    shares = [(_key(one), wallet_id, cents) for one in wanted for wallet_id, cents in one.shares]
    values |= {
        "share_of": [key for key, _, _ in shares],
        "share_wallets": [wallet_id for _, wallet_id, _ in shares],
        "share_cents": [cents for _, _, cents in shares],
    }
    sql.run(statements.ASK, {**values, "municipality": active_town_id(), "file": file.pk, "now": now})


def _columns(one: Wanted, payment_id: str) -> dict[str, Any]:
    mandate, told = one.mandate, Amendment() if one.is_further else one.mandate.amendment
    return {
        "mandate_id": mandate.id,
        "payer_id": mandate.payer_id,
        "debt": one.debt,
        "attempt": one.attempt,
        "end_to_end_id": _key(one),
        "payment_id": payment_id,
        "sequence": _sequence(one),
        "day": one.day,
        "cents": one.cents,
        "reference": mandate.reference,
        "signed_on": mandate.signed_on,
        "holder_name": mandate.holder_name,
        "iban": mandate.account.iban,
        "bic": mandate.account.bic,
        "town": mandate.town,
        "country": mandate.country,
        "former_reference": told.former_reference,
        "former_creditor_id": told.former_creditor_id,
        "is_new_account": told.is_new_account,
        "remittance": one.remittance,
    }


def _key(one: Wanted) -> str:
    """Return what comes back with an answer; the town is in it, so that no other town's answer can speak of it."""
    return f"{active_town_id()}-{one.debt.replace(':', '-')}-{one.attempt}".upper()


def _sequence(one: Wanted) -> str:
    return "FRST" if one.mandate.is_first and not one.is_further else "RCUR"
