"""Forse lo stesso bambino: twins are asked about once, whatever is imported after."""

from datetime import date
from pathlib import Path

import pytest

from campanella.domains.people import operations as people
from campanella.domains.people.models import Child
from tests.browsing import Browser, browser
from tests.config.commands.running import said
from tests.towns import Cast, text_of
from tests.usecases.importing.files import ANNA, changed, text_file

PAGE = "/ufficio/bambini/somiglianti/"
TWINS = [("Marco", "GLLMRC19C16G479V", "2A"), ("Mirco", "GLLMRC19C16G47VK", "2B")]


@pytest.fixture
def office(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["office"])


def bring_twins(folder: Path) -> str:
    rows = []
    for name, code, where in TWINS:
        twin = changed(ANNA, codice="", cognome="Galli", nome=name, codice_fiscale=code, data_di_nascita="16/03/2019")
        rows.append(changed(twin, classe=where, saldo=""))
    return said("import", "people", str(text_file(folder, rows)), "--town", "valle")


def test_twins_are_told_apart_once_and_for_all(valle: Cast, office: Browser, tmp_path: Path) -> None:
    bring_twins(tmp_path)
    marco, mirco = Child.objects.filter(family_name="Galli").order_by("given_name")
    page = office.read(PAGE)
    assert "Marco Galli e Mirco Galli" in page
    assert "nato il 16 marzo 2019 · GLLMRC19C16G47VK · 2B · Primaria Collodi" in page

    answer = office.post(PAGE, {"child": str(mirco.pk), "other": str(marco.pk)}, follow=True)

    assert "Mirco Galli e Marco Galli sono due bambini: non te lo chiediamo più." in text_of(answer)
    assert f"non è lo stesso bambino di Marco Galli ({marco.code})" in office.read(f"/ufficio/bambini/{mirco.pk}/")
    assert "niente da cambiare" in bring_twins(tmp_path)
    office.post(PAGE, {"child": str(marco.pk), "other": str(mirco.pk)})
    assert "Nessuno da guardare" in office.read(PAGE)


def test_a_new_child_like_one_of_the_town_is_pointed_out_and_not_merged(valle: Cast, tmp_path: Path) -> None:
    people.register_child(given_name="Marco", family_name="Galli", tax_code=TWINS[0][1], birth_date=date(2019, 3, 16))
    printed = bring_twins(tmp_path)
    assert "riga 3, avviso, Cognome: forse è Marco Galli, già in anagrafica: i codici fiscali differiscono" in printed
    assert "bambini registrati 1, aggiornati 1" in printed
    assert [child.given_name for child in Child.objects.filter(family_name="Galli").order_by("id")] == ["Marco", "Mirco"]


@pytest.mark.parametrize("other", ["same", "borgo", "99999999", "0", "x"])
def test_who_is_not_there_is_not_told_apart(borgo: Cast, valle: Cast, other: str) -> None:
    anna, amina = valle.child("Anna").pk, borgo.child("Amina").pk
    office = browser(valle.town, valle.staff["office"])
    answer = office.post(PAGE, {"child": str(anna), "other": {"same": str(anna), "borgo": str(amina)}.get(other, other)})
    assert answer.status_code == (200 if other in ("0", "x") else 404)
