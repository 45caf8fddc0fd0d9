"""Writing: rules of payment, runs, invoices and their numbers. No money moves here."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from campanella.domains.billing import statements
from campanella.domains.billing.drawing import Drawn
from campanella.domains.billing.models import InvoicePayment, InvoicePosition, PayPolicy
from campanella.domains.billing.models import Run as Run
from campanella.domains.billing.rules import Purse
from campanella.domains.ledger import holding
from campanella.domains.ledger.rules import Source
from campanella.foundation.core import audit, clock, sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.scope import active_town_id, operation

audit.sentences(
    {
        "policy.set": "ha deciso come si paga {service} dal {first}: {kind}",
        "run.prepared": "ha preparato {invoices:fattura|fatture} di {service} per {month}, {total} in tutto",
        "run.confirmed": "ha confermato {invoices:fattura|fatture} di {service} per {month}, {total} in tutto",
        "run.continued": "ha fatto emettere le altre fatture di {service} per {month}",
        "run.stopped": "ha fermato le fatture di {service} per {month}",
        "run.recall_asked": "ha chiesto di ritirare {invoices:fattura|fatture} di {service} per {month}, {total} in tutto",
        "run.recall_allowed": "ha confermato il ritiro di {invoices:fattura|fatture} di {service} per {month}, {total} in "
        "tutto",
        "run.recall_dropped": "ha fermato il ritiro delle fatture di {service} per {month}: nessuna è stata ritirata",
        "run.recalled": "ha ritirato {invoices:fattura|fatture} di {service} per {month}",
        "invoice.recalled": "ha visto ritirata la fattura {number} con la nota di credito {note}",
    }
)


class NotInThisState(Refusal):
    """The run has gone on meanwhile, or was recalled."""

    message = "Nel frattempo queste fatture sono andate avanti: ricarica la pagina e guarda a che punto sono."


@operation
def hold_policies() -> None:
    """
    Wait for whoever else decides how somebody pays, or draws invoices up by it; the wallets are held before.

    What is billed already, and how somebody pays, is read after it.
    """
    sql.take_turns("policies", active_town_id())


@operation
def set_policy(
    *, by: Actor, child_ids: Sequence[int | None], service_id: int, kind: str, first: date, reason: str, now: datetime
) -> None:
    """Write from when on these children (None: all who have no rule of their own) pay a service in a way."""
    PayPolicy.objects.bulk_create(
        PayPolicy(
            child_id=child_id,
            service_id=service_id,
            kind=kind,
            first=first,
            made_at=now,
            made_by_id=by.actor_id,
            reason=reason[:200],
        )
        for child_id in child_ids
    )


@operation
def hold_purses(*, service_id: int, child_ids: Sequence[int] | None) -> dict[int, int]:
    """
    Hold the wallets that pay a service, before what was charged to them is read.

    :param child_ids: of these alone; None for all who use or used it
    :returns: by child the wallet that pays
    """
    return holding.hold_payers_among(
        children=statements.USERS if child_ids is None else statements.THESE,
        values={"children": list(child_ids or ())},
        service_id=service_id,
    )


@operation
def hold_run(*, run_id: int) -> Run:
    """
    Hold a run until the end of the transaction; what its preview said of the month is not read along.

    :raises NotFound: the town has none of this id
    """
    held = Run.objects.select_for_update(no_key=True, of=("self",)).filter(pk=run_id)
    found = held.select_related("service").defer("summary").first()
    if found is None:
        raise NotFound
    return found


@operation
def hold_invoice(*, invoice_id: int) -> None:
    """
    Wait for whoever else asks for the money of an invoice, and keep its run from going on; hold it before it is read.

    Two who pay one invoice come one after the other; those of other invoices of the run do not wait for each other.
    """
    sql.take_turns(f"invoice {invoice_id}", active_town_id())
    sql.run(statements.SHARE_RUN, {"town": active_town_id(), "invoice": invoice_id})


@operation
def prepare(
    *, by: Actor, service_id: int, first: date, last: date, drawn: Drawn, summary: dict[str, Any], now: datetime
) -> Run:
    """Keep a preview: that of the same month that nobody has confirmed is replaced."""
    sql.take_turns(f"billing {service_id} {first}", active_town_id())
    fields = {
        "last": last,
        "prepared_at": now,
        "prepared_by_id": by.actor_id,
        "digest": drawn.digest,
        "invoices": len(drawn.drafts),
        "total_cents": drawn.total,
        "summary": summary,
    }
    living = Run.objects.filter(service_id=service_id, first=first).exclude(state="recalled")
    living.filter(state="prepared").update(**fields)
    found = living.first()
    return found or Run.objects.create(service_id=service_id, first=first, **fields)


@operation
def draw_up(*, by: Actor, run: Run, drawn: Drawn, allowed: int | None, now: datetime) -> None:
    """Write the invoices of a run that is held, all or none; they have no numbers yet. A few statements for any town."""
    drafts = drawn.drafts
    base = {"town": active_town_id(), "run": run.pk, "until": drawn.until_entry}
    made = dict(
        sql.rows(
            statements.WRITE_INVOICES,
            {
                **base,
                "sequences": list(range(1, len(drafts) + 1)),
                "payers": [draft.payer_id for draft in drafts],
                "children": [draft.child_id for draft in drafts],
                "methods": [draft.method for draft in drafts],
                "totals": [draft.total for draft in drafts],
            },
        )
    )
    parts = [(made[place], purse) for place, draft in enumerate(drafts, start=1) for purse in draft.purses]
    shares = sql.rows(
        statements.WRITE_SHARES,
        {
            **base,
            "invoices": [invoice_id for invoice_id, _ in parts],
            "wallets": [purse.wallet_id for _, purse in parts],
            "children": [purse.child_id for _, purse in parts],
            "lines": [purse.billed for _, purse in parts],
            "carried": [purse.carried for _, purse in parts],
        },
    )
    told = [(share_id, drawn.lines[wallet_id]) for wallet_id, share_id in shares if wallet_id in drawn.lines]
    sql.run(
        statements.WRITE_LINES,
        {
            **base,
            "shares": [share_id for share_id, _ in told],
            "sources": [lines.sources for _, lines in told],
            "days": [lines.days for _, lines in told],
            "cents": [lines.cents for _, lines in told],
        },
    )
    _write_stamps(parts, dict(shares), today=clock.day_of(now))
    run.state, run.confirmed_at, run.confirmed_by_id = "issuing", now, by.actor_id
    run.allowed, run.next_entry, run.stamp = allowed, drawn.next_entry, drawn.stamp
    run.invoices, run.total_cents = len(drafts), drawn.total
    run.save()


def _write_stamps(parts: Sequence[tuple[int, Purse]], shares: Mapping[int, int], *, today: date) -> None:
    """
    Write the stamp duty of invoices below their other lines.

    :param shares: by wallet
    """
    stamped = [(shares[purse.wallet_id], invoice_id, purse.stamp) for invoice_id, purse in parts if purse.stamp]
    if stamped:
        values = {
            "town": active_town_id(),
            "today": today,
            "stamp_shares": [share_id for share_id, _, _ in stamped],
            "stamp_sources": [Source.of_stamp(invoice_id) for _, invoice_id, _ in stamped],
            "stamp_cents": [cents for _, _, cents in stamped],
        }
        sql.run(statements.WRITE_STAMPS, values)


@operation
def note_state(*, run: Run, state: str, now: datetime, allowed: int | None = None) -> None:
    """Note how far a run that is held is; ``ended_at`` is of the last of its states."""
    run.state, run.allowed = state, allowed
    run.ended_at = now if state in ("issued", "recalled") else None
    run.save(update_fields=["state", "allowed", "ended_at"])


@operation
def note_positions(*, positions: Sequence[tuple[int, int]]) -> None:
    """Note which positions ask for which invoices: (invoice, position)."""
    InvoicePosition.objects.bulk_create(
        InvoicePosition(invoice_id=invoice_id, request_id=request_id) for invoice_id, request_id in positions
    )


@operation
def note_payment(*, invoice_id: int, source: str, now: datetime) -> bool:
    """
    Note that the money of a source is for an invoice, or (money that leaves) comes back from it.

    :returns: False when it was noted before
    """
    return InvoicePayment.objects.get_or_create(source=source, defaults={"invoice_id": invoice_id, "noted_at": now})[1]


@operation
def note_payments(*, payments: Sequence[tuple[int, str]], now: datetime) -> None:
    """
    Note of many sources that their money is for an invoice, or comes back from it; what was noted before stays.

    :param payments: (invoice, source)
    """
    InvoicePayment.objects.bulk_create(
        (InvoicePayment(invoice_id=invoice_id, source=source, noted_at=now) for invoice_id, source in payments),
        ignore_conflicts=True,
    )
