"""Issued invoices with what is paid of them, as it follows from the ledger."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from campanella.domains.billing import rules, settlement, statements
from campanella.domains.billing.models import CreditNote, Issue, Share
from campanella.domains.billing.rules import Method, State
from campanella.domains.billing.settlement import Claim, Credit
from campanella.foundation.core import sql
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id


@dataclass(frozen=True, slots=True)
class WalletShare:
    """What an invoice asks for one wallet, and how much of it is open; amounts in cents of ``Euro``."""

    wallet_id: int
    child_id: int
    lines: Euro
    carried: Euro
    due: Euro
    open: Euro


@dataclass(frozen=True, slots=True)
class InvoiceView:
    """
    An issued invoice as everybody else sees it.

    :ivar period: first day of its month
    :ivar child_id: of an invoice for one child; None for all of a payer's
    :ivar open: what is left to pay
    """

    id: int
    number: str
    service_id: int
    service_name: str
    service_kind: str
    run_id: int
    period: date
    payer_id: int | None
    child_id: int | None
    method: Method
    issued_on: date
    issued_at: datetime
    due_on: date
    total: Euro
    open: Euro
    state: State
    shares: tuple[WalletShare, ...]
    credit_note: str
    credit_reason: str

    @property
    def letter(self) -> str:
        """Return the key of the letter that brings it."""
        return f"invoice:{self.id}:"

    @property
    def child_ids(self) -> list[int]:
        """Return whom it is for, in the order of wallets."""
        return [share.child_id for share in self.shares]

    @property
    def paid(self) -> Euro:
        """Return what was paid of it; what had paid one that was called back pays others now, or is credit."""
        return Euro(0) if self.credit_note else self.total - self.open

    def is_overdue(self, today: date) -> bool:
        """Tell whether something is still to pay after its due date."""
        return self.state in ("unpaid", "partial") and self.due_on < today


def unpaid_of(*, wallet_ids: Sequence[int]) -> dict[int, int]:
    """Return by wallet, in cents, what living invoices still ask for it: two queries."""
    found = _paid_by_wallet(wallet_ids)
    return {wallet_id: sum(asked - paid for asked, paid in claims.values()) for wallet_id, claims in found.items()}


def views(issues: "QuerySet[Issue]") -> list[InvoiceView]:
    """Return issued invoices as everybody sees them, the oldest first: five queries."""
    fields = (
        "invoice_id",
        "series",
        "year",
        "number",
        "issued_on",
        "issued_at",
        "due_on",
        "invoice__run_id",
        "invoice__run__first",
        "invoice__run__service_id",
        "invoice__run__service__name",
        "invoice__run__service__kind",
        "invoice__payer_id",
        "invoice__child_id",
        "invoice__method",
        "invoice__total_cents",
    )
    rows = list(issues.order_by("id").values_list(*fields, named=True))
    ids = [row.invoice_id for row in rows]
    shares: dict[int, list[tuple[int, int, int, int, int]]] = {}
    parts_of = Share.objects.filter(invoice_id__in=ids).order_by("wallet_id")
    for invoice_id, *part in parts_of.values_list(
        "invoice_id", "wallet_id", "child_id", "lines_cents", "carried_cents", "due_cents"
    ):
        shares.setdefault(invoice_id, []).append((part[0], part[1], part[2], part[3], part[4]))
    notes = {
        pk: (rules.written(series=series, year=year, number=number), reason)
        for pk, series, year, number, reason in CreditNote.objects.filter(invoice_id__in=ids).values_list(
            "invoice_id", "series", "year", "number", "reason"
        )
    }
    settled = _paid_by_wallet(sorted({share[0] for found in shares.values() for share in found}))
    views = []
    for row in rows:
        parts = tuple(_share(share, settled.get(share[0], {}).get(row.invoice_id)) for share in shares[row.invoice_id])
        note, reason = notes.get(row.invoice_id, ("", ""))
        left = 0 if note else sum(part.open.cents for part in parts)
        total = row.invoice__total_cents
        views.append(
            InvoiceView(
                id=row.invoice_id,
                number=rules.written(series=row.series, year=row.year, number=row.number),
                service_id=row.invoice__run__service_id,
                service_name=row.invoice__run__service__name,
                service_kind=row.invoice__run__service__kind,
                run_id=row.invoice__run_id,
                period=row.invoice__run__first,
                payer_id=row.invoice__payer_id,
                child_id=row.invoice__child_id,
                method=row.invoice__method,
                issued_on=row.issued_on,
                issued_at=row.issued_at,
                due_on=row.due_on,
                total=Euro(total),
                open=Euro(left),
                state=rules.state_of(total=total, paid=total - left, is_cancelled=bool(note)),
                shares=parts,
                credit_note=note,
                credit_reason=reason,
            )
        )
    return views


def _share(share: tuple[int, int, int, int, int], settled: tuple[int, int] | None) -> WalletShare:
    wallet_id, child_id, lines, carried, due = share
    left = settled[0] - settled[1] if settled else 0
    return WalletShare(wallet_id, child_id, Euro(lines), Euro(carried), Euro(due), Euro(left))


def _paid_by_wallet(wallet_ids: Iterable[int]) -> dict[int, dict[int, tuple[int, int]]]:
    """Return by wallet and living invoice what it asks for and how much of that is paid, in cents: two queries."""
    claims, credits = claims_and_credits(wallet_ids=wallet_ids)
    found: dict[int, dict[int, tuple[int, int]]] = {}
    for wallet_id, mine in claims.items():
        settled = settlement.paid(claims=mine, credits=credits.get(wallet_id, []))
        found[wallet_id] = {claim.invoice_id: (claim.cents, settled[claim.invoice_id]) for claim in mine}
    return found


def claims_and_credits(*, wallet_ids: Iterable[int]) -> tuple[dict[int, list[Claim]], dict[int, list[Credit]]]:
    """
    Return by wallet what living invoices ask for it, the oldest first, and the money that came in since.

    Two queries; a third where something came back from an invoice: there counts what else has left the wallet since.
    """
    values: dict[str, object] = {"town": active_town_id(), "wallets": list(wallet_ids)}
    claims: dict[int, list[Claim]] = {}
    credits: dict[int, list[Credit]] = {}
    if not values["wallets"]:
        return claims, credits
    for wallet_id, *claim in sql.rows(statements.CLAIMS, values):
        claims.setdefault(wallet_id, []).append(Claim(*claim))
    if not claims:
        return claims, credits
    since = min(claim.until_entry for found in claims.values() for claim in found)
    invoices = sorted({claim.invoice_id for found in claims.values() for claim in found})
    values |= {"since": since, "invoices": invoices}
    for wallet_id, entry_id, cents, invoice_id in sql.rows(statements.CREDITS, values):
        credits.setdefault(wallet_id, []).append(Credit(entry_id, cents, invoice_id))
    reopened = [wallet_id for wallet_id, found in credits.items() if any(one.cents < 0 for one in found)]
    for wallet_id, entry_id, cents in sql.rows(statements.GONE, {**values, "wallets": reopened}) if reopened else ():
        credits[wallet_id].append(Credit(entry_id, cents, None))
    return claims, credits
