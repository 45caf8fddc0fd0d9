"""Kitchens, shifts and who sees which schools: the board grouped as meals are cooked and brought."""

import pytest

from campanella.domains.cooking import operations as cooking
from campanella.domains.cooking.rules import read_dishes
from campanella.domains.schools import operations as schools
from campanella.domains.services import operations as services
from campanella.foundation.core import clock
from tests.browsing import Browser, browser
from tests.foundation.documents.reading import text_of as words_of
from tests.towns import OFFICE, TODAY, Cast, open_class


@pytest.fixture
def cook(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["kitchen"])


@pytest.fixture
def office(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["office"])


def second_school(valle: Cast) -> int:
    """Open a second school with one class, and move Luca there."""
    school = schools.register_school(code="nido", name="Nido Aquilone", level="nido")
    group = open_class(school=school, year=valle.classes["2B"].year, name="Piccoli")
    services.run(service=valle.services["mensa"], school=school, first=TODAY, end=TODAY.replace(year=2027))
    schools.place_many(class_by_child={valle.child("Luca").pk: group.pk}, first=TODAY, end=None)
    return school.pk


def test_a_town_with_one_kitchen_sees_no_difference(cook: Browser) -> None:
    words = cook.read("/cucina/")
    assert "Altre scuole" not in words
    assert "turno" not in words


def test_the_office_names_kitchens_and_the_board_is_grouped_by_them(valle: Cast, office: Browser, cook: Browser) -> None:
    nursery = second_school(valle)
    for name in ("Centro cottura", "Cucina del nido"):
        assert office.post("/ufficio/cucine/", {"name": name}).status_code == 302
    assert (
        "C’è già una cucina con questo nome" in office.post("/ufficio/cucine/", {"name": "Centro cottura"}).content.decode()
    )
    form = office.get("/ufficio/cucine/").context["of_schools"]
    kitchens = {name: pk for pk, name in form.fields[f"scuola-{nursery}"].choices}
    chosen = {f"scuola-{nursery}": kitchens["Cucina del nido"], f"scuola-{valle.school.pk}": kitchens["Centro cottura"]}
    assert office.post("/ufficio/cucine/scuole/", chosen).status_code == 302
    words = cook.read("/cucina/")
    assert "Centro cottura 2 2 0 0 2 Primaria Rodari 2 2 0 0 2 0/1" in words
    assert "Cucina del nido 1 1 0 0 1 Nido Aquilone 1 1 0 0 1 0/1" in words
    assert "ha cambiato la cucina di 2 scuole" in office.read("/ufficio/cucine/")
    paper = words_of(cook.get(f"/cucina/{TODAY}/foglio.pdf?servizio=mensa").content)
    assert "Cucina del nido" in paper


def test_a_school_with_shifts_has_a_line_for_each(valle: Cast, office: Browser, cook: Browser) -> None:
    schools.place_many(class_by_child={valle.child("Luca").pk: valle.classes["3A"].pk}, first=TODAY, end=None)
    place = f"/ufficio/cucine/turni/{valle.school.pk}/"
    first, second = (f"classe-{valle.classes[name].pk}" for name in ("2B", "3A"))
    assert office.post(place, {first: "1", second: "2"}).status_code == 302
    words = cook.read("/cucina/")
    assert "Primaria Rodari 1° turno 2 2 0 0 2 0/1" in words
    assert "Primaria Rodari 2° turno 1 1 0 0 1 0/1" in words
    assert office.post(place, {first: "1", second: "12"}).status_code == 200
    assert "Primaria Rodari 2° turno" in cook.read("/cucina/")


def test_who_is_held_to_some_schools_sees_only_theirs(valle: Cast, cook: Browser) -> None:
    """The caterer of the nursery: its own school, no other class, no sum of the others; and never money nor reasons."""
    nursery = second_school(valle)
    found = schools.School.objects.get(pk=nursery)
    schools.let_work_at(user=valle.staff["kitchen"], school=found)
    for place in ("/cucina/", f"/cucina/{TODAY}/", "/cucina/tabella/?version=0"):
        words = cook.read(place)
        assert "1 pasti in tutto" in words or "1 pasto in tutto" in words
        assert "Rodari" not in words
        assert "€" not in words
    assert "Rodari" not in words_of(cook.get(f"/cucina/{TODAY}/foglio.pdf?servizio=mensa").content)
    # The rest of the town is closed to this role whatever its schools.
    for place in ("/ufficio/", "/ufficio/incassi/", f"/ufficio/bambini/{valle.child('Luca').pk}/", "/appello/"):
        assert cook.get(place).status_code == 403


def test_a_kitchen_is_known_to_its_own_town_only(borgo: Cast, valle: Cast) -> None:
    cooking.add_kitchen(by=OFFICE, name="Cucina di Valle", now=clock.now())
    other = browser(borgo.town, borgo.staff["office"])
    assert "Cucina di Valle" not in other.read("/ufficio/cucine/")


def test_the_menu_of_the_day_is_on_the_kitchens_page(valle: Cast, cook: Browser) -> None:
    menu = cooking.add_menu(
        by=OFFICE,
        service=valle.services["mensa"],
        name="Invernale",
        first=TODAY,
        end=TODAY.replace(year=2027),
        weeks=2,
        now=clock.now(),
    )
    day = read_dishes("Pasta al pomodoro (1, 9)\nD1: Pasta di riso (9)\nMela")
    cooking.write_week(by=OFFICE, menu=menu, week=1, days=[[], [], day, [], []], now=clock.now())
    words = cook.read("/cucina/")
    assert "Menù Pasta al pomodoro cereali con glutine, sedano D1 Pasta di riso (sedano) Mela" in words
    assert "Menù" not in cook.read("/cucina/2026-10-15/")
    # Two weeks later it is the first week again; one week later the second, which nobody has written.
    assert "Menù" not in cook.read("/cucina/2026-10-21/")
    assert "Pasta al pomodoro" in cook.read("/cucina/2026-10-28/")
