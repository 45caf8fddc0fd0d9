"""Telling a family that a credit is low: once for each threshold, never at school."""

from collections.abc import Sequence
from datetime import date

from campanella.domains.attendance import queries as sheets
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger import queries as wallets
from campanella.domains.ledger import rules
from campanella.domains.ledger.queries import WalletView
from campanella.domains.people import queries as people
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import use_case
from campanella.foundation.tenants.queries import active_town
from campanella.usecases.messages import letters


@use_case
def after_roll_call(*, roll_call_ids: list[int], service_id: int, day: str) -> None:
    """Look at the credit of everybody charged by these roll-calls."""
    child_ids = sheets.children_of_roll_calls(roll_call_ids=roll_call_ids)
    _look(child_ids=child_ids, day=date.fromisoformat(day))


@use_case
def after_correction(*, presence_id: int, child_id: int, service_id: int, day: str) -> None:
    """Look at the credit of a child whose presence was corrected."""
    _look(child_ids=[child_id], day=date.fromisoformat(day))


@use_case
def after_top_up(*, receipt_pk: int, wallet_id: int) -> None:
    """A wallet that has recovered may be warned again the next time; the child's other wallets are left alone."""
    wallet = wallets.wallet(wallet_id=wallet_id)
    _look(child_ids=[wallet.child_id], day=clock.today(), only_wallet_id=wallet_id)


@use_case
def after_move(*, child_ids: list[int]) -> None:
    """Look at the credit the office has moved or adjusted."""
    _look(child_ids=child_ids, day=clock.today())


def _look(*, child_ids: Sequence[int], day: date, only_wallet_id: int | None = None) -> None:
    now, choices = clock.now(), active_town().choices
    dearest: dict[tuple[int, int | None], Euro] = {}
    for line in enrolment.enrolled(child_ids=child_ids, day=day):
        for key in ((line.child_id, line.service_id), (line.child_id, None)):
            dearest[key] = max(dearest.get(key, Euro(0)), line.price)
    reached: dict[int, set[rules.Level]] = {}
    held: dict[int, WalletView] = {}
    for wallet in wallets.wallets_of(child_ids=child_ids):
        if only_wallet_id not in (None, wallet.id):
            continue
        price = dearest.get((wallet.child_id, wallet.service_id), Euro(0))
        held[wallet.id] = wallet
        reached[wallet.id] = rules.levels_reached(
            balance=wallet.balance,
            unit_price=price,
            low_units=choices.low_credit_meals,
            floor=Euro(choices.floor),
        )
    for wallet_id, level in ledger.note_levels(reached=reached, now=now):
        _tell(wallet=held[wallet_id], level=level)


def _tell(*, wallet: WalletView, level: str) -> None:
    if level == "floor":
        return
    payer = people.payer_of(child_id=wallet.child_id)
    if payer and payer.email:
        child = people.child(child_id=wallet.child_id)
        letters.low_credit(payer=payer, child_name=child.given_name, wallet=wallet, level=level, now=clock.now())
