"""What the owner of the tables may plant among fees is named by the auditor, and nothing else."""

import pytest

from campanella.domains.billing.models import FeeDue
from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id
from campanella.readings import proofs
from campanella.readings.proofs import fees
from tests.towns import Cast, as_owner
from tests.usecases.billing.conftest import post_paid
from tests.usecases.billing.test_fees import monthly

WHOSE, CHARGED, DECIDED, TWICE, ACT = fees.PROMISES
UNCHECKED = (
    "alter table billing_feedue drop constraint nobody_owes_two_fees_for_the_same_days;"
    " drop index one_due_per_child_and_instalment"
)


@pytest.fixture
def clean(valle: Cast) -> Cast:
    post_paid(valle)
    monthly(valle, 5_001)
    assert proofs.violations() == []
    return valle


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("update billing_feedue set cents = cents + 1 where id = {due}", [CHARGED, DECIDED]),
        (f"{UNCHECKED}; update billing_feedue set child_id = {{child}} where id = {{due}}", [WHOSE, TWICE]),
        ("update billing_feeprice set cents = cents + 10", [DECIDED]),
        ("update billing_fee set withdrawn_at = '2026-10-14T10:00Z'", [DECIDED]),
        ("update billing_fee set edges = 'days'", [DECIDED]),
        ("update billing_instalment set charged_on = charged_on + 1 where number = 1", [WHOSE]),
        ("update ledger_entry set source = 'fee:987654' where source = 'fee:{due}'", [WHOSE, CHARGED]),
        ("update core_auditrow set action = 'fee.drafted' where action = 'fee.charged'", [ACT]),
        (
            f"{UNCHECKED};"
            " insert into billing_feedue (municipality_id, child_id, service_id, every, fee_id, number, days, cents)"
            " select municipality_id, child_id, service_id, every, fee_id, number + 2, days, cents from billing_feedue"
            " where id = {due}",
            [CHARGED, DECIDED, TWICE],
        ),
    ],
)
def test_what_is_planted_is_named(clean: Cast, statement: str, named: list[str]) -> None:
    ids = {"due": FeeDue.objects.get(child=clean.child("Anna"), number=1).pk, "child": clean.child("Amina").pk}
    with as_owner():
        sql.run("select set_config('app.town', %s, true)", [str(active_town_id())])
        for one in statement.format(**ids).split(";"):
            sql.run(one)

    found = {violation.promise for violation in proofs.violations()}

    assert found & set(fees.PROMISES) == set(named)
