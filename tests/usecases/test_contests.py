"""A family contests a charge from its day; the office accepts, and the money is back."""

import re
from typing import Any

import pytest

from campanella.domains.messaging.models import Message
from campanella.domains.support.models import Ticket, TicketMessage
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.usecases import contests
from tests.browsing import browser
from tests.interfaces.portal.phones import phone, words
from tests.towns import TODAY, Cast, Family, run_jobs, tell_again
from tests.usecases.asking import confirm, goes


@pytest.fixture
def charged(valle: Cast) -> Cast:
    goes(valle)
    confirm(valle)
    return valle


def contest(valle: Cast, name: str = "Anna", family: str = "rossi") -> int:
    return contests.contest(
        by=valle.families[family].user,
        child_id=valle.child(name).pk,
        service_id=valle.services["mensa"].pk,
        day=TODAY,
        text="Era a casa con la febbre.",
        origin="10.0.0.1",
        now=clock.now(),
    )


def test_the_office_gets_what_is_on_record(charged: Cast, at: Any) -> None:
    at("09:31")
    number = contest(charged)
    text = TicketMessage.objects.get(ticket__number=number).text
    assert text.startswith("Era a casa con la febbre.\n\nContesto l’addebito di mercoledì 14 ottobre 2026 (Refezione, Anna)")
    assert "Che cosa risulta: Previsto e non disdetto entro le 9:30: si paga 4,60" in text
    with pytest.raises(contests.ContestedBefore):
        contest(charged)


def test_accepted_it_goes_back_once_and_the_family_is_told(charged: Cast) -> None:
    number = contest(charged)
    for _ in range(2):
        contests.accept(by=charged.staff["office"], number=number, now=clock.now())
    assert charged.balance("Anna") == 0
    run_jobs()
    letter = Message.objects.get(template="credit_corrected")
    assert "Anna" in letter.text
    assert "+4,60" in letter.text
    assert Ticket.objects.get(number=number).state == "closed"
    with pytest.raises(contests.NothingCharged):
        contest(charged)


def test_only_ones_own_child_and_only_what_was_charged(charged: Cast) -> None:
    with pytest.raises(NotFound):
        contest(charged, family="haddad")
    number = contest(charged, "Luca")
    with pytest.raises(NotFound):
        contests.accept(by=charged.staff["office"], number=number + 1, now=clock.now())


def test_from_the_day_to_the_office_and_back(charged: Cast, rossi: Family, at: Any) -> None:
    at("10:00")
    one, anna = phone(rossi.user), charged.child("Anna").pk
    day = one.get(f"/presenze/{anna}/2026-10-14/")
    address = re.search(rf'href="(/presenze/{anna}/2026-10-14/contesta/\d+/)"', day.content.decode())
    assert address
    assert "Che cosa risulta Previsto e non disdetto entro le 9:30: si paga 4,60 €." in words(one.get(address[1]))
    assert "Scrivi che cosa non torna." in words(one.post(address[1], {"text": ""}))
    sent = one.post(address[1], {"text": "Era a casa."})
    number = int(sent.headers["Location"].strip("/").rpartition("/")[2])
    other = phone(charged.families["haddad"].user)
    assert other.get(address[1]).status_code == 404

    office = browser(charged.town, charged.staff["office"])
    page = words(office.get(f"/ufficio/segnalazioni/{number}/"))
    assert "Addebito contestato Anna Rossi, Refezione, mercoledì 14 ottobre." in page
    assert "Accogli e restituisci 4,60 €" in page
    assert office.post(f"/ufficio/segnalazioni/{number}/accogli/").status_code == 302
    after = words(office.get(f"/ufficio/segnalazioni/{number}/"))
    tell_again()
    assert "Accogli e restituisci" not in after
    assert "Corretto dall’ufficio" in words(one.get(f"/presenze/{anna}/2026-10-14/"))
    assert charged.balance("Anna") == 0
