"""
The till of a cash point: opened, money taken and given back, counted and closed.

Everything is written under the lock of the point's row, so that nothing is taken or undone once a session is counted. What
moves a wallet holds the wallet first (``ledger.holding``), the point after it.
"""

from dataclasses import dataclass
from datetime import datetime

from campanella.domains.cash import queries, rules
from campanella.domains.cash.models import CashClose, CashPoint, CashSession, CashTopUp, CashVoid
from campanella.domains.cash.rules import Means
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import operation


class NotOpen(Refusal):
    """The point has no open till of today."""

    message = "La cassa non è aperta: aprila, poi incassa. Non è stato registrato niente."


class OfAnotherDay(Refusal):
    """The till of an earlier day was not counted yet."""

    message = "È ancora aperta la cassa di un altro giorno: contala e chiudila, poi apri quella di oggi."


class OpenAlready(Refusal):
    """The till is open: a second press changes nothing."""

    message = "La cassa è già aperta."


class ClosedAlready(Refusal):
    """The session was counted before."""

    message = "Questa giornata è già chiusa."


class NotTakenHere(Refusal):
    """The point does not take money in this way."""

    message = "Questo punto non incassa in questo modo. Non è stato registrato niente."


class TooLateToVoid(Refusal):
    """The minutes are over, or the day is closed: the office puts it right."""

    message = "Per annullare è tardi: adesso può correggere solo l’ufficio. Tieni la ricevuta e chiama."


class VoidedAlready(Refusal):
    """It was undone before."""

    message = "Questa ricarica è già stata annullata."


@dataclass(frozen=True, slots=True)
class Counted:
    """
    What somebody has counted.

    :ivar cash: all that lies in the till, its float too
    :ivar slip: what the card terminal says, None where it was not looked at
    """

    cash: Euro
    slip: Euro | None
    note: str


@operation
def hold_point(*, point_id: int) -> CashPoint:
    """
    Hold a cash point until the end of the transaction.

    :raises NotFound: the town has none of this id
    """
    point = CashPoint.objects.select_for_update(no_key=True).filter(pk=point_id).first()
    if point is None:
        raise NotFound
    return point


@operation
def open_till(*, by: Actor, point_id: int, float_cents: int, now: datetime) -> CashSession:
    """
    Open the till of today.

    :param float_cents: what lies in it for change
    :raises OpenAlready: it is open, of today or of an earlier day
    :raises NotFound: the point is no more
    """
    point = hold_point(point_id=point_id)
    if point.closed_at:
        raise NotFound
    if queries.open_session(point_id=point_id):
        raise OpenAlready
    return CashSession.objects.create(
        point=point,
        day=clock.day_of(now),
        opened_at=now,
        opened_by_id=by.actor_id,
        opened_by_label=by.actor_label[:120],
        float_cents=float_cents,
    )


@operation
def take(*, by: Actor, point_id: int, wallet_id: int, amount: Euro, means: Means, key: str, now: datetime) -> CashTopUp:
    """
    Write down money that is taken for a wallet, with the next number of a receipt.

    :param key: of the form, which was not used before
    :raises NotOpen: no till is open
    :raises OfAnotherDay: that of an earlier day is
    :raises NotTakenHere: the point takes no cash, or no cards
    """
    point = hold_point(point_id=point_id)
    session = queries.open_session(point_id=point_id)
    if session is None:
        raise NotOpen
    if not rules.may_take(opened_on=session.day, today=clock.day_of(now)):
        raise OfAnotherDay
    if not (point.takes_cash if means == "cash" else point.takes_card):
        raise NotTakenHere
    point.last_number += 1
    point.save(update_fields=["last_number"])
    return CashTopUp.objects.create(
        point=point,
        session=session,
        wallet_id=wallet_id,
        number=point.last_number,
        means=means,
        cents=amount.cents,
        key=key,
        taken_at=now,
        by_id=by.actor_id,
        by_label=by.actor_label[:120],
    )


@operation
def give_back(*, by: Actor, top_up_id: int, minutes: int, why: str, now: datetime) -> CashVoid:
    """
    Undo a top-up whose money is given back.

    :param minutes: how long a town lets who takes money undo it
    :raises VoidedAlready: it was undone before
    :raises TooLateToVoid: the minutes are over, or the day is closed
    """
    found = CashTopUp.objects.get(pk=top_up_id)
    hold_point(point_id=found.point_id)
    session = CashSession.objects.get(pk=found.session_id)
    if found.voids.exists():
        raise VoidedAlready
    is_closed = session.closed_at is not None
    if not rules.may_void(taken_at=found.taken_at, now=now, minutes=minutes, is_closed=is_closed):
        raise TooLateToVoid
    return CashVoid.objects.create(top_up=found, at=now, by_id=by.actor_id, by_label=by.actor_label[:120], why=why[:200])


@operation
def close(*, by: Actor, session_id: int, counted: Counted, now: datetime) -> CashClose:
    """
    Close a session with what was counted; a till that does not balance is written down as it is.

    :raises ClosedAlready: it was counted before
    """
    session = queries.session(session_id=session_id)
    hold_point(point_id=session.point_id)
    if not CashSession.objects.filter(pk=session_id, closed_at=None).update(closed_at=now):
        raise ClosedAlready
    taken = queries.taken(session_id=session_id)
    return CashClose.objects.create(
        session=session,
        at=now,
        by_id=by.actor_id,
        by_label=by.actor_label[:120],
        cash_cents=taken.cash.cents,
        counted_cents=counted.cash.cents - session.float_cents,
        card_cents=taken.card.cents,
        slip_cents=None if counted.slip is None else counted.slip.cents,
        note=counted.note[:200],
    )
