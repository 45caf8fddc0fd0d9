"""Kill -9 of whoever reminds, at random moments: gone on with, each household has one reminder and no number is missing."""

import os
import random
import subprocess
import sys
import time as real

import pytest

from campanella.domains.arrears import queries, reminders
from campanella.domains.ledger import verify
from campanella.domains.messaging.models import Message
from campanella.foundation.core.scope import scope
from campanella.readings import proofs
from tests.arrears import HADDAD, ROSSI, overdue
from tests.crash.installation import ROOT, Installation
from tests.crash.test_kills import cast, installation
from tests.towns import Cast

pytestmark = [pytest.mark.slow, pytest.mark.process, pytest.mark.xdist_group("crash")]

KILLS = int(os.environ.get("CAMPANELLA_KILLS") or 6)
SEED = int(os.environ.get("CAMPANELLA_SEED") or 7)
# What is used as fixtures here is made there.
FIXTURES = (cast, installation)


def test_killed_while_reminding(installation: Installation, cast: Cast) -> None:
    dice = random.Random(SEED)
    with scope(cast.town.id):
        overdue(cast)
    environment = {**installation.environment, "DJANGO_SETTINGS_MODULE": "campanella.config.settings"}
    words = [sys.executable, "-m", "tests.crash.reminders", str(cast.town.id)]
    for _ in range(KILLS):
        reminding = subprocess.Popen(
            words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert reminding.stdout
        reminding.stdout.readline()
        real.sleep(dice.uniform(0, 0.5))
        reminding.kill()
        reminding.communicate()
        with scope(cast.town.id):
            numbers = [one.number for one in reminders.every()]
            assert numbers == [f"SO/2026/{place}" for place in range(1, len(numbers) + 1)]
            assert Message.objects.filter(template="reminder").count() == len(numbers)
            assert proofs.violations() == []

    assert subprocess.run(words, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=False).returncode == 0

    with scope(cast.town.id):
        (run,) = queries.runs()
        found = reminders.every()
        assert (run.state, run.sent) == ("sent", 2)
        assert sorted(one.total.cents for one in found) == sorted((ROSSI, HADDAD))
        assert len({one.payer_id for one in found}) == 2
        assert verify.violations() == []
        assert proofs.violations() == []
