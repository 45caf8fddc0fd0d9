"""Who takes a child home: named by its family, confirmed by the office, read by who hands it over (R12)."""

from datetime import date
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from campanella.domains.people import delegates, picking_up
from campanella.domains.people import operations as people
from campanella.domains.people.models import AloneConsent, Delegate
from campanella.domains.people.rules import goes_alone, is_adult
from campanella.domains.schools.models import School
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from tests.browsing import Browser, at_most, browser
from tests.interfaces.portal.phones import phone, words
from tests.towns import TODAY, Cast, Family, choosing, text_of
from tests.usecases.test_wishes import goes

UNCLE = {
    "fai": "aggiungi",
    "given_name": "Ivo",
    "family_name": "Neri",
    "birth_date": "1970-03-02",
    "document": "carta d’identità CA12345AB",
    "phone": "",
}


@pytest.fixture
def office(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["office"])


@pytest.fixture
def teacher(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["school"])


def page_of(valle: Cast, name: str = "Anna") -> str:
    return f"/anagrafica/figli/{valle.child(name).pk}/ritiro/"


def desk_of(valle: Cast, name: str = "Anna") -> str:
    return f"/ufficio/bambini/{valle.child(name).pk}/ritiro/"


@pytest.mark.parametrize(
    ("born", "adult"), [(date(2008, 10, 14), True), (date(2008, 10, 15), False), (date(1970, 1, 1), True)]
)
def test_who_is_of_age(born: date, adult: bool) -> None:
    assert is_adult(birth_date=born, today=TODAY) is adult


@pytest.mark.parametrize(
    ("level", "guardians", "signed", "alone"),
    [
        ("secondaria", {1, 2}, {1, 2}, True),
        ("secondaria", {1, 2}, {1}, False),
        ("secondaria", {1}, {1, 9}, True),
        ("primaria", {1}, {1}, False),
        ("secondaria", set(), set(), False),
    ],
)
def test_a_child_goes_alone_when_all_have_signed(level: str, guardians: set[int], signed: set[int], alone: bool) -> None:
    assert goes_alone(level=level, levels=("secondaria",), guardians=guardians, signed=signed) is alone


def test_a_delegate_holds_when_the_office_has_seen_the_document(
    valle: Cast, rossi: Family, office: Browser, teacher: Browser
) -> None:
    one = phone(rossi.user)
    one.post(page_of(valle), UNCLE)
    assert "Ivo Neri da confermare: mostra il documento all’ufficio" in words(one.get(page_of(valle)))
    assert "Ivo Neri" not in teacher.read("/appello/elenco/scuolabus/")
    assert "Ivo Neri per Anna Rossi" in office.read("/ufficio/deleghe/")
    assert "Deleghe 1 da confermare" in office.read("/ufficio/da-fare/")
    uncle = Delegate.objects.get()
    office.post(desk_of(valle), {"fai": "conferma", "chi": uncle.pk})
    assert "Ivo Neri delegato" in words(one.get(page_of(valle)))
    assert "Nessuna." in office.read("/ufficio/deleghe/")
    listed = teacher.read("/appello/elenco/scuolabus/")
    assert "Rossi Anna 2B · viene Maria Addolorata Rossi, 333 555 0142 Ivo Neri, carta d’identità CA12345AB" in listed
    assert "Se non c’è nessuno il bambino resta a bordo" in listed
    one.post(page_of(valle), {"fai": "togli", "chi": uncle.pk})
    assert "Ivo Neri" not in teacher.read("/appello/elenco/scuolabus/")


def test_the_copy_of_the_document_is_opened_once_on_record_and_forgotten(
    valle: Cast, rossi: Family, office: Browser, django_capture_on_commit_callbacks: Any
) -> None:
    one, content = phone(rossi.user), b"%PDF-1.7 copia"
    refused = one.post(page_of(valle), {**UNCLE, "copy": SimpleUploadedFile("copia.pdf", b"MZ")})
    assert "La copia del documento può essere PDF, PNG o JPG" in words(refused)
    one.post(page_of(valle), {**UNCLE, "copy": SimpleUploadedFile("carta di Ivo.pdf", content)})
    uncle = Delegate.objects.get()
    assert "Ivo" not in uncle.copy_as
    opened = office.post(desk_of(valle), {"fai": "apri", "chi": uncle.pk})
    assert (opened.content, opened.headers["Content-Type"]) == (content, "application/pdf")
    assert "ha aperto la copia" in office.read(f"/ufficio/bambini/{valle.child('Anna').pk}/registro/")
    with django_capture_on_commit_callbacks(execute=True):
        office.post(desk_of(valle), {"fai": "conferma", "chi": uncle.pk})
    assert not default_storage.exists(uncle.copy_as)
    assert office.post(desk_of(valle), {"fai": "apri", "chi": uncle.pk}).status_code == 404


def test_no_more_than_the_town_allows_and_nobody_under_age(valle: Cast, rossi: Family) -> None:
    one = phone(rossi.user)
    assert "ha compiuto 18 anni" in words(one.post(page_of(valle), {**UNCLE, "birth_date": "2010-01-01"}))
    for number in range(2):
        assert one.post(page_of(valle), {**UNCLE, "given_name": f"Zio {number}"}).status_code == 302
    assert "Al massimo 2: prima togline una." in words(one.post(page_of(valle), UNCLE))
    assert "Aggiungi una persona" not in words(one.get(page_of(valle)))
    choosing(valle.town, delegates_most=0)
    assert "prendono i bambini solo i genitori" in words(one.post(page_of(valle, "Luca"), UNCLE))


def test_a_delegation_ends_with_the_school_year(valle: Cast, rossi: Family, at: Any) -> None:
    one = phone(rossi.user)
    one.post(page_of(valle), UNCLE)
    assert Delegate.objects.get().until == date(2027, 8, 31)
    found = delegates.pick_ups(levels={valle.child("Anna").pk: "primaria"}, today=date(2027, 9, 1))
    assert found[valle.child("Anna").pk].delegates == ()


def test_all_adults_sign_that_a_child_goes_home_alone(valle: Cast, rossi: Family, office: Browser, teacher: Browser) -> None:
    one, anna = phone(rossi.user), valle.child("Anna")
    assert "Firmo che può tornare da solo" not in words(one.get(page_of(valle)))
    with pytest.raises(picking_up.AloneNotAllowed):
        sign(valle, rossi, level="primaria")
    School.objects.update(level="secondaria")
    father = people.register_guardian(given_name="Ugo", family_name="Rossi", tax_code="", email="", phone="")
    people.tie(child=anna, guardian=father, is_payer=False)
    one.post(page_of(valle), {"fai": "firma"})
    one.post(page_of(valle), {"fai": "firma"})
    assert AloneConsent.objects.count() == 1
    assert "Manca la firma dell’altro genitore" in words(one.get(page_of(valle)))
    assert "può andare da solo" not in teacher.read("/appello/elenco/scuolabus/")
    office.post(desk_of(valle), {"fai": "firma", "chi": father.pk})
    assert "può tornare a casa da solo: hanno firmato tutti i genitori" in words(one.get(page_of(valle)))
    assert "può andare da solo" in teacher.read("/appello/elenco/scuolabus/")
    one.post(page_of(valle), {"fai": "ritira"})
    assert "può andare da solo" not in teacher.read("/appello/elenco/scuolabus/")


def sign(valle: Cast, family: Family, *, level: str) -> None:
    picking_up.sign_alone(
        by=family.user,
        child_id=valle.child("Anna").pk,
        guardian_id=family.guardian.pk,
        level=level,
        until=date(2027, 8, 31),
        now=clock.now(),
    )


def test_a_stranger_names_nobody_and_signs_nothing(valle: Cast, rossi: Family, office: Browser) -> None:
    stranger = phone(valle.families["haddad"].user)
    assert stranger.get(page_of(valle)).status_code == 404
    assert stranger.post(page_of(valle), UNCLE).status_code == 404
    with pytest.raises(NotFound):
        picking_up.confirm(by=valle.staff["office"], child_id=valle.child("Anna").pk, delegate_id=77, now=clock.now())
    assert office.post(desk_of(valle), {"fai": "togli", "chi": "77"}).status_code == 404
    assert Delegate.objects.count() == 0


def test_the_list_of_a_ride_says_who_comes_and_is_printed(valle: Cast, teacher: Browser) -> None:
    goes(valle)
    with at_most(13):
        page = teacher.read("/appello/elenco/scuolabus/")
    assert "Viene 1 bambino su 1." in page
    assert "Tutti in un elenco: Scuolabus" in teacher.read("/appello/?servizio=scuolabus")
    paper = teacher.get("/appello/elenco/scuolabus/elenco.pdf")
    assert paper.content.startswith(b"%PDF")
    assert teacher.get("/appello/elenco/niente/").status_code == 404
    assert "Rossi Anna" not in text_of(teacher.get("/appello/"))
