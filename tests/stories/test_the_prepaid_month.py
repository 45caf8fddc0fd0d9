"""A family's month, from the credit to the meal, as it would be told."""

from campanella.domains.ledger import queries, verify
from campanella.foundation.core import clock
from campanella.usecases import mealtime
from tests.towns import Cast, run_jobs


def test_a_confirmed_class_is_charged_once_and_a_correction_posts_the_difference(valle: Cast) -> None:
    valle.credit("Anna", 5000)
    teacher = valle.staff["school"]
    call = valle.roll_call()
    now = clock.now()

    there = mealtime.confirm(by=teacher, roll_call=call, absent_ids=[valle.child("Luca").pk], adults=2, now=now)

    assert there == 2
    assert valle.balance("Anna") == 5000 - 460
    assert valle.balance("Luca") == 0
    mealtime.correct(
        by=valle.staff["office"],
        child_id=valle.child("Anna").pk,
        service=valle.services["mensa"],
        day=call.day,
        is_present=False,
        reason="la maestra ha telefonato",
        now=now,
    )
    assert valle.balance("Anna") == 5000
    lines = queries.movements_of(wallet_id=valle.wallet("Anna").pk)
    assert [(line.kind, line.amount.cents, line.balance_after.cents) for line in lines] == [
        ("charge", 460, 5000),
        ("charge", -460, 4540),
        ("opening", 5000, 5000),
    ]
    assert verify.violations() == []
    assert run_jobs()
