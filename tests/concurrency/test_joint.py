"""A joint notice that is asked for by many at once is one; beside a recall or a payment it asks for nothing that is gone."""

from datetime import date

import pytest

from campanella.domains.billing import joint as made
from campanella.domains.billing import queries
from campanella.domains.payments.models import PaymentRequest
from campanella.domains.payments.operations import NotOpen
from campanella.foundation.core import clock
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import naming, scope
from campanella.readings import proofs
from campanella.usecases.billing import joint, staging
from tests.billing import bill, eat, noon, october
from tests.concurrency.conftest import all_at_once
from tests.paying import receive
from tests.towns import OFFICE, Cast
from tests.usecases.billing.conftest import post_paid

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("concurrency")]

NOW = noon(date(2026, 12, 7))


def two_months(town: Cast) -> list[queries.InvoiceView]:
    with scope(town.town.id):
        post_paid(town)
        eat(town, october(1, 2))
        eat(town, [day.replace(month=11) for day in october(5, 6)])
        bill(town)
        bill(town, "2026-11")
        return queries.invoices_of(payer_id=town.families["rossi"].guardian.pk)[::-1]


def wants_paper(town: Cast, ids: list[int]) -> int:
    with clock.standing_at(NOW), naming(town.town.id):
        return joint.position_for(by=town.families["rossi"].user, invoice_ids=ids, now=NOW)


def open_ones(town: Cast) -> set[int]:
    payer = town.families["rossi"].guardian.pk
    asked = {one.request_id for one in made.of_payers(payer_ids=[payer])}
    return set(PaymentRequest.objects.filter(pk__in=asked, state="open").values_list("pk", flat=True))


def test_two_taps_at_once_are_one_notice(town: Cast) -> None:
    ids = [one.id for one in two_months(town)]
    found = all_at_once(lambda _: wants_paper(town, ids), 6)
    with scope(town.town.id):
        assert open_ones(town) == set(found)
        assert len(set(found)) == 1
        assert proofs.violations() == []


def test_what_is_called_back_beside_it_is_asked_for_by_none(town: Cast) -> None:
    mine = two_months(town)

    def act(number: int) -> object:
        if number:
            try:
                return wants_paper(town, [one.id for one in mine])
            except joint.NotToPay:
                return None
        with clock.standing_at(NOW), naming(town.town.id):
            return staging.recall(by=OFFICE, run_id=mine[1].run_id, reason="sbagliate", now=NOW)

    all_at_once(act, 5)
    with scope(town.town.id):
        assert open_ones(town) == set()


def test_a_payment_beside_it_leaves_no_cent_unexplained(town: Cast) -> None:
    mine = two_months(town)
    with scope(town.town.id):
        own = PaymentRequest.objects.get(pk=queries.positions_of(invoice_ids=[mine[0].id])[mine[0].id][0])

    def act(number: int) -> object:
        if number == 0:
            with clock.standing_at(NOW), scope(town.town.id):
                return receive(own, iur="own")
        try:
            return wants_paper(town, [one.id for one in mine])
        except (Refusal, NotOpen):
            return None

    all_at_once(act, 5)
    with scope(town.town.id):
        assert [one.state for one in queries.invoices(invoice_ids=[one.id for one in mine])] == ["paid", "unpaid"]
        assert proofs.violations() == []
