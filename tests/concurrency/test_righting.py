"""Several at once on one wallet: approvals, a refund against a charge, two gifts of one clerk, two files, one answer."""

from typing import Any

import pytest

from campanella.domains.adjusting import asked, queries
from campanella.domains.adjusting.models import RefundComing, RefundFile, Step
from campanella.domains.ledger import verify
from campanella.foundation.core import clock
from campanella.foundation.core.scope import naming, scope
from campanella.readings import proofs
from campanella.usecases import mealtime
from campanella.usecases.adjusting import deciding, hearing, refunds
from tests.adjusting import TOWN_ACCOUNT, ask, colleague
from tests.concurrency.conftest import all_at_once
from tests.towns import OFFICE, Cast, choosing

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("concurrency")]
PRESSES = 6


def clean(town: Cast) -> None:
    with scope(town.town.id):
        assert verify.violations() == []
        assert proofs.violations() == []


def test_two_who_approve_at_once_pay_once(town: Cast) -> None:
    with scope(town.town.id):
        town.credit("Anna", 5000)
        colleagues = [colleague(f"collega{number}") for number in range(PRESSES)]
        proposal = ask(town, "refund", -5000).proposal

    def approve(number: int) -> Any:
        with scope(town.town.id):
            return deciding.confirm(by=colleagues[number], proposal_id=proposal.id, now=clock.now()).state

    results = all_at_once(approve, PRESSES)

    assert [one for one in results if one == "done"] == ["done"]
    assert all(isinstance(one, deciding.AlreadyDecided) for one in results if one != "done")
    with scope(town.town.id):
        assert (Step.objects.count(), town.balance("Anna")) == (1, 0)
    clean(town)


def test_an_approval_against_a_withdrawal_is_one_of_them(town: Cast) -> None:
    with scope(town.town.id):
        lia, office = colleague(), town.staff["office"]
        proposal = ask(town, "adjustment", 30_000).proposal

    def end(number: int) -> Any:
        with scope(town.town.id):
            if number % 2:
                return deciding.withdraw(by=office, proposal_id=proposal.id, now=clock.now())
            return deciding.confirm(by=lia, proposal_id=proposal.id, now=clock.now())

    all_at_once(end, PRESSES)
    with scope(town.town.id):
        state = queries.proposal(proposal_id=proposal.id).state
        assert town.balance("Anna") == (30_000 if state == "done" else 0)
    clean(town)


def test_a_refund_against_a_charge_never_pays_what_was_eaten(town: Cast) -> None:
    with scope(town.town.id):
        town.credit("Anna", 460)
        lia, school, sheet = colleague(), town.staff["school"], town.roll_call()
        proposal = ask(town, "refund", -460).proposal

    def act(number: int) -> Any:
        with scope(town.town.id):
            if number:
                return deciding.confirm(by=lia, proposal_id=proposal.id, now=clock.now())
            return mealtime.confirm(by=school, roll_call=sheet, absent_ids=[], adults=None, now=clock.now())

    results = all_at_once(act, 2)
    with scope(town.town.id):
        paid = queries.proposal(proposal_id=proposal.id).state == "done"
        # Whoever came first found the credit; a charge goes below zero, a refund never does.
        assert town.balance("Anna") == (-460 if paid else 0)
        assert paid or results[1].message.startswith("In questo borsellino")
    clean(town)


def test_two_gifts_of_one_clerk_at_once_stay_within_the_year(town: Cast) -> None:
    with scope(town.town.id):
        choosing(town.town, goodwill_yearly=1000)

    def give(number: int) -> Any:
        child = ("Anna", "Luca", "Amina")[number % 3]
        with scope(town.town.id):
            return ask(town, "goodwill", 400, child=child, key=f"gift-{number}").proposal.state

    results = all_at_once(give, PRESSES)
    assert sorted(results) == ["done"] * 2 + ["waiting"] * (PRESSES - 2)
    clean(town)


def test_pressed_by_several_it_is_one_file_and_one_return(town: Cast) -> None:
    with scope(town.town.id):
        choosing(town.town, iban=TOWN_ACCOUNT)
        town.credit("Anna", 5000)
        proposal = ask(town, "refund", -5000).proposal
        deciding.confirm(by=colleague(), proposal_id=proposal.id, now=clock.now())

    def press(_: int) -> Any:
        with scope(town.town.id):
            return refunds.make(by=OFFICE, now=clock.now()).message_id

    made = all_at_once(press, PRESSES)
    assert sum(isinstance(one, str) for one in made) == 1
    with scope(town.town.id):
        (file,) = asked.files()
        (order,) = asked.orders_of(file_id=file.id)
    body = (
        "<Document><CstmrPmtStsRpt><GrpHdr><MsgId>1</MsgId></GrpHdr><OrgnlPmtInfAndSts><TxInfAndSts><OrgnlEndToEndId>"
        f"{order.end_to_end_id}</OrgnlEndToEndId><TxSts>RJCT</TxSts></TxInfAndSts></OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
    ).encode()

    def hand_in(_: int) -> int:
        with naming(town.town.id):
            return hearing.hear(by=OFFICE, body=body, now=clock.now()).applied

    assert sorted(all_at_once(hand_in, PRESSES)) == [0] * (PRESSES - 1) + [1]
    with scope(town.town.id):
        assert (RefundFile.objects.count(), RefundComing.objects.count(), town.balance("Anna")) == (1, 1, 5000)
    clean(town)
