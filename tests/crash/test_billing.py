"""Kill -9 of whoever bills a month, at random moments: gone on with, it has the same invoices and no number is missing."""

import os
import random
import subprocess
import sys
import time as real
from datetime import date

import pytest

from campanella.domains.billing import queries, runs
from campanella.domains.ledger import verify
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope
from campanella.readings import proofs
from campanella.usecases.billing import policies
from tests.billing import eat, october
from tests.crash.installation import ROOT, Installation
from tests.crash.test_kills import cast, installation
from tests.towns import OFFICE, Cast

pytestmark = [pytest.mark.slow, pytest.mark.process, pytest.mark.xdist_group("crash")]

KILLS = int(os.environ.get("CAMPANELLA_KILLS") or 6)
SEED = int(os.environ.get("CAMPANELLA_SEED") or 7)
# What is used as fixtures here is made there.
FIXTURES = (cast, installation)


def test_killed_while_billing(installation: Installation, cast: Cast) -> None:
    dice = random.Random(SEED)
    with scope(cast.town.id):
        policies.set_for_all(
            by=OFFICE, service=cast.services["mensa"], kind="postpaid", first=date(2026, 9, 1), reason="", now=clock.now()
        )
        eat(cast, october())
    environment = {**installation.environment, "DJANGO_SETTINGS_MODULE": "campanella.config.settings"}
    words = [sys.executable, "-m", "tests.crash.billing", str(cast.town.id)]
    for _ in range(KILLS):
        billing = subprocess.Popen(
            words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert billing.stdout
        billing.stdout.readline()
        real.sleep(dice.uniform(0, 0.4))
        billing.kill()
        billing.communicate()
        with scope(cast.town.id):
            numbers = [one.number for one in queries.invoices_between(period=None)]
            assert numbers == [f"FT/2026/{place}" for place in range(1, len(numbers) + 1)]
            assert proofs.violations() == []

    assert subprocess.run(words, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=False).returncode == 0

    with scope(cast.town.id):
        (run,) = runs.runs()
        found = queries.invoices_between(period=None)
        assert (run.state, [one.number for one in found]) == ("issued", ["FT/2026/1", "FT/2026/2"])
        assert sum(one.total.cents for one in found) == 22 * (460 + 310 + 460)
        assert verify.violations() == []
        assert proofs.violations() == []
