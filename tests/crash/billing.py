"""
Bills October of Valle, calls it back and bills it again, in a process that may be killed at any moment.

Says ``ready`` when it begins. With a second argument it ends as soon as October is issued to its last invoice.
"""

import sys
from contextlib import suppress
from datetime import date

import django

django.setup()

from campanella.domains.billing.operations import NotInThisState  # noqa: E402
from campanella.domains.billing.runs import RunView  # noqa: E402
from campanella.foundation.core import clock  # noqa: E402  # Django first
from campanella.foundation.core.scope import naming, scope  # noqa: E402
from campanella.usecases.billing import issuing, policies, running, staging  # noqa: E402
from tests.billing import noon  # noqa: E402
from tests.towns import OFFICE  # noqa: E402

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)


def main(town_id: int, *, ends: bool) -> None:
    """Go on from wherever another was killed."""
    issuing.CHUNK = 1
    with clock.standing_at(noon(date(2026, 11, 5))), naming(town_id):
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while True:
            run = bill(town_id)
            if ends:
                return
            staging.recall(by=OFFICE, run_id=run.id, reason="prova", now=clock.now())


def bill(town_id: int) -> RunView:
    """Preview, confirm, let go and issue, each step where it is not done yet."""
    with scope(town_id):
        meal = policies.service_named("mensa")
    run = running.preview(by=OFFICE, service=meal, first=FIRST, last=LAST, now=clock.now())
    run = running.confirm(by=OFFICE, run_id=run.id, now=clock.now())
    if run.state == "issuing":
        # What a killed process had asked for last may still be on its way to the end.
        with suppress(NotInThisState):
            staging.go_on(by=OFFICE, run_id=run.id, now=clock.now())
        issuing.issue(run_id=run.id)
    return run


main(int(sys.argv[1]), ends=len(sys.argv) > 2)
