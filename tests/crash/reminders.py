"""Reminds the families of Valle in a process that may be killed at any moment: says `ready`, then goes through them."""

import sys
from collections.abc import Sequence
from datetime import timedelta

import django

django.setup()

from campanella.domains.arrears import queries  # noqa: E402  # Django first
from campanella.domains.arrears.issuing import RunUnderWay  # noqa: E402
from campanella.foundation.core import clock  # noqa: E402
from campanella.foundation.core.scope import naming, scope  # noqa: E402
from campanella.usecases.arrears import running, sending  # noqa: E402
from tests.arrears import after_due  # noqa: E402
from tests.towns import OFFICE  # noqa: E402


def main(words: Sequence[str]) -> None:
    """Preview, confirm, send one by one; a run that is under way is gone on with."""
    town_id = int(words[0])
    sending.CHUNK = 1
    now = after_due(15)
    with clock.standing_at(now), naming(town_id):
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        with scope(town_id):
            past = [one for one in queries.runs() if one.confirmed_at]
        if not past:
            try:
                run = running.preview(by=OFFICE, now=now)
            except RunUnderWay:
                return
            running.confirm(by=OFFICE, run_id=run.id, now=now)
    with clock.standing_at(now + timedelta(minutes=5)), naming(town_id):
        with scope(town_id):
            (last, *_) = queries.runs()
        sys.stdout.write("sending\n")
        sys.stdout.flush()
        sending.send(run_id=last.id)


if __name__ == "__main__":
    main(sys.argv[1:])
