"""What families are told when the days of a service go another way from a day on: who decides, and until when; each once."""

from datetime import date

from campanella.domains.attendance import ruled
from campanella.domains.attendance.choices import RollCallChoices
from campanella.domains.attendance.events import DayRuleChanged
from campanella.foundation.core import clock
from campanella.foundation.core.events import publish
from campanella.foundation.core.scope import use_case
from campanella.foundation.tenants.queries import active_town
from campanella.readings import ways
from campanella.readings.office import rule_readers
from campanella.usecases.messages import closures as letters

# Adults written to in one transaction.
PIECE = 500


@use_case
def tell(*, rule_id: int, after: int, instead: str = "") -> None:
    """
    Write to each family whose child uses the service in that school from then on, once; then to the next piece of them.

    Nobody is written to about a rule that another one has replaced before it began.
    """
    rule, now = ruled.rule_of(rule_id=rule_id), clock.now()
    if rule is None or rule.days.lower <= clock.day_of(now):
        return
    readers = rule_readers.readers_of(
        service_id=rule.service_id, school_id=rule.school_id, first=rule.days.lower, after=after, limit=PIECE
    )
    closes_at = active_town().chosen(RollCallChoices).roll_call_closes_at
    words = ways.change(ruled.Terms.of(rule), first=rule.days.lower, closes_at=closes_at)
    if instead:
        words += f" {ways.called_off(date.fromisoformat(instead))}"
    for guardian in readers:
        letters.rule_changed(rule=rule, guardian=guardian, words=words, now=now)
    if len(readers) == PIECE:
        publish(DayRuleChanged(rule_id=rule_id, after=readers[-1].pk, instead=instead))
