"""A family contests a charge from its day; the office accepts, and the money is back."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from campanella.domains.attendance import answers
from campanella.domains.attendance.judging import Arrival
from campanella.domains.attendance.models import Presence
from campanella.domains.attendance.rules import Action
from campanella.domains.messaging.models import Message
from campanella.domains.support.models import Ticket, TicketMessage
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.readings.explained import explained
from campanella.usecases import contests, wishes
from tests import auditor
from tests.browsing import browser
from tests.interfaces.portal.phones import phone, words
from tests.towns import TODAY, Cast, Family, run_jobs, tell_again
from tests.usecases.asking import ask, choosing, confirm, goes, rome

# Tapped by a clock that is twenty-five minutes wrong, where ten are believed.
WRONG_CLOCK: dict[str, Any] = {"tapped_at": rome("09:25"), "error": timedelta(minutes=25)}


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


@pytest.fixture
def doubting(valle: Cast) -> Cast:
    """Valle, where taps without network are believed, and the numbers are closed."""
    goes(valle)
    choosing(valle, offline_grace_minutes=15, offline_clock_error_minutes=10)
    return valle


def accept(valle: Cast) -> None:
    (ticket,) = Ticket.objects.all()
    contests.accept(by=valle.staff["office"], number=ticket.number, now=rome("10:00"))


def today(valle: Cast) -> Presence:
    return Presence.objects.get(child=valle.child("Anna"), day=TODAY)


@pytest.mark.parametrize(
    ("mode", "action", "words_of_it", "becomes", "cents"),
    [
        ("opt_out", "cancel", "disdetto", (False, False), 0),
        ("opt_out", "white", "chiesto il pasto in bianco", (True, True), -460),
        ("opt_in", "book", "prenotato", (True, False), -460),
    ],
)
def test_a_doubtful_tap_that_is_accepted_counts_as_what_it_asked(
    valle: Cast, mode: str, action: Action, words_of_it: str, becomes: tuple[bool, bool], cents: int
) -> None:
    goes(valle, mode)
    choosing(valle, offline_grace_minutes=15, offline_clock_error_minutes=10)
    confirm(valle)
    told = ask(valle, "09:40", action=action, **WRONG_CLOCK)
    assert f"Con la richiesta n. {told.number} ha {words_of_it}" in TicketMessage.objects.get().text
    office, number = browser(valle.town, valle.staff["office"]), Ticket.objects.get().number
    page = words(office.get(f"/ufficio/segnalazioni/{number}/"))
    tell_again()
    assert f"Accogli la richiesta {told.number}" in page
    assert "Accogli e restituisci" not in page
    for _ in range(2):
        accept(valle)
    assert (today(valle).is_present, today(valle).is_white, valle.balance("Anna")) == (*becomes, cents)
    assert (answers.answer(number=told.number).is_accepted, len(answers.answer(number=told.number).days)) == (True, 1)
    assert "Accogli" not in words(office.get(f"/ufficio/segnalazioni/{number}/"))
    tell_again()
    sentence = explained(lines=[(valle.child("Anna").pk, valle.services["mensa"].pk)], day=TODAY, now=clock.now())[0].because
    assert "troppo sbagliato" not in sentence
    assert auditor.differences(valle.town) == []


def test_a_second_doubtful_tap_has_its_number_and_the_same_ticket(doubting: Cast) -> None:
    confirm(doubting)
    first = ask(doubting, "09:40", **WRONG_CLOCK)
    second = ask(doubting, "09:41", action="white", tapped_at=rome("09:26"), error=timedelta(minutes=25))
    assert first.number != second.number
    texts = TicketMessage.objects.order_by("id").values_list("ticket__number", "text")
    assert [(number, told.number in text) for (number, text), told in zip(texts, (first, second), strict=True)] == [
        (Ticket.objects.get().number, True)
    ] * 2
    # Both are believed: the later tap holds.
    accept(doubting)
    assert (today(doubting).is_present, today(doubting).is_white, doubting.balance("Anna")) == (True, True, -460)


def test_a_doubtful_tap_of_a_day_whose_charge_is_contested_joins_its_ticket(charged: Cast) -> None:
    choosing(charged, offline_grace_minutes=15, offline_clock_error_minutes=10)
    contest(charged)
    assert ask(charged, "09:40", **WRONG_CLOCK).number
    assert TicketMessage.objects.count() == 2


def test_a_doubtful_undo_is_before_the_office_as_well(doubting: Cast) -> None:
    cancelled = ask(doubting, "08:00")
    confirm(doubting)
    arrival = Arrival(rome("09:40"), tapped_at=rome("09:25"), error=timedelta(minutes=25))
    undone = wishes.take_back(
        by=doubting.families["rossi"].user, number=cancelled.number, key=uuid4(), arrival=arrival, now=clock.now()
    )
    assert [day.answer for day in undone.days] == ["doubtful"]
    assert "ha annullato una richiesta" in TicketMessage.objects.get().text
    accept(doubting)
    assert answers.answer(number=undone.number).is_accepted
    assert (today(doubting).is_present, doubting.balance("Anna")) == (True, -460)
