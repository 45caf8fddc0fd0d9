"""Kill -9 of whoever pays refunds, at random moments: gone on with, each was held, asked for and given back once."""

import os
import random
import time as real

import pytest

from campanella.domains.adjusting.models import Proposal, RefundComing, RefundOrder, Step
from campanella.domains.ledger import verify
from campanella.foundation.core.scope import scope
from campanella.readings import proofs
from tests.adjusting import TOWN_ACCOUNT, colleague
from tests.crash.installation import Installation
from tests.crash.test_kills import cast, installation
from tests.crash.warm import Warm
from tests.towns import Cast, choosing

pytestmark = [pytest.mark.slow, pytest.mark.process, pytest.mark.xdist_group("crash")]

KILLS = int(os.environ.get("CAMPANELLA_KILLS") or 6)
SEED = int(os.environ.get("CAMPANELLA_SEED") or 7)
# What is used as fixtures here is made there.
FIXTURES = (cast, installation)


def test_killed_while_paying_refunds(installation: Installation, cast: Cast) -> None:
    dice = random.Random(SEED)
    with scope(cast.town.id):
        choosing(cast.town, iban=TOWN_ACCOUNT)
        colleague()
        for name in ("Anna", "Luca", "Amina"):
            cast.credit(name, 1000)
        before = [cast.balance(name) for name in ("Anna", "Luca", "Amina")]
    with Warm("tests.crash.refunds", installation.environment) as begun:
        for _ in range(KILLS):
            paying = begun.start(str(cast.town.id))
            assert paying.stdout
            paying.stdout.readline()
            real.sleep(dice.uniform(0, 0.25))
            paying.kill()
            paying.communicate()
            with scope(cast.town.id):
                assert proofs.violations() == []

        ended = begun.run(str(cast.town.id))

    assert ended.status == 0, ended.err
    with scope(cast.town.id):
        counts = [model.objects.count() for model in (Proposal, Step, RefundOrder, RefundComing)]
        assert counts == [3, 3, 3, 3]
        assert [cast.balance(name) for name in ("Anna", "Luca", "Amina")] == before
        assert verify.violations() == []
        assert proofs.violations() == []
