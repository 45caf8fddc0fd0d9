"""
Lets a settled town live its school year: top-ups before breakfast, roll-calls, absences, a week of flu, corrections.

Every fact is made by the use case that makes it in earnest, with the clock standing at its moment. What follows by itself
(mails about low credit, thanks) is done for the last two weeks only and counts as delivered.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from campanella.demo.arrears import Reminding
from campanella.demo.billing import Biller
from campanella.demo.booking import AHEAD, Booking
from campanella.demo.calendar import DAY, SchoolYear, year_of
from campanella.demo.debits import Debiter
from campanella.demo.fees import Fees
from campanella.demo.people import Habit
from campanella.demo.receipts import keep_receipt_of
from campanella.demo.settling import OFFICE, Resident, Settled, Use
from campanella.demo.teacher import WHITE, Teacher
from campanella.demo.towns import MON_WED_FRI
from campanella.domains.accounts.roles import Role
from campanella.domains.cash import queries as cash
from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger.rules import Source
from campanella.domains.messaging import operations as messaging
from campanella.domains.messaging import queries as letters
from campanella.domains.payments.choices import TopUpChoices
from campanella.domains.payments.queries import PaymentRequest
from campanella.domains.payments.receipts import queries as receipts
from campanella.domains.people import operations as people
from campanella.domains.services.rules import runs_on
from campanella.foundation.core import clock, events, jobs
from campanella.foundation.core.events import name_of
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import scope
from campanella.foundation.tenants.queries import Town
from campanella.usecases import mealtime, thanks, top_up
from campanella.usecases.cash import telling as counter

# Last year's life begins in late spring: enough for the pages of past years.
SPRING = (5, 18)
RECENT_DAYS = 14
BOOKED_AFTER = timedelta(minutes=1)
# Beyond these, families of a large town are given one opening credit instead of many top-ups.
FAMILIES_WHO_TOP_UP = 250
# Days of credit that the others have left this morning, about: some have just paid, some must soon.
SPARE_DAYS = (2, 26)
# Days of credit at which a household pays, and how far below zero it lets the wallet go.
PAYS_AT: dict[Habit, int] = {"early": 4, "warned": 1, "late": -5, "debtor": -1000}
DEBTOR_STOPS_DAYS = 30


class Life:
    """The past of one town, until a moment."""

    def __init__(self, *, town: Town, settled: Settled, moment: datetime, seed: str) -> None:
        self.town, self.settled, self.moment = town, settled, moment
        self.random = Random(f"life {seed}")  # noqa: S311  # nothing secret: it must repeat
        self.today = clock.day_of(moment)
        self.booking = Booking(settled=settled, today=self.today)
        self.year = year_of(self.today)
        self.balances: dict[int, int] = {}
        uses = [(resident, use) for resident in settled.residents for use in resident.uses]
        self.daily: dict[int, int] = {}
        for _, use in uses:
            self.balances[use.wallet_id] = 0
            self.daily[use.wallet_id] = self.daily.get(use.wallet_id, 0) + use.price.cents
        self.holder = {use.wallet_id: resident for resident, use in uses}
        first = (self.days() or [self.today])[0]
        self.biller = Biller(town=town, settled=settled, first=first, today=self.today, seed=seed)
        self.after = {use.wallet_id for _, use in uses if self.biller.pays_after(use.service.pk)}
        with scope(town.id):
            self.debiter = Debiter(town=town, settled=settled, first=date(self.year.autumn, 9, 1))
        self.fees = Fees(town=town, settled=settled, autumn=self.year.autumn)
        self.reminding = Reminding(town=town, seed=seed) if self.after else None
        self.has_bank = False
        self.by_bank = self.debiter.wallet_ids
        flu = self.random.randint(8, 20)
        self.flu = (self.today - (flu + 5) * DAY, self.today - flu * DAY)

    def live_long_ago(self) -> None:
        """Live until the last days begin; nothing follows from it, no mail either."""
        last: list[int] = []
        with events.instead({}):
            self._opening()
            with scope(self.town.id):
                self.biller.begin()
            with scope(self.town.id):
                self.booking.begin()
                self.booking.book([*self.days(), *self.coming()])
            for day in self.days():
                if day > self.today - RECENT_DAYS * DAY:
                    break
                last = self.biller.catch_up(day) or last
                self._by_bank(day)
                self._day(day)
            if last or self.debiter.made:
                self.biller.tell(last)
                self.debiter.tell()
                self.let_follow(clock.rome(self.today - RECENT_DAYS * DAY, time(8)))

    def live_lately(self, *, until_noon: Callable[[date], None], afternoon: Callable[[date], None]) -> None:
        """
        Live the last days until the moment, with all that follows.

        :param until_noon: what the office does on a day after the roll-calls
        :param afternoon: what happens after school, before anybody pays at home
        """
        for day in self.days():
            if day > self.today - RECENT_DAYS * DAY:
                self.biller.catch_up(day)
                self._by_bank(day)
                if self.reminding and (until := self.reminding.catch_up(day)):
                    self.let_follow(until)
                self._day(day)
                self.let_follow(clock.rome(day, time(9, 28)))
                until_noon(day)
                self.let_follow(clock.rome(day, time(12)))
                afternoon(day)
                self.let_follow(clock.rome(day, time(17, 45)))

    def _by_bank(self, day: date) -> None:
        """Let the families of the bank begin with the school year, and go on from day to day; so do the monthly shares."""
        if day >= self.debiter.next_bill and not self.has_bank:
            self.debiter.begin()
            self.has_bank = True
        if self.has_bank:
            self.debiter.catch_up(day)
        self.balances |= self.fees.catch_up(day)

    def days(self) -> list[date]:
        """Return the days of lessons before today."""
        last = SchoolYear(self.year.autumn - 1)
        spring = [
            day for day in last.lesson_days(self.settled.plan.patron) if (day.month, day.day) >= SPRING and day.month < 9
        ]
        return [day for day in (*spring, *self.year.lesson_days(self.settled.plan.patron)) if day < self.today]

    def coming(self) -> list[date]:
        """Return the next days of lessons, today first."""
        return [day for day in self.year.lesson_days(self.settled.plan.patron) if day >= self.today][: AHEAD + 1]

    def confirm(self, *, day: date, at: datetime, absent: set[int], classes: int | None = None) -> None:
        """
        Confirm the roll-calls of a day.

        :param classes: at most so many classes of each service, None for all
        """
        for code, service in self.settled.services.items():
            class_ids = self._classes(code, day)[:classes]
            if class_ids:
                if service.kind == "meal" and day > self.today - RECENT_DAYS * DAY:
                    teacher = Teacher(by=self.settled.staff[Role.SCHOOL], service=service, day=day, at=at)
                    teacher.mark(among=class_ids, absent=absent, marks=[WHITE])
                mealtime.confirm_day(
                    by=self.settled.staff[Role.SCHOOL],
                    service=service,
                    day=day,
                    class_group_ids=class_ids,
                    absent_ids=absent,
                    now=at,
                    channel="page",
                )

    def _day(self, day: date) -> None:
        with scope(self.town.id):
            self._top_ups(day)
            at, absent = clock.rome(day, time(9, self.random.randint(2, 25))), self.absent(day)
            self.booking.in_time(day, absent)
            with clock.standing_at(at):
                self.confirm(day=day, at=at, absent=absent)
            self.booking.late(day, absent)
        for use in self._uses(day):
            if use.child_id not in absent:
                self.balances[use.wallet_id] -= use.price.cents

    def absent(self, day: date) -> set[int]:
        """Ten in a hundred stay at home, in the week of the flu two more in ten."""
        share = 0.27 if self.flu[0] <= day <= self.flu[1] else 0.08 + 0.04 * self.random.random()
        return {resident.child.pk for resident in self.settled.residents if self.random.random() < share}

    def _classes(self, code: str, day: date) -> list[int]:
        plan = next(service for service in self.settled.plan.services if service.code == code)
        by_level = self.settled.classes[year_of(day).first]
        return [
            class_id
            for level, ids in by_level.items()
            if level in plan.prices and _runs(level, plan.kind, day)
            for class_id in ids
        ]

    def _uses(self, day: date) -> Iterator[Use]:
        is_last = day < self.year.first
        for resident in self.settled.residents:
            for use in resident.uses:
                if (use.was_there_last_year or not is_last) and _runs(use.school.level, use.service.kind, day):
                    yield use

    def _opening(self) -> None:
        """Debts and credits of the former software; in a large town, most families begin with what they will need."""
        first = (self.days() or [self.today])[0] - 3 * DAY
        amounts: dict[int, int] = {}
        with scope(self.town.id):
            if self.settled.plan.has_former:
                amounts = self._former()
            poor = [wallet_id for wallet_id in self.balances if wallet_id not in self.after][FAMILIES_WHO_TOP_UP:]
            uses = dict.fromkeys(poor, 0)
            for day in self.days():
                for use in self._uses(day):
                    if use.wallet_id in uses:
                        uses[use.wallet_id] += use.price.cents
            for wallet_id, cents in uses.items():
                spare = self.daily[wallet_id] * self.random.randint(*SPARE_DAYS)
                amounts[wallet_id] = cents * 9 // 10 // 100 * 100 + spare
            other = ledger.account(kind="opening", code="former")
            movements = [
                ledger.Movement(Source.of_opening(str(wallet_id)), wallet_id, other.pk, Euro(cents))
                for wallet_id, cents in amounts.items()
            ]
            at = clock.rome(first, time(10))
            ledger.post(
                movements=movements, kind="opening", day=first, memo="Saldo dal programma precedente", by_id=None, now=at
            )
        for wallet_id, cents in amounts.items():
            self.balances[wallet_id] += cents

    def _former(self) -> dict[int, int]:
        codes = {f"{48000 + i * 7}": resident.child.pk for i, resident in enumerate(self.settled.residents)}
        people.note_former_codes(codes=codes)
        return {
            wallet_id: self.random.choice((-4260, -1840, -580, 290, 1160, 2320, 3480, 6130))
            + self.random.randint(-9, 9) * 10
            for wallet_id, resident in self.holder.items()
            if any(use.was_there_last_year for use in resident.uses)
        }

    def _top_ups(self, day: date) -> None:
        """Families pay the evening before, when their habit says so."""
        by_bank = self.by_bank if self.has_bank else set()
        needed = {use.wallet_id for use in self._uses(day)} - self.after - by_bank
        for wallet_id in sorted(needed):
            resident, daily = self.holder[wallet_id], self.daily[wallet_id]
            if daily and self.balances[wallet_id] < daily * PAYS_AT[self._habit(resident, day)]:
                self.pay(wallet_id=wallet_id, at=self._evening(day))

    def _habit(self, resident: Resident, day: date) -> Habit:
        habit = resident.household.habit
        if habit == "debtor" and day < self.today - DEBTOR_STOPS_DAYS * DAY:
            return "late"
        # A debtor of the last weeks never comes to the point of paying.
        return habit

    def _evening(self, day: date) -> datetime:
        return clock.rome(
            day - DAY, time(self.random.randint(18, 22), self.random.randint(0, 59), self.random.randint(0, 59))
        )

    def pay(self, *, wallet_id: int, at: datetime) -> None:
        """Top a wallet up through pagoPA, the receipt included."""
        cents = self._amount(wallet_id)
        with clock.standing_at(at):
            (request,) = self.ask(wallet_id=wallet_id, cents=cents, is_notice=self.random.random() < 0.15)
            receipt = keep_receipt_of(request=request, at=at + timedelta(minutes=3), random=self.random)
        if receipt is None:
            return
        with clock.standing_at(receipt.kept_at + BOOKED_AFTER):
            top_up.book(receipt_pk=receipt.pk)
        self.balances[wallet_id] += cents

    def ask(self, *, wallet_id: int, cents: int, is_notice: bool) -> list[PaymentRequest]:
        """Make a position, as the family itself or, when data are missing, the office."""
        user, now = self.holder[wallet_id].user, clock.now()
        line = top_up.Line(wallet_id, Euro(cents))
        if user:
            try:
                return top_up.prepare(by=user, lines=[line], is_notice=is_notice, now=now).requests
            except top_up.DataMissing:
                pass
        return top_up.prepare_at_desk(by=OFFICE, wallet_id=wallet_id, amount=Euro(cents), count=1, now=now)

    def _amount(self, wallet_id: int) -> int:
        """One of the town's amounts, or a round sum for about a month; never so little that a debt stays."""
        chosen = self.town.chosen(TopUpChoices)
        presets = [int(cents) for cents in chosen.top_up_presets]
        month = max(1000, self.daily[wallet_id] * self.random.choice((8, 12, 18, 22)) // 1000 * 1000)
        least = -self.balances[wallet_id] + self.daily[wallet_id] * 5
        choice = self.random.choice([*presets, month, month])
        return min(chosen.top_up_max, max(choice, -(-least // 1000) * 1000, chosen.top_up_min))

    def let_follow(self, at: datetime) -> None:
        """Run what followed by itself, thanks at the moment of the booking; the mails count as delivered then."""
        waiting = jobs.take_waiting(town=self.town.id)
        while waiting:
            for name, arguments in waiting:
                with scope(self.town.id):
                    then = _when(arguments, at)
                with clock.standing_at(then):
                    if name == "deliver":
                        self._arrive(arguments["message_id"])
                    else:
                        jobs.run_now(name, town=self.town.id, **arguments)
            waiting = jobs.take_waiting(town=self.town.id)

    def _arrive(self, message_id: int) -> None:
        with scope(self.town.id):
            message = letters.message(message_id=message_id)
            if message.is_to_leave:
                messaging.note_sent(message_id=message_id, now=message.queued_at)


def _when(arguments: dict[str, Any], at: datetime) -> datetime:
    if arguments.get("reaction") == name_of(counter.thank):
        return cash.top_up(top_up_id=arguments["fields"]["top_up_id"]).taken_at
    if arguments.get("reaction") != name_of(thanks.thank):
        return at
    receipt = receipts.receipt(receipt_pk=arguments["fields"]["receipt_pk"])
    return receipt.resolved_at or receipt.kept_at + BOOKED_AFTER


def _runs(level: str, kind: str, day: date) -> bool:
    return level != "secondaria" or kind != "meal" or runs_on(day=day, weekdays=MON_WED_FRI)
