"""
What a credit is worth in uses of its service, and how low it is: told once, for every page and every letter.

Low is what the town says it is: fewer uses left than it has chosen, used up, or beyond its floor.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from campanella.domains.enrolment import queries as enrolment
from campanella.domains.enrolment.queries import Enrolled
from campanella.domains.ledger.choices import CreditChoices
from campanella.domains.ledger.queries import WalletView
from campanella.domains.ledger.rules import Level, levels_reached
from campanella.domains.services import rules
from campanella.foundation.core.italian import uses
from campanella.foundation.core.money import Euro
from campanella.readings.billing.after import wallets_paid_after

# Services that go on whatever the credit, as a family reads it; the others are meals.
_CALM = {
    "bus": "Lo scuolabus passa comunque.",
    "bus_out": "Lo scuolabus passa comunque.",
    "bus_back": "Lo scuolabus passa comunque.",
    "nursery": "Al nido non cambia nulla.",
    "before": "Il servizio continua comunque.",
}
_CALM["after"] = _CALM["camp"] = _CALM["before"]


@dataclass(frozen=True, slots=True)
class Credit:
    """
    A balance counted in uses of a service.

    :ivar kind: of the service it pays, the dearest of several; empty when the child uses none
    :ivar price: of one use today, or of a day of all services that it pays; nothing when it is not known
    :ivar is_untouched: nothing has ever moved in the wallet
    :ivar is_after: it is paid after the month: it goes below zero every day, and nothing is low
    """

    balance: Euro
    kind: str
    price: Euro
    unit: str
    units: str
    levels: frozenset[Level]
    is_untouched: bool = False
    is_after: bool = False

    @property
    def is_below_zero(self) -> bool:
        """Tell whether the family owes."""
        return self.balance.cents < 0

    @property
    def is_debt(self) -> bool:
        """Tell whether that is a debt: what is paid after the month is owed by its invoices, from the day they are due."""
        return self.is_below_zero and not self.is_after

    @property
    def is_low(self) -> bool:
        """Tell whether the town's number of uses is no longer left, or nothing is."""
        return not self.is_after and (self.is_below_zero or "low" in self.levels)

    @property
    def owes(self) -> str:
        """What is owed, in uses: "circa 3 pasti da pagare"; without a number where the price is not known."""
        if not self.is_below_zero:
            return ""
        if self.is_after:
            return "si paga dopo il mese"
        if not self.price.cents:
            return "da pagare"
        return f"{uses(-(self.balance.cents // self.price.cents), self.unit, self.units)} da pagare"

    @property
    def lasts(self) -> str:
        """How long it lasts: "circa 8 pasti"; nothing below zero, or when the price is not known."""
        return self._told(self.balance)

    def with_more(self, amount: Euro) -> str:
        """How long it would last with more in it."""
        return self._told(self.balance + amount)

    def units_with(self, amount: Euro) -> int:
        """How many uses it would pay for with more in it."""
        return rules.units_left(balance=self.balance + amount, unit_price=self.price)

    def worth(self, amount: Euro) -> str:
        """What an amount would give: a debt is paid first, so that only the rest is counted in uses."""
        rest = amount + self.balance if self.is_below_zero else amount
        if rest.cents < 0:
            return "non basta per il debito"
        return self._told(rest) if rest.cents else "torni in pari"

    def _told(self, amount: Euro) -> str:
        if self.price.cents <= 0 or amount.cents <= 0:
            return ""
        return uses(amount.cents // self.price.cents, self.unit, self.units)


class Use(Protocol):
    """One use of a service, and what it costs today."""

    @property
    def kind(self) -> str: ...

    @property
    def price(self) -> Euro: ...

    @property
    def unit(self) -> str: ...

    @property
    def units(self) -> str: ...


def credit_of(*, wallet: WalletView, enrolled: Sequence[Enrolled], limits: CreditChoices, is_after: bool = False) -> Credit:
    """Count a wallet in what it pays for."""
    paid = enrolment.paid_by(enrolled=enrolled, child_id=wallet.child_id, service_id=wallet.service_id)
    return counted(balance=wallet.balance, uses=paid, limits=limits, is_after=is_after)


def credits_of(
    *, wallets: Sequence[WalletView], enrolled: Sequence[Enrolled], limits: CreditChoices, day: date
) -> dict[int, Credit]:
    """
    Count wallets in what they pay for, by wallet: one query where one is below zero, to tell what is paid after the month.

    :param enrolled: what their children use on the day
    """
    below = [wallet for wallet in wallets if wallet.balance.cents < 0]
    after = wallets_paid_after(wallets=below, enrolled=enrolled, day=day) if below else set()
    return {
        wallet.id: credit_of(wallet=wallet, enrolled=enrolled, limits=limits, is_after=wallet.id in after)
        for wallet in wallets
    }


def counted(
    *,
    balance: Euro,
    uses: Sequence[Use],
    limits: CreditChoices,
    is_untouched: bool = False,
    is_after: bool = False,
) -> Credit:
    """
    Count a balance in what it pays for, and judge it by the town's limits.

    What pays one service is counted in its uses ("circa 8 pasti"). What pays several is counted in days on which all of them
    are used ("circa 6 giorni"), so that the bus of the same credit is not forgotten.
    """
    dearest = max(uses, key=lambda use: use.price, default=None)
    kind = dearest.kind if dearest else ""
    price = sum((use.price for use in uses), Euro(0))
    unit, units = (dearest.unit, dearest.units) if dearest and len(uses) == 1 else ("giorno", "giorni")
    levels = levels_reached(balance=balance, unit_price=price, low_units=limits.low_credit_meals, floor=Euro(limits.floor))
    return Credit(balance, kind, price, unit, units, frozenset(levels), is_untouched, is_after)


def calm(*, kind: str, child: str) -> str:
    """Say that a low credit changes nothing for the child."""
    return _CALM.get(kind) or f"{child} mangia comunque."
