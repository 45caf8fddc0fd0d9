"""What a family is told of each step of its application."""

from campanella.domains.applying import queries, rules
from campanella.foundation.core import clock
from campanella.foundation.core.scope import use_case
from campanella.usecases.messages import applications


@use_case
def tell(*, step_id: int) -> None:
    """Tell who has applied that it was sent, taken up, sent back, decided, withdrawn or ended, unless that is overtaken."""
    step = queries.step(step_id=step_id)
    if rules.is_overtaken(told=step.state, state=step.application.state):
        return
    applications.step_told(step=step, now=clock.now())
