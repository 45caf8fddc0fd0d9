"""Home of a family that pays after the month: what is to pay, by when, what is past its day."""

from datetime import date

import pytest

from campanella.foundation.core import clock
from tests.billing import bill, eat, noon, october
from tests.browsing import Browser, browser
from tests.paying import receive
from tests.towns import Cast, Family, tell_again, text_of
from tests.usecases.billing.conftest import post_paid
from tests.usecases.billing.test_paying import invoice_of, position_of


@pytest.fixture
def phone(valle: Cast, ready: Family) -> Browser:
    """Rossi: an invoice of October for two children, due on the fifth of December."""
    post_paid(valle)
    eat(valle, october(1, 2))
    bill(valle)
    return browser(valle.town, ready.user)


def home(phone: Browser, on: date) -> str:
    with clock.standing_at(noon(on)):
        answer = phone.get("/")
    tell_again()
    return text_of(answer)


def test_an_open_invoice_stands_on_the_first_page_with_its_day(phone: Browser) -> None:
    page = home(phone, date(2026, 11, 10))
    assert "Una fattura da pagare 15,40 € entro sabato 5 dicembre Vedi e paga" in page
    assert "Ricarica il credito di Luca" not in page
    assert "Una scadenza è passata" not in page


def test_an_overdue_one_says_so_and_a_paid_one_nothing(valle: Cast, phone: Browser) -> None:
    page = home(phone, date(2026, 12, 9))
    assert "Una scadenza è passata 15,40 € da pagare entro il 5 dicembre 2026: si può pagare ancora." in page
    receive(position_of(invoice_of(valle)))
    assert "da pagare" not in home(phone, date(2026, 12, 9))
