"""The board after the cut-off: frozen numbers, additions apart."""

from typing import Any

import pytest

from campanella.domains.attendance import operations as attendance
from campanella.domains.attendance.rules import Mark
from campanella.domains.schools import operations as schools
from campanella.usecases import freezing
from tests.browsing import Browser, at_most, browser
from tests.diets import serve
from tests.towns import OFFICE, TODAY, Cast


@pytest.fixture
def cook(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["kitchen"])


def freeze(now: Any) -> None:
    for one in freezing.due(now=now):
        if one.day == TODAY:
            freezing.freeze(by=OFFICE, due=one, now=now)


def tap(valle: Cast, child: str, now: Any, *, is_present: bool) -> None:
    marks = {valle.child(child).pk: Mark(is_present=is_present)}
    attendance.mark_many(by=valle.staff["school"], roll_call=valle.roll_call(), marks=marks, now=now)


def test_frozen_numbers_stay_and_what_comes_later_is_listed(valle: Cast, cook: Browser, at: Any) -> None:
    serve(valle.child("Amina"), "D1", "Senza glutine")
    tap(valle, "Luca", at("09:00"), is_present=False)
    freeze(at("09:31"))
    # Who asks, the board and its diets as before; the sheet, its lines and what has come since are one question each.
    with at_most(18):
        words = cook.read("/cucina/")
    assert "Definitivi fermati alle 9:30, foglio n. 1" in words
    assert "2 pasti in tutto" in words
    assert "Senza glutine (D1)" in words
    assert "Dopo la chiusura Nessun cambio." in words
    tap(valle, "Luca", at("09:41"), is_present=True)
    tap(valle, "Anna", at("09:50"), is_present=False)
    words = cook.read("/cucina/")
    assert "2 pasti in tutto" in words
    assert "Primaria Rodari 2B 9:41 · un pasto in più, arrivato dopo +1" in words
    assert "da portare 3 pasti" in words


def test_the_caterer_of_another_school_sees_nothing_of_a_frozen_sheet(valle: Cast, cook: Browser, at: Any) -> None:
    freeze(at("09:31"))
    other = schools.register_school(code="nido", name="Nido Aquilone", level="nido")
    schools.let_work_at(user=valle.staff["kitchen"], school=other)
    words = cook.read("/cucina/")
    assert "foglio n. 1" not in words
    assert "Rodari" not in words
