"""What the office of the demo put right lately, and the refund that waits for its second person."""

from datetime import datetime

import pytest

from campanella.demo import seeding
from campanella.domains.adjusting import queries
from campanella.domains.ledger import verify
from campanella.domains.messaging.models import Message
from campanella.foundation.core.clock import ROME
from campanella.foundation.core.scope import scope
from campanella.readings import proofs
from tests.towns import as_owner

MOMENT = datetime(2026, 11, 30, 8, 40, tzinfo=ROME)


@pytest.mark.slow
def test_one_is_done_one_is_a_kindness_and_one_waits(db: None, settings: object, tmp_path: object) -> None:
    settings.STORAGES["default"]["OPTIONS"]["location"] = tmp_path  # type: ignore[attr-defined]  # pytest-django's own
    with as_owner():
        seeding.register_towns()

    town = seeding.fill(slug="carrara", size="tiny", moment=MOMENT)

    with scope(town.id):
        assert verify.violations() == []
        assert proofs.violations() == []
        (waits,) = queries.waiting()
        assert (waits.kind, waits.hands, waits.paid) == ("refund", 2, "")
        assert sorted(one.kind for one in queries.last()) == ["adjustment", "goodwill"]
        told = Message.objects.filter(template="credit_corrected")
        assert any("credito di cortesia" in one.text for one in told)
        assert Message.objects.filter(template="proposal_waits").exists()
