"""Kill -9 of whoever reminds, at random moments: gone on with, each household has one reminder and no number is missing."""

import os
import random
import time as real
from datetime import date

import pytest

from campanella.domains.arrears import queries, reminders
from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger import verify
from campanella.domains.messaging.models import Message
from campanella.domains.people import operations as people
from campanella.domains.schools import operations as schools
from campanella.domains.services.models import Bracket
from campanella.foundation.core.scope import scope
from campanella.readings import proofs
from tests.arrears import HADDAD, ROSSI, overdue
from tests.crash.installation import Installation
from tests.crash.test_kills import cast, installation
from tests.crash.warm import Warm
from tests.towns import Cast, choosing, subscribe

pytestmark = [pytest.mark.slow, pytest.mark.process, pytest.mark.xdist_group("crash")]

KILLS = int(os.environ.get("CAMPANELLA_KILLS") or 6)
SEED = int(os.environ.get("CAMPANELLA_SEED") or 7)
FAMILIES = 2 * KILLS
# What is used as fixtures here is made there.
FIXTURES = (cast, installation)


def test_killed_while_reminding(installation: Installation, cast: Cast) -> None:
    dice = random.Random(SEED)
    with scope(cast.town.id):
        choosing(cast.town, arrears_sample=0)
        _more_families(cast)
        overdue(cast)
    under_way, numbers = 0, list[str]()
    with Warm("tests.crash.reminders", installation.environment) as begun:
        for kill in range(KILLS):
            reminding = begun.start(str(cast.town.id))
            assert reminding.stdout
            reminding.stdout.readline()
            # Every second one dies while reminders are being written; the others at any moment before.
            if kill % 2:
                reminding.stdout.readline()
                before = min(len(numbers), FAMILIES + 1)
                installation.wait_for(lambda before=before: _written(cast) > before, every=0.01)
            real.sleep(dice.uniform(0, 0.05 if kill % 2 else 0.5))
            reminding.kill()
            reminding.communicate()
            with scope(cast.town.id):
                numbers = [one.number for one in reminders.every()]
                under_way += 0 < len(numbers) < FAMILIES + 2
                assert numbers == [f"SO/2026/{place}" for place in range(1, len(numbers) + 1)]
                assert Message.objects.filter(template="reminder").count() == len(numbers)
                assert proofs.violations() == []

        ended = begun.run(str(cast.town.id))

    assert ended.status == 0, ended.err
    assert under_way, "somebody was killed in the middle"
    with scope(cast.town.id):
        (run,) = queries.runs()
        found = reminders.every()
        assert (run.state, run.sent) == ("sent", FAMILIES + 2)
        assert sorted(one.total.cents for one in found) == sorted((ROSSI, *[HADDAD] * (FAMILIES + 1)))
        assert len({one.payer_id for one in found}) == FAMILIES + 2
        assert Message.objects.filter(template="reminder").count() == FAMILIES + 2
        assert verify.violations() == []
        assert proofs.violations() == []
    print(f"reminding: {KILLS} kills, {under_way} of them in the middle, {len(found)} reminders, none lost, none double")


def _written(cast: Cast) -> int:
    with scope(cast.town.id):
        return len(reminders.every())


def _more_families(cast: Cast) -> None:
    """Add families of one child each in Amina's class, so that a run is long enough to be killed in its middle."""
    meal = cast.services["mensa"]
    bracket = Bracket.objects.get(tariff__service=meal, code="full")
    for number in range(FAMILIES):
        child = people.register_child(
            given_name=f"Figlio {number}", family_name="Altri", tax_code="", birth_date=date(2019, 4, 12)
        )
        adult = people.register_guardian(
            given_name=f"Adulto {number}", family_name="Altri", tax_code="", email=f"altri-{number}@posta.example", phone=""
        )
        people.tie(child=child, guardian=adult, is_payer=True)
        schools.place(child=child, class_group=cast.classes["2B"], first=date(2026, 9, 1), end=None)
        subscribe(child=child, service=meal, bracket=bracket, first=date(2026, 9, 15), end=None)
        ledger.open_wallet(child=child, service_id=meal.pk)
