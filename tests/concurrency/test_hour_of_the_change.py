"""The night in which the hour changes: numbers that close in it close once, whoever comes first."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.attendance import terms
from campanella.domains.attendance.judging import Arrival
from campanella.domains.attendance.models import DayRule
from campanella.domains.ledger import verify
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope
from campanella.readings import proofs
from campanella.usecases import cut_off, wishes
from tests.concurrency.racing import in_turn
from tests.towns import OFFICE, Cast

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("concurrency")]

A_MOMENT = timedelta(microseconds=1)
# Monday, whose numbers close on Sunday at half past two: an hour that comes twice in autumn, and not at all in spring. The
# clock of the wall says it for the last time at the instant that counts.
AUTUMN, SPRING = date(2026, 10, 26), date(2027, 3, 29)
NIGHTS = [
    (AUTUMN, time(2, 30), 1, datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
    (SPRING, time(2, 30), 1, datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
    # And the first morning by the other hour.
    (AUTUMN, time(9, 30), 0, datetime(2026, 10, 26, 8, 30, tzinfo=UTC)),
    (SPRING, time(9, 30), 0, datetime(2027, 3, 29, 7, 30, tzinfo=UTC)),
]


def booked(town: Cast, hour: time, days_before: int) -> None:
    with scope(town.town.id):
        DayRule.objects.create(
            service=town.services["mensa"],
            school=town.school,
            days=DateRange(date(2026, 9, 1), None),
            mode="opt_out",
            cut_off=hour,
            cut_off_days_before=days_before,
            made_at=clock.now(),
        )


def cancel(town: Cast, day: date, at: datetime) -> Callable[[], Any]:
    line, user = (town.child("Luca").pk, town.services["mensa"].pk), town.families["rossi"].user

    def act() -> Any:
        with clock.standing_at(at):
            return wishes.ask(
                by=user, lines=[line], days=[day], action="cancel", key=uuid4(), arrival=Arrival(at), now=at + A_MOMENT
            )

    return act


def close(town: Cast, day: date, at: datetime) -> Callable[[], int]:
    def act() -> int:
        with clock.standing_at(at):
            return cut_off.confirm_booked(by=OFFICE, service=town.services["mensa"], day=day, now=at)

    return act


@pytest.mark.parametrize("cancels_first", [True, False])
@pytest.mark.parametrize(("late", "luca"), [(timedelta(), 0), (A_MOMENT, -310)])
@pytest.mark.parametrize(("day", "hour", "days_before", "closes"), NIGHTS)
def test_a_request_and_the_cut_off_of_that_night(
    town: Cast, day: date, hour: time, days_before: int, closes: datetime, late: timedelta, luca: int, cancels_first: bool
) -> None:
    booked(town, hour, days_before)
    with scope(town.town.id):
        of = terms.on(day=day).of(service_id=town.services["mensa"].pk, school_id=town.school.pk)
        assert of.cut_off.astimezone(UTC) == closes
        # Before it nobody is confirmed, though the clock of the wall may have said it once already.
        assert close(town, day, closes)() == 0
        acts = [cancel(town, day, closes + late), close(town, day, closes + A_MOMENT)]
    results = in_turn(town, *(acts if cancels_first else acts[::-1]))
    assert [one for one in results if isinstance(one, Exception)] == []
    with scope(town.town.id), clock.standing_at(closes + timedelta(days=1)):
        assert [town.balance(name) for name in ("Anna", "Luca", "Amina")] == [-460, luca, -460]
        assert verify.violations() + proofs.violations() == []
