"""An invoice that a bank was to pay: what the family reads, and from when on it pays by itself."""

from datetime import date
from typing import Any

import pytest

from campanella.domains.debiting import ending, queries
from campanella.domains.debiting.choices import DebitChoices
from campanella.domains.debiting.rules.collecting import retry_on
from campanella.domains.messaging.models import Message
from campanella.domains.payments.models import PaymentRequest
from campanella.foundation.core import clock
from campanella.foundation.core.italian import day_full
from campanella.foundation.tenants.queries import active_town
from campanella.usecases.debiting import authorising, faults, filing
from tests.billing import bill, eat, noon, tell
from tests.browsing import Browser, browser
from tests.foundation.documents.reading import text_of as pdf_text
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


def paper(mine: Browser, on: date) -> str:
    with clock.standing_at(noon(on)):
        answer = mine.get(f"{LIST}{invoice().id}/fattura.pdf")
    tell_again()
    return " ".join(pdf_text(answer.content).split())


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
        assert "l’ufficio guarda che cosa è successo" in paper(mine, day)
        assert "Con pagoPA" not in paper(mine, day)
    with clock.standing_at(noon(date(2026, 12, 21))):
        faults.decide(by=OFFICE, collection_id=one.pk, kind="notice", now=clock.now())
    assert "Pagamento on-line" in read(mine, f"{LIST}{invoice().id}/", date(2026, 12, 21))


def test_the_day_is_that_of_the_file_and_after_it_that_of_the_next_try(bank: Any, mine: Browser) -> None:  # noqa: F811
    page = f"{LIST}{invoice().id}/"
    assert "È addebitata sul tuo conto il 7 dicembre 2026" in read(mine, page, date(2026, 11, 10))
    one = asked()
    assert f"È addebitata sul tuo conto il {day_full(one.day)}: non devi fare nulla" in read(mine, page, ASKED)
    bank.hear((one.end_to_end_id, "AM04", one.cents), on=date(2026, 12, 9))

    told = read(mine, page, date(2026, 12, 10))

    back = f"L’addebito del {day_full(one.day)} non è riuscito: sul conto non c’era abbastanza denaro"
    again = retry_on(back_on=date(2026, 12, 9), terms=active_town().chosen(DebitChoices).terms)
    assert f"{back}. La banca ci riprova il {day_full(again)}" in told
    assert "Scaduta" not in told
    assert "Pagamento on-line" not in told


def test_what_went_back_is_no_lateness_and_is_paid_otherwise(
    debited: Cast,  # noqa: F811
    bank: Any,  # noqa: F811
    mine: Browser,
) -> None:
    """The account is closed: Home, the list and the invoice say what happened, and how it is paid now."""
    one = asked()
    bank.hear((one.end_to_end_id, "AC04", one.cents), on=date(2026, 12, 9))
    back = f"L’addebito del {day_full(one.day)} non è riuscito: il conto è chiuso"

    for address in (f"{LIST}{invoice().id}/", "/"):
        told = read(mine, address, date(2026, 12, 20))
        assert back in told
        assert "Scaduta" not in told
        assert "Una scadenza è passata" not in told
        assert "Era da pagare entro" not in told
    desk = browser(debited.town, debited.staff["office"])
    told = read(desk, f"/ufficio/fatture/elenco/{invoice().id}/", date(2026, 12, 20))
    assert back in told
    assert f"Addebito del {day_full(one.day)}" in told
    assert "perché il conto è chiuso" in told
    assert "Pagamento on-line" in read(mine, f"{LIST}{invoice().id}/", date(2026, 12, 20))
    assert "Addebito tornato indietro" in read(mine, LIST, date(2026, 12, 20))


def test_a_retry_whose_authorisation_ends_meanwhile_is_paid_by_hand(
    debited: Cast,  # noqa: F811
    bank: Any,  # noqa: F811
    mine: Browser,
) -> None:
    one = asked()
    bank.hear((one.end_to_end_id, "AM04", one.cents), on=date(2026, 12, 9))
    revoke(debited, date(2026, 12, 10))

    told = read(mine, f"{LIST}{invoice().id}/", date(2026, 12, 11))

    assert "Pagamento on-line" in told
    assert "ci riprova" not in told


def test_what_is_on_its_way_from_an_account_that_has_ended_is_not_called_sure(
    debited: Cast,  # noqa: F811
    mine: Browser,
) -> None:
    one = asked()
    revoke(debited, date(2026, 11, 21))

    told = read(mine, f"{LIST}{invoice().id}/", date(2026, 11, 22))

    assert f"l’abbiamo già chiesta, per il {day_full(one.day)}: può ancora arrivare" in told
    assert "Non pagarla adesso" in told


def revoke(cast: Cast, on: date) -> None:
    payer = cast.families["rossi"].guardian.pk
    with clock.standing_at(noon(on)):
        mandate = queries.mandates_of(payer_ids=[payer])[payer]
        authorising.revoke_at_desk(by=OFFICE, mandate_id=mandate.id, now=clock.now())


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
