"""What many classes and receipts do to the office's pages: folded, paged, and the sums stay whole."""

from datetime import timedelta

import pytest

from campanella.domains.payments.models import Receipt
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope
from campanella.interfaces.office.incomes import views as incomes
from campanella.interfaces.office.rollcalls import views as rollcalls
from campanella.interfaces.office.waiting import views as waiting
from campanella.interfaces.rollcall import listing
from tests.browsing import Browser, browser
from tests.towns import Cast, text_of


@pytest.fixture
def office(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["office"])


def test_many_classes_are_folded_by_school_and_open_one_at_a_time(
    valle: Cast, office: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "3A" not in office.read("/ufficio/presenze/").split("Primaria Rodari")[0]
    monkeypatch.setattr(rollcalls, "MOST_LINES", 0)
    folded = office.read("/ufficio/presenze/")
    assert "Primaria Rodari 0 appelli confermati su 2" in folded
    assert "2B" not in folded
    assert "2B" in office.read(f"/ufficio/presenze/?scuola={valle.school.pk}")


def test_the_list_of_the_roll_call_is_folded_too(valle: Cast, office: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MOST_CLASSES", 0)
    folded = office.read("/appello/")
    assert "Apri le 2 classi, 1 da fare" in folded
    assert "da confermare" not in folded
    assert "2B" in office.read(f"/appello/?servizio=mensa&scuola={valle.school.pk}")


def test_all_classes_of_a_service_are_confirmed_with_one_press(
    valle: Cast, office: Browser, at: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    at("09:31")  # type: ignore[operator]
    monkeypatch.setattr(waiting, "MOST_CLASSES", 0)
    page = office.read("/ufficio/da-fare/")
    assert "Refezione: 1 classe, 3 iscritti" in page
    assert "Vedi le prime 0" in page
    form = {"service": str(valle.services["mensa"].pk), "class": "all"}
    assert "Conferma 3 presenti, 12,30 €" in text_of(office.post("/ufficio/da-fare/classi/", form))
    assert valle.balance("Anna") == 0, "nothing before it is said"
    said = office.post("/ufficio/da-fare/classi/", {**form, "told": "1230"}, follow=True)
    assert "Confermato: 3 presenti, addebitati in tutto 12,30 €." in text_of(said)
    assert valle.balance("Anna") == -460


@pytest.mark.parametrize("sent", [{"service": "9" * 5000, "class": "all"}, {"service": "x", "class": "1"}, {}])
def test_numbers_that_are_none_confirm_nobody(valle: Cast, office: Browser, at: object, sent: dict[str, str]) -> None:
    at("09:31")  # type: ignore[operator]
    assert "Era già confermato" in text_of(office.post("/ufficio/da-fare/classi/", sent, follow=True))


def test_receipts_come_in_pages_and_their_sums_are_of_all(
    valle: Cast, office: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scope(valle.town.id):
        for number in range(5):
            Receipt.objects.create(
                message_id=1,
                receipt_id=f"iur-{number}",
                notice_number="3" * 18,
                amount_cents=1000,
                others_cents=100 if number == 0 else 0,
                kept_at=clock.now() - timedelta(minutes=number),
                outcome="booked",
                payer_name=f"Pagante {number}",
            )
    monkeypatch.setattr(incomes, "A_PAGE", 2)
    first, last = office.read("/ufficio/incassi/"), office.read("/ufficio/incassi/?pagina=3")
    assert "5 ricevute, 49,00 €" in first
    assert "Qui 2 delle 5 ricevute di questo giorno." in first
    assert "Pagante 0" in first
    assert "Pagante 2" not in first
    assert "Pagante 4" in last
    assert "49,00 €" in last
