"""
Acts that can meet on one child's day, two at a time: the day ends as one order of the two would have it.

Each race is played in a town of its own and compared with two other towns, where the same acts come one after the other.
"""

from pathlib import Path

import pytest

from campanella.domains.ledger import statements
from campanella.domains.messaging.models import Message
from campanella.foundation.core import clock, sql
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import scope
from campanella.readings import proofs
from campanella.usecases import adjust, low_credit
from tests.concurrency.one_day import Days, act_of, outcome, race, serial
from tests.concurrency.racing import in_turn
from tests.towns import OFFICE

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("concurrency")]


@pytest.fixture
def days(committed: str, tmp_path: Path) -> Days:
    return Days(tmp_path)


# Which acts meet which: before the roll-call, after it, after a closure was entered, after that gave the charge back.
PAIRS = {
    "open": {
        "confirm": ["price", "end", "move", "close", "bring", "payer", "tap", "confirm_day", "many", "batch"],
        "confirm_day": ["price", "end"],
        "tap": ["price", "move", "close", "payer"],
        "tap_present": ["bring"],
        "batch": ["tap_present", "price", "move", "close"],
        "price": ["price", "end", "move", "bring"],
        "end": ["end", "move", "bring"],
        "move": ["move", "leave", "bring"],
        "close": ["price", "end", "move", "bring", "payer"],
        "payer": ["payer_back", "bring", "price", "end", "move"],
    },
    "confirmed": {
        "absent": ["absent", "present", "price", "end", "move", "close", "bring", "confirm_day", "tap_present", "payer"],
        "present": ["end"],
        "price": ["price", "bring"],
        "batch": ["absent", "many"],
        "many": ["many", "absent", "price"],
    },
    "closed": {"give_back": ["give_back", "withdraw", "absent", "batch", "price"]},
    "given": {"withdraw": ["withdraw", "absent", "batch", "price", "end"]},
}
MEETINGS = [(state, one) for state, pairs in PAIRS.items() for one in pairs]


@pytest.mark.parametrize(("state", "one"), MEETINGS, ids=lambda name: name)
def test_two_acts_end_as_one_order_of_them(days: Days, state: str, one: str) -> None:
    for other in PAIRS[state][one]:
        race(days, one, other, state=state)


def test_a_tap_that_comes_before_an_end_is_seen_and_one_after_it_refused(days: Days) -> None:
    possible = serial(days.another(state="open", acts=()), "tap_present", "end")
    for first, second in (("tap_present", "end"), ("end", "tap_present")):
        day = days.another(state="open", acts=())
        raced = in_turn(day.town, act_of(day, first), act_of(day, second), held=lambda day=day: _hold_line(day.line))
        raced = raced if first == "tap_present" else raced[::-1]
        assert outcome(raced, day) in possible


def test_a_look_tells_what_is_true(days: Days) -> None:
    """A credit is told as it stood under its lock; what comes in meanwhile is told by its own look, or not at all."""
    for looks_first in (True, False):
        day = days.another(state="open", acts=())
        with scope(day.town.town.id):
            wallet = day.town.wallet("Luca").pk
            day.town.credit("Luca", -1000)

        def look(wallet: int = wallet) -> None:
            low_credit.look(wallet_ids=[wallet])

        def give(wallet: int = wallet) -> None:
            adjust.adjust(by=OFFICE, wallet_id=wallet, amount=Euro(20000), reason="errore", key="k", now=clock.now())

        outcomes = in_turn(day.town, *((look, give) if looks_first else (give, look)))
        assert [one for one in outcomes if isinstance(one, Exception)] == []
        with scope(day.town.town.id):
            told = Message.objects.filter(template="low_credit").values_list("balance_cents", flat=True)
            assert list(told) == ([-1000] if looks_first else [])
            assert proofs.violations() == []


def test_a_guard_taken_away_shows_therace(days: Days, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: wallets that are noted without being held leave the day at the old price, so the races can fail."""
    day = days.another(state="open", acts=())
    possible = serial(day, "confirm", "price")
    monkeypatch.setattr(statements, "HOLD_CHILDREN", statements.HOLD_CHILDREN.replace("for no key update", ""))
    monkeypatch.setattr(statements, "HOLD_PAYERS", statements.PAYERS)
    held = statements.HOLD

    def hold() -> None:
        with_lock = held.replace("any(%(wallets)s)", "any(select id from ledger_wallet where child_id = %(luca)s)")
        sql.run(with_lock, {"town": day.town.town.id, "luca": day.luca})

    outcomes = in_turn(day.town, act_of(day, "confirm"), act_of(day, "price"), held=hold)
    with pytest.raises(AssertionError):
        assert outcome(outcomes, day) in possible


def _hold_line(subscription_id: int) -> None:
    sql.run("select id from enrolment_subscription where id = %s for update", [subscription_id])
