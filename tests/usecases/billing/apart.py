"""
A made-up town's months reckoned apart, the slow and simple way.

It knows no SQL and none of the product's rules: it walks through what happens, one thing after the other, with a purse for
each child in its hand. ``acting`` lets the same things happen in the product.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

A_DAY = timedelta(days=1)
MONTHS = ((2026, 9), (2026, 10), (2026, 11))
FIRST, LAST = date(2026, 9, 15), date(2026, 11, 30)
FEE = "fee"


@dataclass(frozen=True)
class Price:
    """From a day on a child pays one of the two prices, less a reduction."""

    first: date
    bracket: int
    percent: int


@dataclass
class Kid:
    """A child: who pays for it, from when until when it comes, at which prices, how it is paid."""

    payer: int
    first: date
    last: date
    prices: list[Price]
    ways: list[tuple[date, str]]


@dataclass
class Event:
    """
    Something that happens on a day, in the order of hours.

    :ivar what: ``lunch`` (who stays at home), ``cancel`` (a child, a day), ``right`` (a child, a day, whether it was there),
        ``close`` (a day), ``money`` (a child, cents), ``price`` (a child, its new price), ``bill`` (a month),
        ``pay`` (one of a month's invoices)
    """

    day: date
    hour: int
    what: str
    kid: int = -1
    about: date = FIRST
    number: int = 0
    away: tuple[int, ...] = ()
    price: Price | None = None


@dataclass
class Plan:
    """A town with all that happens in it."""

    mode: str
    brackets: tuple[int, int]
    shares: tuple[int, int]
    edges: str
    common: list[tuple[date, str]]
    per_payer: bool
    least: int
    kids: list[Kid]
    events: list[Event] = field(default_factory=list)


@dataclass
class Bill:
    """An invoice as the walker writes it: for whom, what is asked for each, and every line."""

    month: tuple[int, int]
    kids: tuple[int, ...]
    is_debit: bool
    due: dict[int, int]
    lines: dict[tuple[int, str, date], int]

    @property
    def total(self) -> int:
        return sum(self.due.values())


def end_of(month: tuple[int, int]) -> date:
    return (date(*month, 28) + timedelta(days=4)).replace(day=1) - A_DAY


def invent(random: Random) -> Plan:
    """Invent a town: prices, ways to pay and their switches, lunches, cancellations, corrections, closures, money."""
    kinds = ["prepaid", "postpaid", "postpaid", "debit"]
    kids = []
    for _ in range(random.randint(1, 4)):
        first = random.choice([FIRST, FIRST, FIRST, date(2026, 10, 1), date(2026, 10, 20)])
        last = random.choice([LAST, LAST, LAST, date(2026, 11, 12)])
        ways = [(FIRST.replace(day=1), random.choice([*kinds, "town"]))] if random.random() < 0.5 else []
        if random.random() < 0.4:
            switch = random.choice([date(2026, 10, 1), date(2026, 10, 16), date(2026, 11, 1)])
            ways.append((switch, random.choice([*kinds, "town"])))
        price = Price(first, random.randint(0, 1), random.choice([0, 0, 30, 50]))
        kids.append(Kid(random.randint(0, 1), first, last, [price], ways))
    common = [(date(2026, 9, 1), random.choice(kinds))]
    if random.random() < 0.3:
        common.append((date(2026, 10, 16), random.choice(kinds)))
    plan = Plan(
        mode=random.choice(["roll_call", "roll_call", "opt_out"]),
        brackets=(random.choice([460, 415, 583]), random.choice([310, 170, 99])),
        shares=random.choice([(0, 0), (0, 0), (5000, 2501)]),
        edges=random.choice(["half", "days", "whole"]),
        common=common,
        per_payer=random.random() < 0.6,
        least=random.choice([0, 0, 500, 2500]),
        kids=kids,
    )
    plan.events = sorted(_happening(plan, random), key=lambda event: (event.day, event.hour))
    return plan


def _happening(plan: Plan, random: Random) -> list[Event]:
    events, numbers = [], range(len(plan.kids))
    workdays = [FIRST + n * A_DAY for n in range((LAST - FIRST).days + 1) if (FIRST + n * A_DAY).weekday() < 5]
    days = sorted(random.sample(workdays, 14))
    for day in days:
        events.append(Event(day, 12, "lunch", away=tuple(kid for kid in numbers if random.random() < 0.2)))
        for kid in numbers:
            if plan.kids[kid].first < day <= plan.kids[kid].last and random.random() < 0.12:
                events.append(Event(day, 8, "cancel", kid, day))
            if plan.kids[kid].first <= day <= plan.kids[kid].last and random.random() < 0.1:
                on = min(day + random.randint(1, 25) * A_DAY, LAST)
                events.append(Event(on, 15, "right", kid, day, number=random.randint(0, 1)))
        if random.random() < 0.06:
            events.append(Event(min(day + random.randint(1, 20) * A_DAY, LAST), 16, "close", about=day))
    for kid in numbers:
        for _ in range(random.randint(0, 3)):
            day = FIRST + random.randint(0, 80) * A_DAY
            events.append(Event(day, 14, "money", kid, number=random.choice([500, 2000, 10_000, -310, 1240])))
        if random.random() < 0.3:
            begins = date(2026, random.choice([10, 11]), 1)
            if plan.kids[kid].first < begins <= plan.kids[kid].last:
                price = Price(begins, random.randint(0, 1), random.choice([0, 10, 50]))
                events.append(Event(begins + random.randint(0, 12) * A_DAY, 17, "price", kid, price=price))
    for place, month in enumerate(MONTHS):
        events.append(Event(end_of(month) + 5 * A_DAY, 18, "bill", number=place))
        for nth in range(3):
            if random.random() < 0.4:
                day = end_of(month) + random.randint(6, 28) * A_DAY
                events.append(Event(day, 19, "pay", number=place * 10 + nth))
    return events


class Walker:
    """Walks through a town's events and writes its invoices down."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.closed: set[date] = set()
        self.lunched: dict[date, tuple[int, ...]] = {}
        self.cancelled: set[tuple[int, date]] = set()
        self.righted: dict[tuple[int, date], bool] = {}
        self.prices = [list(kid.prices) for kid in plan.kids]
        self.costs: list[dict[tuple[str, date], int]] = [defaultdict(int) for _ in plan.kids]
        self.money = [0 for _ in plan.kids]
        self.told: list[dict[tuple[str, date], int]] = [defaultdict(int) for _ in plan.kids]
        # Of each child what invoices ask for it, the oldest first: [invoice, due, paid].
        self.claims: list[list[list[int]]] = [[] for _ in plan.kids]
        self.bills: list[Bill] = []
        self.paid: set[int] = set()

    def walk(self) -> list[Bill]:
        """Walk from the first thing to the last."""
        today = FIRST
        for event in self.plan.events:
            while today <= event.day:
                self._shares(today)
                today += A_DAY
            HAPPENS[event.what](self, event)
        return self.bills

    def _price(self, kid: int, day: date) -> int:
        """Half a cent is rounded up, on the price itself."""
        mine = [price for price in self.prices[kid] if price.first <= day][-1]
        return (self.plan.brackets[mine.bracket] * (100 - mine.percent) + 50) // 100

    def _comes(self, kid: int, day: date) -> bool:
        return self.plan.kids[kid].first <= day <= self.plan.kids[kid].last

    def _cost(self, kid: int, day: date) -> int:
        if day in self.closed or not self._comes(kid, day):
            return 0
        is_booked = (kid, day) not in self.cancelled
        pays = is_booked and (self.plan.mode == "opt_out" or kid not in self.lunched[day])
        # The office has the last word.
        pays = self.righted.get((kid, day), pays)
        return self._price(kid, day) if pays else 0

    def _day(self, kid: int, day: date) -> None:
        self.costs[kid]["day", day] = self._cost(kid, day)

    def _lunch(self, event: Event) -> None:
        if event.day in self.closed:
            return
        self.lunched[event.day] = event.away
        for kid in range(len(self.plan.kids)):
            self._day(kid, event.day)

    def _cancel(self, event: Event) -> None:
        self.cancelled.add((event.kid, event.about))

    def _right(self, event: Event) -> None:
        if event.about in self.lunched and event.about not in self.closed:
            self.righted[event.kid, event.about] = bool(event.number)
            self._day(event.kid, event.about)

    def _close(self, event: Event) -> None:
        if event.about in self.lunched:
            self.closed.add(event.about)
            for kid in range(len(self.plan.kids)):
                self._day(kid, event.about)

    def _price_changes(self, event: Event) -> None:
        assert event.price
        self.prices[event.kid].append(event.price)
        for day in self.lunched:
            if day >= event.price.first:
                self._day(event.kid, day)
        for what, first in list(self.costs[event.kid]):
            if what == FEE and first >= event.price.first:
                self._share(event.kid, first)

    def _shares(self, today: date) -> None:
        if today.day == 1 or today == FIRST:
            for kid in range(len(self.plan.kids)):
                self._share(kid, today.replace(day=1))

    def _share(self, kid: int, first: date) -> None:
        last = end_of((first.year, first.month))
        days = [first + n * A_DAY for n in range(last.day) if self._comes(kid, first + n * A_DAY)]
        if not days:
            return
        mine = [price for price in self.prices[kid] if price.first <= days[0]][-1]
        whole = (self.plan.shares[mine.bracket] * (100 - mine.percent) + 50) // 100
        if self.plan.edges == "days":
            whole = (2 * whole * len(days) + last.day) // (2 * last.day)
        elif self.plan.edges == "half" and (days[0].day > 15 or days[-1].day <= 15):
            whole = (whole + 1) // 2
        if whole or (FEE, first) in self.costs[kid]:
            self.costs[kid][FEE, first] = whole

    def _money(self, event: Event) -> None:
        self.money[event.kid] += event.number
        left = event.number
        for claim in self.claims[event.kid]:
            if left > 0:
                part = min(left, claim[1] - claim[2])
                claim[2] += part
                left -= part

    def _pay(self, event: Event) -> None:
        place, nth = divmod(event.number, 10)
        mine = [number for number, bill in enumerate(self.bills) if bill.month == MONTHS[place]]
        if nth >= len(mine):
            return
        number = mine[nth]
        bill = self.bills[number]
        if bill.is_debit or number in self.paid or not bill.total:
            return
        self.paid.add(number)
        for kid, due in bill.due.items():
            self.money[kid] += due
            left = due
            own = [claim for claim in self.claims[kid] if claim[0] == number]
            for claim in [*own, *self.claims[kid]]:
                part = min(left, claim[1] - claim[2])
                claim[2] += part
                left -= part

    def _way(self, kid: int, day: date) -> str:
        own = [way for first, way in self.plan.kids[kid].ways if first <= day]
        if own and own[-1] != "town":
            return own[-1]
        return [way for first, way in self.plan.common if first <= day][-1]

    def _bill(self, event: Event) -> None:
        month = MONTHS[event.number]
        last = end_of(month)
        groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
        due, lines = {}, {}
        for kid in range(len(self.plan.kids)):
            after = {fact: cents for fact, cents in self.costs[kid].items() if self._way(kid, fact[1]) != "prepaid"}
            opened = {fact: cents - self.told[kid][fact] for fact, cents in after.items() if cents != self.told[kid][fact]}
            lines[kid] = {fact: cents for fact, cents in opened.items() if fact[1] <= last}
            total = sum(lines[kid].values())
            unpaid = sum(asked - paid for _, asked, paid in self.claims[kid])
            free = self.money[kid] - sum(self.costs[kid].values()) + unpaid + sum(opened.values())
            if free >= 0:
                used = min(free, max(total, 0))
            else:
                used = 0 if self._way(kid, last) == "prepaid" else free
            due[kid] = total - used
            if total != 0 and due[kid] >= 0:
                is_debit = self._way(kid, last) == "debit"
                groups[self.plan.kids[kid].payer if self.plan.per_payer else ("child", kid), is_debit].append(kid)
        for (_, is_debit), kids in groups.items():
            total = sum(due[kid] for kid in kids)
            if 0 < total < self.plan.least:
                continue
            told = {(kid, *fact): cents for kid in kids for fact, cents in lines[kid].items()}
            self.bills.append(Bill(month, tuple(kids), bool(is_debit), {kid: due[kid] for kid in kids}, told))
            for kid in kids:
                self.claims[kid].append([len(self.bills) - 1, due[kid], 0])
                for fact, cents in lines[kid].items():
                    self.told[kid][fact] += cents


HAPPENS: dict[str, Callable[[Walker, Event], None]] = {
    "lunch": Walker._lunch,
    "cancel": Walker._cancel,
    "right": Walker._right,
    "close": Walker._close,
    "price": Walker._price_changes,
    "money": Walker._money,
    "pay": Walker._pay,
    "bill": Walker._bill,
}
