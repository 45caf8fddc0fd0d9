"""An invoice that a bank was to pay: what the family reads, and from when on it pays by itself."""

from datetime import date
from typing import Any

import pytest

from campanella.domains.debiting import ending, queries
from campanella.domains.payments.models import PaymentRequest
from campanella.foundation.core import clock
from campanella.usecases.debiting import authorising, filing
from tests.billing import noon
from tests.browsing import Browser, browser
from tests.towns import OFFICE, Cast, run_jobs, tell_again, text_of
from tests.usecases.debiting.conftest import ASKED, PERIOD, bank, debited, invoice  # noqa: F401

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
