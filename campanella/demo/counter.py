"""The cash points of Carrara: six pharmacies and the town's desk, their last days, and this morning's tills."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from campanella.demo.life import Life
from campanella.demo.settling import OFFICE, PASSWORD, Settled
from campanella.domains.accounts.models import User
from campanella.domains.accounts.operations import NewUser, create_users
from campanella.domains.accounts.roles import Role
from campanella.domains.cash import codes, queries, rules
from campanella.domains.cash.models import CashPoint
from campanella.domains.cash.operations import PointData
from campanella.domains.cash.queries import TopUpView
from campanella.domains.cash.till import Counted
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import scope
from campanella.usecases.cash import days, points, taking

TOWN = "carrara"
# Manual 5 names them; who takes money there is invented. The first one is who signs in as "cassa".
PLACES = (
    ("Farmacia La Perla", "Bonascola", "cassa", ""),
    ("Farmacia del Cavatore", "Carrara centro", "cassa.cavatore", "Livia Orsi"),
    ("Farmacia La Prada", "Avenza", "cassa.prada", "Gino Sarti"),
    ("Farmacia Fossone", "Fossone", "cassa.fossone", "Marta Belli"),
    ("Farmacia Fiorillo", "Marina di Carrara", "cassa.fiorillo", "Elio Conti"),
    ("Farmacia Paradiso", "Marina di Carrara", "cassa.paradiso", "Nora Pini"),
    ("Ufficio Economato", "Piazza 2 Giugno 1", "cassa.economato", "Piero Landi"),
)
AMOUNTS = (2000, 3000, 5000, 8000)
FLOAT = 5000
# Days before today that are made.
LAST_DAYS = 6
MOST_A_DAY = 3


@dataclass
class Stand:
    """A cash point with its person."""

    point: CashPoint
    user: User


class Counter:
    """The cash points of the town, if it is one that has them."""

    def __init__(self, *, life: Life, settled: Settled, seed: str) -> None:
        self.life, self.settled = life, settled
        self.random = Random(f"counter {seed}")  # noqa: S311  # nothing secret: it must repeat
        self.stands: list[Stand] = []
        self.codes: dict[int, str] = {}
        self.first = life.today - timedelta(days=LAST_DAYS)

    def begin(self) -> None:
        """Open the points, and give every wallet its code."""
        if self.life.town.slug != TOWN:
            return
        opened = clock.rome(self.first - timedelta(days=30), time(10))
        with clock.standing_at(opened), scope(self.life.town.id):
            new = [NewUser(username, person, (Role.CASHIER,)) for _, _, username, person in PLACES[1:]]
            made = create_users(by=OFFICE, users=new, password=PASSWORD, now=opened)
            for (name, address, _, _), user in zip(PLACES, [self.settled.staff[Role.CASHIER], *made], strict=True):
                is_desk = name.startswith("Ufficio")
                data = PointData(name, address, "desk" if is_desk else "pharmacy", takes_cash=not is_desk, takes_card=True)
                point = points.add(by=OFFICE, data=data, user_ids=[user.pk], now=opened)
                self.stands.append(Stand(point, user))
            self.codes = codes.codes_for(wallet_ids=sorted(self.life.holder), now=opened)

    def afternoon(self, day: date) -> None:
        """Let every point have its day; one till is off by five euro, and the week before is settled."""
        if day < self.first:
            return
        for number, stand in enumerate(self.stands):
            with scope(self.life.town.id):
                self._day(stand, day, is_off=number == 1 and day == self.life.days()[-1])
        if self.stands and day == self.life.days()[-2]:
            at = clock.rome(day, time(17, 30))
            with clock.standing_at(at), scope(self.life.town.id):
                made = points.settle(by=OFFICE, point_id=self.stands[0].point.pk, last=day, now=at)
                points.note_paid(by=OFFICE, settlement_id=made.id, day=day, reference="Bonifico CRO 41870", now=at)

    def this_morning(self) -> None:
        """Leave three tills open, with what was taken so far; one top-up was a mistake and is undone."""
        here = self.life.moment.astimezone(clock.ROME).time()
        if self.life.today not in self.life.year.lesson_days(self.settled.plan.patron) or here < time(8, 30):
            return
        for number, stand in enumerate(self.stands[:3]):
            at = self.life.moment - timedelta(minutes=29 - number)
            with scope(self.life.town.id):
                self._open(stand, at)
                for minutes in (4, 9, 14):
                    self._take(stand, at + timedelta(minutes=minutes))
                if number == 0:
                    wrong = self._take(stand, at + timedelta(minutes=16))
                    self._undo(stand, wrong, at + timedelta(minutes=18))

    def _day(self, stand: Stand, day: date, *, is_off: bool) -> None:
        self._open(stand, clock.rome(day, time(15, 30)))
        for at in self._hours(day):
            self._take(stand, at)
        at = clock.rome(day, time(17, 20))
        session = queries.open_session(point_id=stand.point.pk)
        if session is None:
            return
        taken = queries.taken(session_id=session.pk)
        counted = Counted(
            cash=Euro(session.float_cents) + taken.cash - Euro(500 if is_off else 0),
            slip=taken.card,
            note="Mancano 5 euro: forse un resto sbagliato." if is_off else "",
        )
        with clock.standing_at(at):
            days.close_day(by=stand.user, session_id=session.pk, counted=counted, now=at)

    def _hours(self, day: date) -> Iterator[datetime]:
        for place in range(self.random.randint(1, MOST_A_DAY)):
            yield clock.rome(day, time(15, 40)) + timedelta(minutes=30 * place + self.random.randint(0, 20))

    def _open(self, stand: Stand, at: datetime) -> None:
        with clock.standing_at(at):
            days.open_day(by=stand.user, float_cents=FLOAT if stand.point.takes_cash else 0, now=at)

    def _take(self, stand: Stand, at: datetime) -> TopUpView:
        wallet_id = self.random.choice(sorted(self.codes))
        means: rules.Means = "cash" if stand.point.takes_cash and self.random.random() < 0.7 else "card"
        cents = self.random.choice(AMOUNTS)
        with clock.standing_at(at):
            top_up = taking.take(
                by=stand.user,
                typed=self.codes[wallet_id],
                amount=Euro(cents),
                means=means,
                key=f"demo-{stand.point.number}-{at:%Y%m%d%H%M%S}",
                now=at,
            )
        self.life.balances[wallet_id] += cents
        return top_up

    def _undo(self, stand: Stand, top_up: TopUpView, at: datetime) -> None:
        with clock.standing_at(at):
            taking.void(by=stand.user, top_up_id=top_up.id, why="Codice di un altro bambino", now=at)
        self.life.balances[top_up.wallet_id] -= top_up.amount.cents
