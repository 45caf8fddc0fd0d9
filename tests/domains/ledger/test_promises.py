"""What the database holds by itself, whoever speaks to it."""

import pytest
from django.db import Error, connection, transaction

from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger.operations import Due, SourceMoved
from campanella.domains.ledger.rules import Source
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from tests.towns import TODAY, Cast

FORBIDDEN = [
    "update ledger_entry set memo = 'x'",
    "delete from ledger_entry",
    "truncate ledger_entry cascade",
    "update ledger_transfer set cents = cents + 1",
    "delete from ledger_transfer",
    "truncate ledger_transfer",
    "delete from core_auditrow",
    "update core_auditrow set why = 'x'",
    "update payments_inboundmessage set body = ''",
    "delete from payments_inboundmessage",
    "drop table ledger_transfer",
    "alter table ledger_transfer disable row level security",
]


def _refused(statement: str) -> str:
    with pytest.raises(Error) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(refused.value)


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_application_may_not_rewrite_facts(valle: Cast, statement: str) -> None:
    valle.credit("Anna", 5000)
    assert "permission denied" in _refused(statement) or "must be owner" in _refused(statement)


def test_a_transfer_moves_a_positive_amount_between_two_accounts(valle: Cast) -> None:
    valle.credit("Anna", 5000)
    insert = (
        "insert into ledger_transfer (municipality_id, entry_id, debit_id, credit_id, cents)"
        " select municipality_id, entry_id, debit_id, {credit}, {cents} from ledger_transfer limit 1"
    )
    assert "a_transfer_moves_something" in _refused(insert.format(credit="credit_id", cents="0"))
    assert "a_transfer_moves_something" in _refused(insert.format(credit="credit_id", cents="-5"))
    assert "a_transfer_has_two_accounts" in _refused(insert.format(credit="debit_id", cents="5"))
    assert "violates foreign key" in _refused(insert.format(credit="999999", cents="5") + "; set constraints all immediate")


def test_a_source_has_one_entry_for_each_revision(valle: Cast) -> None:
    valle.credit("Anna", 5000)
    again = (
        "insert into ledger_entry (municipality_id, at, kind, source, revision, day, memo)"
        " select municipality_id, at, kind, source, revision, day, memo from ledger_entry"
    )
    assert "one_entry_per_source_and_revision" in _refused(again)


def test_a_source_does_not_wander_between_wallets(valle: Cast) -> None:
    revenue = ledger.account(kind="revenue", code="mensa").pk
    ledger.hold_wallets(wallet_ids=[valle.wallet(name).pk for name in ("Anna", "Luca")])
    due = Due(Source.of_presence(1), valle.wallet("Anna").pk, revenue, Euro(460))
    arguments = {"kind": "charge", "day": TODAY, "memo": "", "by_id": None, "now": clock.now()}
    assert ledger.settle(dues=[due], **arguments) == 1
    other = Due(Source.of_presence(1), valle.wallet("Luca").pk, revenue, Euro(310))
    with pytest.raises(SourceMoved), transaction.atomic():
        ledger.settle(dues=[other], **arguments)
    assert (valle.balance("Anna"), valle.balance("Luca")) == (-460, 0)


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_statements_does_not_grow(valle: Cast, count: int, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    revenue = ledger.account(kind="revenue", code="mensa").pk
    wallets = [valle.wallet(name).pk for name in ("Anna", "Luca", "Amina")][:count]
    # The lock, the posting, and the look at the credit that follows.
    with django_assert_num_queries(3):
        ledger.hold_wallets(wallet_ids=wallets)
        ledger.settle(
            dues=[Due(Source.of_presence(w), w, revenue, Euro(460)) for w in wallets],
            kind="charge",
            day=TODAY,
            memo="",
            by_id=None,
            now=clock.now(),
        )


@pytest.mark.parametrize(
    ("kind", "source", "name"),
    [
        ("gift", "opening:1", "a_source_is_of_the_kind_of_its_entry"),
        ("top_up", "manual:1", "a_source_is_of_the_kind_of_its_entry"),
        ("charge", "receipt:1", "a_source_is_of_the_kind_of_its_entry"),
    ],
)
def test_an_entry_is_of_a_known_kind_and_names_a_fact_of_it(valle: Cast, kind: str, source: str, name: str) -> None:
    insert = (
        "insert into ledger_entry (municipality_id, at, kind, source, revision, day, memo)"
        f" values ({valle.town.id}, '2026-10-14 09:00+02', '{kind}', '{source}', 0, '2026-10-14', '')"
    )
    assert name in _refused(insert)


def test_an_account_is_of_a_known_kind(valle: Cast) -> None:
    insert = f"insert into ledger_account (municipality_id, kind, code) values ({valle.town.id}, 'pocket', 'mine')"
    assert "an_account_is_of_a_known_kind" in _refused(insert)
