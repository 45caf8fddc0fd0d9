"""A nursery's fixed share: decided with the school year, charged on the first of each month."""

from datetime import date, datetime, time, timedelta

from campanella.demo.settling import OFFICE, Settled
from campanella.domains.billing import fee_rules
from campanella.domains.ledger import queries as wallets
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Software
from campanella.foundation.core.scope import naming, scope
from campanella.foundation.tenants.queries import Town
from campanella.readings.office.billing.fees import brackets_of
from campanella.usecases.billing import fees

NIGHT = Software("Quote fisse")
NAME = "Retta mensile"


class Fees:
    """The monthly shares of a town's services, as the office decides them and the night charges them."""

    def __init__(self, *, town: Town, settled: Settled, autumn: int) -> None:
        self.town, self.settled = town, settled
        self.first, self.last = date(autumn, 9, 1), date(autumn + 1, 6, 30)
        self.next_month = self.first
        self.plans = [plan for plan in settled.plan.services if plan.monthly]

    def catch_up(self, day: date) -> dict[int, int]:
        """
        Decide the shares with the first month, and charge what is due by a day.

        :returns: by wallet of these services its balance in cents, where something was charged
        """
        if not self.plans or day < self.next_month:
            return {}
        while self.next_month <= min(day, self.last):
            at = clock.rome(self.next_month, time(1, 11))
            with clock.standing_at(at), naming(self.town.id):
                if self.next_month == self.first:
                    self._decide(at)
                fees.charge(by=NIGHT, now=at)
            self.next_month = (self.next_month + timedelta(days=31)).replace(day=1)
        services = {self.settled.services[plan.code].pk for plan in self.plans}
        uses = [use for resident in self.settled.residents for use in resident.uses if use.service.pk in services]
        with scope(self.town.id):
            return {use.wallet_id: wallets.wallet(wallet_id=use.wallet_id).balance.cents for use in uses}

    def _decide(self, at: datetime) -> None:
        for plan in self.plans:
            service = self.settled.services[plan.code]
            with scope(self.town.id):
                brackets = brackets_of(service_id=service.pk)
            cents = {isee: price for prices in plan.monthly.values() for isee, price in prices}
            fee_id = fees.draft(
                by=OFFICE,
                service=service,
                name=NAME,
                every="month",
                edges="half",
                level="",
                parts=fee_rules.monthly(first=self.first, last=self.last, day=1, shift=0),
                cents={bracket.pk: cents.get(bracket.isee_up_to_cents, 0) for bracket in brackets},
                reason="Delibera di Giunta",
                now=at,
            )
            fees.confirm(by=OFFICE, fee_id=fee_id, now=at)
