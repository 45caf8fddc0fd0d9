"""
What a run finds: every wallet that is paid after the month, with what is to be billed, and what to look at before.

Reads alone; ``operations.draw_up`` writes what it says. Whoever draws up holds the wallets first.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import NamedTuple

from campanella.domains.billing import anomalies, rules, stamping, statements, untold
from campanella.domains.billing.anomalies import Anomaly, Looked
from campanella.domains.billing.fee_reckoning import PassedOver
from campanella.domains.billing.models import Run
from campanella.domains.billing.policies import spans_by_service
from campanella.domains.billing.rules import Draft, Purse, Span
from campanella.domains.billing.views import unpaid_of
from campanella.domains.ledger.rules import Source
from campanella.domains.people.models import Guardianship
from campanella.domains.services import rules as prices
from campanella.domains.services.taxation import StampPayer
from campanella.foundation.core import sql
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id


@dataclass(frozen=True)
class Month:
    """
    What is asked of a run.

    :ivar open_days: (class, day) on which the service is served, closures apart
    :ivar stamp: who bears the stamp duty of its invoices
    :ivar today: when it is looked at: days of the service from then on are not on its invoices
    """

    service_id: int
    first: date
    last: date
    open_days: Sequence[tuple[int, date]]
    stamp: StampPayer = "none"
    today: date | None = None

    @property
    def to_come(self) -> int:
        """How many days of the service are still to come, today included."""
        return len({day for _, day in self.open_days if self.today and day >= self.today})


class Lines(NamedTuple):
    """The lines of one wallet, each column as PostgreSQL has written it and reads it back: nobody else takes them apart."""

    sources: str
    days: str
    cents: str


@dataclass(frozen=True)
class Drawn:
    """
    The invoices to be, and what to look at.

    :ivar left: purses whose lines wait for the next month
    :ivar until_entry: the last entry of the book that was seen
    :ivar next_entry: the first one that the next run must look at
    :ivar digest: of every line with its price, and of what each invoice asks whom for: the credit that it consumes, the debt
        that it carries over, and what is too small and waits
    :ivar lines: by wallet what is to be written; empty for who only looks
    """

    drafts: list[Draft]
    left: list[Purse]
    anomalies: list[Anomaly]
    before: dict[int, int]
    until_entry: int
    next_entry: int
    digest: str
    lines: Mapping[int, Lines]
    stamp: StampPayer

    @property
    def total(self) -> int:
        """Return the sum of all invoices in cents."""
        return sum(draft.total for draft in self.drafts)


def draw(
    *,
    month: Month,
    wallets: Mapping[int, int],
    per_payer: bool,
    least: int,
    jump_percent: int,
    by_bank: Collection[int] = frozenset(),
    passed: Sequence[PassedOver] = (),
    to_write: bool = False,
) -> Drawn:
    """
    Look at what was charged and put it together: a number of statements that does not grow.

    :param wallets: by child the wallet that pays; they are held
    :param by_bank: payers of whom a bank may be asked; nobody else's invoice says that the bank pays it
    :param passed: fees of the month that children do not owe, because they owe others for the same days
    :param to_write: the lines are to be written, and come along
    """
    by_service = spans_by_service()
    since = _since(list(by_service))
    values = _values(month, wallets=list(wallets.values()), since=since, by_service=by_service)
    with sql.reading_everything():
        rows = sql.rows(statements.PURSES, {**values, "to_write": to_write})
    balances = dict(sql.rows(statements.BALANCES, values))
    unpaid = unpaid_of(wallet_ids=[row[0] for row in rows])
    payers = _payers([row[1] for row in rows])
    spans = by_service.get(month.service_id, [])
    own = {span.child_id for span in spans}
    of_all = rules.kind_on(spans=[span for span in spans if span.child_id is None], child_id=0, day=month.last)
    purses, looked, entries, parts, written = [], {}, {}, [], {}
    for wallet_id, child_id, lines, later, *seen, mine_from, later_from, digest, sources, days, cents in rows:
        kind = rules.kind_on(spans=spans, child_id=child_id, day=month.last) if child_id in own else of_all
        payer = payers.get(child_id)
        if kind == "debit" and (payer is None or payer[0] not in by_bank):
            kind = "postpaid"
        purses.append(
            Purse(
                wallet_id,
                child_id,
                payer[0] if payer else None,
                balances[wallet_id],
                lines,
                later,
                unpaid.get(wallet_id, 0),
                kind,
            )
        )
        looked[wallet_id] = Looked(wallet_id, *seen)
        entries[wallet_id] = (mine_from, later_from)
        if sources:
            written[wallet_id] = Lines(sources, days, cents)
        parts.append(f"{wallet_id}:{digest}")
    drafts = rules.drafts(purses, per_payer=per_payer, least=least)
    if month.stamp == "family":
        drafts = [stamping.stamped(draft) for draft in drafts]
        parts.append("stamp")
    parts += [_asked(draft) for draft in drafts]
    before = dict(sql.rows(statements.BILLED_OF_CHILD, {**values, "first": _month_before(month.first)}))
    known = {payer_id: email for payer_id, email, _ in payers.values()}
    found = anomalies.anomalies(
        purses,
        looked=looked,
        before=before,
        jump_percent=jump_percent,
        without_email=frozenset(pk for pk, email in known.items() if not email),
        without_tax_code=frozenset(child for child, (*_, is_known) in payers.items() if not is_known),
        billed=_billed_before(passed),
        to_come=month.to_come,
    )
    billed = {purse.wallet_id for draft in drafts for purse in draft.purses}
    until = int((sql.row(statements.LAST_ENTRY, values) or (0,))[0])
    return Drawn(
        drafts=drafts,
        left=[purse for purse in purses if purse.lines and purse.wallet_id not in billed],
        anomalies=found,
        before=before,
        until_entry=until,
        next_entry=min([_next(entries, billed, until), *_first_after(values)]),
        digest=sha256("\n".join(parts).encode()).hexdigest(),
        lines=written,
        stamp=month.stamp,
    )


def _asked(draft: Draft) -> str:
    """Write down whom an invoice asks for what, and how; a wallet that is on none waits for the next month."""
    purses = ",".join(f"{purse.wallet_id}={purse.billed}-{purse.carried}" for purse in draft.purses)
    return f"{draft.payer_id}/{draft.child_id}/{draft.method}:{purses}"


def _next(entries: Mapping[int, tuple[int | None, int | None]], billed: set[int], until: int) -> int:
    """Return the first entry that is on no invoice after this run: of a later day, or of a wallet that waits."""
    waits = [later for _, later in entries.values() if later is not None]
    waits += [mine for wallet_id, (mine, _) in entries.items() if mine is not None and wallet_id not in billed]
    return min([until + 1, *waits])


def _first_after(values: Mapping[str, object]) -> list[int]:
    return [pk for (pk,) in sql.rows(statements.FIRST_AFTER, values)]


def _since(service_ids: Sequence[int]) -> int:
    """Return the first entry to look at: where the runs of each service that is paid after the month have left off."""
    confirmed = Run.objects.filter(service_id__in=service_ids, state__in=("issued", "recalled"))
    runs: dict[int, list[untold.Past]] = {service_id: [] for service_id in service_ids}
    for run in confirmed.only("service_id", "state", "confirmed_at", "next_entry", "ended_at"):
        if run.confirmed_at:
            recalled_at = run.ended_at if run.state == "recalled" else None
            runs[run.service_id].append(untold.Past(run.pk, run.confirmed_at, run.next_entry, recalled_at))
    return min((untold.first_untold(found) for found in runs.values()), default=0)


def _values(month: Month, *, wallets: list[int], since: int, by_service: Mapping[int, Sequence[Span]]) -> dict[str, object]:
    own = [(service, span) for service, found in by_service.items() for span in found if span.child_id is not None]
    common = [(service, span) for service, found in by_service.items() for span in found if span.child_id is None]
    base: dict[str, object] = {"town": active_town_id(), "service": month.service_id}
    pairs = sql.rows(statements.PRICES, base)
    return {
        **base,
        "first": month.first,
        "last": month.last,
        "since": since,
        "wallets": wallets,
        "own_children": [span.child_id for _, span in own],
        "own_services": [service for service, _ in own],
        "own_firsts": [span.first for _, span in own],
        "own_ends": [span.end for _, span in own],
        "own_kinds": [span.kind for _, span in own],
        "own_decided": [span.decided_on for _, span in own],
        "all_services": [service for service, _ in common],
        "all_firsts": [span.first for _, span in common],
        "all_ends": [span.end for _, span in common],
        "all_kinds": [span.kind for _, span in common],
        "all_decided": [span.decided_on for _, span in common],
        "fulls": [full for full, _ in pairs],
        "percents": [percent for _, percent in pairs],
        "prices": [prices.price(full=Euro(full), reduction_percent=percent).cents for full, percent in pairs],
        "open_classes": [class_id for class_id, _ in month.open_days],
        "open_days": [day for _, day in month.open_days],
    }


def _payers(child_ids: Sequence[int]) -> dict[int, tuple[int, str, bool]]:
    """Return by child who pays for it, with e-mail, and whether both tax codes are known: one query."""
    rows = Guardianship.objects.filter(child_id__in=child_ids, is_payer=True)
    found = rows.values_list("child_id", "guardian_id", "guardian__email", "guardian__tax_code", "child__tax_code")
    return {child_id: (payer_id, email, bool(code and own)) for child_id, payer_id, email, code, own in found}


def _billed_before(passed: Sequence[PassedOver]) -> list[tuple[int, str]]:
    """Return the children of these with the number of the invoice that has billed them, empty for none yet: one query."""
    sources = {one.due_id: Source.of_fee(one.due_id) for one in passed if one.due_id is not None}
    if not passed:
        return []
    values: dict[str, object] = {"town": active_town_id(), "sources": list(sources.values())}
    numbers = {
        source: rules.written(series=series, year=year, number=number)
        for source, series, year, number in sql.rows(statements.BILLED_ON, values)
        if number is not None
    }
    return [(one.child_id, numbers.get(sources[one.due_id], "") if one.due_id else "") for one in passed]


def _month_before(first: date) -> date:
    return first.replace(year=first.year - (first.month == 1), month=(first.month - 2) % 12 + 1)
