"""A child's wallets are held first, once, by whoever writes what it is charged for."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campanella.domains.attendance import correcting
from campanella.domains.attendance import operations as attendance
from campanella.domains.attendance.rules import Mark
from campanella.domains.enrolment.models import Subscription
from campanella.domains.ledger import holding
from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger.holding import HeldBefore, NotHeld
from campanella.domains.ledger.models import Wallet
from campanella.domains.ledger.operations import Due
from campanella.domains.ledger.rules import Source
from campanella.domains.services.models import Bracket
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import use_case
from campanella.readings.office.changes import DayChange
from campanella.usecases import bulk_days, closing, enrolling, mealtime, pricing, registry
from tests.towns import OFFICE, TODAY, Cast

YESTERDAY = TODAY - timedelta(days=1)
WRITES = re.compile(
    r"^\s*(?:with .*)?(?:insert into|update|delete from) \"?(attendance_presence|enrolment_|schools_|ledger_entry)",
    re.IGNORECASE | re.DOTALL,
)


def settle(valle: Cast, name: str) -> int:
    revenue = ledger.account(kind="revenue", code="mensa").pk
    due = Due(Source.of_presence(1), valle.wallet(name).pk, revenue, Euro(460))
    return ledger.settle(dues=[due], kind="charge", day=TODAY, memo="", by_id=None, now=clock.now())


def test_a_charge_that_was_decided_without_the_wallets_is_refused(valle: Cast) -> None:
    with pytest.raises(NotHeld):
        settle(valle, "Anna")
    holding.hold_children(child_ids=[valle.child("Anna").pk])
    assert settle(valle, "Anna") == 1
    with pytest.raises(NotHeld):
        settle(valle, "Luca")


def test_a_presence_that_costs_is_not_written_without_the_wallets(valle: Cast) -> None:
    call, anna = valle.roll_call(), valle.child("Anna").pk
    with pytest.raises(NotHeld):
        attendance.confirm(
            by=OFFICE,
            roll_call_ids=[call.pk],
            marks=[attendance.ToWrite(call.pk, anna, True, True)],
            service_id=call.service_id,
            day=TODAY,
            adults=None,
            now=clock.now(),
            channel="page",
        )
    with pytest.raises(NotHeld):
        correcting.correct(
            by=OFFICE,
            child_id=anna,
            service_id=call.service_id,
            day=TODAY,
            mark=Mark(False),
            reason="x",
            now=clock.now(),
            channel="office",
        )


def test_one_use_case_holds_in_one_go(valle: Cast) -> None:
    @use_case
    def twice(first: str, second: str) -> None:
        for name in (first, second):
            holding.hold_children(child_ids=[valle.child(name).pk])

    twice("Anna", "Anna")
    with pytest.raises(HeldBefore):
        twice("Anna", "Luca")


def test_what_a_savepoint_gives_back_is_not_held(valle: Cast) -> None:
    @use_case
    def outer() -> bool:
        with pytest.raises(ZeroDivisionError):
            inner()
        return holding.are_held(child_ids=[valle.child("Anna").pk])

    @use_case
    def inner() -> None:
        holding.hold_children(child_ids=[valle.child("Anna").pk])
        raise ZeroDivisionError

    assert outer() is False


def test_a_child_without_a_wallet_is_held_too(valle: Cast) -> None:
    anna, bus = valle.child("Anna"), valle.services["scuolabus"].pk
    Wallet.objects.filter(child=anna, service_id=bus).delete()
    payers = holding.hold_payers(child_ids=[anna.pk], service_id=bus)
    assert payers == {anna.pk: Wallet.objects.get(child=anna, service_id=bus).pk}
    assert holding.are_held(wallet_ids=payers.values(), child_ids=[anna.pk], service_id=bus)


def _acts(valle: Cast) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Give each act in its turn; what it needs is written before it is given."""
    luca, meal, now = valle.child("Luca").pk, valle.services["mensa"], clock.now()
    line = Subscription.objects.get(child_id=luca, service=meal).pk
    full = Bracket.objects.select_related("tariff__service").get(tariff__service=meal, code="full")
    bus = Bracket.objects.select_related("tariff__service").get(tariff__service=valle.services["scuolabus"])
    about = {"by": OFFICE, "child_id": luca, "now": now}
    classes = [group.pk for group in valle.classes.values()]
    yield from {
        "confirm": lambda: mealtime.confirm(by=OFFICE, roll_call=valle.roll_call(), absent_ids=[], adults=1, now=now),
        "correct": lambda: mealtime.correct(**about, service=meal, day=TODAY, is_present=False, reason="era a casa"),
        "confirm the day": lambda: mealtime.confirm_day(
            by=OFFICE, service=meal, day=YESTERDAY, class_group_ids=classes, absent_ids=[], now=now
        ),
        "price": lambda: pricing.change_price(
            **about, subscription_id=line, bracket=full, reduction_percent=0, first=YESTERDAY
        ),
        "subscribe": lambda: enrolling.subscribe(**about, bracket=bus, reduction_percent=0, first=TODAY),
        "move": lambda: enrolling.move(**about, class_group_id=valle.classes["3A"].pk, first=TODAY),
        "end": lambda: enrolling.end(
            **about, subscription_id=Subscription.objects.get(child_id=luca, service__code="scuolabus").pk, last=TODAY
        ),
        "payer": lambda: registry.choose_payer(**about, guardian_id=valle.families["rossi"].guardian.pk),
    }.items()
    there = [DayChange(luca, TODAY, is_present=True)]
    yield "many", lambda: bulk_days.correct(by=OFFICE, service=meal, changes=there, reason="dal registro", now=now)
    closure = closing.enter(by=OFFICE, first=TODAY, last=TODAY, reason="Neve", now=now).pk
    yield "give back", lambda: closing.give_back(by=OFFICE, closure_id=closure, now=now)
    yield "withdraw", lambda: closing.withdraw(by=OFFICE, closure_id=closure, why="non nevica", now=now)


def test_every_use_case_holds_once_before_it_writes(valle: Cast) -> None:
    for name, act in _acts(valle):
        with CaptureQueriesContext(connection) as queries:
            act()
        statements = [query["sql"] for query in queries]
        holds = [at for at, text in enumerate(statements) if "ledger_wallet" in text and "for no key update" in text]
        writes = [at for at, text in enumerate(statements) if WRITES.match(text)]
        assert holds, name
        assert not writes or holds[0] < writes[0], f"{name}: {statements[writes[0]][:80]}"
        # A second lock is of wallets just opened, which nobody else has.
        assert len(holds) <= (2 if name == "subscribe" else 1), name
