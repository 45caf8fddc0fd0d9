"""The office keeps the cash points: who takes money, how days were counted, what is handed over."""

import pytest

from campanella.domains.cash import queries
from campanella.domains.cash.models import CashPoint
from tests.browsing import Browser, browser
from tests.cash import close, opened, pharmacy, take, void
from tests.towns import TODAY, Cast, text_of


@pytest.fixture
def office(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["office"])


def test_a_point_is_opened_with_its_people(valle: Cast, office: Browser) -> None:
    person = valle.staff["cashier"]
    sent = {"name": "Farmacia Fossone", "address": "", "kind": "pharmacy", "takes_cash": "on", "user_ids": [str(person.pk)]}

    answer = office.post("/ufficio/casse/nuova/", sent, follow=True)

    assert "nelle ricevute è il numero 1" in text_of(answer)
    made = CashPoint.objects.get()
    assert queries.point_of(user_id=person.pk) == made
    assert "Persona cassa" in office.read("/ufficio/casse/")
    assert "ha aperto il punto di ricarica Farmacia Fossone" in office.read(f"/ufficio/casse/{made.pk}/")


def test_a_point_that_takes_nothing_is_refused(office: Browser) -> None:
    answer = office.post("/ufficio/casse/nuova/", {"name": "X", "kind": "shop"})
    assert "Scegli almeno un modo" in text_of(answer)
    assert not CashPoint.objects.exists()


def test_people_are_taken_away_and_the_point_is_closed(valle: Cast, office: Browser) -> None:
    point = pharmacy(valle)
    address = f"/ufficio/casse/{point.pk}/"
    office.post(address, {"name": "La Perla", "address": "", "kind": "pharmacy", "takes_card": "on"})
    assert queries.point_of(user_id=valle.staff["cashier"].pk) is None
    assert "non si incassa più" in text_of(office.post(f"{address}chiudi/", follow=True))
    assert "chiuso" in office.read("/ufficio/casse/")


def test_an_open_till_holds_the_point_open(valle: Cast, office: Browser) -> None:
    session = opened(valle)
    answer = office.post(f"/ufficio/casse/{session.point_id}/chiudi/", follow=True)
    assert "La cassa di questo punto è ancora aperta" in text_of(answer)


def test_the_office_sees_for_whom_and_by_how_much_a_till_was_off(valle: Cast, office: Browser) -> None:
    session = opened(valle)
    take(valle, 2000)
    void(valle, take(valle, 1000, child="Luca"), why="Codice di un altro bambino")
    close(valle, session, 1500, note="boh")

    page = office.read(f"/ufficio/casse/giornate/{session.pk}/")

    assert "Anna Rossi" in page
    assert "Luca Rossi annullata" in page
    assert "Codice di un altro bambino" in page
    assert "Differenza dei contanti −5,00 €" in page
    assert "non torna −5,00 €" in office.read("/ufficio/casse/")


def test_a_settlement_is_made_and_its_arrival_noted(valle: Cast, office: Browser) -> None:
    session = opened(valle)
    take(valle, 2000)
    close(valle, session, 2000)
    address = f"/ufficio/casse/{session.point_id}/riversa/"

    answer = office.post(address, {"last": TODAY.isoformat()}, follow=True)

    page = text_of(answer)
    assert "Riversamento n. 1: 20,00 € da versare al Comune." in page
    assert "Commissione 0,00 €" in page
    made = answer.redirect_chain[-1][0]
    assert "Scrivi con quale bonifico" in text_of(office.post(made, {"day": TODAY.isoformat(), "reference": ""}))
    assert "Arrivato" in text_of(office.post(made, {"day": TODAY.isoformat(), "reference": "CRO 12"}, follow=True))
    assert "nessuna giornata chiusa" in text_of(office.post(address, {"last": TODAY.isoformat()}, follow=True))
    assert "per esempio 14/10/2026" in text_of(office.post(address, {"last": "boh"}, follow=True))


def test_the_sheets_say_everything(valle: Cast, office: Browser) -> None:
    session = opened(valle)
    take(valle, 2000)
    close(valle, session, 1500)

    taken = office.get("/ufficio/casse/incassi.csv").content.decode("utf-8-sig").splitlines()
    days = office.get("/ufficio/casse/giornate.csv").content.decode("utf-8-sig").splitlines()

    assert taken[1].startswith("Farmacia La Perla;CP-01-000001;14/10/2026 8:47;20,00;Contanti;Anna Rossi;Refezione;")
    assert days[1].startswith("14/10/2026;Farmacia La Perla;20,00;15,00;")


@pytest.mark.parametrize("role", ["school", "kitchen", "cashier"])
def test_only_the_office_keeps_them(valle: Cast, role: str) -> None:
    assert browser(valle.town, valle.staff[role]).get("/ufficio/casse/").status_code == 403
