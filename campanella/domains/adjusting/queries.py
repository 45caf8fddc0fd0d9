"""Proposals as everybody sees them, with how far they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.db.models.functions import Abs

from campanella.domains.adjusting import rules, words
from campanella.domains.adjusting.models import Proposal, RefundComing, RefundOrder, Step
from campanella.domains.adjusting.rules import Kind, State
from campanella.domains.debiting.rules.accounts import Account
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro

_MIDNIGHT = datetime.min.time()


@dataclass(frozen=True, slots=True)
class ProposalView:
    """
    A proposal and how far it is.

    :ivar hands: how many people of the office decide it; ``seen_by_id`` has looked at what a family asked for
    :ivar why: of its end, or what the bank said of a refund
    :ivar paid: of a refund: ``""`` not asked of the bank yet, ``"asked"``, ``"executed"``, ``"back"``
    """

    id: int
    kind: Kind
    wallet_id: int
    child_id: int
    service_name: str
    taker_id: int | None
    amount: Euro
    memo: str
    act_number: str
    key: str
    hands: int
    by_office: bool
    by_id: int | None
    by_label: str
    at: datetime
    ends_on: date | None
    holder_name: str
    account: Account | None
    state: State
    ended_at: datetime | None
    ended_by: str
    why: str
    seen_by_id: int | None
    seen_by: str
    paid: str

    @property
    def label(self) -> str:
        """What it is, in words."""
        return words.LABELS[self.kind]

    @property
    def hands_so_far(self) -> list[int]:
        """Who of the office has had a hand in it."""
        return [one for one in (self.by_id if self.by_office else None, self.seen_by_id) if one is not None]

    @property
    def needs_look(self) -> bool:
        """Tell whether a family asked and two of the office decide, of whom none has looked yet."""
        return self.state == "waiting" and not self.by_office and self.hands == 2 and self.seen_by_id is None


def proposal(*, proposal_id: int) -> ProposalView:
    """
    Return a proposal of the town.

    :raises NotFound: the town has none of this id
    """
    for found in _views(Proposal.objects.filter(pk=proposal_id)):
        return found
    raise NotFound


def by_key(*, key: str) -> ProposalView | None:
    """Return what a form has asked for before."""
    return next(iter(_views(Proposal.objects.filter(key=key))), None)


def waiting(*, limit: int = 50) -> list[ProposalView]:
    """Return what waits for somebody of the office, the oldest first: four queries."""
    return _views(_open().order_by("id")[:limit])


def waiting_count() -> int:
    """Count what waits: one query."""
    return _open().count()


def last(*, limit: int = 30) -> list[ProposalView]:
    """Return what was decided last, newest first: four queries."""
    return _views(Proposal.objects.filter(Exists(_ends())).order_by("-id")[:limit])


def of_wallets(*, wallet_ids: Sequence[int], kinds: Sequence[Kind] = rules.KINDS, limit: int = 20) -> list[ProposalView]:
    """Return what was proposed for these wallets, newest first: four queries."""
    return _views(Proposal.objects.filter(wallet_id__in=list(wallet_ids), kind__in=kinds).order_by("-id")[:limit])


def waiting_of(*, wallet_ids: Sequence[int]) -> list[ProposalView]:
    """Return what waits for these wallets: one query where nothing does."""
    return _views(_open().filter(wallet_id__in=list(wallet_ids)).order_by("id"))


def given(*, year: int) -> Euro:
    """Return what everybody has given out of kindness in a calendar year, decided by one or by two: one query."""
    done = Proposal.objects.filter(Exists(_ends().filter(kind="done")), kind="goodwill", **_within(year))
    return Euro(done.aggregate(sum=Sum("cents"))["sum"] or 0)


def open_refund(*, wallet_id: int) -> ProposalView | None:
    """Return the refund of a wallet that waits."""
    return next(iter(_views(_open().filter(wallet_id=wallet_id, kind="refund"))), None)


def overdue(*, today: date) -> list[int]:
    """Return what has waited too long: one query."""
    return list(_open().filter(ends_on__lt=today).order_by("id").values_list("pk", flat=True))


def given_alone(*, by_id: int, year: int) -> Euro:
    """Return what somebody has given out of kindness alone in a calendar year: one query."""
    mine = Proposal.objects.filter(kind="goodwill", hands=1, by_id=by_id, **_within(year))
    return Euro(mine.aggregate(sum=Sum("cents"))["sum"] or 0)


def moved_alone(*, wallet_id: int, kind: Kind, since: datetime) -> Euro:
    """Return what one person alone has decided of a wallet since then, however it is signed: one query."""
    alone = Proposal.objects.filter(wallet_id=wallet_id, kind=kind, hands=1, at__gte=since)
    return Euro(alone.aggregate(sum=Sum(Abs("cents")))["sum"] or 0)


def to_pay() -> list[ProposalView]:
    """Return refunds that are approved and were not asked of the bank yet, the oldest first: four queries."""
    done = Proposal.objects.filter(Exists(_ends().filter(kind="done")), kind="refund")
    return _views(done.exclude(Exists(RefundOrder.objects.filter(proposal=OuterRef("pk")))).order_by("id"))


def _within(year: int) -> dict[str, datetime]:
    first, end = (clock.rome(date(one, 1, 1), _MIDNIGHT) for one in (year, year + 1))
    return {"at__gte": first, "at__lt": end}


def _ends() -> "QuerySet[Step]":
    return Step.objects.filter(proposal=OuterRef("pk")).exclude(kind="endorsed")


def _open() -> "QuerySet[Proposal]":
    return Proposal.objects.exclude(Exists(_ends()))


def _views(rows: "QuerySet[Proposal]") -> list[ProposalView]:
    found = list(rows.select_related("wallet__service"))
    if not found:
        return []
    ids = [one.pk for one in found]
    steps: dict[int, dict[str, Step]] = {}
    for one_step in Step.objects.filter(proposal_id__in=ids):
        steps.setdefault(one_step.proposal_id, {})[one_step.kind] = one_step
    refunds = [one.pk for one in found if one.kind == "refund"]
    paid = dict.fromkeys(RefundOrder.objects.filter(proposal_id__in=refunds).values_list("proposal_id", flat=True), "asked")
    # What was said last is how it stands: paid, then sent back.
    comings = RefundComing.objects.filter(order__proposal_id__in=list(paid)).order_by("id")
    paid |= dict(comings.values_list("order__proposal_id", "kind")) if paid else {}
    return [_view(one, steps.get(one.pk, {}), paid.get(one.pk, "")) for one in found]


def _view(one: Proposal, steps: dict[str, Step], paid: str) -> ProposalView:
    end = next((step for kind, step in steps.items() if kind != "endorsed"), None)
    seen = steps.get("endorsed")
    return ProposalView(
        id=one.pk,
        kind=next(kind for kind in rules.KINDS if kind == one.kind),
        wallet_id=one.wallet_id,
        child_id=one.wallet.child_id,
        service_name=service_of(one),
        taker_id=one.taker_id,
        amount=Euro(one.cents),
        memo=one.memo,
        act_number=one.act_number,
        key=one.key,
        hands=one.hands,
        by_office=one.by_office,
        by_id=one.by_id,
        by_label=one.by_label,
        at=one.at,
        ends_on=one.ends_on,
        holder_name=one.holder_name,
        account=Account(one.iban, one.bic) if one.iban else None,
        state=next((state for state in rules.STATES if end and state == end.kind), "waiting"),
        ended_at=end.at if end else None,
        ended_by=end.by_label if end else "",
        why=end.why if end else "",
        seen_by_id=seen.by_id if seen else None,
        seen_by=seen.by_label if seen else "",
        paid=paid,
    )


def service_of(one: Proposal) -> str:
    """Return what a proposal's wallet pays for."""
    return one.wallet.service.name if one.wallet.service else "Tutti i servizi"
