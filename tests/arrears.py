"""Families in arrears and their reminders, for tests: October billed, due on the fifth of December."""

from datetime import date, datetime, timedelta

from campanella.domains.arrears import queries, reminders
from campanella.domains.arrears.queries import RunView
from campanella.domains.arrears.reminders import ReminderView
from campanella.foundation.core import clock
from campanella.foundation.core.scope import active_town_id
from campanella.usecases.arrears import running, sending
from tests.billing import bill, eat, noon, october, tell
from tests.towns import OFFICE, Cast
from tests.usecases.billing.conftest import post_paid

DUE = date(2026, 12, 5)
# Rossi's two children and Haddad's one for six days: 6 × (4.60 + 3.10) and 6 × 4.60.
ROSSI, HADDAD = 4620, 2760


def overdue(cast: Cast, days: int = 6) -> None:
    """Let everybody owe some days of October, told on the fifth of November, past their day on the sixth of December."""
    post_paid(cast)
    eat(cast, october()[:days])
    bill(cast)
    tell()


def after_due(days: int) -> datetime:
    """Give noon, so many days after the due date."""
    return noon(DUE + timedelta(days=days))


def remind(now: datetime, *, all_of_them: bool = True) -> RunView:
    """Preview, confirm and send the reminders of a day."""
    with clock.standing_at(now):
        run = running.preview(by=OFFICE, now=now)
        if not run.wanted:
            return run
        running.confirm(by=OFFICE, run_id=run.id, now=now)
    later = now + timedelta(minutes=5)
    with clock.standing_at(later):
        sending.send(run_id=run.id)
        if all_of_them and queries.run(run_id=run.id).is_waiting:
            running.go_on(by=OFFICE, run_id=run.id, now=later)
    if all_of_them:
        with clock.standing_at(later + timedelta(minutes=5)):
            sending.send(run_id=run.id)
    assert active_town_id()
    return queries.run(run_id=run.id)


def reminders_of(cast: Cast, family: str = "rossi") -> list[ReminderView]:
    """Return the reminders of a family, the oldest first."""
    return reminders.reminders_of(payer_ids=[cast.families[family].guardian.pk])


def outcomes(run: RunView) -> dict[int, tuple[int, str]]:
    """Return by payer the step and what became of it."""
    return {one.payer_id: (one.place, one.outcome) for one in queries.candidates(run_id=run.id)}
