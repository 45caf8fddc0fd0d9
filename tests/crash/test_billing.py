"""Kill -9 of whoever bills a month, at random moments: gone on with, it has the same invoices and no number is missing."""

import os
import random
import time as real
from collections import Counter
from datetime import date

import pytest

from campanella.domains.billing import queries, runs
from campanella.domains.billing.models import CreditNote
from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger import verify
from campanella.domains.people import operations as people
from campanella.domains.schools import operations as schools
from campanella.domains.services.models import Bracket
from campanella.foundation.core import clock, sql
from campanella.foundation.core.scope import scope
from campanella.readings import proofs
from campanella.usecases.billing import policies
from tests.billing import eat, october
from tests.crash.installation import Installation
from tests.crash.test_kills import cast, installation
from tests.crash.warm import Warm
from tests.towns import OFFICE, Cast, choosing, subscribe

pytestmark = [pytest.mark.slow, pytest.mark.process, pytest.mark.xdist_group("crash")]

CHILDREN = 12
TOLD = """
select jsonb_array_elements_text(args->'fields'->'invoice_ids')::bigint from procrastinate_jobs
 where args->>'event' like '%InvoicesIssued'
"""
KILLS = int(os.environ.get("CAMPANELLA_KILLS") or 6)
SEED = int(os.environ.get("CAMPANELLA_SEED") or 7)
# What is used as fixtures here is made there.
FIXTURES = (cast, installation)


def test_killed_while_billing(installation: Installation, cast: Cast) -> None:
    dice = random.Random(SEED)
    with scope(cast.town.id):
        choosing(cast.town, bill_per_payer=False, bill_sample=3)
        policies.set_for_all(
            by=OFFICE, service=cast.services["mensa"], kind="postpaid", first=date(2026, 9, 1), reason="", now=clock.now()
        )
        _more_children(cast)
        eat(cast, october())
    under_way = 0
    with Warm("tests.crash.billing", installation.environment) as begun:
        for _ in range(KILLS):
            billing = begun.start(str(cast.town.id))
            assert billing.stdout
            assert billing.stdout.readline() == "ready\n"
            real.sleep(dice.uniform(0, 1.5))
            billing.kill()
            billing.communicate()
            under_way += _check(cast)

        ended = begun.run(str(cast.town.id), "ends")

    assert ended.status == 0, ended.err
    _check(cast)
    with scope(cast.town.id):
        made = runs.runs(limit=10_000)
        run, notes = made[0], CreditNote.objects.count()
        half = sum(one.state == "recalled" and 0 < one.issued < one.invoices for one in made)
        found = [one for one in queries.invoices_between(period=None) if one.state != "cancelled"]
        assert (run.state, run.issued, len(found)) == ("issued", CHILDREN, CHILDREN)
        assert sum(one.total.cents for one in found) == 22 * (460 + 310 + 460 + (CHILDREN - 3) * 460)
        assert notes == sum(one.issued for one in made if one.state == "recalled")
        assert half
        assert verify.violations() == []
    print(
        f"billing: {KILLS} kills, {under_way} of them in the middle of a run, {notes} called back, {half} runs half issued, "
        "none lost, none double"
    )


def _check(cast: Cast) -> bool:
    """
    Check that no number is missing, that the book holds, and that each invoice is told exactly once.

    :returns: whether a run is in its middle
    """
    with scope(cast.town.id):
        found = queries.invoices_between(period=None)
        assert [one.number for one in found] == [f"FT/2026/{place}" for place in range(1, len(found) + 1)]
        notes = sorted(CreditNote.objects.values_list("number", flat=True))
        assert notes == list(range(1, len(notes) + 1))
        assert proofs.violations() == []
    told = Counter(invoice_id for (invoice_id,) in sql.rows(TOLD))
    assert told == Counter(one.id for one in found)
    with scope(cast.town.id):
        return any(run.state == "issuing" for run in runs.runs())


def _more_children(cast: Cast) -> None:
    meal = cast.services["mensa"]
    bracket = Bracket.objects.get(tariff__service=meal, code="full")
    for number in range(CHILDREN - 3):
        child = people.register_child(
            given_name=f"Figlio {number}", family_name="Haddad", tax_code="", birth_date=date(2019, 4, 12)
        )
        people.tie(child=child, guardian=cast.families["haddad"].guardian, is_payer=True)
        schools.place(child=child, class_group=cast.classes["2B"], first=date(2026, 9, 1), end=None)
        subscribe(child=child, service=meal, bracket=bracket, first=date(2026, 9, 15), end=None)
        ledger.open_wallet(child=child, service_id=meal.pk)
