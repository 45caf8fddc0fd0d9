"""Scuole e servizi: what the office keeps by itself, told before it is done."""

from datetime import date
from typing import Any

import pytest

from campanella.domains.cooking import operations as cooking
from campanella.domains.cooking import queries as kitchens
from campanella.domains.schools.models import ClassGroup, School, SchoolYear
from campanella.domains.services.models import Service, ServiceCalendar
from campanella.foundation.core import clock
from tests.browsing import Browser, at_most, browser
from tests.towns import OFFICE, Cast, text_of

ROOM = "/ufficio/impostazioni/"


@pytest.fixture
def office(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["office"])


def sent(office: Browser, place: str, **data: Any) -> str:
    return text_of(office.post(f"{ROOM}{place}", data, follow=True))


def test_the_room_shows_schools_services_and_years(valle: Cast, office: Browser) -> None:
    with at_most(12):
        page = office.read(f"{ROOM}scuole/")
    assert "Primaria Rodari Primaria · 3 bambini" in page
    assert "Refezione Mensa Scuolabus Scuolabus" in page
    assert "2026/27 dal 1 settembre 2026" in page
    assert "Scuole e servizi" in office.read(ROOM)


def test_a_school_is_added_with_its_kitchen_and_classes(valle: Cast, office: Browser) -> None:
    kitchen = cooking.add_kitchen(by=OFFICE, name="Centro cottura", now=clock.now())
    new = {"name": "Infanzia Arcobaleno", "level": "infanzia", "address": "Via Po 3", "kitchen": str(kitchen.pk), "code": ""}
    assert "Infanzia Arcobaleno aggiunta" in sent(office, "scuole/nuova/", **new)
    school = School.objects.get(code="infanzia-arcobaleno")
    assert kitchens.kitchen_of_schools() == {school.pk: kitchen.pk}
    assert "C’è già una scuola di questo grado" in sent(office, "scuole/nuova/", **new)
    assert "Un’altra scuola ha già questo codice" in sent(
        office, "scuole/nuova/", **{**new, "name": "Altra", "code": "rodari"}
    )
    classes = {"year": str(SchoolYear.objects.get().pk), "written": "Girasoli, Tulipani"}
    page = sent(office, f"scuole/{school.pk}/classi/", **classes)
    assert "2 classi aperte: Girasoli, Tulipani." in page
    assert "Girasoli 0 bambini" in page
    assert "Queste classi c’erano già." in sent(office, f"scuole/{school.pk}/classi/", **classes)
    assert "Scrivi almeno una classe" in sent(office, f"scuole/{school.pk}/classi/", **{**classes, "written": ""})
    with at_most(16):
        office.get(f"{ROOM}scuole/{school.pk}/")
    del new["code"]
    page = sent(office, f"scuole/{school.pk}/", **{**new, "name": "Arcobaleno", "kitchen": ""})
    assert "ha cambiato i dati della scuola: nome Arcobaleno (prima Infanzia Arcobaleno)" in page
    assert kitchens.kitchen_of_schools() == {}


def test_the_end_of_a_school_is_told_first(valle: Cast, office: Browser) -> None:
    address = f"scuole/{valle.school.pk}/chiudi/"
    assert "Guarda che cosa finisce" in office.read(f"{ROOM}{address}")
    told = sent(office, address, last="2026-10-31")
    assert "Bambini che escono dalle sue classi 3" in told
    assert "Iscrizioni ai servizi che finiscono 4" in told
    assert "Anna Rossi" in told
    assert School.objects.get().closed_from is None
    assert "Scegli un giorno da domani in poi" in sent(office, address, last="2026-10-13", act="confirm")
    assert "Primaria Rodari è chiusa" in sent(office, address, last="2026-10-31", act="confirm")
    assert School.objects.get().closed_from == date(2026, 11, 1)
    assert "La scuola c’è di nuovo" in sent(office, f"scuole/{valle.school.pk}/riapri/")


def test_a_class_is_kept(valle: Cast, office: Browser) -> None:
    second, third = valle.classes["2B"], valle.classes["3A"]
    page = office.read(f"{ROOM}classi/{second.pk}/")
    assert "Bambini (3)" in page
    assert "Togli la classe" not in page
    assert "c’è già la classe 3A" in sent(office, f"classi/{second.pk}/", **{"form": "name", "name-name": "3A"})
    assert "ha chiamato 2C la classe 2B del 2026/27" in sent(
        office, f"classi/{second.pk}/", **{"form": "name", "name-name": "2C"}
    )
    end = {"form": "end", "end-last": "2026-10-31", "end-to": str(third.pk)}
    assert "Riguarda 3 bambini." in sent(office, f"classi/{second.pk}/", **end)
    assert "La classe 2C è chiusa: 3 bambini in 3A." in sent(office, f"classi/{second.pk}/", **end, act="confirm")
    assert "La classe 2C c’è di nuovo, vuota" in sent(office, f"classi/{second.pk}/", form="reopen")
    assert "Guarda che cosa cambia" in office.read(f"{ROOM}classi/{second.pk}/")
    new = ClassGroup.objects.create(school=valle.school, year=third.year, name="9Z")
    assert "La classe 9Z non c’è più." in sent(office, f"classi/{new.pk}/", form="remove")
    assert "si può solo chiudere" in sent(office, f"classi/{second.pk}/", form="remove")


def test_a_service_is_added_named_and_begun(valle: Cast, office: Browser) -> None:
    page = sent(office, "servizi/nuovo/", kind="before", name="Pre-scuola", code="")
    assert "Pre-scuola aggiunto" in page
    assert "Non ha ancora una tariffa" in page
    service = Service.objects.get(code="pre-scuola")
    address = f"servizi/{service.pk}/"
    begin = {
        "form": "begin",
        "begin-school_ids": [str(valle.school.pk)],
        "begin-first": "2026-10-19",
        "begin-last": "2027-06-04",
        "begin-weekdays": ["0", "4"],
    }
    told = sent(office, address, **begin)
    assert "Pre-scuola in 1 scuola: Dal 19 ottobre 2026 al 4 giugno 2027 il servizio c’è: lun, ven." in told
    assert not ServiceCalendar.objects.filter(service=service).exists()
    done = sent(office, address, **begin, act="confirm")
    assert "Primaria Rodari Dal 19 ottobre 2026 al 4 giugno 2027" in done
    assert "Comincia in altre scuole" not in done
    words = {"form": "words", "words-name": "Prima ora", "words-unit": "ora", "words-units": "ore"}
    assert "Una tassonomia pagoPA si scrive così" in sent(office, address, **words, **{"words-taxonomy": "9/01"})
    assert "ha cambiato il servizio Prima ora: nome Prima ora (prima Pre-scuola)" in sent(
        office, address, **words, **{"words-taxonomy": service.taxonomy}
    )


def test_a_service_moves_up_and_the_history_says_so(valle: Cast, office: Browser) -> None:
    page = sent(office, f"servizi/{valle.services['scuolabus'].pk}/su/")
    assert "ha messo Scuolabus prima di Refezione" in page
    assert "Scuolabus Scuolabus Refezione Mensa" in page


def test_a_year_is_opened_and_its_days_are_kept_once_children_are_in_it(valle: Cast, office: Browser) -> None:
    assert "Apri l’anno" in office.read(f"{ROOM}anni/nuovo/")
    days = {"first": "2027-09-01", "last": "2028-08-31"}
    assert "L’anno 2027/28 è aperto" in sent(office, "anni/nuovo/", **days)
    assert "Un altro anno scolastico ha già" in sent(office, "anni/nuovo/", **days)
    mine = SchoolYear.objects.get(name="2026/27")
    assert "ci sono già bambini" in sent(office, f"anni/{mine.pk}/", first="2026-09-02", last="2027-08-31")
    new = SchoolYear.objects.get(name="2027/28")
    assert "Salvato." in sent(office, f"anni/{new.pk}/", first="2027-09-06", last="2028-08-31")
