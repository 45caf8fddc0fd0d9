"""A tiny town lives its year: the book is clean and outsiders find what they were promised."""

from datetime import datetime

import pytest

from campanella.demo import handover, seeding
from campanella.demo.towns import TOWNS
from campanella.domains.ledger import queries as wallets
from campanella.domains.ledger import verify
from campanella.domains.messaging.models import Message
from campanella.domains.payments.receipts import queries as receipts
from campanella.foundation.core import clock
from campanella.foundation.core.clock import ROME
from campanella.foundation.core.scope import scope
from campanella.usecases import proofs
from tests.towns import as_owner

MOMENT = datetime(2026, 10, 14, 8, 40, tzinfo=ROME)
ROLES = {"guardian", "school", "kitchen", "office", "cashier"}


@pytest.mark.slow
@pytest.mark.parametrize("slug", ["aosta", "truccazzano", "carrara"])
def test_a_town_is_filled_and_its_book_is_clean(db: None, settings: object, tmp_path: object, slug: str) -> None:
    settings.STORAGES["default"]["OPTIONS"]["location"] = tmp_path  # type: ignore[attr-defined]  # pytest-django's own
    with as_owner():
        seeding.register_towns()

    town = seeding.fill(slug=slug, size="tiny", moment=MOMENT)

    with scope(town.id):
        assert verify.violations() == []
        assert proofs.violations() == []
        assert receipts.parked()
        assert Message.objects.filter(failed_at=None, sent_at=None).count() == 0
        assert Message.objects.exclude(failed_at=None).count() == 1
        _mails_tell_what_the_book_says()
    with clock.standing_at(MOMENT):
        told = handover.demo_json(base_url="http://localhost:8000", simulators_url="http://localhost:8010")
    assert [known["slug"] for known in told["towns"]] == [plan.slug for plan in TOWNS]
    here = next(known for known in told["towns"] if known["slug"] == slug)
    statuses = [notice["status"] for notice in here["notices"]]
    assert {user["role"] for user in here["users"]} == ROLES
    assert len([user for user in here["users"] if user["role"] == "guardian"]) >= 2
    assert statuses.count("open") >= 8
    assert {"open", "paid", "cancelled", "expired"} <= set(statuses)
    names = {user["username"] for user in here["users"]}
    assert all(child["guardian"] in names and child["wallets"] for child in here["children"])
    known = {wallet["id"] for child in here["children"] for wallet in child["wallets"]}
    assert {notice["wallet"] for notice in here["notices"]} <= known


def _mails_tell_what_the_book_says() -> None:
    letters = list(Message.objects.filter(template="low_credit", failed_at=None))
    assert letters
    for letter in letters:
        wallet_id = int(letter.key.split(":")[1])
        movements = [line for line in wallets.movements_of(wallet_id=wallet_id) if line.at <= letter.queued_at]
        then = max(movements, key=lambda line: (line.at, line.entry_id)).balance_after
        assert f"adesso è {then}." in letter.text, letter.key
