"""What the owner of the tables may plant among invoices is named by the auditor, and nothing else."""

from collections.abc import Iterator

import pytest

from campanella.domains.billing.models import Issue, Line
from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id
from campanella.readings import proofs
from campanella.readings.proofs import invoices
from tests.billing import bill, eat, october
from tests.towns import Cast, as_owner, put_back
from tests.usecases.billing.conftest import post_paid

SUMS, CHARGED, AFTER, GAPS, DAYS, PAID, WHOLE, JOINT, SPLIT = invoices.PROMISES


@pytest.fixture
def clean(request: pytest.FixtureRequest, db: None) -> Iterator[Cast]:
    yield from put_back(request, "clean of invoices", _bill_cleanly)


def _bill_cleanly(valle: Cast) -> None:
    post_paid(valle)
    eat(valle, october(1, 2))
    bill(valle)
    assert proofs.violations() == []


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("update billing_invoice set total_cents = total_cents + 1 where sequence = 1", [SUMS]),
        ("update billing_line set cents = cents + 10 where id = {line}", [SUMS, CHARGED]),
        ("update billing_line set source = 'presence:987654' where id = {line}", [CHARGED]),
        ("update billing_run set last = '2026-10-01'", [AFTER]),
        ("update billing_issue set number = 7 where id = {issue}", [GAPS]),
        ("update billing_issue set issued_on = '2026-11-09' where number = 1", [DAYS]),
        ("delete from billing_issue where id = {issue}", [WHOLE]),
        ("update payments_paymentrequest set amount_cents = amount_cents + 500", [WHOLE]),
        (
            "insert into billing_invoicepayment (municipality_id, invoice_id, source, noted_at)"
            " select municipality_id, id, 'receipt:none', '2026-11-10T08:00Z' from billing_invoice where sequence = 1",
            [PAID],
        ),
        (
            "insert into billing_jointpart (municipality_id, request_id, invoice_id, cents)"
            " select municipality_id, request_id, invoice_id, 1 from billing_invoiceposition order by id limit 1",
            [JOINT],
        ),
        (
            "insert into billing_jointpayment (municipality_id, invoice_id, wallet_id, source, cents)"
            " select municipality_id, invoice_id, wallet_id, 'receipt:none', 1 from billing_share order by id limit 1",
            [SPLIT],
        ),
    ],
)
def test_what_is_planted_is_named(clean: Cast, statement: str, named: list[str]) -> None:
    ids = {"line": Line.objects.order_by("id")[0].pk, "issue": Issue.objects.order_by("-number")[0].pk}
    with as_owner():
        sql.run("select set_config('app.town', %s, true)", [str(active_town_id())])
        sql.run(statement.format(**ids))

    found = {violation.promise for violation in proofs.violations()}

    assert found & set(invoices.PROMISES) == set(named)
