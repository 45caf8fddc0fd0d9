"""What the office puts right by hand, in tests: who asks, who decides, and what."""

from typing import Any

from campanella.domains.accounts.models import User
from campanella.domains.accounts.operations import create_user
from campanella.domains.accounts.roles import Role
from campanella.domains.adjusting.operations import Wanted
from campanella.domains.adjusting.queries import ProposalView
from campanella.domains.adjusting.rules import Kind
from campanella.domains.debiting.rules.accounts import account
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.money import Euro
from campanella.usecases.adjusting import asking, deciding
from campanella.usecases.adjusting.asking import Asked
from tests.towns import OFFICE, PASSWORD, Cast

ACCOUNT = "IT39R0306909606100000067890"
TOWN_ACCOUNT = "IT60X0542811101000000123456"


def colleague(name: str = "lia", **more: Any) -> User:
    """Give somebody else of the office."""
    return create_user(
        by=OFFICE,
        username=name,
        display_name=f"{name.title()} Bianchi",
        roles=[Role.OFFICE],
        password=PASSWORD,
        now=clock.now(),
        **more,
    )


def wanted(cast: Cast, kind: Kind, cents: int, *, child: str = "Anna", key: str = "form", **more: Any) -> Wanted:
    """Give something to be put right in a child's wallet."""
    if kind == "refund":
        more = {"account": account(ACCOUNT), "holder_name": "Maria Rossi", **more}
    if kind == "write_off":
        more = {"act_number": "214/2026", **more}
    memo = more.pop("memo", "un motivo")
    return Wanted(kind, cast.wallet(child).pk, Euro(cents), memo, key, **more)


def ask(cast: Cast, kind: Kind, cents: int, *, by: Actor | None = None, **more: Any) -> Asked:
    """Ask for it as the office."""
    what = wanted(cast, kind, cents, **more)
    return asking.ask(by=by or cast.staff["office"], wanted=what, now=clock.now())


def confirm(asked: Asked, by: User) -> ProposalView:
    """Decide for it."""
    return deciding.confirm(by=by, proposal_id=asked.proposal.id, now=clock.now())
