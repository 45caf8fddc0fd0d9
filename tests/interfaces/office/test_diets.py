"""A diet is written by one and confirmed by another; until then nobody is served it, and none is ever dropped in silence."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from campanella.domains.accounts.models import User
from campanella.domains.accounts.operations import create_user
from campanella.domains.accounts.roles import Role
from campanella.domains.enrolment import diets
from campanella.domains.enrolment.models import Diet, DietProposal, DietRead
from campanella.foundation.core import clock
from tests.browsing import Browser, at_most, browser
from tests.towns import OFFICE, PASSWORD, TODAY, Cast, text_of

GLUTEN_FREE = {"code": " gf", "menu": "Senza glutine", "why": "celiachia", "first": "2026-10-14"}


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


def write(office: Browser, child_id: int, **more: Any) -> Any:
    return office.post(f"/ufficio/bambini/{child_id}/dieta/scrivi/", {**GLUTEN_FREE, **more}, follow=True)


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
    diets.set_diet(child=anna, code="SL", menu="Senza latte", reason="", first=TODAY, end=None)
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
    diets.set_diet(child=anna, code="GF", menu="Senza glutine", reason="celiachia", first=TODAY, end=None)
    office.post(f"/ufficio/bambini/{anna.pk}/dieta/")
    write(office, anna.pk, code="", menu="", why="")
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
    write(office, valle.child("Anna").pk, expires_on="2026-11-20")
    colleague.post(f"/ufficio/diete/{DietProposal.objects.get().pk}/conferma/")
    with at_most(6):
        assert "Anna Rossi GF Senza glutine finisce il 20 novembre 2026" in office.read("/ufficio/diete/")
    at("2026-11-25 08:47")
    assert "Anna Rossi GF Senza glutine finito il 20 novembre 2026" in office.read("/ufficio/diete/")
    assert "1 con il certificato che finisce o è finito" in office.read("/ufficio/da-fare/")
    assert "Senza glutine (GF)" in cook.read("/cucina/")


def test_a_certificate_is_kept_behind_the_door_and_its_readings_are_written(
    valle: Cast, office: Browser, colleague: Browser, cook: Browser
) -> None:
    anna = valle.child("Anna").pk
    paper = SimpleUploadedFile("Anna Rossi celiaca.pdf", b"%PDF-1.7 certificato", content_type="application/pdf")
    write(office, anna, certificate=paper)
    one = DietProposal.objects.get()
    place = f"/ufficio/diete/certificati/{one.certificate_id}/"
    assert office.get(place).status_code == 405
    assert cook.post(place).status_code == 403
    answer = colleague.post(place)
    assert answer.content == b"%PDF-1.7 certificato"
    assert "celiaca" not in answer.headers["Content-Disposition"]
    assert "ha aperto il certificato della dieta" in office.read(f"/ufficio/bambini/{anna}/")


@pytest.mark.parametrize("content", [b"MZ executable", b"<html>", b"%PDF-" + b"x" * (5 * 1024 * 1024)])
def test_what_is_no_certificate_is_refused_and_nothing_is_written(valle: Cast, office: Browser, content: bytes) -> None:
    words = text_of(write(office, valle.child("Anna").pk, certificate=SimpleUploadedFile("c.pdf", content)))
    assert "Il certificato va bene in PDF, PNG o JPG" in words
    assert not DietProposal.objects.exists()


def test_a_second_writing_waits_for_the_first_and_a_code_means_one_menu(
    valle: Cast, office: Browser, colleague: Browser
) -> None:
    anna, luca = valle.child("Anna").pk, valle.child("Luca").pk
    write(office, anna)
    assert "Per questo bambino c’è già una dieta da confermare" in text_of(write(office, anna))
    colleague.post(f"/ufficio/diete/{DietProposal.objects.get().pk}/conferma/")
    assert "La sigla GF vuol dire già «Senza glutine»" in text_of(write(office, luca, menu="Senza latte"))
    assert "Scrivi che cosa servire" in text_of(write(office, luca, menu=""))
    assert "prima che la dieta cominci" in text_of(write(office, luca, expires_on="2026-10-01"))
    assert Diet.objects.count() == 1


def test_the_database_itself_asks_for_a_second_person(valle: Cast, office: Browser) -> None:
    write(office, valle.child("Anna").pk)
    with pytest.raises(IntegrityError, match="a_diet_is_confirmed_by_somebody_else"), transaction.atomic():
        DietProposal.objects.update(is_confirmed=True, decided_at=clock.now(), decided_by_id=valle.staff["office"].pk)
    with pytest.raises(IntegrityError, match="what_is_confirmed_says_when_and_by_whom"), transaction.atomic():
        DietProposal.objects.update(is_confirmed=True)
