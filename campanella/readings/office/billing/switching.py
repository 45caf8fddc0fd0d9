"""What a change of how all pay a service would do, before it is made: who switches, with which balance, who stays."""

from dataclasses import dataclass
from datetime import date, timedelta

from campanella.domains.billing import carrying, policies, rules
from campanella.domains.billing.rules import END, Span
from campanella.domains.debiting import queries as debiting
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.people import queries as people
from campanella.domains.services.models import Service
from campanella.foundation.core.money import Euro
from campanella.readings.office.billing.family import Moved, paying_wallets, words_of
from campanella.readings.office.billing.months import WAYS

MOST_SHOWN = 40


@dataclass(frozen=True)
class Switch:
    """
    A change for all who have no rule of their own.

    :ivar before: how they pay on that day as it is now, in words
    :ivar until: the last day for which it holds, None where no later rule is written
    :ivar children: how many switch, ``families`` of how many payers
    :ivar own: how many have a rule of their own, and stay as they are
    :ivar credits, debts: how many wallets bring a credit or a debt along, and how much
    :ivar unbilled: what was used and is on no invoice yet
    :ivar unsigned: payers without an authorisation, where all are to pay by their bank
    :ivar lines: the largest balances
    """

    before: str
    is_same: bool
    until: date | None
    children: int
    families: int
    own: int
    credits: tuple[int, Euro]
    debts: tuple[int, Euro]
    unbilled: Euro
    unsigned: int
    lines: list[Moved]


def switch_of(*, service: Service, kind: str, first: date) -> Switch:
    """Return what would come of letting all pay a service so from a day on: ten queries, however many children."""
    spans = policies.spans_by_service().get(service.pk, [])
    before = rules.kind_on(spans=[one for one in spans if one.child_id is None], child_id=0, day=first)
    own = {one.child_id for one in spans if one.child_id is not None and one.holds_on(first)}
    users = enrolment.users_of(service_id=service.pk, day=first)
    going = [child_id for child_id in users if child_id not in own] if before != kind else []
    paying = paying_wallets(child_ids=going, service_id=service.pk)
    found = carrying.carried(wallet_ids=[wallet.id for wallet in paying.values()]) if paying else {}
    by_size = sorted(paying.items(), key=lambda one: (-abs(found[one[1].id].left.cents), one[0]))[:MOST_SHOWN]
    names = people.full_names(child_ids=[child_id for child_id, _ in by_size])
    payers = {payer.pk for payer in people.payers_of(child_ids=going).values()}
    left = [one.left.cents for one in found.values()]
    return Switch(
        before=WAYS[before],
        is_same=before == kind,
        until=_until(spans, first),
        children=len(going),
        families=len(payers),
        own=sum(child_id in own for child_id in users),
        credits=_sum([cents for cents in left if cents > 0]),
        debts=_sum([-cents for cents in left if cents < 0]),
        unbilled=Euro(sum(one.unbilled.cents for one in found.values())),
        unsigned=len(payers - debiting.payers_by_bank()) if kind == "debit" else 0,
        lines=[Moved(names[pk], found[wallet.id], words_of(found[wallet.id], kind)) for pk, wallet in by_size],
    )


def _until(spans: list[Span], first: date) -> date | None:
    """Return the day before the next rule of all that is written already."""
    later = [one.first for one in spans if one.child_id is None and first < one.first < END]
    return min(later) - timedelta(days=1) if later else None


def _sum(cents: list[int]) -> tuple[int, Euro]:
    return len(cents), Euro(sum(cents))
