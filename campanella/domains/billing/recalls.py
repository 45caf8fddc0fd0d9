"""That a run is to be called back: asked with a reason, let go at an instant, dropped. The run is held by whoever writes."""

from datetime import datetime

from campanella.domains.billing.models import Run
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.scope import operation

FIELDS = ("recall_reason", "recall_asked_by_id", "recall_allowed_by_id", "recall_leaves_at")


@operation
def ask(*, by: Actor, run: Run, reason: str) -> None:
    """Note who asks to call a run back, and why."""
    _write(run, reason[:200], by.actor_id, None, None)


@operation
def let_go(*, by: Actor, run: Run, leaves_at: datetime) -> None:
    """Note who has said yes, and from when on it is done."""
    _write(run, run.recall_reason, run.recall_asked_by_id, by.actor_id, leaves_at)


@operation
def drop(*, run: Run) -> None:
    """Forget that somebody has asked."""
    _write(run, "", None, None, None)


def _write(run: Run, *values: object) -> None:
    for name, value in zip(FIELDS, values, strict=True):
        setattr(run, name, value)
    run.save(update_fields=FIELDS)
