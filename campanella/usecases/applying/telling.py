"""What a family is told of each step of its application."""

from campanella.domains.applying import queries
from campanella.foundation.core import clock
from campanella.foundation.core.scope import use_case
from campanella.usecases.messages import applications


@use_case
def tell(*, step_id: int) -> None:
    """Tell who has applied that it was sent, taken up, sent back, decided or withdrawn."""
    step = queries.step(step_id=step_id)
    applications.step_told(step=step, now=clock.now())
