"""What a child's certificate reads of the book is that child's: other families' wallets cost it nothing."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from campanella.domains.ledger import operations as ledger
from campanella.foundation.core import sql
from campanella.readings.certificates import money
from tests.billing import eat, october
from tests.towns import Cast


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", []):
        yield from _nodes(below)


def _accounts_read(valle: Cast, statement: str) -> int:
    """Return how many rows of accounts are looked at to know what moved one child's wallets."""
    values = {**money._values(), "first": date(2026, 1, 1), "last": date(2026, 12, 31)}
    values["children"] = [valle.child("Anna").pk]
    sql.run("set local enable_seqscan = off")  # of no rows every plan is as good
    told = sql.rows(f"explain (analyze, format json) {statement}", values)[0][0]
    plan = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
    scans = [node for node in _nodes(plan) if node.get("Relation Name") == "ledger_account"]
    return sum(int((node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]) for node in scans)


def test_the_accounts_of_others_cost_a_certificate_nothing(valle: Cast) -> None:
    eat(valle, october(1, 2, 5))
    valle.credit("Anna", 5000)
    statements = (money._SUMS, money._LINES)
    alone = [_accounts_read(valle, one) for one in statements]
    for number in range(40):
        ledger.account(kind="revenue", code=f"altro-{number}")
    assert [_accounts_read(valle, one) for one in statements] == alone
