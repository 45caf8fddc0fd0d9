"""A packed lunch that a family asks for reaches whoever cooks, labels, marks and prints it."""

from datetime import date
from typing import Any

import pytest

from campanella.domains.attendance import operations as attendance
from campanella.domains.attendance.rules import Mark
from campanella.domains.cooking import operations as cooking
from campanella.domains.cooking import queries as cooked
from campanella.domains.cooking.models import KitchenSheet
from campanella.domains.cooking.rules import read_dishes
from campanella.readings.kitchen import orders
from campanella.readings.kitchen.papers import labelled, papers_of, portions
from campanella.usecases import freezing
from tests.browsing import browser
from tests.diets import serve
from tests.foundation.documents.reading import text_of as words_of
from tests.tablets import paired
from tests.towns import OFFICE, TODAY, Cast, tell_again
from tests.usecases.asking import ask, confirm, opt_out, take_back

__all__ = ["opt_out"]


@pytest.fixture
def trip(opt_out: Cast, at: Any) -> Cast:
    """Anna's and Amina's lunches are packed, Amina's without gluten; Luca eats as usual."""
    now = at("08:00")
    serve(opt_out.child("Amina"), "D1", "Senza glutine", reason="x")
    menu = cooking.add_menu(
        by=OFFICE, service=opt_out.services["mensa"], name="I", first=TODAY, end=date(2027, 3, 1), weeks=1, now=now
    )
    cooking.write_week(by=OFFICE, menu=menu, week=1, days=[[], [], read_dishes("Pasta (1)"), [], []], now=now)
    assert ask(opt_out, "08:00", action="packed").is_accepted
    assert ask(opt_out, "08:01", "Amina", action="packed", family="haddad").is_accepted
    return opt_out


def frozen(valle: Cast, now: Any) -> KitchenSheet:
    confirm(valle)
    (sheet,) = [made for due in freezing.due(now=now) if (made := freezing.freeze(by=OFFICE, due=due, now=now))][-1:]
    tell_again()
    return sheet


def test_the_kitchens_page_counts_it_apart_before_and_after_the_freeze(trip: Cast, at: Any) -> None:
    cook = browser(trip.town, trip.staff["kitchen"])
    before = cook.read("/cucina/")
    frozen(trip, at("09:31"))
    for page in (before, cook.read("/cucina/")):
        assert "2 al sacco" in page
        assert "Senza glutine (D1), al sacco Al sacco Adulti Totale" in page
        # Expected, usual, white, packed without gluten, packed, adults, all.
        assert "2B 3 1 0 1 1 0 3" in page
    assert "8:01 Primaria Rodari 2B un pranzo al sacco 8:00 Primaria Rodari 2B un pranzo al sacco" in before


def test_the_papers_of_the_sheet_say_it(trip: Cast, at: Any) -> None:
    sheet, cook = frozen(trip, at("09:31")), browser(trip.town, trip.staff["kitchen"])
    papers = papers_of(sheet_id=sheet.pk, user=trip.staff["kitchen"])
    # What is packed is none of the day's dishes: nothing of it is to be asked.
    assert portions(papers) == [
        ("Pasta", "", 1),
        ("Pranzo al sacco", "", 1),
        ("Pranzo al sacco", "Senza glutine (D1), al sacco", 1),
    ]
    assert papers.undefined(papers.ordered) == {}
    assert [(one.child_name, one.special.label, one.dishes) for one in labelled(papers)] == [
        ("Amina Haddad", "Senza glutine (D1), al sacco", ""),
        ("Anna Rossi", "al sacco", ""),
    ]
    for paper in ("produzione", "bolle"):
        lines = cook.get(f"/cucina/fogli/{sheet.pk}/{paper}.csv").content.decode("utf-8-sig").splitlines()
        assert "Scuola;Classe;Normali;Senza glutine (D1), al sacco;Al sacco;Adulti;Totale" in lines[0]
        assert "Primaria Rodari;2B;1;1;1;0;3" in lines[1]
        assert "D1 al sacco" in words_of(cook.get(f"/cucina/fogli/{sheet.pk}/{paper}.pdf").content)
    assert "Al sacco" in words_of(cook.get(f"/cucina/fogli/{sheet.pk}/etichette-3x8.pdf").content)


def test_one_that_comes_or_goes_after_the_freeze_is_an_addition(trip: Cast, at: Any) -> None:
    asked = ask(trip, "08:10", "Luca", action="packed")
    sheet = frozen(trip, at("09:31"))
    assert orders.additions(sheet=sheet) == []
    # In time by its receipt, and written a moment after the freeze.
    at("09:32")
    take_back(trip, "09:29", asked)
    ask(trip, "09:30", action="book")
    told = [(one.sign, one.sentence) for one in orders.told(orders.additions(sheet=sheet))]
    assert told == [("2", "cambia il menù: menù di tutti")]
    second = freezing.print_again(by=trip.staff["kitchen"], sheet_id=sheet.pk, now=at("09:35"))
    (order,) = cooked.orders(sheet_ids=[second.pk])[second.pk]
    assert [one.label for one in order.special.values()] == ["Senza glutine (D1), al sacco"]
    assert orders.additions(sheet=second) == []


def test_who_cancels_and_comes_all_the_same_eats_the_usual_menu(trip: Cast, at: Any) -> None:
    ask(trip, "08:20")
    attendance.mark_many(
        by=trip.staff["school"], roll_call=trip.roll_call(), marks={trip.child("Anna").pk: Mark(True)}, now=at("09:00")
    )
    (order,) = cooked.orders(sheet_ids=[frozen(trip, at("09:31")).pk]).popitem()[1]
    assert (order.total, [one.label for one in order.special.values()]) == (3, ["Senza glutine (D1), al sacco"])


def test_the_class_reads_it_on_page_tablet_and_paper(trip: Cast, at: Any) -> None:
    teacher = browser(trip.town, trip.staff["school"])
    place = f"/appello/{trip.classes['2B'].pk}/mensa/"
    assert "2 al sacco" in teacher.read(place)
    assert teacher.read(place).count("al sacco") == 3
    tell_again()
    group = paired(trip.town, school_id=trip.school.pk).days()["days"][0]["classes"][0]
    assert [child["packed"] for child in group["children"]] == [True, True, False]
    tell_again()
    office = browser(trip.town, trip.staff["office"])
    paper = words_of(office.get(f"/ufficio/elenchi/classi/{trip.classes['2B'].pk}.pdf").content)
    assert paper.count("al sacco") == 2
    at("09:31")
    confirm(trip)
    assert "3 pasti, 2 al sacco" in teacher.read(place)
