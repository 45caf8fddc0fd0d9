"""What a family is told of its child's place: offered, given, over."""

from campanella.domains.accounts import queries as accounts
from campanella.domains.accounts.roles import Role
from campanella.domains.people import queries as people
from campanella.domains.places import queries
from campanella.foundation.core import clock
from campanella.foundation.core.scope import use_case
from campanella.usecases.messages import places as letters

# What somebody at home has done itself needs no letter; what ends for who waits is told where somebody else has ended it.
TOLD = ("offered", "prolonged", "held", "given_back", "lapsed", "withdrawn")


@use_case
def tell(*, step_id: int) -> None:
    """Tell who pays for the child, unless it has gone on since."""
    step = queries.step(step_id=step_id)
    payer = people.payer_of(child_id=step.place.child_id)
    stands = {"prolonged": "offered"}.get(step.state, step.state)
    if payer is None or step.state not in TOLD or step.place.state != stands:
        return
    if step.state == "withdrawn" and step.by_id and accounts.first_role(user_id=step.by_id) == Role.GUARDIAN:
        return
    letters.step_told(step=step, guardian=payer, now=clock.now())
