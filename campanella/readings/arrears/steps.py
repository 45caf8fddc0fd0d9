"""Which step each household stands before, and why who has none has none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from campanella.domains.arrears import queries
from campanella.domains.arrears.choices import ArrearsChoices
from campanella.domains.arrears.rules import ladder
from campanella.domains.arrears.rules.debts import Household
from campanella.domains.arrears.rules.ladder import Ladder, Standing, Step, Why
from campanella.domains.people.models import Guardian
from campanella.foundation.tenants.queries import active_town


@dataclass(frozen=True, slots=True)
class Decided:
    """A household with the step it is to have, or why it has none."""

    household: Household
    step: Step | None
    why: Why | None

    @property
    def left_cents(self) -> int:
        """Return what of its debt nobody is asked for now, in cents."""
        return sum(one.debt.cents for one in self.household.left)


def decided(found: Sequence[Household], *, day: date) -> list[Decided]:
    """Decide for each household by the ladder of a day: two queries."""
    steps = queries.ladder(day=day)
    least = active_town().chosen(ArrearsChoices).arrears_least
    return [_decided(one, steps, least, day) for one in found]


def _decided(one: Household, steps: Ladder, least: int, day: date) -> Decided:
    if not one.debts and not one.barred:
        return Decided(one, None, one.why_left or "paid")
    standing = Standing(one.total, one.oldest, one.last_place, one.last_on, one.barred)
    found = ladder.next_step(standing=standing, ladder=steps, least=least, today=day)
    return Decided(one, None, found) if isinstance(found, str) else Decided(one, found, None)


def channel_of(step: Step, payer: Guardian, *, may_be_mailed: bool = True) -> Step:
    """
    Return a step as this payer gets it: who has no e-mail address gets a letter, at no cost.

    :param may_be_mailed: False for who answers no more for a child whose debt it is: it owes, and reads it on paper
    """
    return replace(step, channel="letter") if step.channel == "mail" and not (payer.email and may_be_mailed) else step
