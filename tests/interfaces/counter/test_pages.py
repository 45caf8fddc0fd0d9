"""The pages of a cash point: three steps, one press, and no sight of what a family owes."""

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup

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


def _page(valle: Cast, child: str = "Anna") -> str:
    return f"/cassa/ricarica/{code(valle, child)}/"


def test_a_code_leads_to_whose_it_is_and_to_nothing_else(valle: Cast, counter: Browser) -> None:
    valle.credit("Anna", -12_345)
    written = code(valle)
    answer = counter.post("/cassa/", {"code": f"{written[:4]} {written[4:8]} {written[8:]}"})

    assert answer["Location"].startswith(f"{_page(valle)}?modulo=")
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


def test_a_code_in_the_address_is_judged_as_well(counter: Browser) -> None:
    answer = counter.get("/cassa/ricarica/4417209358/", follow=True)
    assert "una cifra sbagliata" in text_of(answer)


def test_the_double_press_leads_twice_to_one_receipt(valle: Cast, counter: Browser) -> None:
    sent = _form(counter.get(_page(valle)))

    first, second = (counter.post(_page(valle), sent)["Location"] for _ in range(2))

    assert first == second
    assert (CashTopUp.objects.count(), valle.balance("Anna")) == (1, 2000)
    page = counter.read(first)
    assert "Fatto, 20,00 € per Anna R. Il credito è già salito. Consegna la ricevuta." in page
    assert "Contanti non detraibile" in page
    assert "Ricevuta CP-01-000001" in page
    assert "annulla entro 10 minuti" in page


def test_going_back_and_changing_the_amount_takes_nothing_more(valle: Cast, counter: Browser) -> None:
    sent = _form(counter.get(_page(valle)))
    counter.post(_page(valle), sent)

    page = text_of(counter.post(_page(valle), {**sent, "amount": "3000"}))

    assert "hai già incassato 20,00 €, ricevuta CP-01-000001: adesso non è stato registrato niente" in page
    assert valle.balance("Anna") == 2000


@pytest.mark.parametrize(
    ("own", "said", "cents"),
    [("7,50", "", 750), ("4,99", "Il minimo è 5,00 €", 0), ("300,01", "Il massimo è 300,00 €", 0), ("", "Scrivi quanto", 0)],
)
def test_another_amount(valle: Cast, counter: Browser, own: str, said: str, cents: int) -> None:
    sent = _form(counter.get(_page(valle)), amount="altro", own=own)
    answer = counter.post(_page(valle), sent)
    assert valle.balance("Anna") == cents
    if said:
        assert said in text_of(answer)


def test_without_a_way_of_paying_nothing_is_taken(valle: Cast, counter: Browser) -> None:
    sent = _form(counter.get(_page(valle)), means="assegno")
    assert "Come paga?" in text_of(counter.post(_page(valle), sent))
    assert valle.balance("Anna") == 0


def test_the_page_says_that_without_network_nothing_is_booked(valle: Cast, counter: Browser) -> None:
    page = counter.get(_page(valle)).content.decode()
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


@pytest.mark.parametrize("key", ["corta", "con spazi e altro", "x" * 60])
def test_a_key_in_the_address_that_is_none_is_left_aside(valle: Cast, counter: Browser, key: str) -> None:
    page = counter.get(_page(valle), {"modulo": key})
    assert _form(page)["key"] != key


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
    address = _page(valle)
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
