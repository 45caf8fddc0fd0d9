"""
The auditor finds what somebody with a database console plants.

Each corruption is one raw statement as the owner of the tables, with the database's own promises taken away first; the
auditor must name the promise, the row and the cents, and nothing else.
"""

from dataclasses import dataclass

import pytest
from django.db import connection

from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger import verify
from campanella.domains.ledger.operations import Movement
from campanella.domains.ledger.verify import Violation
from campanella.domains.payments.models import Receipt
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.usecases import mealtime, proofs
from tests.ledger.corruptions import CORRUPTIONS, TOP_UP
from tests.towns import TODAY, Cast, as_owner


@dataclass(frozen=True)
class Book:
    """A book in which Anna has topped up, has eaten once, and Luca was absent after all."""

    cast: Cast
    ids: dict[str, int | str]

    def plant(self, statements: str) -> None:
        """Change the tables as their owner, without the database's promises."""
        with as_owner(), connection.cursor() as cursor:
            for drop in _promises_of_the_database():
                cursor.execute(drop)
            for statement in statements.format(**self.ids).split(";"):
                cursor.execute(statement)

    def found(self) -> list[Violation]:
        """Return what the auditors say."""
        return verify.violations() + proofs.violations()


def _promises_of_the_database() -> list[str]:
    """Return the statements that take away keys, checks and unique indexes of the tables of money."""
    tables = "('ledger_account', 'ledger_wallet', 'ledger_entry', 'ledger_transfer')"
    with connection.cursor() as catalogue:
        catalogue.execute(
            "select format('alter table %I drop constraint %I cascade', conrelid::regclass, conname) from pg_constraint"
            f" where conrelid::regclass::text in {tables} and contype in ('f', 'u', 'c') union all"
            " select format('drop index %I', indexrelid::regclass) from pg_index"
            f" where indrelid::regclass::text in {tables} and indisunique and not indisprimary"
            " and not exists (select 1 from pg_constraint where conindid = indexrelid)"
        )
        return [drop for (drop,) in catalogue.fetchall()]


@pytest.fixture
def book(valle: Cast) -> Book:
    now = clock.now()
    wallet, luca = valle.wallet("Anna"), valle.wallet("Luca")
    clearing = ledger.account(kind="clearing", code="pagopa")
    top_up = Movement(source="receipt:IUR1", wallet_id=wallet.pk, other_id=clearing.pk, amount=Euro(TOP_UP))
    ledger.post(movements=[top_up], kind="top_up", day=TODAY, memo="Ricarica pagoPA", by_id=None, now=now)
    Receipt.objects.create(
        receipt_id="IUR1", message_id=1, notice_number="3" * 18, amount_cents=TOP_UP, kept_at=now, psp_name="Banca",
        outcome="booked",
    )  # fmt: skip
    Receipt.objects.create(
        receipt_id="IUR2", message_id=2, notice_number="4" * 18, amount_cents=700, kept_at=now, psp_name="Banca",
        outcome="parked",
    )  # fmt: skip
    valle.credit("Luca", 1000)
    mealtime.confirm(
        by=valle.staff["school"], roll_call=valle.roll_call(), absent_ids=[valle.child("Amina").pk], adults=0, now=now
    )
    mealtime.correct(
        by=valle.staff["office"], child_id=valle.child("Luca").pk, service=valle.services["mensa"], day=TODAY,
        is_present=False, reason="è uscito prima", now=now,
    )  # fmt: skip
    return Book(valle, _ids(wallet=wallet.pk, luca=luca.pk, child=valle.child("Anna").pk, town=valle.town.id))


def _ids(**known: int) -> dict[str, int | str]:
    asked = {
        "account": "select account_id from ledger_wallet where id = {wallet}",
        "luca_account": "select account_id from ledger_wallet where id = {luca}",
        "presence": "select id from attendance_presence where child_id = {child}",
        "charge": "select id from ledger_entry where source = 'presence:{presence}'",
        "paid": "select id from ledger_entry where source = 'receipt:IUR1'",
        "revenue": "select id from ledger_account where kind = 'revenue'",
        "clearing": "select id from ledger_account where kind = 'clearing'",
        "charged": "select id from ledger_transfer where entry_id = {charge}",
        "credited": "select id from ledger_transfer where entry_id = {paid}",
        "luca_presence": "select p.id from attendance_presence p join ledger_wallet w on w.child_id = p.child_id"
        " where w.id = {luca}",
    }
    ids: dict[str, int | str] = dict(known)
    with connection.cursor() as cursor:
        for name, query in asked.items():
            cursor.execute(query.format(**ids))
            (ids[name],) = cursor.fetchone() or ("none",)
    return ids


def test_a_clean_book_gives_nothing(book: Book) -> None:
    assert book.found() == []


@pytest.mark.parametrize(("statements", "named"), [case[1:] for case in CORRUPTIONS], ids=[case[0] for case in CORRUPTIONS])
def test_what_the_owner_plants_is_named(book: Book, statements: str, named: list[tuple[str, str, int]]) -> None:
    book.ids["today"] = str(TODAY)
    book.plant(statements)
    last = _last()
    expected = [Violation(promise, row.format(**book.ids, **last), cents) for promise, row, cents in named]
    assert sorted(book.found(), key=str) == sorted(expected, key=str)


def _last() -> dict[str, int]:
    asked = {f"last_{table}": f"select max(id) from ledger_{table}" for table in ("transfer", "entry", "wallet", "account")}
    asked["opening"] = "select max(id) from ledger_entry where kind = 'opening'"
    asked["opened"] = (
        "select max(t.id) from ledger_transfer t join ledger_entry e on e.id = t.entry_id where e.kind = 'opening'"
    )
    found = {}
    with connection.cursor() as cursor:
        for name, query in asked.items():
            cursor.execute(query)
            (found[name],) = cursor.fetchone() or (0,)
    return found


def test_every_promise_has_a_corruption_that_breaks_it() -> None:
    broken = {promise for _, _, named in CORRUPTIONS for promise, _, _ in named}
    assert broken == {*verify.PROMISES, *proofs.PROMISES}
