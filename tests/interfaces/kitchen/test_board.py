"""The kitchen's numbers."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.attendance import correcting
from campanella.domains.attendance.models import CutOffShift, DayRule
from campanella.domains.enrolment.models import Diet
from campanella.domains.schools import operations as schools
from campanella.domains.services import operations as services
from campanella.domains.services.models import ServiceCalendar
from campanella.foundation.core import clock
from campanella.usecases import mealtime
from tests.browsing import Browser, at_most, browser
from tests.diets import serve
from tests.foundation.documents.reading import text_of as words_of
from tests.interfaces.kitchen.test_open_board import question
from tests.tablets import Marks, paired
from tests.towns import OFFICE, TODAY, Cast, as_owner, open_class


@pytest.fixture
def cook(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["kitchen"])


@pytest.fixture
def teacher(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["school"])


def tap(valle: Cast, teacher: Browser, name: str, eats: int = 0, **more: int) -> None:
    place = f"/appello/{valle.classes['2B'].pk}/mensa/segno/"
    answer = teacher.post(place, {"day": "2026-10-14", "child": valle.child(name).pk, "eats": eats, **more})
    assert answer.status_code == 204


def test_the_board_counts_everybody_expected(valle: Cast, cook: Browser) -> None:
    serve(valle.child("Amina"), "D4", "Senza maiale")
    # Seven count a day of which the process knows nothing yet. Who asks, its schools, the menu; sheets, kitchens and shifts,
    # diets by name, and two for the last changes, which are not there.
    with at_most(15):
        words = cook.read("/cucina/")
    assert "3 pasti in tutto" in words
    assert "Senza maiale (D4)" in words
    assert "Primaria Rodari 3 2 0 1 0 3 0/1" in words


def test_a_tap_is_on_the_board_and_the_fragment_says_so_once(valle: Cast, cook: Browser, teacher: Browser) -> None:
    page = cook.get("/cucina/")
    place = question(page)
    assert cook.get(place).status_code == 204
    tap(valle, teacher, "Luca")
    words = cook.read(place)
    assert "Primaria Rodari 8:47 · 2B, un pasto in meno 3 2 0 0 2 0/1" in words


def test_a_confirmed_board_is_final_and_a_correction_is_its_last_change(
    valle: Cast, cook: Browser, teacher: Browser
) -> None:
    mealtime.confirm(by=valle.staff["school"], roll_call=valle.roll_call(), absent_ids=[], adults=2, now=clock.now())
    words = cook.read("/cucina/")
    assert "Definitivi tutte le classi hanno confermato" in words
    assert "5 pasti in tutto 5 già confermati" in words
    mealtime.correct(
        by=valle.staff["office"],
        child_id=valle.child("Luca").pk,
        service=valle.services["mensa"],
        day=TODAY,
        is_present=False,
        reason="a casa",
        now=clock.now() + timedelta(minutes=4),
    )
    words = cook.read("/cucina/")
    assert "8:51 · 2B, un pasto in meno" in words
    assert "4 pasti in tutto" in words
    assert "€" not in words


def test_the_board_says_how_sure_its_numbers_are(valle: Cast, cook: Browser, at: Any) -> None:
    words = cook.read("/cucina/")
    assert "Provvisori si chiude alle 9:30, ancora 43 minuti" in words
    assert "Manca 1 classe Primaria Rodari 2B 3 previsti" in words
    assert "Aggiornato alle 8:47:00" in words
    at("09:31")
    assert "Ancora provvisori" in cook.read("/cucina/")


def test_the_hour_is_the_services_own_and_moves_with_it(valle: Cast, cook: Browser) -> None:
    days, mensa = DateRange(TODAY, None), valle.services["mensa"]
    DayRule.objects.create(service=mensa, school=valle.school, days=days, mode="roll_call", cut_off=time(9, 15))
    assert "Provvisori si chiude alle 9:15, ancora 28 minuti" in cook.read("/cucina/")
    until = clock.rome(TODAY, time(9, 45))
    CutOffShift.objects.create(day=TODAY, until=until, reason="Portale fermo", at=clock.now(), service=mensa)
    assert "Provvisori si chiude alle 9:45, ancora 58 minuti" in cook.read("/cucina/")


def test_schools_with_other_hours_say_the_first_and_the_last(valle: Cast, cook: Browser) -> None:
    other = schools.register_school(code="nido", name="Nido Aquilone", level="nido")
    group = open_class(school=other, year=valle.classes["2B"].year, name="Piccoli")
    services.run(service=valle.services["mensa"], school=other, first=TODAY, end=TODAY.replace(year=2027))
    schools.place_many(class_by_child={valle.child("Luca").pk: group.pk}, first=TODAY, end=None)
    days = DateRange(TODAY, None)
    DayRule.objects.create(service=valle.services["mensa"], school=other, days=days, mode="roll_call", cut_off=time(8, 55))
    assert "Provvisori le scuole chiudono dalle 8:55 alle 9:30, ancora 43 minuti" in cook.read("/cucina/")


@pytest.mark.parametrize("mode", ["opt_out", "opt_in"])
def test_where_meals_are_booked_no_roll_call_is_waited_for(valle: Cast, cook: Browser, at: Any, mode: str) -> None:
    days = DateRange(TODAY, None)
    DayRule.objects.create(service=valle.services["mensa"], school=valle.school, days=days, mode=mode)
    words = cook.read("/cucina/")
    assert "Provvisori si chiude alle 9:30" in words
    assert "1 prenotata" in words
    assert "2B 3" in words
    assert "su prenotazione" in words
    for wrong in ("Manca", "da fare", "0/1", "Definitivi"):
        assert wrong not in words
    at("09:31")
    words = cook.read("/cucina/")
    assert "Provvisori le famiglie potevano cambiare fino alle 9:30: il foglio arriva tra poco" in words
    assert "chiama chi manca" not in words


def test_a_day_closed_after_its_numbers_were_final_is_not_called_final(valle: Cast, cook: Browser) -> None:
    mealtime.confirm(by=valle.staff["school"], roll_call=valle.roll_call(), absent_ids=[], adults=0, now=clock.now())
    schools.close(by=OFFICE, first=TODAY, last=TODAY, reason="Neve", now=clock.now())
    words = cook.read("/cucina/")
    assert "Chiuso Neve: i numeri sono di prima della chiusura" in words
    assert "Definitivi" not in words
    assert "chiuso: Neve" in words_of(cook.get("/cucina/2026-10-14/foglio.pdf").content)


def test_other_days_forecast_or_tell(valle: Cast, cook: Browser) -> None:
    with at_most(15):
        words = cook.read("/cucina/2026-10-15/")
    assert "Pasti di giovedì 15 ottobre" in words
    assert "Previsione" in words
    assert "3 pasti in tutto" in words
    assert "una classe non ha mai confermato" in cook.read("/cucina/2026-10-13/")
    assert "Quel giorno non si cucina" in cook.read("/cucina/2026-10-17/")
    assert cook.get("/cucina/domani/").status_code == 404


def test_a_closed_class_is_expected_by_nobody(valle: Cast, cook: Browser) -> None:
    schools.close(by=OFFICE, first=TODAY, last=TODAY, reason="Gita", now=clock.now(), class_group=valle.classes["2B"])
    assert "Oggi non si cucina" in cook.read("/cucina/")


def test_a_bus_is_no_meal(valle: Cast, cook: Browser) -> None:
    assert "Scuolabus" not in cook.read("/cucina/")
    assert "Pasti di" in cook.read("/cucina/?servizio=scuolabus")


def test_the_kitchen_is_closed_to_others(borgo: Cast, valle: Cast, teacher: Browser) -> None:
    for place in ("/cucina/", "/cucina/tabella/", "/cucina/2026-10-15/"):
        assert teacher.get(place).status_code == 403
        assert browser(valle.town).get(place).status_code == 302
    assert browser(borgo.town, valle.staff["kitchen"]).get("/cucina/").status_code == 302


def test_without_javascript_the_page_loads_itself_again(valle: Cast, cook: Browser) -> None:
    page = cook.get("/cucina/").content.decode()
    assert '<noscript><meta http-equiv="refresh" content="15"></noscript>' in page
    assert "refresh" not in cook.get("/cucina/2026-10-15/").content.decode()


def test_white_meals_are_counted_apart_and_a_diet_stays_a_diet(valle: Cast, cook: Browser, teacher: Browser) -> None:
    serve(valle.child("Amina"), "D1", "Senza glutine", reason="celiachia")
    tap(valle, teacher, "Luca", eats=1, white=1)
    words = cook.read("/cucina/")
    assert "In bianco Senza glutine (D1) Adulti" in words
    assert "Primaria Rodari 8:47 · 2B, un pasto in bianco 3 1 1 1 0 3 0/1" in words
    tap(valle, teacher, "Amina", eats=1, white=1)
    words = cook.read("/cucina/")
    assert "In bianco Senza glutine (D1), in bianco Adulti" in words
    assert "2B, 2 pasti in bianco 3 1 1 1 0 3 0/1" in words
    assert "2 in bianco" in words
    assert "celiachia" not in words
    assert "Amina" not in words


def test_a_mark_taken_back_adds_up_to_no_change(valle: Cast, cook: Browser, teacher: Browser, at: Any) -> None:
    for moment, eats in (("08:50", 0), ("08:51", 1)):
        at(moment)
        tap(valle, teacher, "Luca", eats=eats)
    at("08:52")
    tap(valle, teacher, "Anna", eats=1, late=1)
    words = cook.read("/cucina/")
    assert (
        "Ultimi cambi 8:51 Primaria Rodari 2B un pasto in più +1 8:50 Primaria Rodari 2B un pasto in meno −1 Aggiornato"
        in words
    )
    assert "3 pasti in tutto" in words


def test_the_last_changes_add_up_adults_and_confirmations_included(
    valle: Cast, cook: Browser, teacher: Browser, at: Any
) -> None:
    """A class is confirmed with two absent, one of them is corrected, adults go from 0 to 2 to 3: the sum is the board."""
    office, absent = valle.staff["office"], [valle.child(name).pk for name in ("Anna", "Luca")]
    mealtime.confirm(by=valle.staff["school"], roll_call=valle.roll_call(), absent_ids=absent, adults=2, now=at("09:00"))
    mealtime.correct(
        by=office,
        child_id=absent[0],
        service=valle.services["mensa"],
        day=TODAY,
        is_present=True,
        reason="arrivata",
        now=at("09:10"),
    )
    call = valle.roll_call().pk
    correcting.correct_adults(by=office, roll_call_id=call, adults=3, reason="supplente", now=at("09:20"))
    page = cook.get("/cucina/")
    changes = page.context["board"].changes
    assert [(one.meals, one.adults) for one in changes] == [(0, 1), (1, 0), (-2, 2)]
    assert sum(one.meals + one.adults for one in changes) == page.context["board"].sum.total - 3
    words = cook.read("/cucina/")
    assert "9:20 Primaria Rodari 2B un adulto in più +1" in words
    assert "9:00 Primaria Rodari 2B 2 pasti in meno, 2 adulti in più" in words


def test_a_number_of_adults_that_comes_after_a_newer_one_changes_nothing(valle: Cast, cook: Browser, at: Any) -> None:
    at("08:50")
    first, second = (
        Marks(paired(valle.town, school_id=valle.school.pk), valle.staff["school"].pk, valle.classes["2B"].pk)
        for _ in range(2)
    )
    older = first.made("adults", value=2)
    at("08:55")
    assert second.hand_in(second.made("adults", value=3)) == ["accepted"]
    at("09:00")
    first.hand_in(older)
    board = cook.get("/cucina/").context["board"]
    assert [(one.at.minute, one.adults) for one in board.changes] == [(55, 3)]
    assert board.sum.total == 6


def test_a_confirmed_class_counts_only_whom_it_has_marked(valle: Cast, cook: Browser) -> None:
    anna = valle.child("Anna")
    schools.place_many(class_by_child={anna.pk: valle.classes["3A"].pk}, first=TODAY, end=None)
    mealtime.confirm(by=valle.staff["school"], roll_call=valle.roll_call(), absent_ids=[], adults=0, now=clock.now())
    schools.place_many(class_by_child={anna.pk: valle.classes["2B"].pk}, first=TODAY, end=None)
    assert "2 pasti in tutto 2 già confermati" in cook.read("/cucina/")
    mealtime.correct(
        by=valle.staff["office"],
        child_id=anna.pk,
        service=valle.services["mensa"],
        day=TODAY,
        is_present=True,
        reason="è arrivata alle 10",
        now=clock.now() + timedelta(minutes=4),
    )
    words = cook.read("/cucina/")
    assert "3 pasti in tutto" in words
    assert "8:51 · 2B, un pasto in più" in words


def test_two_menus_under_one_code_are_both_told(valle: Cast, cook: Browser) -> None:
    """As a town may have them from before it had a list: since then the database refuses it."""
    serve(valle.child("Amina"), "D1", "Senza glutine")
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("alter table enrolment_diet drop constraint a_diet_is_one_of_the_towns")
    Diet.objects.create(child=valle.child("Luca"), code="D1", menu="Senza latte", days=DateRange(None, None))
    assert "Senza glutine oppure Senza latte (D1)" in cook.read("/cucina/")


def test_a_board_whose_session_has_ended_comes_back_to_the_whole_page(valle: Cast) -> None:
    headers = {"HX-Request": "true", "Referer": f"http://{valle.town.host}/cucina/?servizio=mensa"}
    answer = browser(valle.town).get("/cucina/tabella/?version=1", headers=headers)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/entra/?next=%2Fcucina%2F%3Fservizio%3Dmensa")


def test_the_sheet_on_paper_says_day_service_town_and_totals(valle: Cast, cook: Browser) -> None:
    answer = cook.get(f"/cucina/{TODAY}/foglio.pdf?servizio=mensa")
    assert answer.headers["Content-Type"] == "application/pdf"
    words = words_of(answer.content)
    for said in (
        "Pasti di mercoledì 14 ottobre",
        "Refezione",
        "Comune di Valle",
        "stampato il 14/10/2026",
        "Primaria Rodari",
    ):
        assert said in words, said
    assert "In tutto 3 pasti, numeri provvisori." in words
    assert cook.get("/cucina/2026-13-40/foglio.pdf").status_code == 404
    assert cook.get("/cucina/2026-08-15/foglio.pdf").status_code == 404


def test_the_arrows_lead_to_the_return_days_of_other_schools(valle: Cast, cook: Browser) -> None:
    """One school eats on Mondays and Wednesdays, another on Tuesdays and Thursdays: a kitchen cooks on four days."""
    verdi = schools.register_school(code="verdi", name="Primaria Verdi", level="primaria")
    ServiceCalendar.objects.filter(service=valle.services["mensa"]).update(weekdays=0b00101)
    season = {"service": valle.services["mensa"], "school": verdi, "first": date(2026, 9, 15), "end": date(2027, 6, 10)}
    services.run(**season, weekdays=0b01010)
    said = cook.read("/cucina/2026-10-14/")
    assert "mar 13/10" in said
    assert "gio 15/10" in said


def test_the_arrows_lead_to_saturday_where_a_service_runs_on_it(valle: Cast, cook: Browser) -> None:
    """The kitchen's day and the office's lead where something runs, from a day without anything as well."""
    office = browser(valle.town, valle.staff["office"])
    places = ((cook, "/cucina/2026-10-16/"), (office, "/ufficio/presenze/?giorno=2026-10-16"))
    for who, place in places:
        assert "lun 19/10" in who.read(place), place
        assert "sab 17/10" not in who.read(place), place
    assert "ven 16/10" in cook.read("/cucina/2026-10-18/")
    ServiceCalendar.objects.filter(service=valle.services["mensa"]).update(weekdays=0b111111)
    for who, place in (*places, (cook, "/cucina/2026-10-18/")):
        assert "sab 17/10" in who.read(place), place
