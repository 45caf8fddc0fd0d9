"""What the register's forms offer and ask: prices that fit the child, persons of one name, a day within the year."""

from datetime import date

import pytest
from bs4 import BeautifulSoup

from campanella.domains.enrolment import queries as enrolment
from campanella.domains.people.models import Child
from campanella.domains.services import operations as services
from campanella.foundation.core import clock
from campanella.usecases import enrolling
from tests.browsing import Browser
from tests.interfaces.office.test_register import GIULIA, office, price, subscription
from tests.towns import Cast, text_of

__all__ = ["office"]


def test_a_day_outside_the_classs_year_is_said_and_nothing_typed_is_lost(valle: Cast, office: Browser) -> None:
    typed = {**GIULIA, "class_group": str(valle.classes["2B"].pk), "first": "2026-08-31"}
    answer = office.post("/ufficio/bambini/nuovo/", typed)
    assert "L’anno di questa classe va dal 1 settembre 2026 al 31 agosto 2027." in text_of(answer)
    assert 'value="Giulia"' in answer.content.decode()
    assert not Child.objects.filter(given_name="Giulia").exists()


def test_a_person_of_one_name_is_said_to_have_one(valle: Cast, office: Browser) -> None:
    forgotten = office.post("/ufficio/bambini/nuovo/", {**GIULIA, "family_name": ""})
    assert "Scrivi il cognome. Se non c’è, segna «Ha un nome solo»." in text_of(forgotten)
    made = office.post("/ufficio/bambini/nuovo/", {**GIULIA, "family_name": "", "has_one_name": "on"}, follow=True)
    assert "Giulia è in anagrafica" in text_of(made)
    giulia = Child.objects.get(given_name="Giulia")
    address = f"/ufficio/bambini/{giulia.pk}/"
    assert "checked" in str(BeautifulSoup(office.get(address + "dati/").content, "html.parser").find(id="id_has_one_name"))
    mother = {"given_name": "Sukarno", "family_name": "", "has_one_name": "on", "kind": "parent"}
    office.post(address + "adulti/nuovo/", mother)
    assert "Sukarno" in office.read(address)


def test_only_prices_for_the_childs_level_are_offered_and_taken(valle: Cast, office: Browser) -> None:
    anna = valle.child("Anna")
    nursery = services.set_tariff(
        service=valle.services["mensa"],
        code="mensa-nido",
        name="Mensa del nido",
        first=date(2026, 9, 1),
        end=date(2027, 9, 1),
        brackets=[("full", "Intera", None, 999)],
        level="nido",
    )
    offered = office.get(f"/ufficio/bambini/{anna.pk}/servizi/").content.decode()
    assert "Mensa 2026/27" in offered
    assert "Mensa del nido" not in offered
    assert "Mensa del nido" not in office.get(subscription(office, anna.pk) + "tariffa/").content.decode()
    with pytest.raises(enrolling.NotServed, match="«Mensa del nido» non è per Primaria Rodari"):
        enrolling.subscribe(
            by=valle.staff["office"],
            child_id=anna.pk,
            bracket=nursery.brackets.get(),
            reduction_percent=0,
            first=date(2026, 10, 14),
            now=clock.now(),
        )


def test_a_new_subscription_ends_with_its_season(valle: Cast, office: Browser) -> None:
    luca = valle.child("Luca")
    bought = {"bracket": price("scuolabus", "full"), "reduction_percent": "0", "first": "2026-10-14"}
    office.post(f"/ufficio/bambini/{luca.pk}/servizi/", bought)
    (bus,) = [line for line in enrolment.subscriptions_of(child_id=luca.pk) if line.service_code == "scuolabus"]
    assert bus.last == date(2027, 8, 31)


def test_a_presence_is_corrected_for_a_service_the_child_uses(valle: Cast, office: Browser) -> None:
    def offered(child: Child) -> list[str]:
        page = BeautifulSoup(office.get(f"/ufficio/bambini/{child.pk}/presenza/").content, "html.parser")
        return [option.get_text() for option in page.select("#id_service option")]

    assert offered(valle.child("Anna")) == ["Refezione", "Scuolabus"]
    assert offered(valle.child("Luca")) == ["Refezione"]
