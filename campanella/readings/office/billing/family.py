"""How one payer's children pay, and what each wallet would bring along if that changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from campanella.domains.billing import carrying, policies
from campanella.domains.billing.carrying import Carried
from campanella.domains.billing.rules import Kind
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.ledger import queries as ledger
from campanella.domains.ledger.queries import WalletView
from campanella.domains.people import queries as people
from campanella.domains.services import queries as services
from campanella.domains.services.models import Service
from campanella.readings.office.billing.months import WAYS, rules_of


@dataclass(frozen=True)
class ChildWay:
    """How a child pays each of its services today."""

    child_id: int
    name: str
    ways: list[tuple[str, str]]


@dataclass(frozen=True)
class Moved:
    """A child's wallet at the switch: its words say what becomes of what is in it."""

    name: str
    carried: Carried
    words: str


@dataclass(frozen=True)
class FamilyPage:
    """A payer's children with how they pay, the services they use, and what was decided for them so far."""

    children: list[ChildWay]
    services: list[Service]
    history: list[tuple[str, str, date, str]]


def page_of(*, guardian_id: int, today: date) -> FamilyPage:
    """Return how the children that a payer pays for pay: seven queries, one more a child."""
    ties = [tie for tie in people.ties_of(guardian_ids=[guardian_id]) if tie.is_payer]
    names = people.full_names(child_ids=[tie.child_id for tie in ties])
    uses = enrolment.enrolled(child_ids=list(names), day=today)
    owners = sorted({(use.child_id, use.service_id) for use in uses})
    kinds = policies.kinds_on(owners=owners, day=today)
    known = {one.pk: one for one in services.services()}
    used = {service_id for _, service_id in owners}
    history = [
        (names[child_id], f"{line.service_name}, {words}", line.first, line.reason)
        for child_id in names
        for line, words in rules_of(child_id=child_id)
    ]
    return FamilyPage(
        children=[ChildWay(child_id, name, _ways(child_id, kinds, known)) for child_id, name in names.items()],
        services=[service for service in known.values() if service.pk in used],
        history=history,
    )


def moved(*, child_ids: list[int], service_id: int, kind: str) -> list[Moved]:
    """Return what the wallets that pay a service for these children bring along: five queries."""
    names, paying = people.full_names(child_ids=child_ids), paying_wallets(child_ids=child_ids, service_id=service_id)
    found = carrying.carried(wallet_ids=[wallet.id for wallet in paying.values()])
    return [
        Moved(names[child_id], found[wallet.id], words_of(found[wallet.id], kind))
        for child_id, wallet in sorted(paying.items())
    ]


def paying_wallets(*, child_ids: Sequence[int], service_id: int) -> dict[int, WalletView]:
    """Return by child the wallet that pays a service: its own, else the one for all of them. One query."""
    mine = ledger.wallets_of(child_ids=child_ids)
    paying: dict[int, WalletView] = {wallet.child_id: wallet for wallet in mine if wallet.service_id is None}
    return paying | {wallet.child_id: wallet for wallet in mine if wallet.service_id == service_id}


def _ways(child_id: int, kinds: dict[tuple[int, int], Kind], known: dict[int, Service]) -> list[tuple[str, str]]:
    return [(known[service].name, WAYS[kind]) for (child, service), kind in kinds.items() if child == child_id]


def words_of(one: Carried, kind: str) -> str:
    """Say what becomes of what a wallet brings along."""
    left = one.left
    if left.cents > 0:
        rest = "paga i prossimi giorni" if kind == "prepaid" else "si usa nella prima fattura"
        return f"{left} di credito: {rest}"
    if left.cents < 0:
        rest = "va coperto con una ricarica" if kind == "prepaid" else "si aggiunge alla prima fattura"
        return f"{-left} di debito: {rest}"
    return "niente da riportare"
