"""A menu from a file: told first, errors by line, written whole or not at all."""

import re
from datetime import date
from io import BytesIO

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from campanella.domains.cooking import operations as cooking
from campanella.domains.cooking import queries
from campanella.domains.cooking.models import Menu, MenuDish
from campanella.domains.cooking.rules import ALLERGENS, Dish, Instead, allergen
from campanella.domains.services.models import ServiceCalendar
from campanella.foundation.core import clock
from tests.browsing import Browser, browser
from tests.towns import OFFICE, TODAY, Cast, text_of

FILE = """Menù invernale
Settimana;Giorno;Piatto;Allergeni;Dieta
1;lunedì;Pasta al pomodoro: la solita (della nonna);glutine, sedano;
1;Lunedì;Pasta di riso;9;d1
Settimana 1;lun;Mela;;
2;5;Platessa;4 / 1;
"""


@pytest.fixture
def office(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["office"])


@pytest.fixture
def menu(valle: Cast) -> Menu:
    return cooking.add_menu(
        by=OFFICE,
        service=valle.services["mensa"],
        name="Invernale",
        first=TODAY,
        end=date(2027, 3, 1),
        weeks=2,
        now=clock.now(),
    )


def tell(office: Browser, menu: Menu, content: str | bytes, name: str = "menu.csv") -> tuple[str, str]:
    """Send a file, and return the words of what it says and the signed answer of the page."""
    data = content.encode() if isinstance(content, str) else content
    answer = office.post(f"/ufficio/menu/{menu.pk}/importa/", {"file": SimpleUploadedFile(name, data)})
    signed = re.search(r'name="signed" value="([^"]+)"', answer.content.decode())
    return text_of(answer), signed[1] if signed else ""


def write(office: Browser, menu: Menu, signed: str) -> str:
    return text_of(office.post(f"/ufficio/menu/{menu.pk}/importa/", {"act": "confirm", "signed": signed}, follow=True))


@pytest.mark.parametrize("number", ALLERGENS)
def test_every_allergen_is_known_by_its_number_and_by_its_name(number: int) -> None:
    assert allergen(f"{number}") == number
    assert allergen(ALLERGENS[number].upper()) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Glutine", 1),
        ("uovo", 3),
        ("frutta", None),
        ("frutta a guscio", 8),
        ("0", None),
        ("15", None),
        ("latte, uova", None),
    ],
)
def test_what_is_none_of_the_fourteen_is_none(text: str, number: int | None) -> None:
    assert allergen(text) == number


def test_a_file_is_told_before_it_is_written(office: Browser, menu: Menu) -> None:
    words, signed = tell(office, menu, FILE)
    assert "2 settimane, 3 piatti, 1 per le diete." in words
    assert "Pasta al pomodoro: la solita (della nonna) · cereali con glutine, sedano D1: Pasta di riso · sedano" in words
    assert "Mela · nessuno dei 14 allergeni" in words
    assert MenuDish.objects.count() == 0
    assert "2 settimane importate" in write(office, menu, signed)
    monday = queries.week(menu_id=menu.pk, week=1)[0]
    assert monday == [
        Dish("Pasta al pomodoro: la solita (della nonna)", (1, 9), (Instead("D1", "Pasta di riso", (9,)),)),
        Dish("Mela", ()),
    ]
    assert queries.week(menu_id=menu.pk, week=2)[4] == [Dish("Platessa", (1, 4))]


def test_weeks_that_have_dishes_are_said_to_be_replaced_and_others_stay(office: Browser, menu: Menu) -> None:
    cooking.write_week(by=OFFICE, menu=menu, week=1, days=[[Dish("Zuppa", ())]] * 5, now=clock.now())
    cooking.write_week(by=OFFICE, menu=menu, week=2, days=[[Dish("Riso", ())]] * 5, now=clock.now())
    words, signed = tell(office, menu, "Settimana,Giorno,Piatto\n1,martedì,Pasta\n")
    assert "vengono sostituiti: settimana 1." in words
    write(office, menu, signed)
    assert [len(day) for day in queries.week(menu_id=menu.pk, week=1)] == [0, 1, 0, 0, 0]
    assert queries.week(menu_id=menu.pk, week=2)[0] == [Dish("Riso", ())]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("3;lunedì;Pasta;;", "Riga 2: la settimana va da 1 a 2."),
        (";lunedì;Pasta;;", "Riga 2: manca la settimana."),
        ("1;domenica;Pasta;;", "Riga 2: il giorno va da lunedì a venerdì."),
        ("1;lunedì;;;", "Riga 2: manca il piatto."),
        ("1;lunedì;Pasta;1, miele;", "Riga 2: “miele” non è uno dei 14 allergeni"),
        ("1;lunedì;Pasta;40;", "Riga 2: “40” non è uno dei 14 allergeni"),
        ("1;lunedì;Pasta di riso;;D1", "Riga 2: la dieta D1 viene prima del piatto che sostituisce"),
    ],
)
def test_one_wrong_line_and_nothing_is_written(office: Browser, menu: Menu, line: str, said: str) -> None:
    words, signed = tell(office, menu, f"Settimana;Giorno;Piatto;Allergeni;Dieta\n{line}\n1;lunedì;Mela;;\n")
    assert said in words
    assert "Finché una riga non si capisce non si importa niente" in words
    assert signed == ""


def test_a_workbook(office: Browser, menu: Menu) -> None:
    out = BytesIO()
    book = xlsxwriter.Workbook(out)
    page = book.add_worksheet()
    for place, row in enumerate((["Settimana", "Giorno", "Piatto", "Allergeni"], [1, 3, "Lasagne", 7])):
        page.write_row(place, 0, row)
    book.close()
    _, signed = tell(office, menu, out.getvalue(), "menu.xlsx")
    write(office, menu, signed)
    assert queries.week(menu_id=menu.pk, week=1)[2] == [Dish("Lasagne", (7,))]


def test_what_is_no_menu_says_what_is_wanted_and_nobody_else_writes(
    borgo: Cast, valle: Cast, office: Browser, menu: Menu
) -> None:
    assert "Mancano le colonne" in tell(office, menu, "a;b\n1;2\n")[0]
    assert "scegli di nuovo il file" in write(office, menu, "inventato")
    _, signed = tell(office, menu, FILE)
    stranger = browser(borgo.town, borgo.staff["office"])
    place = f"/ufficio/menu/{menu.pk}/importa/"
    assert stranger.post(place, {"act": "confirm", "signed": signed}).status_code == 404
    assert browser(valle.town, valle.staff["kitchen"]).get(place).status_code == 403


def test_a_service_that_runs_on_saturdays_has_a_menu_on_saturdays(valle: Cast, office: Browser, menu: Menu) -> None:
    meal = valle.services["mensa"]
    ServiceCalendar.objects.filter(service=meal).update(weekdays=0b111111)
    assert "Sabato" in office.read(f"/ufficio/menu/{menu.pk}/1/")
    words, signed = tell(office, menu, "Settimana,Giorno,Piatto\n1,sabato,Polenta\n")
    assert "Sabato" in words
    write(office, menu, signed)
    assert queries.week(menu_id=menu.pk, week=1)[5] == [Dish("Polenta", ())]
    assert "il giorno va da lunedì a sabato" in tell(office, menu, "Settimana,Giorno,Piatto\n1,domenica,Polenta\n")[0]
    # What is written stays to be read when the service runs no more on that day.
    ServiceCalendar.objects.filter(service=meal).update(weekdays=0b11111)
    assert queries.week(menu_id=menu.pk, week=1)[5] == [Dish("Polenta", ())]
