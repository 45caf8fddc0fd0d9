"""Money of a counter pays an invoice as all other credit does; what was undone there has never paid it."""

from datetime import date
from typing import Any

import pytest

from campanella.domains.billing import queries as billing
from campanella.domains.billing.queries import InvoiceView
from campanella.readings import proofs
from tests.billing import bill, eat, october
from tests.cash import opened, take, void
from tests.towns import Cast, run_jobs
from tests.usecases.billing.conftest import billed  # noqa: F401


def invoice(cast: Cast) -> InvoiceView:
    (found,) = billing.invoices_of(payer_id=cast.families["haddad"].guardian.pk)
    return found


@pytest.mark.parametrize("is_undone", [False, True])
def test_what_was_undone_at_the_counter_leaves_the_invoice_open(billed: Cast, at: Any, is_undone: bool) -> None:  # noqa: F811
    eat(billed, october(1, 2))
    bill(billed)
    asked = invoice(billed).open.cents
    at("2026-11-10 10:00")
    opened(billed)

    top_up = take(billed, asked, child="Amina")
    assert invoice(billed).open.cents == 0
    if is_undone:
        void(billed, top_up)

    assert invoice(billed).open.cents == (asked if is_undone else 0)
    assert billed.balance("Amina") == (-asked if is_undone else 0)
    run_jobs()
    assert proofs.violations() == []


def test_what_an_invoice_has_consumed_before_it_was_undone_is_carried(billed: Cast, at: Any) -> None:  # noqa: F811
    """The month is billed in the minutes between: the next invoice asks for what is missing."""
    eat(billed, october(1, 2))
    at("2026-11-05 11:55")
    opened(billed)
    top_up = take(billed, 5000, child="Amina")
    bill(billed)
    before = invoice(billed)
    at("2026-11-05 12:01")
    void(billed, top_up)

    assert invoice(billed).open.cents == before.open.cents == 0
    assert billed.balance("Amina") < 0
    assert before.period == date(2026, 10, 1)
