"""Truccazzano in the size that everybody starts: one family is reminded, another pays in dues and keeps to them."""

from datetime import datetime

import pytest

from campanella.demo import seeding
from campanella.domains.arrears import reminders
from campanella.domains.ledger import verify
from campanella.foundation.core.clock import ROME
from campanella.foundation.core.scope import scope
from campanella.readings import proofs
from campanella.readings.arrears.plans import standings
from campanella.readings.arrears.proof import proofs_of
from tests.towns import as_owner

MOMENT = datetime(2026, 11, 30, 8, 40, tzinfo=ROME)


@pytest.mark.slow
def test_a_town_reminds_and_is_kind(db: None, settings: object, tmp_path: object) -> None:
    settings.STORAGES["default"]["OPTIONS"]["location"] = tmp_path  # type: ignore[attr-defined]  # pytest-django's own
    with as_owner():
        seeding.register_towns()

    town = seeding.fill(slug="truccazzano", size="small", moment=MOMENT)

    with scope(town.id):
        assert verify.violations() == []
        assert proofs.violations() == []
        (plan,) = standings(payer_ids=None, today=MOMENT.date())
        assert (plan.state, plan.met[0].state) == ("kept", "paid")
        found = reminders.every()
        assert found
        assert {one.status[0] for one in proofs_of(found).values()} == {"ok"}
        assert plan.plan.payer_id not in {one.payer_id for one in found}
