"""At a counter several things happen at once: a double press, an undoing against the close, two openings."""

from typing import Any

import pytest

from campanella.domains.cash import queries, till
from campanella.domains.cash.models import CashClose, CashSession, CashTopUp, CashVoid, TopUpCode
from campanella.domains.ledger import verify
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope
from campanella.readings import proofs
from campanella.usecases.cash import days, taking
from tests.cash import close, code, opened, pharmacy, take, void
from tests.concurrency.conftest import all_at_once
from tests.towns import Cast

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("concurrency")]
PRESSES = 6
KEY = "una-chiave-del-modulo-1"


def clean(town: Cast) -> None:
    with scope(town.town.id):
        assert verify.violations() == []
        assert proofs.violations() == []


def test_a_double_press_takes_the_money_once(town: Cast) -> None:
    with scope(town.town.id):
        opened(town)
        code(town)

    def press(_: int) -> Any:
        with scope(town.town.id):
            return take(town, 2000, key=KEY).id

    results = all_at_once(press, PRESSES)

    assert len(set(results)) == 1
    with scope(town.town.id):
        assert (CashTopUp.objects.count(), town.balance("Anna")) == (1, 2000)
    clean(town)


def test_one_form_for_two_children_at_once_is_one_of_them(town: Cast) -> None:
    with scope(town.town.id):
        opened(town)
        for child in ("Anna", "Luca"):
            code(town, child)

    def press(number: int) -> Any:
        with scope(town.town.id):
            return take(town, 2000, key=KEY, child=("Anna", "Luca")[number % 2])

    results = all_at_once(press, PRESSES)

    assert sum(isinstance(one, taking.FormUsed) for one in results) == PRESSES // 2
    with scope(town.town.id):
        assert (CashTopUp.objects.count(), town.balance("Anna") + town.balance("Luca")) == (1, 2000)
    clean(town)


def test_many_top_ups_of_one_point_have_numbers_without_a_gap(town: Cast) -> None:
    with scope(town.town.id):
        opened(town)
        for child in ("Anna", "Luca", "Amina"):
            code(town, child)

    def press(number: int) -> Any:
        with scope(town.town.id):
            return take(town, 1000, child=("Anna", "Luca", "Amina")[number % 3]).receipt

    results = all_at_once(press, PRESSES)

    assert sorted(results) == [f"CP-01-{number:06}" for number in range(1, PRESSES + 1)]
    clean(town)


def test_an_undoing_against_the_close_is_in_the_count_or_refused(town: Cast) -> None:
    with scope(town.town.id):
        session = opened(town)
        top_up = take(town, 2000)

    def act(number: int) -> Any:
        with scope(town.town.id):
            return void(town, top_up) if number % 2 else close(town, session, 2000)

    results = all_at_once(act, PRESSES)

    with scope(town.town.id):
        was_undone = CashVoid.objects.exists()
        counted = CashClose.objects.get()
        assert counted.cash_cents == town.balance("Anna") == (0 if was_undone else 2000)
        assert queries.taken(session_id=session.pk).cash.cents == counted.cash_cents
    refused = [one for one in results if isinstance(one, Exception)]
    assert all(isinstance(one, till.TooLateToVoid | till.VoidedAlready | till.ClosedAlready) for one in refused)
    clean(town)


def test_a_top_up_against_the_close_is_in_the_count_or_refused(town: Cast) -> None:
    with scope(town.town.id):
        session = opened(town)
        code(town)

    def act(number: int) -> Any:
        with scope(town.town.id):
            return take(town, 1000) if number else close(town, session, 0)

    all_at_once(act, PRESSES)

    with scope(town.town.id):
        counted = CashClose.objects.get()
        assert counted.cash_cents == queries.taken(session_id=session.pk).cash.cents == town.balance("Anna")
    clean(town)


def test_a_till_is_opened_once(town: Cast) -> None:
    with scope(town.town.id):
        pharmacy(town)

    def press(_: int) -> Any:
        with scope(town.town.id):
            return days.open_day(by=town.staff["cashier"], float_cents=5000, now=clock.now())

    results = all_at_once(press, PRESSES)

    assert sum(isinstance(one, till.OpenAlready) for one in results) == PRESSES - 1
    with scope(town.town.id):
        assert CashSession.objects.count() == 1


def test_a_code_is_given_once(town: Cast) -> None:
    def look(_: int) -> Any:
        with scope(town.town.id):
            return code(town)

    results = all_at_once(look, PRESSES)

    assert len(set(results)) == 1
    with scope(town.town.id):
        assert TopUpCode.objects.count() == 1
