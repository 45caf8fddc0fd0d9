"""What an access has written or sent that is closed before the office has tied it to anybody ends with it."""

from datetime import datetime

from campanella.domains.accounts.models import User
from campanella.domains.applying import operations, queries, rules
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.scope import use_case
from campanella.usecases.applying import sending


@use_case
def end_of(*, by: Actor, user: User, now: datetime) -> None:
    """Throw away what was never sent, and withdraw what waits; part of the act that closes the access."""
    for row in queries.of_person(guardian_id=None, user_id=user.pk):
        if row.state == "draft":
            operations.drop(application_id=row.pk, now=now)
        elif rules.leads(state=row.state, to="withdrawn"):
            sending.withdraw(by=by, application_id=row.pk, is_by_office=True, now=now)
