"""
Bills October of Valle, calls it back and bills it again, in a process that may be killed at any moment.

Every other time it is called back when its first invoices alone have left, as by an officer who has looked at them: asked
for, and done five minutes later. Says ``ready`` when it begins. With a second argument it ends, after one of those, as soon
as October is issued to its last invoice.
"""

import random
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import date

import django

django.setup()

from campanella.domains.billing import runs  # noqa: E402
from campanella.domains.billing.operations import NotInThisState  # noqa: E402
from campanella.domains.billing.runs import RunView  # noqa: E402
from campanella.foundation.core import clock  # noqa: E402  # Django first
from campanella.foundation.core.scope import naming, scope  # noqa: E402
from campanella.readings.office.bulk import LEAVES_AFTER  # noqa: E402
from campanella.usecases.billing import issuing, policies, recalling, running, staging  # noqa: E402
from tests.billing import noon  # noqa: E402
from tests.towns import OFFICE  # noqa: E402

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)


def main(words: Sequence[str]) -> None:
    """Go on from wherever another was killed."""
    town_id, ends = int(words[0]), len(words) > 1
    issuing.CHUNK = 1
    with clock.standing_at(noon(date(2026, 11, 5))), naming(town_id):
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        is_over = False
        while not is_over:
            run = bill(town_id, half=ends or random.random() < 0.5)
            # One that went on before it was killed may have issued them all: then once more.
            is_over = ends and run.state == "recalled" and run.issued < run.invoices
            if run.state != "recalled":
                staging.recall(by=OFFICE, run_id=run.id, reason="prova", now=clock.now())
        bill(town_id, half=False)


def bill(town_id: int, *, half: bool) -> RunView:
    """
    Preview, confirm, let go and issue, each step where it is not done yet; a recall that waits is carried out before.

    :param half: its first invoices leave, and it is called back
    """
    with scope(town_id):
        meal = policies.service_named("mensa")
    run = running.preview(by=OFFICE, service=meal, first=FIRST, last=LAST, now=clock.now())
    if run.recall:
        carry_out(run.id)
        run = running.preview(by=OFFICE, service=meal, first=FIRST, last=LAST, now=clock.now())
    run = running.confirm(by=OFFICE, run_id=run.id, now=clock.now())
    if half and run.state == "issuing":
        issuing.issue(run_id=run.id)
        recalling.ask(by=OFFICE, run_id=run.id, reason="tariffa sbagliata", now=clock.now())
        carry_out(run.id)
        with scope(town_id):
            return runs.run(run_id=run.id)
    if run.state == "issuing":
        # What a killed process had asked for last may still be on its way to the end.
        with suppress(NotInThisState):
            staging.go_on(by=OFFICE, run_id=run.id, now=clock.now())
        issuing.issue(run_id=run.id)
    return run


def carry_out(run_id: int) -> None:
    """Do what the job does whose time has come."""
    with clock.standing_at(clock.now() + LEAVES_AFTER):
        recalling.carry_out(run_id=run_id)


if __name__ == "__main__":
    main(sys.argv[1:])
