"""A diet is written by one and confirmed by another; until then nobody is served it, and none is ever dropped in silence."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.accounts.models import User
from campanella.domains.accounts.operations import create_user
from campanella.domains.accounts.roles import Role
from campanella.domains.cooking import gaps as menus
from campanella.domains.cooking import operations as cooking
from campanella.domains.cooking.rules import read_dishes
from campanella.domains.enrolment import diet_codes, diets
from campanella.domains.enrolment.models import Diet, DietCode, DietProposal, DietRead
from campanella.domains.messaging.models import Message
from campanella.foundation.core import clock
from campanella.usecases import certificates_ending
from tests.browsing import Browser, at_most, browser
from tests.diets import serve
from tests.towns import OFFICE, PASSWORD, TODAY, Cast, text_of

GLUTEN_FREE = {"code": "GF", "why": "celiachia", "first": "2026-10-14", "lasts": "on"}
AFTER = date(2027, 3, 1)
PAPER = b"%PDF-1.7 certificato"


@pytest.fixture
def office(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["office"])


@pytest.fixture
def second(valle: Cast) -> User:
    return create_user(
        by=OFFICE, username="due", display_name="Seconda Lettrice", roles=[Role.OFFICE], password=PASSWORD, now=clock.now()
    )


@pytest.fixture
def colleague(valle: Cast, second: User) -> Browser:
    return browser(valle.town, second)


@pytest.fixture
def cook(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["kitchen"])


@pytest.fixture(autouse=True)
def _files_of_their_own(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(autouse=True)
def _codes(valle: Cast) -> None:
    for code, menu, needs in (("GF", "Senza glutine", True), ("SL", "Senza latte", True), ("SM", "Senza maiale", False)):
        diet_codes.add_code(by=OFFICE, code=code, menu=menu, needs_certificate=needs, now=clock.now())


def write(office: Browser, child_id: int, **more: Any) -> Any:
    """Write a diet with a certificate that lasts, or as it is said; None leaves a field out."""
    paper = SimpleUploadedFile("c.pdf", PAPER, content_type="application/pdf")
    said = {**GLUTEN_FREE, "certificate": paper, **more}
    sent = {name: value for name, value in said.items() if value is not None}
    return office.post(f"/ufficio/bambini/{child_id}/dieta/scrivi/", sent, follow=True)


def test_the_kitchen_sees_a_diet_once_a_second_person_has_read_it(
    valle: Cast, office: Browser, colleague: Browser, cook: Browser
) -> None:
    anna = valle.child("Anna").pk
    assert "Una dieta aspetta la conferma" in text_of(write(office, anna))
    assert "Senza glutine" not in cook.read("/cucina/")
    assert "dieta GF" not in browser(valle.town, valle.staff["school"]).read(f"/appello/{valle.classes['2B'].pk}/mensa/")
    assert "1 da confermare" in office.read("/ufficio/da-fare/")
    one = DietProposal.objects.get().pk

    assert "L’hai scritta tu" in text_of(office.post(f"/ufficio/diete/{one}/conferma/", follow=True))
    assert "Senza glutine" not in cook.read("/cucina/")
    assert "celiachia" not in colleague.read("/ufficio/diete/")
    assert "celiachia" in text_of(colleague.post(f"/ufficio/diete/{one}/"))
    assert "Confermata" in text_of(colleague.post(f"/ufficio/diete/{one}/conferma/", follow=True))

    assert "Senza glutine (GF)" in cook.read("/cucina/")
    page = office.read(f"/ufficio/bambini/{anna}/")
    for said in (
        "GF Senza glutine",
        "ha scritto la dieta dal 14/10/2026",
        "ha aperto la dieta da confermare, con il motivo",
    ):
        assert said in page, said
    for place in ("", "dieta/scrivi/", "registro/"):
        assert "celiachia" not in office.read(f"/ufficio/bambini/{anna}/{place}")
    assert "celiachia" in text_of(office.post(f"/ufficio/bambini/{anna}/dieta/"))
    assert colleague.post(f"/ufficio/diete/{one}/conferma/").status_code == 404


def test_while_a_new_diet_waits_the_one_before_is_served(
    valle: Cast, office: Browser, colleague: Browser, cook: Browser
) -> None:
    anna = valle.child("Anna")
    serve(anna, "SL", "Senza latte")
    write(office, anna.pk)
    assert "Senza latte (SL)" in cook.read("/cucina/")
    colleague.post(f"/ufficio/diete/{DietProposal.objects.get().pk}/scarta/")
    assert "Senza latte (SL)" in cook.read("/cucina/")
    write(office, anna.pk)
    colleague.post(f"/ufficio/diete/{DietProposal.objects.get(decided_at=None).pk}/conferma/")
    words = cook.read("/cucina/")
    assert "Senza glutine (GF)" in words
    assert "Senza latte" not in words


def test_to_take_a_diet_away_needs_two_as_well_and_its_readings_stay(
    valle: Cast, office: Browser, colleague: Browser, cook: Browser
) -> None:
    anna = valle.child("Anna")
    serve(anna, "GF", "Senza glutine", reason="celiachia")
    office.post(f"/ufficio/bambini/{anna.pk}/dieta/")
    write(office, anna.pk, code="", why="", certificate=None, lasts=None)
    assert "Senza glutine (GF)" in cook.read("/cucina/")
    colleague.post(f"/ufficio/diete/{DietProposal.objects.get().pk}/conferma/")
    assert "Senza glutine" not in cook.read("/cucina/")
    page = office.read(f"/ufficio/bambini/{anna.pk}/")
    assert "Mangia come tutti" in page
    assert "ha tolto la dieta" in page
    assert DietRead.objects.filter(user_id=valle.staff["office"].pk).count() == 1


def test_a_diet_whose_certificate_is_over_is_told_ahead_and_served_all_the_same(
    valle: Cast, office: Browser, colleague: Browser, cook: Browser, at: Any
) -> None:
    write(office, valle.child("Anna").pk, expires_on="2026-11-20", lasts=None)
    colleague.post(f"/ufficio/diete/{DietProposal.objects.get().pk}/conferma/")
    with at_most(6):
        assert "Anna Rossi GF Senza glutine finisce il 20 novembre 2026" in office.read("/ufficio/diete/")
    at("2026-11-25 08:47")
    assert "Anna Rossi GF Senza glutine finito il 20 novembre 2026" in office.read("/ufficio/diete/")
    assert "1 con il certificato che finisce o è finito" in office.read("/ufficio/da-fare/")
    assert "Senza glutine (GF)" in cook.read("/cucina/")


def test_the_family_is_asked_for_a_new_certificate_ahead_and_once_more_when_it_is_over(
    valle: Cast, office: Browser, colleague: Browser, at: Any
) -> None:
    write(office, valle.child("Anna").pk, expires_on="2026-11-20", lasts=None)
    colleague.post(f"/ufficio/diete/{DietProposal.objects.get().pk}/conferma/")
    told = Message.objects.filter(template="certificate_ends").order_by("id")
    for _ in range(2):
        certificates_ending.tell(now=clock.now())
    assert "vale fino al 20 novembre 2026" in told.get().text
    at("2026-11-25 08:47")
    for _ in range(2):
        certificates_ending.tell(now=clock.now())
    assert "è finito il 20 novembre 2026" in told.latest("id").text
    assert told.count() == 2
    for letter in told:
        assert "la cucina continua a servire" in letter.text
        assert "glutine" not in letter.text + letter.subject
        assert "Anna" not in letter.subject


def test_a_certificate_is_kept_behind_the_door_and_its_readings_are_written(
    valle: Cast, office: Browser, colleague: Browser, cook: Browser
) -> None:
    anna = valle.child("Anna").pk
    paper = SimpleUploadedFile("Anna Rossi celiaca.pdf", PAPER, content_type="application/pdf")
    write(office, anna, certificate=paper)
    one = DietProposal.objects.get()
    place = f"/ufficio/diete/certificati/{one.certificate_id}/"
    assert office.get(place).status_code == 405
    assert cook.post(place).status_code == 403
    answer = colleague.post(place)
    assert answer.content == PAPER
    assert "celiaca" not in answer.headers["Content-Disposition"]
    assert "ha aperto il certificato della dieta" in office.read(f"/ufficio/bambini/{anna}/")


@pytest.mark.parametrize("content", [b"MZ executable", b"<html>", b"%PDF-" + b"x" * (5 * 1024 * 1024)])
def test_what_is_no_certificate_is_refused_and_nothing_is_written(valle: Cast, office: Browser, content: bytes) -> None:
    words = text_of(write(office, valle.child("Anna").pk, certificate=SimpleUploadedFile("c.pdf", content)))
    assert "Il certificato va bene in PDF, PNG o JPG" in words
    assert not DietProposal.objects.exists()


def test_a_second_writing_waits_for_the_first(valle: Cast, office: Browser, colleague: Browser) -> None:
    anna, luca = valle.child("Anna").pk, valle.child("Luca").pk
    write(office, anna)
    assert "Per questo bambino c’è già una dieta da confermare" in text_of(write(office, anna))
    colleague.post(f"/ufficio/diete/{DietProposal.objects.get().pk}/conferma/")
    assert "prima che la dieta cominci" in text_of(write(office, luca, expires_on="2026-10-01", lasts=None))
    assert Diet.objects.count() == 1


def test_a_diet_is_one_of_the_towns_and_a_code_means_one_thing(valle: Cast, office: Browser) -> None:
    """A code that no menu knows had the dishes of all on its label."""
    anna = valle.child("Anna")
    write(office, anna.pk, code="D9")
    assert not DietProposal.objects.exists()
    with pytest.raises(diets.UnknownCode):
        diets.propose(
            by=valle.staff["office"],
            child=anna,
            code="D9",
            reason="",
            first=TODAY,
            expires_on=None,
            certificate=PAPER,
            now=clock.now(),
        )
    place = "/ufficio/diete/sigle/"
    new = {"code": "d9", "menu": "Senza soia", "needs_certificate": "on"}
    assert "Dieta D9 aggiunta" in text_of(office.post(place, new, follow=True))
    assert "La sigla D9 vuol dire già «Senza soia»" in text_of(office.post(place, {**new, "menu": "Senza pesce"}))
    assert "da una a sei lettere o cifre" in text_of(office.post(place, {**new, "code": "tutte"}))
    assert "ha aggiunto la dieta D9, Senza soia" in office.read(place)
    write(office, anna.pk, code="D9")
    assert DietProposal.objects.get().menu == "Senza soia"


def test_what_the_menu_does_not_say_is_told_to_writer_and_second_reader(
    valle: Cast, office: Browser, colleague: Browser
) -> None:
    menu = cooking.add_menu(
        by=OFFICE, service=valle.services["mensa"], name="Inverno", first=TODAY, end=AFTER, weeks=1, now=clock.now()
    )
    dishes = read_dishes("Pasta (1)\nGF: Riso\nPlatessa (4)\nMela\nGF: come tutti")
    cooking.write_week(by=OFFICE, menu=menu, week=1, days=[[], [], dishes, [], []], now=clock.now())
    said = "Nei menù manca che cosa mangia la dieta GF al posto di un piatto: Platessa (mercoledì della settimana 1)."
    assert said in text_of(write(office, valle.child("Anna").pk))
    assert said in text_of(colleague.post(f"/ufficio/diete/{DietProposal.objects.get().pk}/"))
    assert "Senza glutine con il certificato del medico un piatto da definire nei menù" in office.read(
        "/ufficio/diete/sigle/"
    )
    week = f"/ufficio/menu/{menu.pk}/1/"
    assert "Mercoledì, GF : Platessa" in office.read(week)
    text = "Pasta (1)\nGF: Riso\ntutte: come tutti\nPlatessa (4)\ntutte: come tutti"
    office.post(week, {f"giorno-{day}": text if day == 2 else "" for day in range(5)})
    assert "GF, SL, SM: come tutti" in office.get(week).content.decode()
    gaps = menus.gaps(codes=["GF", "SL", "D9"], day=TODAY)
    assert [len(gaps[code]) for code in ("GF", "SL", "D9")] == [0, 0, 2]


def test_a_diet_that_needs_a_certificate_enters_with_it_or_not_at_all(
    valle: Cast, office: Browser, colleague: Browser, cook: Browser
) -> None:
    anna, luca = valle.child("Anna").pk, valle.child("Luca").pk
    assert "serve il certificato del medico" in text_of(write(office, anna, certificate=None))
    assert "Scrivi fino a quando vale il certificato, o segna che non scade" in text_of(write(office, anna, lasts=None))
    assert not DietProposal.objects.exists()
    # Belief and choice: the family declares it itself, and the town says so of the code.
    write(office, luca, code="SM", certificate=None, lasts=None)
    one = DietProposal.objects.get()
    code = next(known for known in diet_codes.codes() if known.code == "SM")
    assert "da adesso serve il certificato" in text_of(
        office.post(f"/ufficio/diete/sigle/{code.pk}/certificato/", {"serve": "1"}, follow=True)
    )
    # What was written before has no certificate either: it does not pass the second reader.
    assert "serve il certificato del medico" in text_of(colleague.post(f"/ufficio/diete/{one.pk}/conferma/", follow=True))
    assert "Senza maiale" not in cook.read("/cucina/")
    office.post(f"/ufficio/diete/sigle/{code.pk}/certificato/", {"serve": "0"})
    colleague.post(f"/ufficio/diete/{one.pk}/conferma/")
    assert "Senza maiale (SM)" in cook.read("/cucina/")


def test_a_diet_written_again_keeps_its_certificate_while_it_is_good(
    valle: Cast, office: Browser, colleague: Browser, at: Any
) -> None:
    anna = valle.child("Anna").pk
    write(office, anna, expires_on="2026-11-20", lasts=None)
    colleague.post(f"/ufficio/diete/{DietProposal.objects.get().pk}/conferma/")
    write(office, anna, certificate=None, lasts=None, why="celiachia, aggiornata")
    again = DietProposal.objects.get(decided_at=None)
    assert (again.certificate_id, again.expires_on) == (Diet.objects.get().certificate_id, date(2026, 11, 20))
    colleague.post(f"/ufficio/diete/{again.pk}/scarta/")
    at("2026-11-25 08:47")
    late = write(office, anna, certificate=None, lasts=None, first="2026-11-25")
    assert "serve il certificato del medico" in text_of(late)


def test_the_database_itself_asks_for_a_second_person(valle: Cast, office: Browser) -> None:
    write(office, valle.child("Anna").pk)
    with pytest.raises(IntegrityError, match="a_diet_is_confirmed_by_somebody_else"), transaction.atomic():
        DietProposal.objects.update(is_confirmed=True, decided_at=clock.now(), decided_by_id=valle.staff["office"].pk)
    with pytest.raises(IntegrityError, match="what_is_confirmed_says_when_and_by_whom"), transaction.atomic():
        DietProposal.objects.update(is_confirmed=True)


def test_nobody_is_served_what_no_code_of_the_town_means(valle: Cast) -> None:
    """Neither by an operation nor by whoever writes rows by hand."""
    anna = valle.child("Anna")
    DietCode.objects.create(code="D1", menu="Senza glutine")
    with pytest.raises(diets.UnknownCode, match="D9: nessuna dieta del Comune ha questa sigla"):
        diets.set_diets(diets={anna.pk: ("D9", "")}, first=TODAY, end=None)
    for code, menu in (("D9", "Senza lattosio"), ("D1", "Senza latte")):
        with pytest.raises(IntegrityError, match="a_diet_is_one_of_the_towns"), transaction.atomic():
            Diet.objects.create(child=anna, code=code, menu=menu, days=DateRange(TODAY, None))
    diets.set_diets(diets={anna.pk: ("D1", "celiachia")}, first=TODAY, end=None)
    assert Diet.objects.get(child=anna).menu == "Senza glutine"


def test_what_waits_for_its_second_reader_is_one_of_the_towns_as_long_as_it_waits(valle: Cast, office: Browser) -> None:
    """No code goes, or comes to mean something else, under a diet that somebody has written."""
    write(office, valle.child("Anna").pk)
    for changes in ({"code": "D9"}, {"menu": "Senza latte"}):
        with pytest.raises(IntegrityError, match="a_diet_that_waits_is_one_of_the_towns"), transaction.atomic():
            DietProposal.objects.update(**changes)
    for change in (lambda one: one.update(menu="Senza latte"), lambda one: one.delete()):
        with pytest.raises(IntegrityError, match="a_diet_that_waits_is_one_of_the_towns"), transaction.atomic():
            change(DietCode.objects.filter(code="GF"))
    with pytest.raises(IntegrityError, match="a_diet_that_waits_has_code_and_menu_or_neither"), transaction.atomic():
        DietProposal.objects.update(menu=None)
