"""Cash points in tests: one that is open, what is taken there, a day that is counted."""

from typing import Any
from uuid import uuid4

from campanella.domains.accounts.models import User
from campanella.domains.accounts.operations import create_user
from campanella.domains.accounts.roles import Role
from campanella.domains.cash import codes, rules
from campanella.domains.cash.models import CashPoint, CashSession
from campanella.domains.cash.operations import PointData
from campanella.domains.cash.queries import TopUpView
from campanella.domains.cash.settled import CloseView
from campanella.domains.cash.till import Counted
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.usecases.cash import days, points, taking
from tests.towns import OFFICE, PASSWORD, Cast, choosing

PERLA = PointData("Farmacia La Perla", "Bonascola", "pharmacy", takes_cash=True, takes_card=True)


def pharmacy(cast: Cast, *, by: User | None = None, data: PointData = PERLA) -> CashPoint:
    """Give the town a pharmacy with its person."""
    choosing(cast.town, cash_points=True)
    person = by or cast.staff["cashier"]
    return points.add(by=OFFICE, data=data, user_ids=[person.pk], now=clock.now())


def opened(cast: Cast, *, float_cents: int = 0) -> CashSession:
    """Give the town a pharmacy whose till is open."""
    pharmacy(cast)
    return days.open_day(by=cast.staff["cashier"], float_cents=float_cents, now=clock.now())


def code(cast: Cast, child: str = "Anna", service: str = "mensa") -> str:
    """Return the code of a wallet."""
    wallet_id = cast.wallet(child, service).pk
    return codes.codes_for(wallet_ids=[wallet_id], now=clock.now())[wallet_id]


def take(cast: Cast, cents: int = 2000, *, child: str = "Anna", key: str = "", **more: Any) -> TopUpView:
    """Take money for a child at the counter."""
    return taking.take(
        by=more.get("by") or cast.staff["cashier"],
        typed=code(cast, child, more.get("service", "mensa")),
        amount=Euro(cents),
        means=more.get("means", rules.MEANS[0]),
        key=key or uuid4().hex,
        now=clock.now(),
    )


def void(cast: Cast, top_up: TopUpView, why: str = "Importo sbagliato") -> TopUpView:
    """Undo it."""
    return taking.void(by=cast.staff["cashier"], top_up_id=top_up.id, why=why, now=clock.now())


def close(cast: Cast, session: CashSession, cash: int, *, slip: int | None = None, note: str = "") -> CloseView:
    """Count a till and close it."""
    counted = Counted(cash=Euro(cash), slip=None if slip is None else Euro(slip), note=note)
    return days.close_day(by=cast.staff["cashier"], session_id=session.pk, counted=counted, now=clock.now())


def cashier(name: str = "ivo") -> User:
    """Give somebody else with the access of a cash point."""
    return create_user(
        by=OFFICE,
        username=name,
        display_name=f"{name.title()} Neri",
        roles=[Role.CASHIER],
        password=PASSWORD,
        now=clock.now(),
    )
