"""A tariff takes another's place from a day on: whom it concerns is told first, and each child goes on at the new price."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.enrolment import isee
from campanella.domains.enrolment.isee import NewDeclaration
from campanella.domains.enrolment.models import Subscription
from campanella.domains.services.models import Tariff
from campanella.foundation.core import clock
from campanella.readings import proofs
from campanella.usecases.tariffs import asking, loading
from campanella.usecases.tariffs.loading import ChangedSinceShown, TariffsRefused
from tests.tariffs import prices, serve
from tests.towns import OFFICE, TODAY, Cast

JANUARY = date(2027, 1, 1)
LIST = """
tariffs:
  - code: mensa-gennaio
    name: Mensa da gennaio
    service: mensa
    from: 2027-01-01
    to: 2027-08-31
    reckoned: no
    replaces: mensa-26
    prices:
      - {name: ISEE fino a 10.000 €, isee_up_to: 10000, price: 3.30}
      - {name: Intera, price: 4.80}
"""
RECKONED = """
tariffs:
  - code: mensa-isee
    name: Mensa con l’ISEE
    service: mensa
    from: 2026-11-01
    to: 2027-08-31
    replaces: mensa-26
    isee: {counts: month, by_day: 15}
    prices:
      - {name: Fino a 10.000, isee_up_to: 10000, price: 3.00}
      - {name: Piena, price: 4.50}
    reductions:
      - {name: Iscrizione tardiva, surcharge_percent: 10, enrolled_after: 2026-10-31}
"""
RAISED = (
    RECKONED.replace("mensa-26", "mensa-isee")
    .replace("code: mensa-isee", "code: mensa-isee-2")
    .replace("2026-11-01", "2027-01-01")
    .replace("3.00", "3.20")
    .replace("4.50", "4.90")
)


def load(text: str, told: str | None = None) -> list[loading.Planned]:
    return loading.load(by=OFFICE, text=text, told=told, now=clock.now())


def of_the_season(cast: Cast, name: str) -> list[tuple[date, int, str]]:
    """Return a child's prices; beyond the season nothing is decided."""
    return [one for one in prices(cast, name) if one[0] < date(2027, 9, 1)]


def told(text: str) -> Any:
    ((_, moved),) = loading.concerned(loading.plan(text=text, today=TODAY))
    return moved


def test_whom_it_concerns_is_told_before_anything_changes(valle: Cast) -> None:
    moved = told(LIST)
    assert [(one.child, one.was.cents, one.price.cents) for one in moved.lines] == [
        ("Amina Haddad", 460, 480),
        ("Anna Rossi", 460, 480),
        ("Luca Rossi", 310, 330),
    ]
    assert (moved.families, moved.dearer, moved.cheaper) == (2, 3, 0)
    assert [(group.was_title, group.children) for group in moved.groups] == [("Intera", 2), ("ISEE fino a 10.000 €", 1)]
    assert Tariff.objects.get(code="mensa-26").days.upper == date(2027, 9, 1)


def test_a_list_takes_a_lists_place(valle: Cast, at: Callable[[str], Any]) -> None:
    assert [one.state for one in load(LIST, told=loading.mark(loading.concerned(loading.plan(text=LIST, today=TODAY))))] == [
        "replaces"
    ]
    old, new = Tariff.objects.get(code="mensa-26"), Tariff.objects.get(code="mensa-gennaio")
    assert (old.days.upper, new.days) == (JANUARY, DateRange(JANUARY, date(2027, 9, 1)))
    assert prices(valle, "Anna") == [(date(2026, 9, 15), 460, "Intera"), (JANUARY, 480, "Intera")]
    assert prices(valle, "Luca")[-1] == (JANUARY, 330, "ISEE fino a 10.000 €")
    at("2027-01-11 12:00")
    serve(valle, date(2027, 1, 11))
    assert (valle.balance("Anna"), valle.balance("Luca")) == (-480, -330)
    # Said again, and written and read again, nothing changes.
    assert [one.state for one in load(LIST)] == ["same"]
    assert {one.state for one in load(asking.exported())} == {"same"}


def test_a_list_in_use_becomes_a_tariff_that_reckons_within_its_season(valle: Cast) -> None:
    load(RECKONED)
    assert of_the_season(valle, "Luca") == [
        (date(2026, 9, 15), 310, "ISEE fino a 10.000 €"),
        (date(2026, 11, 1), 450, "Piena"),
    ]
    paying = Subscription.objects.filter(bracket__tariff__code="mensa-isee", days__contains=date(2026, 11, 1))
    assert paying.count() == 3


def test_an_isee_that_counted_goes_on_counting_and_nobody_enrolls_anew(valle: Cast) -> None:
    payer = valle.families["rossi"].guardian.pk
    isee.take_over(declarations=[NewDeclaration(payer, 900_000, date(2026, 3, 2), date(2026, 9, 1))], now=clock.now())
    load(RECKONED)
    assert of_the_season(valle, "Anna")[-1] == (date(2026, 11, 1), 300, "Fino a 10.000")
    moved = {one.child: one for one in told(RAISED).lines}
    assert "ISEE 9.000,00" in moved["Anna Rossi"].because
    load(RAISED)
    # Its ISEE ended with December, and the surcharge is for who comes late.
    assert of_the_season(valle, "Anna")[-1] == (JANUARY, 320, "Fino a 10.000")
    assert of_the_season(valle, "Amina")[-1] == (JANUARY, 490, "Piena")
    assert list(proofs.tariffs.violations()) == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (LIST.replace("mensa-26", "mensa-99"), "prende il posto di “mensa-99”, che non c’è"),
        (LIST.replace("to: 2027-08-31", "to: 2027-05-31"), "buco: finisce il 31 maggio 2027"),
        (LIST.replace("from: 2027-01-01", "from: 2026-10-14"), "vale da un giorno già cominciato"),
        (LIST.replace("from: 2027-01-01", "from: 2026-09-01"), "deve cominciare dopo «Mensa 2026/27»"),
        (LIST.replace("name: Intera", "name: Tutti"), "non dice il prezzo di Intera"),
        (LIST.replace("service: mensa", "service: scuolabus"), "non è per lo stesso servizio"),
        (LIST.replace("    replaces: mensa-26\n", ""), "varrebbe negli stessi giorni di «Mensa 2026/27»"),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(valle: Cast, text: str, why: str) -> None:
    before = sorted(Tariff.objects.values_list("code", "days"), key=str)
    with pytest.raises(TariffsRefused, match=why):
        load(text)
    assert sorted(Tariff.objects.values_list("code", "days"), key=str) == before


def test_what_was_told_is_what_is_done(valle: Cast) -> None:
    mark = loading.mark(loading.concerned(loading.plan(text=LIST, today=TODAY)))
    Subscription.objects.filter(child=valle.child("Luca")).delete()
    with pytest.raises(ChangedSinceShown):
        load(LIST, told=mark)
    assert not Tariff.objects.filter(code="mensa-gennaio").exists()


def test_who_leaves_before_is_not_concerned_and_who_comes_later_is(valle: Cast) -> None:
    meals = Subscription.objects.filter(service=valle.services["mensa"])
    meals.filter(child=valle.child("Luca")).update(days=DateRange(date(2026, 9, 15), date(2026, 12, 1)))
    meals.filter(child=valle.child("Anna")).update(days=DateRange(date(2027, 2, 1), date(2027, 6, 1)))
    load(LIST)
    assert [one[0] for one in prices(valle, "Luca")] == [date(2026, 9, 15)]
    assert prices(valle, "Anna") == [(date(2027, 2, 1), 480, "Intera")]
    assert meals.get(child=valle.child("Anna")).days.upper == date(2027, 6, 1)


def test_what_has_not_begun_is_put_right(valle: Cast, at: Callable[[str], Any]) -> None:
    load(LIST)
    put_right = LIST.replace("4.80", "4.70")
    (planned,) = loading.plan(text=put_right, today=TODAY)
    assert planned.state == "corrects"
    assert [(one.child, one.was.cents, one.price.cents) for one in told(put_right).lines][1] == ("Anna Rossi", 480, 470)
    load(put_right)
    assert prices(valle, "Anna") == [(date(2026, 9, 15), 460, "Intera"), (JANUARY, 470, "Intera")]
    assert [one.state for one in load(put_right)] == ["same"]
    at("2027-01-11 12:00")
    with pytest.raises(TariffsRefused, match="la pagano già 3 bambini"):
        load(LIST)


def test_a_tariff_that_reckons_is_put_right_before_it_begins(valle: Cast) -> None:
    load(RECKONED)
    load(
        RECKONED.replace("4.50", "4.20").replace(
            "name: Fino a 10.000, isee_up_to: 10000", "name: Fino a 9.000, isee_up_to: 9000"
        )
    )
    assert of_the_season(valle, "Anna")[-1] == (date(2026, 11, 1), 420, "Piena")
    assert list(proofs.tariffs.violations()) == []
    assert {one.state for one in load(asking.exported())} == {"same"}
