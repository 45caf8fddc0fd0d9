"""The day of a cash point: its till opened, counted and closed."""

from collections.abc import Mapping
from datetime import datetime

from campanella.domains.accounts.models import User
from campanella.domains.cash import queries, settled, till
from campanella.domains.cash.models import CashSession
from campanella.domains.cash.settled import CloseView
from campanella.domains.cash.till import Counted
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import use_case
from campanella.usecases.cash.taking import stand_of

audit.sentences(
    {
        "cash.opened": "ha aperto la cassa, con {amount} di resto",
        "cash.closed": "ha chiuso la cassa: contanti {cash}, differenza {off}",
    }
)


@use_case
def open_day(*, by: User, float_cents: int, now: datetime) -> CashSession:
    """
    Open today's till of one's own point; a second press finds it open.

    :param float_cents: what lies in it for change
    :raises NoPoint: the person stands at no cash point
    :raises till.OpenAlready: that of an earlier day is still open
    """
    point = stand_of(user=by)
    session = till.open_till(by=by, point_id=point.pk, float_cents=float_cents, now=now)
    _record(by, "cash.opened", point.pk, {"amount": str(Euro(float_cents))}, now)
    return session


@use_case
def close_day(*, by: User, session_id: int, counted: Counted, now: datetime) -> CloseView:
    """
    Close a session of one's own point with what was counted, whether it balances or not.

    :raises NotFound: it is of another point
    :raises till.ClosedAlready: it was counted before
    """
    point = stand_of(user=by)
    if queries.session(session_id=session_id).point_id != point.pk:
        raise NotFound
    till.close(by=by, session_id=session_id, counted=counted, now=now)
    close = settled.close_of(session_id=session_id)
    said = {"cash": str(close.cash), "off": close.cash_off.italian(signed=True)}
    _record(by, "cash.closed", point.pk, said, now, why=close.note)
    return close


def _record(by: Actor, action: str, point_id: int, data: Mapping[str, str | int], now: datetime, why: str = "") -> None:
    audit.record(by=by, action=action, subjects=[f"cash_point:{point_id}"], at=now, data=data, why=why)
