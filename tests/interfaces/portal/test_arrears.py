"""A family's reminders and plan under Pagamenti: for who pays alone, true to the cent, paid in one press."""

from typing import Any

import pytest

from campanella.domains.payments.models import PaymentRequest
from campanella.foundation.core import clock
from campanella.usecases.arrears import planning
from tests.arrears import after_due, overdue, remind, reminders_of
from tests.browsing import Browser, browser
from tests.paying import receive
from tests.towns import OFFICE, Cast, tell_again, text_of


@pytest.fixture
def reminded(valle: Cast) -> Cast:
    overdue(valle)
    remind(after_due(15))
    return valle


@pytest.fixture
def phone(reminded: Cast) -> Browser:
    return browser(reminded.town, reminded.families["rossi"].user)


def read(phone: Browser, address: str, *, days: int = 16) -> str:
    with clock.standing_at(after_due(days)):
        page = phone.read(address).replace("\xa0", " ")
    tell_again()
    return page


def test_a_reminder_is_found_under_pagamenti_and_tells_what_is_open(reminded: Cast, phone: Browser) -> None:
    (rossi,) = reminders_of(reminded)
    assert "Promemoria dell’ufficio" in read(phone, "/pagamenti/")
    assert "n. SO/2026/1" in read(phone, "/pagamenti/solleciti/")
    page = f"/pagamenti/solleciti/{rossi.id}/"
    told = read(phone, page)
    assert "Ancora da pagare 46,20 €" in told
    assert "Chiedi di pagare a rate" in told
    assert "Anna" not in told
    with clock.standing_at(after_due(16)):
        for name in ("sollecito.pdf", "avviso.pdf"):
            assert phone.get(f"{page}{name}").content.startswith(b"%PDF")
    with clock.standing_at(after_due(16)):
        receive(PaymentRequest.objects.get(pk=rossi.request_ids[0]))
    assert "Di questo promemoria non resta niente da pagare" in read(phone, page)


def test_another_family_finds_nothing(reminded: Cast) -> None:
    (rossi,) = reminders_of(reminded)
    other = browser(reminded.town, reminded.families["haddad"].user)
    for rest in ("", "sollecito.pdf", "avviso.pdf", "paga/"):
        assert other.get(f"/pagamenti/solleciti/{rossi.id}/{rest}").status_code == 404


def test_it_is_paid_in_one_press(reminded: Cast, phone: Browser, pagopa: list[Any]) -> None:
    (rossi,) = reminders_of(reminded)
    with clock.standing_at(after_due(16)):
        answer = phone.post(f"/pagamenti/solleciti/{rossi.id}/paga/")
    assert answer["Location"] == "https://checkout.example/1"
    (cart,) = pagopa
    assert [notice.cents for notice in cart.notices] == [4620]


def test_a_plan_is_seen_due_by_due_and_its_due_is_paid(reminded: Cast, phone: Browser, pagopa: list[Any]) -> None:
    payer = reminded.families["rossi"].guardian.pk
    now = after_due(16)
    with clock.standing_at(now):
        plan = planning.agree(by=OFFICE, payer_id=payer, count=2, first=after_due(40).date(), months=1, note="", now=now)
    page = f"/pagamenti/rate/{plan.pk}/"
    assert "rata 1 di 2, entro il 14 gennaio 2027" in read(phone, "/pagamenti/")
    told = read(phone, page)
    assert "23,10 €" in told
    assert "In corso" in told
    with clock.standing_at(now):
        assert phone.get(f"{page}1/avviso.pdf").content.startswith(b"%PDF")
        answer = phone.post(f"{page}1/paga/")
    assert answer["Location"] == "https://checkout.example/1"
    assert browser(reminded.town, reminded.families["haddad"].user).get(page).status_code == 404
    said = "46,20 € in 2 rate, pagati 0,00 €, restano 46,20 €. Prossima rata: 23,10 € entro il 14 gennaio 2027."
    assert said in read(phone, "/pagamenti/estratto-conto/")
    assert "Una rata non è stata pagata in tempo" in read(phone, page, days=60)


def test_a_family_without_arrears_sees_nothing_of_them(valle: Cast) -> None:
    phone = browser(valle.town, valle.families["rossi"].user)
    assert "Promemoria" not in text_of(phone.get("/pagamenti/"))
    assert "Niente da ricordarti" in text_of(phone.get("/pagamenti/solleciti/"))


def test_the_statement_tells_what_a_reminder_has_cost(valle: Cast) -> None:
    overdue(valle, days=8)
    for days in (15, 45, 90):
        remind(after_due(days))
    phone = browser(valle.town, valle.families["rossi"].user)
    wallet = valle.wallet("Anna").pk
    told = read(phone, f"/pagamenti/movimenti/{wallet}/", days=91)
    assert "Spese di un sollecito" in told
    assert "−5,88" in told
