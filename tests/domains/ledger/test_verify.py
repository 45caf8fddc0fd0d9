"""
The auditor finds what somebody with a database console plants.

Each corruption is one raw statement as the owner of the tables, with the database's own promises taken away first; the
auditor must name the promise, the row and the cents, and nothing else.
"""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campanella.domains.ledger import seals, verify
from campanella.domains.ledger.models import Entry, Seal
from campanella.domains.ledger.verify import Violation
from campanella.foundation.core import audit, clock, sql
from campanella.foundation.core.audit import Software
from campanella.foundation.core.models import AuditRow
from campanella.readings import proofs
from campanella.readings.proofs import (
    cash,
    collections,
    days,
    fees,
    interest,
    invoices,
    proposals,
    reminders,
    stamps,
    trail,
)
from campanella.usecases import night, tasks
from tests import auditor
from tests.domains.ledger.book import Book, last_ids
from tests.domains.ledger.corruptions import CORRUPTIONS, TRAIL
from tests.domains.ledger.corruptions.words import DAY, DECIDED
from tests.towns import run_jobs


def test_a_clean_book_gives_nothing(book: Book) -> None:
    assert book.found() == []


@pytest.mark.parametrize(("statements", "named"), [case[1:] for case in CORRUPTIONS], ids=[case[0] for case in CORRUPTIONS])
def test_what_the_owner_plants_is_named(book: Book, statements: str, named: list[tuple[str, str, int]]) -> None:
    book.plant(statements)
    last = last_ids()
    expected = [Violation(promise, row.format(**book.ids, **last), cents) for promise, row, cents in named]
    assert sorted(book.found(), key=str) == sorted(expected, key=str)


def test_no_promise_holds_every_movement_against_every_wallet(book: Book) -> None:
    """A movement has two sides: joined by the one or the other, a town's year would never be read to its end."""
    with CaptureQueriesContext(connection) as captured:
        book.found()
    asked = [query["sql"] for query in captured if query["sql"].split()[0].lower() in ("select", "with")]
    assert len(asked) >= len(verify.PROMISES)

    with sql.reading_everything():
        plans = [line for statement in asked for (line,) in sql.rows(f"explain {statement}")]

    either = re.compile(r"Join Filter: .*= t\w*\.(debit|credit)_id\) OR ")
    assert [line for line in plans if either.search(line)] == []


def test_every_promise_has_a_corruption_that_breaks_it() -> None:
    broken = {promise for _, _, named in CORRUPTIONS for promise, _, _ in named}
    # Others are broken beside their own stories: readings/test_proofs_of_days, _invoices, _fees, _stamps …, usecases.
    aside = (days, invoices, collections, fees, proposals, reminders, cash, stamps, interest)
    elsewhere = {promise for one in aside for promise in one.PROMISES} - {DECIDED, DAY}
    assert broken == {*verify.PROMISES, *proofs.PROMISES} - elsewhere


@pytest.mark.parametrize(("statements", "named"), [case[1:] for case in TRAIL], ids=[case[0] for case in TRAIL])
def test_what_is_planted_in_the_audit_trail_is_named(book: Book, statements: str, named: list[tuple[str, str, int]]) -> None:
    assert trail.violations() == []
    book.plant(statements)
    last = last_ids()
    expected = [Violation(promise, row.format(**book.ids, **last), cents) for promise, row, cents in named]
    assert sorted(trail.violations(), key=str) == sorted(expected, key=str)


def test_every_promise_of_the_trail_has_a_corruption_that_breaks_it() -> None:
    assert {promise for _, _, named in TRAIL for promise, _, _ in named} == set(trail.PROMISES)


SEALED = {
    "everything of a receipt is gone, its message and its acts too": (
        "delete from ledger_transfer where id = {credited}; delete from ledger_entry where id = {paid};"
        "update payments_paymentrequest set state = 'open', settled_at = null where id = {position};"
        "delete from payments_receipt where id = {receipt}; delete from core_auditrow where id = {act_booked};"
        "update ledger_wallet set balance_cents = balance_cents - 2000 where id = {wallet}",
        "-3 rows",
    ),
    "a presence is gone with its charge": (
        "delete from ledger_transfer where id = {charged}; delete from ledger_entry where id = {charge};"
        "delete from attendance_presence where id = {presence};"
        "update ledger_wallet set balance_cents = balance_cents + 460 where id = {wallet}",
        "-2 rows",
    ),
    "the words of a movement": ("update ledger_entry set memo = 'regalo' where id = {adjusted}", "as many rows"),
    "the reason of an act": ("update core_auditrow set why = 'altro' where id = {act_adjusted}", "as many rows"),
    "an act that nobody would miss": ("delete from core_auditrow where action = 'user.created'", "-6 rows"),
}


@pytest.mark.parametrize("what", SEALED)
def test_a_seal_names_what_no_other_proof_can(book: Book, what: str) -> None:
    statements, gone = SEALED[what]
    now = clock.now() + timedelta(days=1)
    assert night.prove(now=now) == 0
    first = seals.last_seal()
    assert seals.violations() == []
    book.plant(statements)
    (violation,) = seals.violations()
    assert violation.promise == seals.PROMISE
    assert first is not None
    assert violation.row.startswith(f"seal {first.pk} of 2026-10-15 (entries after 0 to {first.until_entry}, ")
    assert violation.row.endswith(f": {gone})")


def test_the_night_seals_yesterday_and_leaves_today_open(book: Book) -> None:
    night.prove(now=clock.now())
    today = seals.last_seal()
    night.prove(now=clock.now() + timedelta(days=1))
    tomorrow = seals.last_seal()
    assert today is not None
    assert tomorrow is not None
    assert (today.rows, tomorrow.rows > 10, tomorrow.pk > today.pk) == (0, True, True)
    assert seals.violations() == []
    night.prove(now=clock.now() + timedelta(days=2))
    after = seals.last_seal()
    assert after is not None
    assert after.rows == 0
    assert seals.violations() == []


AHEAD = {
    "an act": (
        "update core_auditrow set at = '2099-01-01T09:00:00Z' where id = {act_adjusted}",
        "act {act_adjusted} (wallet.adjusted of 2099-01-01)",
    ),
    "an entry": (
        "update ledger_entry set at = '2099-01-01T09:00:00Z' where id = {charge}",
        "entry {charge} (presence:{presence} of 2099-01-01)",
    ),
}


@pytest.mark.parametrize("what", AHEAD)
def test_what_is_dated_ahead_is_told_and_leaves_no_night_open(
    book: Book, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    statements, row = AHEAD[what]
    assert seals.ahead(now=clock.now()) == []
    book.plant(statements)
    told = row.format(**book.ids)
    assert [(found.promise, found.row) for found in seals.ahead(now=clock.now())] == [(seals.IN_TIME, told)]

    first = _night(days=1)
    assert first.broken >= 1
    assert f"broken promise: {seals.IN_TIME}, {told}" in caplog.text
    last_act = AuditRow.objects.latest("id").pk
    assert first.until_act == last_act, "all of yesterday is sealed, what was planted too"
    assert first.until_entry == Entry.objects.latest("id").pk

    audit.record(by=Software("prova"), action="town.chosen", subjects=["town"], at=clock.now() + timedelta(days=1))
    second = _night(days=2)
    assert (second.until_act, second.rows) == (AuditRow.objects.latest("id").pk, 1), "and so is the next day"
    assert seals.violations() == []
    book.plant("update ledger_entry set memo = 'regalo' where id = {adjusted}")
    assert [found.row.split(" of ")[0] for found in seals.violations()] == [f"seal {first.pk}"]


def test_today_stays_open_though_something_is_dated_ahead(book: Book) -> None:
    book.plant("update core_auditrow set at = '2099-01-01T09:00:00Z' where id = {act_adjusted}")
    assert _night(days=0).rows == 0


def _night(*, days: int) -> Seal:
    night.prove(now=clock.now() + timedelta(days=days))
    found = seals.last_seal()
    assert found is not None
    return found


def test_the_night_says_what_is_broken_and_keeps_how_many(book: Book, caplog: pytest.LogCaptureFixture) -> None:
    book.plant("update ledger_wallet set balance_cents = balance_cents + 7 where id = {wallet}")
    assert night.prove(now=clock.now()) == 1
    last = seals.last_seal()
    assert last is not None
    assert last.broken == 1
    assert "broken promise: a wallet's balance equals its transfers" in caplog.text


def test_the_worker_proves_every_town_at_night(book: Book) -> None:
    tasks.begin_night(timestamp=0)
    assert "prove" in run_jobs()
    assert seals.last_seal() is not None


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (
            "update ledger_transfer set cents = 46 where id = {charged};"
            "update ledger_wallet set balance_cents = balance_cents + 414 where id = {wallet}",
            [
                "presence {presence}: charged 46, due 460",
                "wallet {wallet}: stored 1954, told 1954, by the facts 1540",
                "child {child}, {today}: told present 0,46\N{NO-BREAK SPACE}€, was present 460",
            ],
        ),
        (
            "update ledger_transfer set credit_id = {amina_account} where id = {credited};"
            "update ledger_wallet set balance_cents = balance_cents - 2000 where id = {wallet};"
            "update ledger_wallet set balance_cents = balance_cents + 2000 where id = {amina}",
            [
                "wallet {wallet}: stored -460, told -460, by the facts 1540",
                "wallet {amina}: stored 2000, told 2000, by the facts 0",
            ],
        ),
        (
            "update enrolment_subscription set reduction_percent = 33 where id = {subscription}",
            [
                "presence {presence}: charged 460, due 308",
                "wallet {wallet}: stored 1540, told 1540, by the facts 1692",
                "child {child}, {today}: told present 4,60\N{NO-BREAK SPACE}€, was present 308",
            ],
        ),
    ],
)
def test_who_reckons_the_stories_anew_finds_it_by_another_way(book: Book, statements: str, said: list[str]) -> None:
    assert auditor.differences(book.cast.town) == []
    book.plant(statements)
    assert sorted(auditor.differences(book.cast.town)) == sorted(line.format(**book.ids) for line in said)
