"""One family pays otherwise from a day on: what its wallets bring along is looked at before, and no money moves."""

from datetime import date

import pytest

from campanella.domains.billing import carrying, policies
from campanella.foundation.core.money import Euro
from tests.billing import bill, eat, october
from tests.browsing import Browser, browser
from tests.towns import Cast, tell_again, text_of
from tests.usecases.billing.conftest import post_paid


@pytest.fixture
def desk(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["office"])


def address(cast: Cast) -> str:
    return f"/ufficio/fatture/come-si-paga/{cast.families['rossi'].guardian.pk}/"


def said(cast: Cast, **changed: object) -> dict[str, object]:
    children = [child.pk for child in cast.families["rossi"].children.values()]
    return {"children": children, "service": "mensa", "kind": "postpaid", "first": "2027-01-01", "reason": "", **changed}


def send(desk: Browser, cast: Cast, data: dict[str, object]) -> str:
    page = text_of(desk.post(address(cast), data, follow=True))
    tell_again()
    return page


def test_a_switch_shows_what_is_carried_over_and_then_is_made(valle: Cast, desk: Browser) -> None:
    valle.credit("Anna", 1240)
    valle.credit("Luca", -310)
    assert "Refezione prepagato" in desk.read(address(valle))

    page = send(desk, valle, said(valle))

    assert "Refezione: dal 1 gennaio 2027 postpagato (fattura dopo il mese)." in page
    assert "12,40 € di credito: si usa nella prima fattura" in page
    assert "3,10 € di debito: si aggiunge alla prima fattura" in page
    assert policies.policies_of(child_id=valle.child("Anna").pk) == []
    page = send(desk, valle, said(valle, confirm="1"))
    assert "Anna Rossi : Refezione, postpagato dal 1 gennaio 2027" in page
    assert (valle.balance("Anna"), valle.balance("Luca")) == (1240, -310)


def test_back_to_the_credit_what_is_not_billed_yet_is_no_debt_of_the_credit(valle: Cast, desk: Browser) -> None:
    post_paid(valle)
    valle.credit("Anna", 500)
    eat(valle, october(1, 2))
    bill(valle)
    eat(valle, [date(2026, 11, 3)])

    page = send(desk, valle, said(valle, kind="prepaid", first="2026-12-01"))

    assert "già usati e non ancora fatturati: 4,60 €" in page
    assert "fatture ancora da pagare: 4,20 €" in page
    found = carrying.carried(wallet_ids=[valle.wallet("Anna").pk, valle.wallet("Luca").pk])
    assert [(one.balance, one.unbilled, one.unpaid, one.free) for one in found.values()] == [
        (Euro(500 - 3 * 460), Euro(460), Euro(420), Euro(0)),
        (Euro(-3 * 310), Euro(310), Euro(620), Euro(0)),
    ]
    assert page.count("niente da riportare") == 2


def test_what_the_credit_has_paid_already_is_no_credit_any_more(valle: Cast, desk: Browser) -> None:
    """Both wallets are empty: the days of the month were paid from the credit, and their invoice will ask for nothing."""
    post_paid(valle)
    valle.credit("Anna", 920)
    valle.credit("Luca", 820)
    eat(valle, october(1, 2))
    assert (valle.balance("Anna"), valle.balance("Luca")) == (0, 200)

    for kind, use in (("prepaid", "paga i prossimi giorni"), ("debit", "si usa nella prima fattura")):
        page = send(desk, valle, said(valle, kind=kind, first="2026-12-01"))
        assert "Anna Rossi niente da riportare già usati e non ancora fatturati: 9,20 €, di cui 9,20 € già pagati" in page
        assert f"Luca Rossi 2,00 € di credito: {use} già usati e non ancora fatturati: 6,20 €" in page


def test_by_the_bank_a_signature_is_asked_for(valle: Cast, desk: Browser) -> None:
    assert "La banca paga solo con un’autorizzazione firmata" in send(desk, valle, said(valle, kind="debit"))


def test_what_is_billed_already_is_not_switched(valle: Cast, desk: Browser) -> None:
    post_paid(valle)
    eat(valle, october(1))
    bill(valle)
    page = send(desk, valle, said(valle, kind="prepaid", first="2026-10-15", confirm="1"))
    assert "Fino al 31 ottobre 2026 ci sono già le fatture" in page
    assert policies.policies_of(child_id=valle.child("Anna").pk) == []


def test_another_familys_child_is_refused(valle: Cast, desk: Browser) -> None:
    page = send(desk, valle, said(valle, children=[valle.child("Amina").pk], confirm="1"))
    assert policies.policies_of(child_id=valle.child("Amina").pk) == []
    assert "Errore" in page
