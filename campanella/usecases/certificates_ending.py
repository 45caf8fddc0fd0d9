"""A diet's certificate ends: the diet is served all the same, and the family is asked for a new one."""

from datetime import datetime

from campanella.domains.enrolment import queries as enrolment
from campanella.domains.people import queries as people
from campanella.foundation.core import clock
from campanella.foundation.core.scope import use_case
from campanella.usecases.messages import diets as letters


@use_case
def tell(*, now: datetime) -> int:
    """
    Write to who pays for each child whose certificate is over or soon will be; each end is told once of either.

    :returns: how many such diets there are
    """
    ending = enrolment.diets_to_renew(today=clock.day_of(now))
    child_ids = [diet.child_id for diet in ending]
    children, payers = people.children(child_ids=child_ids), people.payers_of(child_ids=child_ids)
    for diet in ending:
        if guardian := payers.get(diet.child_id):
            letters.certificate_ends(
                guardian=guardian,
                child=children[diet.child_id],
                last=diet.expires_on,
                is_over=diet.expiry == "over",
                now=now,
            )
    return len(ending)
