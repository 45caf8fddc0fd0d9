"""What the owner of the tables may plant about stamp duty is named by the auditor, and nothing else."""

from collections.abc import Iterator

import pytest

from campanella.domains.billing.models import Line
from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id
from campanella.readings import proofs
from campanella.readings.proofs import stamps
from tests.billing import bill, eat, october
from tests.towns import Cast, as_owner, put_back
from tests.usecases.billing.conftest import post_paid
from tests.usecases.billing.test_stamps import treat

SAID, BOOKED, ENTRY = stamps.PROMISES


@pytest.fixture
def clean(request: pytest.FixtureRequest, db: None) -> Iterator[Cast]:
    yield from put_back(request, "clean of stamps", _bill_cleanly)


def _bill_cleanly(valle: Cast) -> None:
    post_paid(valle)
    treat(valle)
    eat(valle, october()[:16])
    bill(valle)
    assert proofs.violations() == []


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("update billing_line set cents = 300 where id = {line}", [SAID]),
        ("delete from billing_line where id = {line}", [SAID]),
        (
            "update ledger_transfer set cents = 100 where entry_id in (select id from ledger_entry where kind = 'stamp')",
            [BOOKED],
        ),
        ("update billing_run set stamp = 'town'", [SAID, BOOKED]),
        ("update billing_run set confirmed_at = confirmed_at + interval '1 minute'", [ENTRY]),
        ("update ledger_entry set source = 'stamp:987654' where kind = 'stamp'", [BOOKED, ENTRY]),
        ("update ledger_account set code = 'mensa2' where code = 'stamp'", [ENTRY]),
    ],
)
def test_what_is_planted_is_named(clean: Cast, statement: str, named: list[str]) -> None:
    line = Line.objects.get(source__startswith="stamp:").pk
    with as_owner():
        sql.run("select set_config('app.town', %s, true)", [str(active_town_id())])
        sql.run(statement.format(line=line))

    found = {violation.promise for violation in proofs.violations()}

    assert found & set(stamps.PROMISES) == set(named)


def test_one_of_a_day_to_come_is_named(clean: Cast) -> None:
    with as_owner():
        sql.run("select set_config('app.town', %s, true)", [str(active_town_id())])
        sql.run("update ledger_entry set day = day + 300 where kind = 'stamp'")
    later = "a charge is of its own day, or written later, or once the numbers of its day were closed"
    assert later in {violation.promise for violation in proofs.violations()}
