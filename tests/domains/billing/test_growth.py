"""What a family's page reads of the book is the family's: other families' payments cost it nothing."""

import json
from collections.abc import Iterator
from typing import Any

from campanella.domains.billing import queries, statements
from campanella.foundation.core import clock, sql
from campanella.foundation.core.money import Euro
from campanella.usecases import adjust
from tests.billing import bill, eat, october
from tests.towns import OFFICE, Cast
from tests.usecases.billing.conftest import post_paid


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", []):
        yield from _nodes(below)


def _rows_read(valle: Cast, family: str) -> int:
    """Return how many rows of tables are looked at to know what a family has paid."""
    found = queries.invoices_of(payer_id=valle.families[family].guardian.pk)
    values = {
        "town": valle.town.id,
        "wallets": [share.wallet_id for one in found for share in one.shares],
        "invoices": [one.id for one in found],
        "since": 0,
    }
    sql.run("set local enable_seqscan = off")  # of no rows every plan is as good
    told = sql.rows(f"explain (analyze, format json) {statements.CREDITS}", values)[0][0]
    plan = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
    scans = [node for node in _nodes(plan) if "Relation Name" in node]
    return sum(int((node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]) for node in scans)


def _adjust(valle: Cast, child: str, count: int) -> None:
    for number in range(count):
        adjust.adjust(
            by=OFFICE,
            wallet_id=valle.wallet(child).pk,
            amount=Euro(100),
            reason="dono",
            key=f"{child}{number}",
            now=clock.now(),
        )


def test_what_others_pay_costs_a_family_nothing(valle: Cast) -> None:
    post_paid(valle)
    eat(valle, october(1, 2))
    bill(valle)
    _adjust(valle, "Anna", 1)
    alone = _rows_read(valle, "rossi")

    _adjust(valle, "Amina", 30)

    assert _rows_read(valle, "rossi") == alone
    assert _rows_read(valle, "haddad") > alone
