"""A town's first reminders: one household pays in dues, a third one is written to by nobody, the others are reminded."""

from datetime import date, datetime, time, timedelta
from random import Random

from campanella.demo.receipts import keep_receipt_of
from campanella.demo.settling import OFFICE
from campanella.domains.arrears.choices import ArrearsChoices
from campanella.domains.payments import queries as positions
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope
from campanella.foundation.tenants.queries import Town
from campanella.readings.arrears.households import households
from campanella.usecases import top_up
from campanella.usecases.arrears import asking, ladder, planning, running

# The office looks on the first day on which so many households owe something and the first step has come.
HOUSEHOLDS = 2
STEP_DAYS = 15
STOPPED_FOR = timedelta(days=60)
DUES = 3
FIRST_DUE = timedelta(days=2)


class Reminding:
    """The arrears of a town that pays after the month, made by the use cases with the clock standing at their moments."""

    def __init__(self, *, town: Town, seed: str) -> None:
        self.town, self.random = town, Random(f"arrears {seed}")  # noqa: S311  # nothing secret: it must repeat
        self.is_over = False

    def catch_up(self, day: date) -> datetime | None:
        """
        Remind once, on the first day on which there is somebody to remind.

        :returns: until when what follows is to be let happen, None on all other days
        """
        at = clock.rome(day, time(8, 5))
        if self.is_over:
            return None
        with clock.standing_at(at), scope(self.town.id):
            found = [
                one for one in households(payer_ids=None, now=at) if one.oldest and (day - one.oldest).days >= STEP_DAYS
            ]
            if len(found) < HOUSEHOLDS:
                return None
            by_dues, _, *others = sorted(found, key=lambda one: -one.total)
            if by_dues.total < DUES * self.town.chosen(ArrearsChoices).plan_least:
                return None
            self.is_over = True
            until, reason = day + STOPPED_FOR, "Seguita dai servizi sociali"
            for stopped in others[:1]:
                ladder.stop(by=OFFICE, payer_id=stopped.payer_id, until=until, reason=reason, now=at)
        self._agree(by_dues.payer_id, at)
        later = at + timedelta(minutes=5)
        with clock.standing_at(later), scope(self.town.id):
            run = running.preview(by=OFFICE, now=later)
            if run.wanted:
                running.confirm(by=OFFICE, run_id=run.id, now=later)
        return later + timedelta(minutes=5)

    def _agree(self, payer_id: int, at: datetime) -> None:
        """Agree on dues, and pay the first one at once by its notice."""
        first = clock.day_of(at) + FIRST_DUE
        with clock.standing_at(at), scope(self.town.id):
            note = "Chiesto al telefono"
            plan = planning.agree(by=OFFICE, payer_id=payer_id, count=DUES, first=first, months=1, note=note, now=at)
            asked = asking.position_for_due(by=OFFICE, plan_id=plan.pk, place=1, now=at)
            (request,) = positions.requests(request_ids=[asked])
            receipt = keep_receipt_of(request=request, at=at, random=self.random)
        if receipt:
            with clock.standing_at(receipt.kept_at + timedelta(minutes=1)), scope(self.town.id):
                top_up.book(receipt_pk=receipt.pk)
