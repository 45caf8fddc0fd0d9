"""What the office put right by hand lately: an adjustment, a kindness, a refund that waits for its second person."""

from dataclasses import replace
from datetime import datetime, timedelta

from campanella.demo.life import Life
from campanella.demo.settling import Resident, Settled
from campanella.domains.accounts.roles import Role
from campanella.domains.adjusting.operations import Wanted
from campanella.domains.adjusting.words import READY
from campanella.domains.debiting.rules import accounts
from campanella.domains.ledger import queries as wallets
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import naming, scope
from campanella.usecases.adjusting import asking

TOWNS = ("pesaro", "carrara")
# Right check digits, an account of nobody.
ACCOUNT = "IT39R0306909606100000067890"
TWICE, SORRY, LEFT = 460, 500, 1500
MINUTES = (20, 14, 9)


def put_right(*, life: Life, settled: Settled) -> None:
    """Let the office put three credits right this morning, each as it would from the page of its child."""
    if life.town.slug not in TOWNS:
        return
    holders = [resident for resident in settled.residents if resident.uses]
    with scope(life.town.id):
        rich = next((one for one in holders if _balance(one) >= LEFT), None)
    asked = [
        (holders[1], Wanted("adjustment", 0, Euro(TWICE), READY["adjustment"][1], "demo-adjustment")),
        (holders[2], Wanted("goodwill", 0, Euro(SORRY), READY["goodwill"][0], "demo-goodwill")),
    ]
    if rich:
        name = f"{rich.household.adults[0].given_name} {rich.household.adults[0].family_name}"
        account = accounts.account(ACCOUNT)
        refund = Wanted("refund", 0, Euro(-LEFT), READY["refund"][1], "demo-refund", account=account, holder_name=name)
        asked.append((rich, refund))
    for (resident, what), minutes in zip(asked, MINUTES, strict=False):
        _ask(life, settled, resident, what, life.moment - timedelta(minutes=minutes))


def _ask(life: Life, settled: Settled, resident: Resident, what: Wanted, at: datetime) -> None:
    mine = replace(what, wallet_id=resident.uses[0].wallet_id)
    with clock.standing_at(at), naming(life.town.id):
        asking.ask(by=settled.staff[Role.OFFICE], wanted=mine, now=at)


def _balance(resident: Resident) -> int:
    return wallets.wallet(wallet_id=resident.uses[0].wallet_id).balance.cents
