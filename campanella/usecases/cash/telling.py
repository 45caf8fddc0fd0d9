"""What follows from money at a counter: the payer is thanked, or told that it was undone; nobody is asked twice."""

from campanella.domains.cash import queries
from campanella.domains.cash.queries import TopUpView
from campanella.domains.ledger import queries as wallets
from campanella.domains.ledger.rules import Source
from campanella.domains.messaging import queries as messaging
from campanella.domains.people import queries as people
from campanella.foundation.core import clock
from campanella.foundation.core.scope import use_case
from campanella.usecases.arrears import settled
from campanella.usecases.messages import cash as letters


@use_case
def thank(*, top_up_id: int, wallet_id: int) -> None:
    """Tell the payer that the money has arrived, and the credit right after it; what was undone meanwhile tells nobody."""
    top_up = queries.top_up(top_up_id=top_up_id)
    if top_up.voided_at is None:
        _tell(top_up, Source.of_cash(top_up_id), is_void=False)


@use_case
def tell_voided(*, top_up_id: int, wallet_id: int) -> None:
    """Tell a payer who was thanked that the top-up was undone, and the credit after it."""
    if messaging.told_of(keys=[letters.of_cash(top_up_id)]):
        _tell(queries.top_up(top_up_id=top_up_id), Source.of_cash_void(top_up_id), is_void=True)


@use_case
def after_cash(*, top_up_id: int, wallet_id: int) -> None:
    """Look at what is asked of the households of a wallet: what is paid now is not asked a second time."""
    settled.look_again(wallet_id=wallet_id, now=clock.now())


def _tell(top_up: TopUpView, source: Source, *, is_void: bool) -> None:
    wallet = wallets.wallet(wallet_id=top_up.wallet_id)
    payer = people.payer_of(child_id=wallet.child_id)
    moment = wallets.moment_of(wallet_id=wallet.id, source=source)
    if payer and moment:
        tell = letters.cash_voided if is_void else letters.cash_taken
        child = people.child(child_id=wallet.child_id)
        tell(payer=payer, child=child, wallet=wallet, moment=moment, top_up=top_up, now=clock.now())
