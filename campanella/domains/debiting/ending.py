"""Mandates suspended, taken up again, revoked, over."""

from collections.abc import Sequence
from datetime import datetime

from campanella.domains.debiting.acts import LIVING, NotInForce, act, hold, kind_of, subjects_of, written
from campanella.domains.debiting.models import Mandate, MandateAct
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.scope import operation


@operation
def suspend(*, by: Actor, mandate_ids: Sequence[int], why: str, now: datetime) -> None:
    """
    Collect nothing for now with these mandates; whoever writes the letter about it is the caller.

    :param why: for the family, to follow “perché”
    """
    _move_all(by=by, mandate_ids=mandate_ids, action="mandate.suspended", why=why, now=now, only=("active",))


@operation
def resume(*, by: Actor, mandate_id: int, now: datetime) -> Mandate:
    """
    Collect again; returns are counted anew.

    :raises NotInForce: it is not suspended
    """
    return _move(by=by, mandate_id=mandate_id, action="mandate.resumed", state="active", now=now, only=("suspended",))


@operation
def revoke(*, by: Actor, mandate_id: int, now: datetime) -> Mandate:
    """
    End it because the payer, or its holder, wants so.

    :raises NotInForce: it is not in force
    """
    return _move(by=by, mandate_id=mandate_id, action="mandate.revoked", state="revoked", now=now, only=LIVING)


@operation
def end(*, by: Actor, mandate_ids: Sequence[int], why: str, now: datetime) -> None:
    """
    End mandates whose account cannot be debited; another account may take one up again. The caller writes the letter.

    :param why: for the family, to follow “perché”
    """
    _move_all(by=by, mandate_ids=mandate_ids, action="mandate.ended", why=why, now=now, only=LIVING)


@operation
def lapse(*, by: Actor, mandate_id: int, now: datetime) -> Mandate:
    """
    End it because it was not used for 36 months.

    :raises NotInForce: it is not in force
    """
    return _move(by=by, mandate_id=mandate_id, action="mandate.lapsed", state="lapsed", now=now, only=LIVING)


def _move(*, by: Actor, mandate_id: int, action: str, state: str, now: datetime, only: tuple[str, ...]) -> Mandate:
    mandate = hold(mandate_id=mandate_id)
    if mandate.state not in only:
        raise NotInForce
    mandate.state = state
    if state == "active":
        mandate.confirmed_at = now
    mandate.save(update_fields=["state", "confirmed_at"])
    act(by=by, mandate=mandate, action=action, now=now)
    return mandate


def _move_all(*, by: Actor, mandate_ids: Sequence[int], action: str, why: str, now: datetime, only: tuple[str, ...]) -> None:
    held = Mandate.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=list(mandate_ids), state__in=only)
    mandates = list(held.order_by("id"))
    Mandate.objects.filter(pk__in=[mandate.pk for mandate in mandates]).update(state=kind_of(action))
    MandateAct.objects.bulk_create(written(by=by, mandate=mandate, action=action, now=now, why=why) for mandate in mandates)
    audit.record_each(
        by=by,
        action=action,
        at=now,
        told=[(subjects_of(mandate), {"reference": mandate.reference}) for mandate in mandates],
        why=why,
    )
