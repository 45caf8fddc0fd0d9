"""A month billed by many hands at once is one run, with one number for each invoice."""

from datetime import date

import pytest

from campanella.domains.billing import queries, runs
from campanella.domains.billing.models import Invoice, Issue, Line
from campanella.foundation.core import clock
from campanella.foundation.core.scope import naming, scope
from campanella.readings import proofs
from campanella.usecases.billing import issuing, running, staging
from tests.billing import eat, noon, october
from tests.concurrency.conftest import all_at_once
from tests.towns import OFFICE, Cast
from tests.usecases.billing.conftest import post_paid

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("concurrency")]

MONTH = {"first": date(2026, 10, 1), "last": date(2026, 10, 31)}


def test_many_officers_at_once_make_one_run(town: Cast) -> None:
    with scope(town.town.id):
        post_paid(town)
        eat(town, october(1, 2))
        meal = town.services["mensa"]

    def press(_: int) -> int:
        with clock.standing_at(noon(date(2026, 11, 5))), naming(town.town.id):
            run = running.preview(by=OFFICE, service=meal, now=clock.now(), **MONTH)
            running.confirm(by=OFFICE, run_id=run.id, now=clock.now())
            issuing.issue(run_id=run.id)
            return run.id

    ids = all_at_once(press, 8)

    with scope(town.town.id):
        assert len(set(ids)) == 1
        assert (Invoice.objects.count(), Issue.objects.count(), Line.objects.count()) == (2, 2, 6)
        assert proofs.violations() == []


def test_a_recall_beside_the_issue_leaves_no_invoice_alive_and_no_gap(town: Cast) -> None:
    with scope(town.town.id):
        post_paid(town)
        eat(town, october(1, 2))
        meal = town.services["mensa"]
    with clock.standing_at(noon(date(2026, 11, 5))), naming(town.town.id):
        run = running.preview(by=OFFICE, service=meal, now=clock.now(), **MONTH)
        running.confirm(by=OFFICE, run_id=run.id, now=clock.now())

    def act(number: int) -> None:
        with clock.standing_at(noon(date(2026, 11, 5))), naming(town.town.id):
            if number % 2:
                issuing.issue(run_id=run.id)
            else:
                staging.recall(by=OFFICE, run_id=run.id, reason="sbagliate", now=clock.now())

    all_at_once(act, 6)

    with scope(town.town.id):
        assert runs.run(run_id=run.id).state == "recalled"
        assert queries.open_invoices() == []
        assert proofs.violations() == []
