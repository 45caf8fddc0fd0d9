"""The pages of a cash point: three steps, one press, and no sight of what a family owes."""

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup

from campanella.domains.cash import rules
from campanella.domains.cash.models import CashClose, CashSession, CashTopUp
from campanella.foundation.core import clock
from campanella.usecases.cash import points
from tests.browsing import Browser, at_most, browser
from tests.cash import PERLA, cashier, close, code, opened, pharmacy, take
from tests.towns import OFFICE, Cast, choosing, text_of


@pytest.fixture
def counter(valle: Cast) -> Browser:
    """The pharmacy's browser; its till is open."""
    opened(valle)
    return browser(valle.town, valle.staff["cashier"])


def _form(page: Any, **more: str) -> dict[str, str]:
    soup = BeautifulSoup(page.content, "html.parser")
    key = soup.select_one("input[name=key]")
    assert key is not None
    return {"key": str(key["value"]), "amount": "2000", "means": "cash", "own": "", **more}


def _page(valle: Cast, counter: Browser, child: str = "Anna") -> str:
    return str(counter.post("/cassa/", {"code": code(valle, child)})["Location"])


def test_a_code_leads_to_whose_it_is_and_to_nothing_else(valle: Cast, counter: Browser) -> None:
    valle.credit("Anna", -12_345)
    written = code(valle)
    answer = counter.post("/cassa/", {"code": f"{written[:4]} {written[4:8]} {written[8:]}"})

    assert written not in answer["Location"]
    page = counter.read(answer["Location"])
    assert "Anna R. Refezione" in page
    assert "«È per Anna?»" in page
    for hidden in ("Rossi", "123,45", "2B", "Rodari", "Luca"):
        assert hidden not in page


def test_a_wrong_code_stays_on_the_page_as_it_was_typed(counter: Browser) -> None:
    answer = counter.post("/cassa/", {"code": "4417 2093 58"})
    assert "una cifra sbagliata, o due scambiate" in text_of(answer)
    assert 'value="4417 2093 58"' in answer.content.decode()
    assert "Errore:" in answer.content.decode()


def test_a_code_in_the_address_opens_nothing(valle: Cast, counter: Browser) -> None:
    answer = counter.get(f"/cassa/ricarica/{code(valle)}/", follow=True)
    assert answer.redirect_chain == [("/cassa/", 302)]
    assert "Questa pagina non vale più: non è stato registrato niente" in text_of(answer)


def test_the_page_of_another_session_opens_nothing(valle: Cast, counter: Browser) -> None:
    other = browser(valle.town, valle.staff["cashier"])
    assert other.get(_page(valle, counter))["Location"] == "/cassa/"
    other.post(_page(valle, counter), {"key": "x" * 20, "amount": "2000", "means": "cash", "own": ""})
    assert valle.balance("Anna") == 0


def test_codes_of_nobody_make_wait_and_a_right_one_does_not(valle: Cast, counter: Browser, at: Any) -> None:
    nobodys = [rules.code_of(100_000_000 + number) for number in range(9)]
    for typed in nobodys[:4]:
        assert "non è di nessuno" in text_of(counter.post("/cassa/", {"code": typed}))
    assert _page(valle, counter).startswith("/cassa/ricarica/")
    for _ in range(9):
        assert "una cifra sbagliata" in text_of(counter.post("/cassa/", {"code": "4417209358"}))
    for typed in nobodys[4:8]:
        assert "non è di nessuno" in text_of(counter.post("/cassa/", {"code": typed}))

    # Counted by who stands there: another browser of the same person waits as well, with a right code too.
    other = browser(valle.town, valle.staff["cashier"])
    answer = text_of(other.post("/cassa/", {"code": code(valle)}))
    assert "Questi codici non sono di nessuno. Aspetta 15 secondi e riprova" in answer
    at("2026-10-14 08:48")
    assert _page(valle, counter).startswith("/cassa/ricarica/")


def test_the_double_press_leads_twice_to_one_receipt(valle: Cast, counter: Browser) -> None:
    place = _page(valle, counter)
    sent = _form(counter.get(place))

    first, second = (counter.post(place, sent)["Location"] for _ in range(2))

    assert first == second
    assert (CashTopUp.objects.count(), valle.balance("Anna")) == (1, 2000)
    page = counter.read(first)
    assert "Fatto, 20,00 € per Anna R. Il credito è già salito. Consegna la ricevuta." in page
    assert "Contanti non detraibile" in page
    assert "Ricevuta CP-01-000001" in page
    assert "annulla entro 10 minuti" in page


def test_going_back_and_changing_the_amount_takes_nothing_more(valle: Cast, counter: Browser) -> None:
    place = _page(valle, counter)
    sent = _form(counter.get(place))
    counter.post(place, sent)

    page = text_of(counter.post(place, {**sent, "amount": "3000"}))

    assert "hai già incassato 20,00 €, ricevuta CP-01-000001: adesso non è stato registrato niente" in page
    assert valle.balance("Anna") == 2000


@pytest.mark.parametrize(
    ("own", "said", "cents"),
    [("7,50", "", 750), ("4,99", "Il minimo è 5,00 €", 0), ("300,01", "Il massimo è 300,00 €", 0), ("", "Scrivi quanto", 0)],
)
def test_another_amount(valle: Cast, counter: Browser, own: str, said: str, cents: int) -> None:
    place = _page(valle, counter)
    sent = _form(counter.get(place), amount="altro", own=own)
    answer = counter.post(place, sent)
    assert valle.balance("Anna") == cents
    if said:
        assert said in text_of(answer)


def test_without_a_way_of_paying_nothing_is_taken(valle: Cast, counter: Browser) -> None:
    place = _page(valle, counter)
    sent = _form(counter.get(place), means="assegno")
    assert "Come paga?" in text_of(counter.post(place, sent))
    assert valle.balance("Anna") == 0


def test_the_page_says_that_without_network_nothing_is_booked(valle: Cast, counter: Browser) -> None:
    page = counter.get(_page(valle, counter)).content.decode()
    assert 'data-asks-first="/health/live"' in page
    assert re.search(r"counter/network[^\"]*\.js", page)
    assert "Senza rete: non è stato registrato niente" in page
    assert "È incassato solo quello che ha una ricevuta" in page


def test_a_mistake_is_undone_and_its_second_press_too(valle: Cast, counter: Browser) -> None:
    top_up = take(valle, 2000)
    address = f"/cassa/ricevute/{top_up.id}/"
    for _ in range(2):
        answer = counter.post(f"{address}annulla/", {"ready": "Importo sbagliato", "reason": ""})
        assert answer["Location"] == address
    page = counter.read(address)
    assert "Annullata: 20,00 € da restituire" in page
    assert "annulla entro" not in page
    assert "annullata" in counter.read("/cassa/")
    assert valle.balance("Anna") == 0


def test_an_undoing_wants_a_reason(valle: Cast, counter: Browser) -> None:
    top_up = take(valle, 2000)
    answer = counter.post(f"/cassa/ricevute/{top_up.id}/annulla/", {"ready": "", "reason": ""})
    assert "Scegli un motivo, o scrivilo tu." in text_of(answer)
    assert valle.balance("Anna") == 2000


def test_too_late_says_what_to_do(valle: Cast, counter: Browser, at: Any) -> None:
    top_up = take(valle, 2000)
    at("09:30")
    answer = counter.post(f"/cassa/ricevute/{top_up.id}/annulla/", {"ready": "Importo sbagliato", "reason": ""}, follow=True)
    assert "Per annullare è tardi" in text_of(answer)
    assert valle.balance("Anna") == 2000


def test_the_receipt_is_a_paper(valle: Cast, counter: Browser) -> None:
    top_up = take(valle, 2000)
    answer = counter.get(f"/cassa/ricevute/{top_up.id}/ricevuta.pdf")
    assert answer.content.startswith(b"%PDF")
    assert "CP-01-000001" in answer["Content-Disposition"]


def test_a_day_is_opened_counted_and_shown(valle: Cast) -> None:
    pharmacy(valle)
    one = browser(valle.town, valle.staff["cashier"])
    assert "Apri la cassa di oggi" in one.read("/cassa/")
    one.post("/cassa/apri/", {"float_cents": "50,00"})
    one.post("/cassa/apri/", {"float_cents": "50,00"})
    take(valle, 2000)
    assert "In cassa 70,00 €" in one.read("/cassa/")

    answer = one.post("/cassa/chiudi/", {"cash": "65,00", "slip": "", "note": "mancano 5 euro"}, follow=True)

    page = text_of(answer)
    assert "Contanti contati, senza il resto 15,00 €" in page
    assert "Differenza dei contanti −5,00 €" in page
    assert "I conti non tornano" in page
    assert CashSession.objects.count() == CashClose.objects.count() == 1
    assert "Apri la cassa di oggi" in one.read("/cassa/")


def test_what_was_counted_must_be_an_amount(valle: Cast, counter: Browser) -> None:
    assert "Scrivi un importo" in text_of(counter.post("/cassa/chiudi/", {"cash": "", "slip": "", "note": ""}))
    assert not CashClose.objects.exists()


def test_the_till_of_yesterday_asks_to_be_counted(valle: Cast, counter: Browser, at: Any) -> None:
    at("2026-10-15 08:40")
    assert "È ancora aperta la cassa di mercoledì 14 ottobre" in counter.read("/cassa/")


def test_who_goes_back_to_the_page_and_presses_again_takes_it_once(valle: Cast, counter: Browser) -> None:
    place = counter.post("/cassa/", {"code": code(valle)})["Location"]
    first, second = (counter.post(place, _form(counter.get(place)))["Location"] for _ in range(2))
    assert first == second
    assert valle.balance("Anna") == 2000
    # The same code once more is another top-up.
    again = counter.post("/cassa/", {"code": code(valle)})["Location"]
    assert counter.post(again, _form(counter.get(again)))["Location"] != first
    assert valle.balance("Anna") == 4000


def test_the_key_of_the_form_is_that_of_the_address(valle: Cast, counter: Browser) -> None:
    place = _page(valle, counter)
    sent = _form(counter.get(place))
    assert f"/{sent['key']}/" in place
    first, second = (counter.post(place, {**sent, "key": one})["Location"] for one in (sent["key"], "x" * 20))
    assert (first == second, valle.balance("Anna")) == (True, 2000)


def test_a_session_keeps_the_last_codes_only(valle: Cast, counter: Browser) -> None:
    places = [_page(valle, counter) for _ in range(41)]
    assert counter.get(places[0])["Location"] == "/cassa/"
    assert counter.get(places[1]).status_code == 200


def test_another_point_sees_nothing_of_it(valle: Cast, counter: Browser) -> None:
    top_up = take(valle, 2000)
    session = CashSession.objects.get()
    close(valle, session, 2000)
    ivo = cashier()
    points.add(by=OFFICE, data=PERLA, user_ids=[ivo.pk], now=clock.now())
    other = browser(valle.town, ivo)
    for address in (f"ricevute/{top_up.id}/", f"ricevute/{top_up.id}/ricevuta.pdf", f"ricevute/{top_up.id}/annulla/"):
        assert other.get(f"/cassa/{address}").status_code == 404
    assert other.get(f"/cassa/giornate/{session.pk}/").status_code == 404
    nobody = browser(valle.town, cashier("gino"))
    assert nobody.get(f"/cassa/ricevute/{top_up.id}/").status_code == 404
    assert "Da qui non puoi incassare" in nobody.read("/cassa/")


def test_where_the_town_has_switched_it_off_nobody_takes_money(valle: Cast, counter: Browser) -> None:
    address = _page(valle, counter)
    choosing(valle.town, cash_points=False)
    assert "La cassa non è ancora aperta" in counter.read("/cassa/")
    counter.post(address, {"key": "x" * 20, "amount": "2000", "means": "cash", "own": ""})
    assert valle.balance("Anna") == 0


@pytest.mark.parametrize("role", ["school", "kitchen", "office", "rossi"])
def test_only_a_cash_point_opens_the_till(valle: Cast, role: str) -> None:
    user = valle.families["rossi"].user if role == "rossi" else valle.staff[role]
    assert browser(valle.town, user).get("/cassa/").status_code == 403


def test_the_page_asks_as_much_for_ten_as_for_one(valle: Cast, counter: Browser) -> None:
    for _ in range(10):
        take(valle, 1000)
    with at_most(12):
        counter.get("/cassa/")
