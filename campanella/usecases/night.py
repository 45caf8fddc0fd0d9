"""The night: the auditor reads the whole book of a town, what was written is sealed, and what is over is forgotten."""

import logging
from datetime import datetime, time

from campanella.domains.accounts import entering
from campanella.domains.accounts.sessions import SessionStore
from campanella.domains.ledger import seals, verify
from campanella.domains.people import registering
from campanella.foundation.core import changes, clock, heartbeats
from campanella.foundation.core.scope import use_case
from campanella.readings import proofs
from campanella.usecases.applying import forgetting

logger = logging.getLogger(__name__)


@use_case
def prove(*, now: datetime) -> int:
    """
    Prove the book of the active town, say in the log what is broken, and seal what was written before today.

    :returns: how many promises are broken; the last seal keeps it for the metrics
    """
    broken = verify.violations() + proofs.violations() + seals.violations() + seals.ahead(now=now)
    for violation in broken:
        logger.error("broken promise: %s, %s, %s cents", violation.promise, violation.row, violation.cents)
    midnight = clock.rome(clock.day_of(now), time(0))
    seal = seals.seal(until=midnight, broken=len(broken), now=now)
    # Somebody who can rewrite the seals as well cannot rewrite the logs that have left this machine.
    logger.info("sealed %s rows: %s", seal.rows, seal.digest)
    return len(broken)


@use_case
def forget(*, now: datetime) -> None:
    """
    Forget sessions that are over, with what was sought in them; tries to enter and changes that nobody reads any more;
    applications that were never sent, and health documents that serve nobody any more.
    """
    SessionStore.clear_expired()
    entering.forget_old(now=now)
    registering.forget_old(now=now)
    forgetting.forget(now=now)
    changes.forget()
    heartbeats.forget(now=now)
