"""An invoice that a bank was to pay: what the family reads, and from when on it pays by itself."""

from datetime import date
from typing import Any

import pytest

from campanella.domains.debiting import ending, queries
from campanella.domains.messaging.models import Message
from campanella.domains.payments.models import PaymentRequest
from campanella.foundation.core import clock
from campanella.usecases.debiting import authorising, faults, filing
from tests.billing import bill, eat, noon, tell
from tests.browsing import Browser, browser
from tests.towns import OFFICE, Cast, run_jobs, tell_again, text_of
from tests.usecases.debiting.conftest import ASKED, PERIOD, asked, bank, debited, invoice  # noqa: F401

LIST = "/pagamenti/elenco/"


@pytest.fixture
def mine(debited: Cast) -> Browser:  # noqa: F811
    return browser(debited.town, debited.families["rossi"].user)


def read(mine: Browser, address: str, on: date) -> str:
    with clock.standing_at(noon(on)):
        answer = mine.get(address)
    tell_again()
    assert answer.status_code == 200, address
    return "PDF" if answer.content.startswith(b"%PDF") else text_of(answer)


def test_while_a_bank_is_to_be_asked_there_is_nothing_to_do(mine: Browser) -> None:
    page = read(mine, f"{LIST}{invoice().id}/", ASKED)
    assert "non devi fare nulla" in page
    assert "Pagamento on-line" not in page


@pytest.mark.parametrize("why", ["revoked", "suspended"])
def test_where_none_is_asked_any_more_the_notice_is_found_and_paid(
    debited: Cast,  # noqa: F811
    mine: Browser,
    pagopa: list[Any],
    why: str,
) -> None:
    """Before the office has made the file, after it, and long before it is overdue."""
    payer = debited.families["rossi"].guardian
    with clock.standing_at(noon(date(2026, 11, 10))):
        mandate = queries.mandates_of(payer_ids=[payer.pk])[payer.pk]
        if why == "revoked":
            authorising.revoke_at_desk(by=OFFICE, mandate_id=mandate.id, now=clock.now())
        else:
            ending.suspend(by=OFFICE, mandate_ids=[mandate.id], why="prova", now=clock.now())
    page = f"{LIST}{invoice().id}/"
    assert "Pagamento on-line" in read(mine, page, date(2026, 11, 11))
    with clock.standing_at(noon(ASKED)):
        filing.make(by=OFFICE, period=PERIOD, now=clock.now())
        run_jobs(500)

    told = read(mine, page, ASKED)
    assert "Pagamento on-line" in told
    assert "non devi fare nulla" not in told
    assert "23,10 € di fatture da pagare" in read(mine, "/pagamenti/", ASKED)
    assert read(mine, f"{page}avviso.pdf", ASKED) == "PDF"
    with clock.standing_at(noon(ASKED)):
        assert mine.post(f"{page}paga/")["Location"] == "https://checkout.example/1"
    assert PaymentRequest.objects.filter(payer=payer, state="open").count() == 1


def test_what_the_office_looks_at_first_is_not_offered_to_pay(bank: Any, mine: Browser) -> None:  # noqa: F811
    """The letter says that the office looks; the page says the same, overdue or not, until it has decided."""
    one = asked()
    bank.hear((one.end_to_end_id, "XX99", one.cents), on=date(2026, 11, 23))
    for day in (date(2026, 11, 24), date(2026, 12, 20)):
        page = read(mine, f"{LIST}{invoice().id}/", day)
        assert "non dipende da te: l’ufficio guarda che cosa è successo" in page
        assert "Pagamento on-line" not in page
    with clock.standing_at(noon(date(2026, 12, 21))):
        faults.decide(by=OFFICE, collection_id=one.pk, kind="notice", now=clock.now())
    assert "Pagamento on-line" in read(mine, f"{LIST}{invoice().id}/", date(2026, 12, 21))


def test_after_a_stop_what_was_asked_already_is_not_to_be_paid_twice(
    debited: Cast,  # noqa: F811
    bank: Any,  # noqa: F811
    mine: Browser,
) -> None:
    """October comes back from an account that is closed, while November has been asked for already."""
    october = asked()
    eat(debited, [date(2026, 11, day) for day in (3, 4)])
    bill(debited, "2026-11")
    tell()
    november = asked(date(2026, 12, 16), date(2026, 11, 1))
    bank.hear((october.end_to_end_id, "AC04", october.cents), on=date(2026, 12, 17))
    with clock.standing_at(noon(date(2026, 12, 17))):
        run_jobs(500)
    (letter,) = Message.objects.filter(template="collection_back")
    assert "è già stato chiesto" in letter.text
    assert f"{november.day.day}" in letter.text
    page = read(mine, "/pagamenti/addebito/", date(2026, 12, 17))
    assert "era già partito e può ancora arrivare: non pagarlo adesso" in page
