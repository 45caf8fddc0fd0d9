"""Bills October of Valle in a process that may be killed at any moment: says `ready`, then each invoice it has issued."""

import sys

import django

django.setup()

from campanella.domains.billing.operations import NotInThisState  # noqa: E402
from campanella.foundation.core import clock  # noqa: E402  # Django first
from campanella.foundation.core.scope import naming, scope  # noqa: E402
from campanella.usecases.billing import issuing, policies, running, staging  # noqa: E402
from tests.billing import noon  # noqa: E402
from tests.towns import OFFICE  # noqa: E402


def main(town_id: int) -> None:
    """Preview, confirm, issue one by one."""
    from datetime import date

    issuing.CHUNK = 1
    with clock.standing_at(noon(date(2026, 11, 5))), naming(town_id):
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        with scope(town_id):
            meal = policies.service_named("mensa")
        run = running.preview(by=OFFICE, service=meal, first=date(2026, 10, 1), last=date(2026, 10, 31), now=clock.now())
        running.confirm(by=OFFICE, run_id=run.id, now=clock.now())
        try:
            staging.go_on(by=OFFICE, run_id=run.id, now=clock.now())
        except NotInThisState:
            return  # whoever was killed had issued the last one already
        issuing.issue(run_id=run.id)


main(int(sys.argv[1]))
