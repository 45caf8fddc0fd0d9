"""What leavers have left goes to a sibling that stays, a passage each; what has no sibling waits for its family to ask."""

from datetime import datetime

from campanella.domains.schools.models import YearRoll
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id, scope
from campanella.readings.office.leavers import leavers
from campanella.usecases import adjust
from campanella.usecases.adjusting.checks import NotEnoughCredit

REASON = "Passaggio all’anno nuovo: il credito di chi esce resta in famiglia"


def pass_on(*, by: Actor, roll: YearRoll, now: datetime) -> tuple[int, Euro]:
    """
    Move every credit of a leaver that no service uses any more to the wallet of its sibling, each in its own transaction.

    :returns: how many, and how much in all; a second time finds nothing
    """
    with scope(active_town_id()):
        ready = [one for one in leavers(roll=roll, today=clock.day_of(now)) if one.can_move]
    count, total = 0, 0
    for one in ready:
        assert one.sibling
        amount, key = one.wallet.balance, f"roll:{roll.pk}:{one.wallet.id}:{one.wallet.balance.cents}"
        try:
            is_new = adjust.move(
                by=by,
                from_wallet_id=one.wallet.id,
                to_wallet_id=one.sibling.id,
                amount=amount,
                reason=REASON,
                key=key,
                now=now,
            )
        except NotEnoughCredit:
            continue  # somebody has moved it meanwhile
        if is_new:
            count, total = count + 1, total + amount.cents
    return count, Euro(total)
