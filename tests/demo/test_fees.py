"""Valenza's nursery has a fixed share each month besides its days, and its families pay it from their credit."""

from datetime import date, datetime

import pytest

from campanella.demo import seeding
from campanella.domains.billing import fee_queries
from campanella.domains.billing.models import FeeDue
from campanella.domains.ledger import verify
from campanella.domains.ledger.models import Wallet
from campanella.foundation.core.clock import ROME
from campanella.foundation.core.scope import scope
from campanella.readings import proofs
from tests.towns import as_owner

MOMENT = datetime(2026, 11, 30, 8, 40, tzinfo=ROME)


@pytest.mark.slow
def test_each_month_is_charged_on_its_first_day(db: None, settings: object, tmp_path: object) -> None:
    settings.STORAGES["default"]["OPTIONS"]["location"] = tmp_path  # type: ignore[attr-defined]  # pytest-django's own
    with as_owner():
        seeding.register_towns()

    town = seeding.fill(slug="valenza", size="tiny", moment=MOMENT)

    with scope(town.id):
        assert verify.violations() == []
        assert proofs.violations() == []
        (fee,) = fee_queries.fees()
        assert (fee.plan.name, fee.service_name) == ("Retta mensile", "Asilo nido")
        firsts = {row.days.lower for row in FeeDue.objects.filter(cents__gt=0)}
        assert firsts == {date(2026, month, 1) for month in (9, 10, 11)}
        balances = Wallet.objects.filter(service__code="nido").values_list("balance_cents", flat=True)
        assert balances
        assert max(balances) > 0, "families top up for it"
