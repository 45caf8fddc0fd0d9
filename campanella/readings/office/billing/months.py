"""What the office sees of invoices: months, one month with what is strange, the list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from campanella.domains.accounts import queries as accounts
from campanella.domains.billing import policies, rules
from campanella.domains.billing import runs as run_queries
from campanella.domains.billing.choices import BillingChoices
from campanella.domains.billing.policies import PolicyLine
from campanella.domains.billing.queries import InvoiceView
from campanella.domains.billing.rules import STATES
from campanella.domains.billing.runs import RunView
from campanella.domains.people import queries as people
from campanella.domains.services import queries as services
from campanella.domains.services.models import Service
from campanella.domains.services.taxation import STAMP_TREATMENTS, StampTreatment
from campanella.foundation.core.italian import month_name
from campanella.foundation.core.money import Euro
from campanella.foundation.tenants.queries import active_town
from campanella.readings.billing.words import ANOMALIES, RUN_STATES, STATE_KINDS, anomaly_text

MOST_SHOWN = 60
WAYS = {"prepaid": "prepagato", "postpaid": "postpagato", "debit": "addebito sul conto", "town": "come tutti"}


@dataclass(frozen=True)
class RunLine:
    """A run in the list of months."""

    run: RunView
    status: tuple[str, str]

    @property
    def title(self) -> str:
        """Service and month."""
        return f"{self.run.service_name}, {month_name(self.run.first)}"


@dataclass(frozen=True)
class Sample:
    """An invoice to be, as the preview shows it."""

    payer: str
    children: str
    lines: Euro
    carried: Euro
    total: Euro


@dataclass(frozen=True)
class Strange:
    """Anomalies of one kind: who and what, and how many more there are than shown."""

    title: str
    lines: list[tuple[int, str, str]]
    count: int

    @property
    def is_of_children(self) -> bool:
        """Tell whether it is about children, and not about the month as a whole."""
        return any(child_id for child_id, _, _ in self.lines)


@dataclass(frozen=True)
class RunPage:
    """
    A month on its page.

    :ivar needs_another: whoever looks has prepared it, and the total is above the town's amount
    """

    line: RunLine
    samples: list[Sample]
    largest: list[Sample]
    strange: list[Strange]
    before: Euro
    before_children: int
    children: int
    lines: Euro
    carried: Euro
    left: Euro
    left_children: int
    by_credit: int
    stamped: int
    stamp: StampTreatment
    needs_another: bool
    limit: Euro
    percent: int
    prepared_by: str
    confirmed_by: str

    @property
    def owed(self) -> Euro:
        """Return the debts that are carried over, above what credit is used."""
        return -self.carried


@dataclass(frozen=True)
class InvoiceLine:
    """An invoice in the office's list."""

    invoice: InvoiceView
    payer: str
    payer_id: int | None
    children: list[tuple[int, str]]
    status: tuple[str, str]


def runs() -> list[RunLine]:
    """Return the last months, newest first: two queries."""
    return [RunLine(one, RUN_STATES[one.state]) for one in run_queries.runs()]


def offered() -> list[Service]:
    """Return the services that somebody pays after the month: two queries."""
    after = {pk for pk, spans in policies.spans_by_service().items() if any(span.kind != "prepaid" for span in spans)}
    return [service for service in services.services() if service.pk in after]


def ways(*, today: date) -> list[tuple[str, str]]:
    """Return how each service is paid by all today: two queries."""
    spans = policies.spans_by_service()
    return [
        (
            one.name,
            WAYS[rules.kind_on(spans=[s for s in spans.get(one.pk, []) if s.child_id is None], child_id=0, day=today)],
        )
        for one in services.services()
    ]


def rules_of(*, child_id: int | None) -> list[tuple[PolicyLine, str]]:
    """Return the rules of a child, or (None) of all, with their words: one query."""
    return [(line, WAYS[line.kind]) for line in policies.policies_of(child_id=child_id)]


def page_of(*, run: RunView, user_id: int) -> RunPage:
    """Return all that the page of a month shows: six queries."""
    said = run.summary
    drawn = [*said.get("samples", []), *said.get("largest", [])]
    found = said.get("anomalies", [])
    wanted = {child for one in drawn for child in one["children"]} | {one["child_id"] for one in found if one["child_id"]}
    children = people.full_names(child_ids=sorted(wanted))
    payers = _payers(one["payer_id"] for one in drawn)
    limit = active_town().chosen(BillingChoices).bill_second_person
    staff = {user.pk: user.display_name for user in accounts.staff()}
    total = run.total.cents
    return RunPage(
        line=RunLine(run, RUN_STATES[run.state]),
        samples=[_sample(one, payers, children) for one in said.get("samples", [])],
        largest=[_sample(one, payers, children) for one in said.get("largest", [])],
        strange=_strange(found, children),
        before=Euro(said.get("before", {}).get("cents", 0)),
        before_children=said.get("before", {}).get("children", 0),
        children=said.get("children", 0),
        lines=Euro(said.get("lines_cents", 0)),
        carried=Euro(said.get("carried_cents", 0)),
        left=Euro(said.get("left", {}).get("cents", 0)),
        left_children=said.get("left", {}).get("children", 0),
        by_credit=said.get("paid_by_credit", 0),
        stamped=said.get("stamped", 0),
        stamp=STAMP_TREATMENTS[said.get("stamp", "town")],
        needs_another=rules.needs_another(total=total, above=limit, prepared_by=run.prepared_by_id, confirmed_by=user_id),
        limit=Euro(limit),
        percent=100 * run.issued // run.invoices if run.invoices else 0,
        prepared_by=staff.get(run.prepared_by_id or 0, "riga di comando"),
        confirmed_by=staff.get(run.confirmed_by_id or 0, "riga di comando"),
    )


def named(found: Sequence[InvoiceView], *, today: date) -> list[InvoiceLine]:
    """Put the names to invoices: two queries."""
    children = people.full_names(child_ids=sorted({child for one in found for child in one.child_ids}))
    payers = _payers(one.payer_id for one in found)
    return [
        InvoiceLine(
            invoice=one,
            payer=payers.get(one.payer_id or 0, "Senza intestatario"),
            payer_id=one.payer_id,
            children=[(child_id, children[child_id]) for child_id in one.child_ids],
            status=("stop", "Scaduta") if one.is_overdue(today) else (STATE_KINDS[one.state], STATES[one.state]),
        )
        for one in found
    ]


def _payers(payer_ids: Iterable[int | None]) -> dict[int, str]:
    found = people.guardians(guardian_ids=[pk for pk in payer_ids if pk])
    return {one.pk: one.full_name for one in found}


def _sample(one: dict[str, Any], payers: dict[int, str], children: dict[int, str]) -> Sample:
    return Sample(
        payer=payers.get(one["payer_id"] or 0, "Senza intestatario"),
        children=", ".join(children.get(child_id, "") for child_id in one["children"]),
        lines=Euro(one["lines_cents"]),
        carried=Euro(one["carried_cents"]),
        total=Euro(one["total_cents"]),
    )


def _strange(found: Sequence[dict[str, Any]], children: dict[int, str]) -> list[Strange]:
    by_kind: dict[str, list[tuple[int, str, str]]] = {}
    for one in found:
        line = (one["child_id"], children.get(one["child_id"], ""), anomaly_text(one))
        by_kind.setdefault(one["kind"], []).append(line)
    return [Strange(ANOMALIES[kind], lines[:MOST_SHOWN], len(lines)) for kind, lines in by_kind.items()]
