"""Invoices and what a preview found, as commands print them."""

from datetime import date
from typing import Any

from campanella.domains.billing import queries as billing
from campanella.domains.billing.runs import RunView
from campanella.domains.payments import queries as positions
from campanella.domains.people import queries as people
from campanella.domains.services import queries as services
from campanella.readings.billing.words import anomaly_text


def listed(*, period: date | None) -> list[dict[str, Any]]:
    """Return the issued invoices of a month, or of all, each with its lines: eleven queries."""
    found = billing.invoices_between(period=period)
    ids = [one.id for one in found]
    lines = billing.lines_of(invoice_ids=ids)
    made = billing.positions_of(invoice_ids=ids)
    children = people.children(child_ids=sorted({child for one in found for child in one.child_ids}))
    payers = {one.pk: one.tax_code for one in people.guardians(guardian_ids=[one.payer_id for one in found if one.payer_id])}
    codes = {service.pk: service.code for service in services.services()}
    rows = positions.requests(request_ids=[pk for mine in made.values() for pk in mine])
    numbers = {row.pk: row.notice_number for row in rows}
    return [
        {
            "number": one.number,
            "payer_tax_code": payers.get(one.payer_id or 0, ""),
            "children": [children[child_id].tax_code for child_id in one.child_ids],
            "issued": one.issued_on.isoformat(),
            "due": one.due_on.isoformat(),
            "total_cents": one.total.cents,
            "open_cents": one.open.cents,
            "state": one.state,
            "notice_number": numbers[made[one.id][-1]] if one.id in made else None,
            "carried_cents": sum(share.carried.cents for share in one.shares),
            "lines": [
                {
                    "child_tax_code": children[line.child_id].tax_code,
                    "day": line.day.isoformat(),
                    "service": codes[one.service_id],
                    "cents": line.amount.cents,
                }
                for line in lines[one.id]
            ],
        }
        for one in found
    ]


def anomalies(*, run: RunView) -> list[dict[str, Any]]:
    """Return what a run's preview found, with each child's tax code, empty where it is about the whole month: one query."""
    found = run.summary.get("anomalies", [])
    children = people.children(child_ids=sorted({one["child_id"] for one in found if one["child_id"]}))
    codes = {0: ""} | {pk: child.tax_code for pk, child in children.items()}
    return [
        {**one, "child_tax_code": codes[one["child_id"]], "text": anomaly_text(one)}
        for one in found
        if one["child_id"] in codes
    ]
