"""Pesaro's families whose bank pays after the month, one of whose accounts was closed."""

from datetime import datetime

import pytest

from campanella.demo import seeding
from campanella.domains.billing import queries as billing
from campanella.domains.debiting.models import Collection, Coming, Mandate
from campanella.domains.ledger import verify
from campanella.domains.messaging.models import Message
from campanella.foundation.core.clock import ROME
from campanella.foundation.core.scope import scope
from campanella.readings import proofs
from tests.towns import as_owner

MOMENT = datetime(2026, 11, 30, 8, 40, tzinfo=ROME)


@pytest.mark.slow
def test_banks_have_paid_a_month_and_one_was_sent_back(db: None, settings: object, tmp_path: object) -> None:
    settings.STORAGES["default"]["OPTIONS"]["location"] = tmp_path  # type: ignore[attr-defined]  # pytest-django's own
    with as_owner():
        seeding.register_towns()

    town = seeding.fill(slug="pesaro", size="tiny", moment=MOMENT)

    with scope(town.id):
        assert verify.violations() == []
        assert proofs.violations() == []
        states = sorted(Mandate.objects.values_list("state", flat=True))
        assert states == ["active"] * (len(states) - 1) + ["ended"]
        assert len(states) >= 3
        kinds = list(Coming.objects.values_list("kind", flat=True))
        assert kinds.count("returned") == 1
        assert kinds.count("booked") >= 3
        assert Collection.objects.filter(comings=None).exists()
        assert {"paid", "unpaid"} <= {one.state for one in billing.invoices_between(period=None)}
        letter = Message.objects.get(template="collection_back")
        assert "perché il conto è chiuso" in letter.text
        assert letter.sent_at
