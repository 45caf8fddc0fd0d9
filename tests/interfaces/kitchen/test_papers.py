"""The papers of a frozen sheet: production, delivery note, labels, and the second print."""

import csv
from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from campanella.domains.attendance import operations as attendance
from campanella.domains.attendance.rules import Mark
from campanella.domains.cooking import operations as cooking
from campanella.domains.cooking.models import KitchenSheet, Menu
from campanella.domains.cooking.rules import read_dishes
from campanella.domains.schools import operations as schools
from campanella.foundation.core import clock
from campanella.foundation.documents.labels import SHEETS, Label, labels_pdf
from campanella.interfaces.kitchen import papers as kitchen_papers
from campanella.interfaces.kitchen.board_paper import board_pdf
from campanella.readings import counted
from campanella.readings.kitchen import board as boards
from campanella.readings.kitchen.orders import additions
from campanella.readings.kitchen.papers import papers_of
from campanella.usecases import freezing
from tests.browsing import Browser, at_most, browser
from tests.diets import serve
from tests.foundation.documents.reading import pages_of
from tests.foundation.documents.reading import text_of as words_of
from tests.towns import OFFICE, TODAY, Cast, text_of

MENU = "Pasta al pomodoro (1, 9)\nD1: Pasta di riso (9)\nPlatessa gratinata (1, 4)\nMela\nD1: come tutti"


@pytest.fixture
def cook(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["kitchen"])


@pytest.fixture
def sheet(valle: Cast, at: Any) -> KitchenSheet:
    """Sheet no. 1 of today: Anna as usual, Luca in white, Amina without gluten, two adults."""
    now = at("08:50")
    menu = cooking.add_menu(
        by=OFFICE, service=valle.services["mensa"], name="Invernale", first=TODAY, end=date(2027, 3, 1), weeks=1, now=now
    )
    cooking.write_week(by=OFFICE, menu=menu, week=1, days=[[], [], read_dishes(MENU), [], []], now=now)
    serve(valle.child("Amina"), "D1", "Senza glutine", reason="celiachia")
    tap(valle, "Luca", now, is_present=True, is_white=True)
    attendance.set_adults(by=valle.staff["school"], roll_call_id=valle.roll_call().pk, adults=2, now=now)
    after = at("09:31")
    (due,) = [one for one in freezing.due(now=after) if one.day == TODAY]
    made = freezing.freeze(by=OFFICE, due=due, now=after)
    assert made
    return made


def tap(valle: Cast, child: str, now: Any, **mark: bool) -> None:
    marks = {valle.child(child).pk: Mark(**mark)}
    attendance.mark_many(by=valle.staff["school"], roll_call=valle.roll_call(), marks=marks, now=now)


def test_every_page_says_day_service_and_number(valle: Cast, cook: Browser, sheet: KitchenSheet) -> None:
    """A page that has slipped out from among the others is still one of this sheet."""
    papers = papers_of(sheet_id=sheet.pk, user=valle.staff["kitchen"])
    long = replace(papers, ordered=[*papers.ordered] * 60)
    board = boards.of(of_day=counted.on(day=TODAY), service_code="mensa")
    (kitchen,) = board.kitchens
    tall = replace(board, kitchens=[replace(kitchen, schools=[*kitchen.schools] * 60)])
    day = "Refezione, 14 ottobre 2026"
    for print_it, paper, number in (
        (kitchen_papers.production_pdf, long, "Foglio n. 1"),
        (kitchen_papers.delivery_pdf, long, "Foglio n. 1"),
        (board_pdf, tall, "Foglio n. 1, fermato alle 9:30."),
    ):
        pages = pages_of(print_it(paper, town_name="Comune di Valle", now=clock.now()))
        assert len(pages) > 1
        assert [page for page in pages if day not in page or number not in page] == []
    assert f"{day}, foglio n. 1" in words_of(cook.get(f"/cucina/fogli/{sheet.pk}/etichette-3x8.pdf").content)


def test_the_production_sheet_says_what_to_cook_and_for_whom(valle: Cast, cook: Browser, sheet: KitchenSheet) -> None:
    with at_most(9):
        answer = cook.get(f"/cucina/fogli/{sheet.pk}/produzione.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    words = words_of(answer.content)
    for said in (
        "Foglio di produzione n. 1",
        "Refezione, 14 ottobre 2026. Foglio n. 1, fermato alle 9:30.",
        "Pasta al pomodoro",
        "Pasta di riso",
        "Pasto in bianco",
        "Senza glutine (D1)",
        "D1 senza glutine.",
        "Sostituzione da definire: chiedere all’ufficio. D1 al posto di Platessa gratinata.",
        "In tutto 5 pasti.",
        "stampato il 14/10/2026 alle 9:31",
    ):
        assert said in words, said
    assert "celiachia" not in words
    assert "Amina" not in words
    sheet_lines = cook.get(f"/cucina/fogli/{sheet.pk}/produzione.csv").content.decode("utf-8-sig").splitlines()
    assert sheet_lines[0] == "Scuola;Classe;Normali;Senza glutine (D1);In bianco;Adulti;Totale"
    assert sheet_lines[1:] == ["Primaria Rodari;2B;1;1;1;2;5"]


def test_a_delivery_note_stays_as_it_was_and_an_addition_has_a_number_of_its_own(
    valle: Cast, cook: Browser, sheet: KitchenSheet, at: Any
) -> None:
    """The same number was printed with other adults a week later."""
    place = f"/cucina/fogli/{sheet.pk}/bolle"
    first, lines = words_of(cook.get(f"{place}.pdf").content), cook.get(f"{place}.csv").content
    for said in ("Bolla di consegna n. 1", "Primaria Rodari", "Consegnati 5 pasti.", "D1 al posto di Platessa gratinata"):
        assert said in first, said
    assert "Firma di chi riceve" in first
    attendance.set_adults(by=valle.staff["school"], roll_call_id=valle.roll_call().pk, adults=3, now=at("09:41"))
    cooking.write_week(
        by=OFFICE, menu=Menu.objects.get(), week=1, days=[[], [], read_dishes("Riso"), [], []], now=at("09:42")
    )
    again = words_of(cook.get(f"{place}.pdf").content)
    assert again.replace("9:42", "9:31") == first
    assert cook.get(f"{place}.csv").content == lines
    assert "Riso" not in words_of(cook.get(f"/cucina/fogli/{sheet.pk}/produzione.pdf").content).replace("Pasta di riso", "")
    cook.post(f"/cucina/fogli/{sheet.pk}/ristampa/")
    second = KitchenSheet.objects.get(number=2)
    words = words_of(cook.get(f"/cucina/fogli/{second.pk}/bolle.pdf").content)
    assert "Bolla di consegna n. 2" in words
    assert "Consegnati 6 pasti." in words
    assert "Cambia il n. 1: 2B +1 alle 9:41 (un adulto in più); il menù del giorno è scritto di nuovo, alle 9:42." in words
    lines = cook.get(f"/cucina/fogli/{second.pk}/bolle.csv").content
    head, of_class, in_all = csv.reader(lines.decode("utf-8-sig").splitlines(), delimiter=";")
    assert head[:7] == ["Bolla", "Giorno", "Servizio", "Fermata", "Scuola", "Classe", "Normali"]
    note = ["2", "14/10/2026", "Refezione", "14/10/2026 9:42", "Primaria Rodari"]
    assert of_class == [*note, "2B", "1", "1", "1", "3", "6", ""]
    assert in_all == [*note, "Consegnati", "1", "1", "1", "3", "6", in_all[-1]]
    assert "Cambia il n. 1: 2B +1 alle 9:41 (un adulto in più)" in in_all[-1]


def test_a_board_that_stands_is_printed_with_its_sheet_and_what_has_come_since(
    valle: Cast, cook: Browser, sheet: KitchenSheet, at: Any
) -> None:
    """Two prints of one morning lay on the table, and nobody could say which was of the frozen sheet."""
    place = f"/cucina/{TODAY.isoformat()}/foglio.pdf?servizio=mensa"
    words = words_of(cook.get(place).content)
    assert "Foglio n. 1, fermato alle 9:30." in words
    assert "Dopo la chiusura" not in words
    attendance.set_adults(by=valle.staff["school"], roll_call_id=valle.roll_call().pk, adults=3, now=at("09:41"))
    words = words_of(cook.get(place).content)
    assert "Foglio n. 1, fermato alle 9:30. Dopo la chiusura: Primaria Rodari 2B +1 (un adulto in più)" in words
    assert "da portare 6 pasti" in words


def test_with_the_day_the_additions_are_over(valle: Cast, cook: Browser, sheet: KitchenSheet, at: Any) -> None:
    """What the office puts right a week later is of the account: no plate was brought for it."""
    roll_call = valle.roll_call()
    attendance.set_adults(by=valle.staff["school"], roll_call_id=roll_call.pk, adults=3, now=at("09:41"))
    tap(valle, "Anna", at("10:05"), is_present=True, is_white=True)
    told = [(one.kind, one.at and one.at.astimezone(clock.ROME).time(), one.count) for one in additions(sheet=sheet)]
    assert told == [("adults", time(9, 41), 1), ("menu", time(10, 5), 1)]
    later = at("2026-10-21 10:00")
    attendance.set_adults(by=valle.staff["school"], roll_call_id=roll_call.pk, adults=9, now=later)
    tap(valle, "Anna", later, is_present=True)
    tap(valle, "Luca", later, is_present=False)
    after = [(one.kind, one.at and one.at.astimezone(clock.ROME).time(), one.count) for one in additions(sheet=sheet)]
    assert after == told


@pytest.mark.parametrize("format", SHEETS)
def test_a_label_says_for_whom_and_what_to_serve_never_why(
    valle: Cast, cook: Browser, sheet: KitchenSheet, format: str
) -> None:
    words = words_of(cook.get(f"/cucina/fogli/{sheet.pk}/etichette-{format}.pdf").content)
    for said in (
        "Amina Haddad",
        "Senza glutine (D1)",
        "Pasta di riso, Mela; per un piatto sostituzione da definire: chiedere all’ufficio",
        "Luca Rossi",
        "In bianco",
        "Primaria Rodari, 2B",
        "Refezione, 14 ottobre 2026",
    ):
        assert said in words, said
    for hidden in ("celiachia", "Anna", "Platessa"):
        assert hidden not in words
    lines = cook.get(f"/cucina/fogli/{sheet.pk}/etichette.csv").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert cook.get(f"/cucina/fogli/{sheet.pk}/etichette-9x9.pdf").status_code == 404


@pytest.mark.parametrize("format", SHEETS)
def test_a_sheet_of_labels_fits_on_its_paper_as_it_is_cut(format: str) -> None:
    """Margins of both sides are the same, and the last label ends on the paper."""
    paper = SHEETS[format]
    width = paper.columns * paper.width + (paper.columns - 1) * paper.gap
    assert 2 * paper.left + width == pytest.approx(210)
    assert 2 * paper.top + paper.rows * paper.height == pytest.approx(297, abs=0.1)
    places = paper.columns * paper.rows
    label = Label("Primaria Rodari, 2B", "Amina Haddad", "Senza glutine (D1)", "Pasta di riso, Mela", "foglio n. 1")
    for labels, first, pages in ((places, 1, 1), (places + 1, 1, 2), (1, places, 1), (2, places, 2), (places - 4, 5, 1)):
        made = labels_pdf(
            town_name="Valle",
            title="x",
            sheet=paper,
            labels=[label] * labels,
            made_at=clock.now(),
            first_place=first,
        )
        assert len(pages_of(made)) == pages
    for beyond in (0, places + 1):
        with pytest.raises(ValueError, match="no place"):
            labels_pdf(town_name="Valle", title="x", sheet=paper, labels=[label], made_at=clock.now(), first_place=beyond)


def test_labels_begin_where_the_sheet_is_still_whole(cook: Browser, sheet: KitchenSheet) -> None:
    """Two labels: from the last place but one they fit on one page, from the last they are on two; beyond is the last."""
    place = f"/cucina/fogli/{sheet.pk}/etichette.pdf?formato=2x5&posto="
    assert [len(pages_of(cook.get(f"{place}{first}").content)) for first in ("1", "9", "10", "24", "x")] == [1, 1, 2, 2, 1]
    assert cook.get(f"/cucina/fogli/{sheet.pk}/etichette.pdf?formato=9x9").status_code == 404
    assert "Prima etichetta libera" in cook.read("/cucina/")


def test_the_kitchen_chooses_the_sheet_that_is_written_on_the_box(cook: Browser, sheet: KitchenSheet) -> None:
    page = cook.read("/cucina/")
    for said in ("24 da 70 × 36 mm", "21 da 63,5 × 38,1 mm", "14 da 99,1 × 38,1 mm", "10 da 105 × 57 mm"):
        assert said in page


def test_the_second_print_is_number_two_and_says_what_it_changes(
    valle: Cast, cook: Browser, sheet: KitchenSheet, at: Any
) -> None:
    place = f"/cucina/fogli/{sheet.pk}/ristampa/"
    assert "Dal foglio non è cambiato nulla" in text_of(cook.post(place, follow=True))
    attendance.set_adults(by=valle.staff["school"], roll_call_id=valle.roll_call().pk, adults=3, now=at("09:41"))
    serve(valle.child("Anna"), "D1", "Senza glutine")
    assert "Fai il foglio n. 2, con i cambi" in cook.read("/cucina/")
    words = text_of(cook.post(place, follow=True))
    assert "Foglio n. 2 pronto" in words
    assert "Dopo la chiusura Nessun cambio." in words
    second = KitchenSheet.objects.get(number=2)
    paper = words_of(cook.get(f"/cucina/fogli/{second.pk}/produzione.pdf").content)
    assert "Foglio di produzione n. 2" in paper
    assert "Cambia il n. 1: Primaria Rodari 2B +1 alle 9:41 (un adulto in più); Primaria Rodari 2B 1 alle 9:41" in paper
    assert "In tutto 6 pasti." in paper
    assert "(cambia il menù: Senza glutine (D1))" in paper
    labels = f"/cucina/fogli/{second.pk}/etichette-2x7.pdf"
    assert "Amina" in words_of(cook.get(labels).content)
    new = words_of(cook.get(f"{labels}?solo=nuove").content)
    assert "Anna Rossi" in new
    assert "Amina" not in new
    # The first one can be printed as it was.
    assert "In tutto 5 pasti." in words_of(cook.get(f"/cucina/fogli/{sheet.pk}/produzione.pdf").content)


def test_papers_are_for_those_who_cook_for_these_schools(
    borgo: Cast, valle: Cast, cook: Browser, sheet: KitchenSheet
) -> None:
    place = f"/cucina/fogli/{sheet.pk}/etichette-3x8.pdf"
    assert browser(valle.town, valle.staff["school"]).get(place).status_code == 403
    assert browser(borgo.town, borgo.staff["kitchen"]).get(place).status_code == 404
    other = schools.register_school(code="nido", name="Nido Aquilone", level="nido")
    schools.let_work_at(user=valle.staff["kitchen"], school=other)
    for paper in ("produzione.pdf", "produzione.csv", "bolle.pdf", "bolle.csv", "etichette-2x7.pdf", "etichette.csv"):
        assert cook.get(f"/cucina/fogli/{sheet.pk}/{paper}").status_code == 404


def test_the_board_says_which_substitute_the_menu_lacks(cook: Browser, sheet: KitchenSheet) -> None:
    words = cook.read("/cucina/")
    assert "Sostituzione da definire: chiedere all’ufficio D1 al posto di Platessa gratinata." in words
    assert "D1 Pasta di riso" in words
