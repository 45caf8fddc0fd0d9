"""The office and a family's ISEE: entered with what it moves told first, refused with a reason, tried on the whole town."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from campanella.domains.enrolment.models import IseeDeclaration, Subscription
from campanella.domains.messaging.models import Message
from campanella.domains.services.tariff_files import kept, writing
from campanella.foundation.core import clock
from campanella.readings.office.what_if import what_if
from campanella.usecases import isee
from tests.browsing import Browser, at_most, browser
from tests.interfaces.portal.phones import phone, words
from tests.tariffs import LISSONE, SIBLINGS, let_pay, load, prices, serve, whole
from tests.towns import TODAY, Cast

ISEE = {
    "key": "abcdefghijklmnop",
    "amount": "9.800,00",
    "kind": "ordinary",
    "issued_on": "2026-03-02",
    "received_on": "2026-10-14",
    "household": "4",
}


@pytest.fixture
def office(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["office"])


def page_of(valle: Cast) -> str:
    return f"/ufficio/adulti/{valle.families['rossi'].guardian.pk}/isee/"


def test_what_it_moves_is_told_first(valle: Cast, office: Browser) -> None:
    let_pay(valle, load(), "Anna")
    serve(valle, TODAY)
    told = office.post(page_of(valle), ISEE)
    assert 'name="told" value="-145"' in told.content.decode()
    assert not IseeDeclaration.objects.exists()
    stale = office.post(page_of(valle), ISEE | {"told": "-290"}, follow=True)
    assert "Intanto è cambiato quanto si muove" in stale.content.decode()
    assert valle.balance("Anna") == -450
    for _ in range(2):
        office.post(page_of(valle), ISEE | {"told": "-145"})
    assert (valle.balance("Anna"), IseeDeclaration.objects.count()) == (-305, 1)
    assert "controllato" in office.read(page_of(valle))


def test_a_refused_one_is_told_to_the_payer_without_its_value(valle: Cast, office: Browser) -> None:
    let_pay(valle, load(), "Anna")
    phone(valle.families["rossi"].user).post("/anagrafica/isee/", ISEE)
    (declared,) = IseeDeclaration.objects.all()
    one = f"/ufficio/isee/{declared.pk}/"
    assert "bastano poche parole" in office.post(one, {"fai": "rifiuta", "reason": "", "told": "0"}).content.decode()
    office.post(one, {"fai": "rifiuta", "reason": "il valore è un altro", "told": "0"})
    (letter,) = Message.objects.filter(template="isee_refused")
    assert "il valore è un altro" in letter.text
    assert "9.800" not in letter.text + letter.subject
    seen = words(phone(valle.families["rossi"].user).get("/anagrafica/isee/"))
    assert "il valore è un altro non accettato" in seen
    assert "Da fare" in office.read("/ufficio/da-fare/")
    assert "da controllare" not in office.read("/ufficio/da-fare/")


def test_a_reminder_leaves_once_and_not_to_who_has_a_newer_one(valle: Cast, at: Callable[[str], Any]) -> None:
    let_pay(valle, load(), "Anna")
    office = browser(valle.town, valle.staff["office"])
    office.post(page_of(valle), ISEE | {"told": "0"})
    at("2026-11-30 08:00")
    assert isee.tell_of_ends(now=clock.now()) == 0
    at("2026-12-05 08:00")
    assert [isee.tell_of_ends(now=clock.now()) for _ in range(2)] == [1, 1]
    (letter,) = Message.objects.filter(template="isee_ends")
    assert "31 dicembre 2026" in letter.text


def test_where_a_child_lives_is_written_from_a_day_on(valle: Cast, office: Browser) -> None:
    let_pay(valle, load(), "Anna")
    page = f"/ufficio/bambini/{valle.child('Anna').pk}/tariffa/"
    assert "Senza ISEE; Piena: 4,50" in office.read(page)
    office.post(page_of(valle), ISEE | {"told": "0"})
    office.post(page, {"first": "2026-10-20", "is_resident": "no"})
    assert prices(valle, "Anna")[-1] == (date(2026, 10, 20), 450, "Non residente")


def test_another_tariff_is_tried_on_the_whole_town(valle: Cast, office: Browser) -> None:
    tariff = load(LISSONE + SIBLINGS)
    let_pay(valle, tariff, "Anna", "Luca", "Amina")
    serve(valle, TODAY)
    found = what_if(scheme=kept.scheme_of(tariff), tariff_id=tariff.pk, service_id=tariff.service_id, today=TODAY)
    assert [(band.name, band.children, band.families, band.income.cents) for band in found.now] == [
        ("Piena", 2, 2, 900),
        ("Piena, Secondo figlio", 1, 1, 360),
    ]
    assert (found.now, found.difference.cents, found.dearer) == (found.then, 0, 0)
    text = writing.text([kept.scheme_of(tariff)]).replace("'4.50'", "'5.00'")
    told = office.post("/ufficio/tariffe/prova/", {"text": text}).content.decode()
    # 5,00 + 5,00 + 4,00 instead of 4,50 + 4,50 + 3,60.
    assert "+1,40" in told
    assert "3 bambini di più, 0 bambini di meno".replace(" bambini di meno", " di meno") in told
    assert "Riga " in office.post("/ufficio/tariffe/prova/", {"text": text.replace("'5.00'", "cinque")}).content.decode()
    assert prices(valle, "Amina") == [(date(2026, 9, 15), 450, "Piena")]


def test_its_pages_ask_as_much_for_many_children(valle: Cast, office: Browser) -> None:
    let_pay(valle, load(), "Anna", "Luca")
    office.get(page_of(valle))
    with at_most(9):
        office.get(page_of(valle))


def test_a_reckoned_tariff_is_chosen_as_a_whole(valle: Cast, office: Browser) -> None:
    tariff = load()
    let_pay(valle, tariff, "Anna")
    office.post(page_of(valle), ISEE | {"told": "0"})
    child = valle.child("Anna")
    line = Subscription.objects.get(child=child, bracket__tariff=tariff, days__contains=TODAY)
    page = office.get(f"/ufficio/bambini/{child.pk}/servizi/{line.pk}/tariffa/").content.decode()
    assert f'<option value="{whole(tariff).pk}" selected>Mensa 2026/27, 4,50' in page.replace("\xa0", " ")
    assert "Fino a 11.000," not in page
