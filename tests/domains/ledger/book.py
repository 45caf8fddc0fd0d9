"""A book with one of everything, and somebody with a database console."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import override_settings

from campanella.domains.ledger import verify
from campanella.domains.ledger.verify import Violation
from campanella.domains.payments import operations as payments
from campanella.domains.payments.models import PaymentRequest
from campanella.foundation.core import clock
from campanella.foundation.core import scope as scopes
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import scope
from campanella.readings import proofs
from campanella.usecases import adjust, mealtime
from tests import morning
from tests.domains.ledger.corruptions import TOP_UP
from tests.paying import made_ready, prepare, receive, wish
from tests.towns import TODAY, Cast, Family, as_owner, known


@dataclass(frozen=True)
class Book:
    """A book in which Anna has topped up, has eaten once, and Luca was absent after all."""

    cast: Cast
    ids: dict[str, int | str]

    def plant(self, statements: str) -> None:
        """Change the tables as their owner, without the database's promises."""
        with as_owner(), connection.cursor() as cursor:
            for statement in statements.format(**self.ids).split(";"):
                cursor.execute(statement)

    def found(self) -> list[Violation]:
        """Return what the auditors say."""
        return verify.violations() + proofs.violations()


def _promises_of_the_database() -> list[str]:
    """Return the statements that take away keys, checks and unique indexes of the tables of money."""
    tables = "('ledger_account', 'ledger_wallet', 'ledger_entry', 'ledger_transfer', 'payments_paymentrequest')"
    with connection.cursor() as catalogue:
        catalogue.execute(
            "select format('alter table %I drop constraint %I cascade', conrelid::regclass, conname) from pg_constraint"
            f" where conrelid::regclass::text in {tables} and contype in ('f', 'u', 'c') union all"
            " select format('drop index %I', indexrelid::regclass) from pg_index"
            f" where indrelid::regclass::text in {tables} and indisunique and not indisprimary"
            " and not exists (select 1 from pg_constraint where conindid = indexrelid)"
        )
        return [drop for (drop,) in catalogue.fetchall()]


@pytest.fixture(scope="module")
def kept_book(django_db_setup: None, django_db_blocker: Any) -> Iterator[Book]:
    """The book, made once for all tests of a file, with the database's promises taken away; nothing of it is committed."""
    with (
        django_db_blocker.unblock(),
        override_settings(PASSWORD_HASHERS=["tests.hashing.QuickHasher"]),
        clock.standing_at(morning.MORNING),
        transaction.atomic(),
    ):
        cast = known("valle")
        with scope(cast.town.id):
            made = _written(cast, made_ready(cast.families["rossi"]))
            with as_owner(), connection.cursor() as cursor:
                for drop in _promises_of_the_database():
                    cursor.execute(drop)
            yield made
        transaction.set_rollback(True)


@pytest.fixture
def book(kept_book: Book) -> Iterator[Book]:
    """The book as it was made, whatever another test has planted in it."""
    with scopes._savepoint(), transaction.atomic():
        yield kept_book
        transaction.set_rollback(True)


def _written(valle: Cast, ready: Family) -> Book:
    now, office = clock.now(), valle.staff["office"]
    paid = prepare(valle, ready, wish(valle, cents=TOP_UP))[0]
    left_open = prepare(valle, ready, wish(valle, cents=900))[0]
    deleted = prepare(valle, ready, wish(valle, cents=800))[0]
    payments.cancel_position(by=ready.user, request_id=deleted.pk, now=now)
    receive(paid, iur="IUR1")
    unknown = PaymentRequest(notice_number="4" * 18, amount_cents=700)
    receive(unknown, iur="IUR2")
    valle.credit("Luca", 1000)
    anna, luca, bus = valle.wallet("Anna").pk, valle.wallet("Luca").pk, valle.wallet("Anna", "scuolabus").pk
    adjust.adjust(by=office, wallet_id=bus, amount=Euro(300), reason="errore", key="1", now=now)
    adjust.move(by=office, from_wallet_id=bus, to_wallet_id=luca, amount=Euro(100), reason="chiesto", key="1", now=now)
    mealtime.confirm(
        by=valle.staff["school"], roll_call=valle.roll_call(), absent_ids=[valle.child("Amina").pk], adults=0, now=now
    )
    mealtime.correct(
        by=office,
        child_id=valle.child("Luca").pk,
        service=valle.services["mensa"],
        day=TODAY,
        is_present=False,
        reason="è uscito prima",
        now=now + timedelta(hours=1),
    )
    known = {
        "wallet": anna,
        "luca": luca,
        "bus": bus,
        "amina": valle.wallet("Amina").pk,
        "child": valle.child("Anna").pk,
        "luca_child": valle.child("Luca").pk,
        "amina_child": valle.child("Amina").pk,
        "town": valle.town.id,
        "position": paid.pk,
        "open": left_open.pk,
        "deleted": deleted.pk,
    }
    return Book(valle, _ids(**known))


def _ids(**known: int) -> dict[str, int | str]:
    asked = {
        "account": "select account_id from ledger_wallet where id = {wallet}",
        "luca_account": "select account_id from ledger_wallet where id = {luca}",
        "luca_presence": "select id from attendance_presence where child_id = {luca_child}",
        "presence": "select id from attendance_presence where child_id = {child}",
        "charge": "select id from ledger_entry where source = 'presence:{presence}'",
        "paid": "select id from ledger_entry where source = 'receipt:IUR1'",
        "opening": "select max(id) from ledger_entry where kind = 'opening'",
        "opened": "select max(id) from ledger_transfer where entry_id = {opening}",
        "amina_account": "select account_id from ledger_wallet where id = {amina}",
        "bus_account": "select account_id from ledger_wallet where id = {bus}",
        "proposal": "select id from adjusting_proposal where key = '1'",
        "adjusted": "select id from ledger_entry where kind = 'adjustment'",
        "adjusting": "select id from ledger_transfer where entry_id = {adjusted}",
        "passed": "select id from ledger_entry where kind = 'transfer'",
        "passing": "select id from ledger_transfer where entry_id = {passed}",
        "adjustment": "select id from ledger_account where kind = 'adjustment'",
        "subscription": "select id from enrolment_subscription where child_id = {child} and bracket_id in"
        " (select id from services_bracket where cents = 460)",
        "receipt": "select id from payments_receipt where receipt_id = 'IUR1'",
        "act_adjusted": "select id from core_auditrow where action = 'wallet.adjusted'",
        "act_moved": "select id from core_auditrow where action = 'wallet.moved'",
        "act_deleted": "select id from core_auditrow where action = 'position.cancelled'",
        "call": "select id from attendance_rollcall",
        "class": "select class_group_id from attendance_rollcall",
        "act_booked": "select id from core_auditrow where action = 'receipt.booked'",
        "taken": "select id from ledger_entry where source = 'presence:{luca_presence}' and revision = 0",
        "given_back": "select id from ledger_entry where source = 'presence:{luca_presence}' and revision = 1",
        "revenue": "select id from ledger_account where kind = 'revenue'",
        "clearing": "select id from ledger_account where kind = 'clearing'",
        "charged": "select id from ledger_transfer where entry_id = {charge}",
        "credited": "select id from ledger_transfer where entry_id = {paid}",
    }
    ids: dict[str, int | str] = {**known, "today": str(TODAY)}
    with connection.cursor() as cursor:
        for name, query in asked.items():
            cursor.execute(query.format(**ids))
            (ids[name],) = cursor.fetchone() or ("none",)
    return ids


def last_ids() -> dict[str, int]:
    asked = {f"last_{table}": f"select max(id) from ledger_{table}" for table in ("transfer", "entry", "wallet", "account")}
    found = {}
    with connection.cursor() as cursor:
        for name, query in asked.items():
            cursor.execute(query)
            (found[name],) = cursor.fetchone() or (0,)
    return found
