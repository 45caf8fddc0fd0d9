"""An invoice that is paid beyond what it asks for: the family reads what becomes of it, and the office looks."""

import pytest

from campanella.domains.billing import overpaid
from campanella.domains.payments.models import Receipt
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.readings import proofs
from campanella.usecases import adjust
from campanella.usecases.pagopa import parked
from tests.billing import bill, eat, october
from tests.browsing import Browser, browser
from tests.paying import receive
from tests.towns import OFFICE, Cast, Family, run_jobs, text_of
from tests.usecases.billing.conftest import post_paid
from tests.usecases.billing.test_paying import invoice_of, position_of


@pytest.fixture
def phone(valle: Cast, ready: Family) -> Browser:
    """Rossi in November: an invoice of October, of which a credit of the office has paid a part since."""
    post_paid(valle)
    eat(valle, october(1, 2))
    bill(valle)
    return browser(valle.town, ready.user)


def page_of(cast: Cast) -> str:
    return f"/pagamenti/elenco/{invoice_of(cast).id}/"


def test_what_is_too_much_is_told_and_put_before_the_office(valle: Cast, phone: Browser) -> None:
    position, anna = position_of(invoice_of(valle)), valle.wallet("Anna").pk
    adjust.adjust(by=OFFICE, wallet_id=anna, amount=Euro(500), reason="pasto freddo", key="a", now=clock.now())
    assert "più del dovuto" not in phone.read(page_of(valle))
    receive(position)

    told = phone.read(page_of(valle))
    assert "Hai pagato più del dovuto, e non è perso 5,00 € sono andati nel tuo credito" in told
    assert "chiedi il rimborso" in told
    desk = browser(valle.town, valle.staff["office"])
    due = desk.read("/ufficio/da-fare/")
    assert f"Maria Addolorata Rossi, {invoice_of(valle).number}" in due
    assert "5,00 €" in due
    (one,) = overpaid.waiting()
    for _ in range(2):
        said = text_of(desk.post(f"/ufficio/da-fare/pagate-di-piu/{one.id}/", follow=True))
        assert "resta nel credito della famiglia" in said
    assert "più del dovuto" not in desk.read("/ufficio/da-fare/")
    assert "ha visto che la fattura FT/2026/1 è stata pagata più del dovuto: 5,00 € nel credito" in desk.read(
        f"/ufficio/fatture/elenco/{one.invoice_id}/"
    )
    assert desk.post("/ufficio/da-fare/pagate-di-piu/999999/").status_code == 404
    assert phone.post(f"/ufficio/da-fare/pagate-di-piu/{one.id}/").status_code == 403
    assert proofs.violations() == []
    run_jobs()


def test_a_second_payment_of_the_same_notice_is_told_while_the_office_looks(valle: Cast, phone: Browser) -> None:
    position = position_of(invoice_of(valle))
    receive(position)
    assert "un altro pagamento" not in phone.read(page_of(valle))
    receive(position, iur="iur-2")

    told = phone.read(page_of(valle))
    assert "È arrivato un altro pagamento 15,40 € per questa fattura: l’ufficio li sta guardando" in told
    desk, place = browser(valle.town, valle.staff["office"]), f"/ufficio/fatture/elenco/{invoice_of(valle).id}/"
    assert "È arrivato un altro pagamento 15,40 € per questa fattura" in desk.read(place)
    assert overpaid.waiting() == []
    run_jobs()

    # Placed by hand it is still told where it was told before, and asks nobody of the office for a second look.
    (kept,) = Receipt.objects.filter(outcome="parked")
    who, wallet_id = valle.staff["office"], valle.wallet("Anna").pk
    parked.resolve(by=who, receipt_pk=kept.pk, wallet_id=wallet_id, why="doppio", now=clock.now())
    told = phone.read(page_of(valle))
    assert "un altro pagamento" not in told
    assert "Hai pagato più del dovuto, e non è perso 15,40 € sono andati nel tuo credito" in told
    assert "Pagata più del dovuto 15,40 € sono andati nel credito della famiglia" in desk.read(place)
    assert overpaid.waiting() == []
    assert proofs.violations() == []
    run_jobs()
