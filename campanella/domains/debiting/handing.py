"""Files that leave the house or are given up before, and invoices that are paid by another road meanwhile."""

from collections.abc import Sequence
from datetime import datetime

from campanella.domains.debiting import statements
from campanella.domains.debiting.models import CollectionFile, DoublePayment, FileHanding
from campanella.foundation.core import audit, clock, sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.scope import active_town_id, operation

audit.sentences(
    {
        "collections.handed": "ha scaricato per la banca il file degli addebiti {file}",
        "collections.withdrawn": "ha annullato il file degli addebiti {file}, mai scaricato: {count} da chiedere di nuovo",
        "collection.double": "ha visto che l’addebito {key} è stato pagato anche in un altro modo",
    }
)


class HandedOver(Refusal):
    """The file has left the house: only the bank can still stop it."""

    message = "Questo file è già stato scaricato: se non è ancora eseguito, chiedi alla banca di fermarlo."


class Withdrawn(Refusal):
    """The file was given up: its collections are asked for by another one."""

    message = "Questo file è annullato: i suoi addebiti si chiedono con un file nuovo."


@operation
def hand_over(*, by: Actor, file: CollectionFile, now: datetime) -> None:
    """
    Write down that a file has left the house; from then on its collections are booked on their day. The first time counts.

    Whoever calls has taken the town's turn.

    :raises Withdrawn: it was given up
    """
    if is_withdrawn(file_id=file.pk):
        raise Withdrawn
    _row, is_new = FileHanding.objects.get_or_create(file=file, defaults={"at": now, "by_id": by.actor_id})
    if is_new:
        _record(by, "collections.handed", file, now)


@operation
def note_heard(*, file_ids: Sequence[int], now: datetime) -> None:
    """Write down of files that they have left the house: a bank has answered to them."""
    wanted = sorted(set(file_ids))
    FileHanding.objects.bulk_create((FileHanding(file_id=pk, at=now) for pk in wanted), ignore_conflicts=True)


@operation
def withdraw(*, by: Actor, file: CollectionFile, now: datetime) -> list[int]:
    """
    Give a file up that has never left the house: each of its collections is to be asked for again, on a day to be told.

    Whoever calls has taken the town's turn.

    :returns: the collections
    :raises HandedOver: it has left the house
    :raises Withdrawn: it was given up before
    """
    if FileHanding.objects.filter(file=file).exists():
        raise HandedOver
    values = {"town": active_town_id(), "file": file.pk, "now": now, "today": clock.day_of(now), "by": by.actor_id}
    given_up = [pk for (pk,) in sql.rows(statements.WITHDRAW, values)]
    if not given_up:
        raise Withdrawn
    _record(by, "collections.withdrawn", file, now, count=len(given_up))
    return given_up


def is_withdrawn(*, file_id: int) -> bool:
    """Tell whether a file was given up before it left the house."""
    found = sql.row(statements.IS_WITHDRAWN, {"town": active_town_id(), "file": file_id})
    return bool(found and found[0])


@operation
def note_double(*, collection_ids: Sequence[int], source: str, now: datetime) -> None:
    """Put before the office that money of another road has come for what these collections ask for."""
    DoublePayment.objects.bulk_create(
        (DoublePayment(collection_id=pk, source=source, at=now) for pk in collection_ids), ignore_conflicts=True
    )


@operation
def note_seen(*, by: Actor, double_id: int, now: datetime) -> None:
    """
    Write down that the office has looked at an invoice that is paid by two roads; the first time counts.

    :raises NotFound: the town has none of this id
    """
    found = DoublePayment.objects.select_related("collection").filter(pk=double_id).first()
    if found is None:
        raise NotFound
    if DoublePayment.objects.filter(pk=double_id, seen_at=None).update(seen_at=now, seen_by_id=by.actor_id):
        audit.record(
            by=by,
            action="collection.double",
            at=now,
            subjects=[f"guardian:{found.collection.payer_id}"],
            data={"key": found.collection.end_to_end_id},
        )


def _record(by: Actor, action: str, file: CollectionFile, now: datetime, **data: int) -> None:
    said: dict[str, str | int] = {"file": file.message_id, **data}
    audit.record(by=by, action=action, at=now, subjects=[f"collection_file:{file.pk}"], data=said)
