"""Every letter about money agrees with the book at its movement, and the auditor names each that does not."""

from datetime import timedelta

import pytest

from campanella.domains.attendance.models import Presence
from campanella.domains.ledger.models import Entry
from campanella.domains.ledger.rules import Source
from campanella.domains.messaging.models import Message
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.readings import proofs
from campanella.readings.proofs import letters
from campanella.usecases import adjust, mealtime
from tests.paying import prepare, ready, receive, wish
from tests.towns import Cast, Family, run_jobs, tell_again

__all__ = ["ready"]


@pytest.fixture
def told(valle: Cast, ready: Family) -> Cast:
    """Anna has topped up 20 euro, eats, and is adjusted down below zero; what followed has been told."""
    office, now = valle.staff["office"], clock.now()
    receive(prepare(valle, ready, wish(valle))[0], iur="IUR1")
    # The thanks are late: meanwhile a meal was eaten.
    mealtime.confirm(by=valle.staff["school"], roll_call=valle.roll_call(), absent_ids=[], adults=0, now=now)
    run_jobs()
    with clock.standing_at(now + timedelta(hours=1)):
        adjust.adjust(
            by=office, wallet_id=valle.wallet("Anna").pk, amount=Euro(-1700), reason="errore", key="1", now=clock.now()
        )
        run_jobs()
    tell_again()
    return valle


def test_letters_tell_what_was_true_at_their_movement(told: Cast) -> None:
    thanks = Message.objects.get(template="top_up_booked")
    assert f"Con questa ricarica il credito è {Euro(2000)}." in thanks.text, "not 15,40 €, as it is when they are written"
    low = Message.objects.get(template="low_credit", wallet_id=told.wallet("Anna").pk)
    assert f"Adesso il credito è {Euro(2000 - 460 - 1700)}." in low.text
    assert proofs.violations() == []


@pytest.mark.parametrize(
    ("changes", "promise", "cents"),
    [
        ({"balance_cents": 1540}, "a message about money tells the credit right after its movement", 1540 - 2000),
        ({"text": "Adesso il credito è 120,00\xa0€."}, "a message about money says in words what it tells", 2000),
        ({"entry_id": "another wallet's"}, "a message about money speaks of a movement of its wallet", 2000),
        ({"key": "top_up_booked:IUR2"}, "thanks are for the receipt that was booked", 2000),
        (
            {"wallet_id": None, "entry_id": None, "balance_cents": None},
            "a message that tells a credit says of which movement",
            0,
        ),
    ],
)
def test_a_letter_that_disagrees_is_named(told: Cast, changes: dict[str, object], promise: str, cents: int) -> None:
    if changes.get("entry_id"):
        luca = Presence.objects.get(child=told.child("Luca"))
        changes = {"entry_id": Entry.objects.get(source=Source.of_presence(luca.pk)).pk}
    Message.objects.filter(template="top_up_booked").update(**changes)
    if "wallet_id" in changes:
        Message.objects.filter(wallet_id__isnull=False).update(queued_at=clock.now() - timedelta(days=1))

    found = [violation for violation in proofs.violations() if violation.promise in letters.PROMISES]

    assert (promise, cents) in {(violation.promise, violation.cents) for violation in found}
