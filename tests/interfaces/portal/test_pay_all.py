"""Paga tutto: everything a family owes in one payment, with one press."""

import re

import pytest

from campanella.domains.payments import rules
from campanella.domains.payments.gateways.pagopa import checkout
from campanella.domains.payments.models import PaymentRequest
from campanella.domains.people.models import Guardian
from tests.browsing import Browser, at_most, browser
from tests.paying import prepare, wish
from tests.towns import Cast, Family, text_of

ALL = "/pagamenti/tutto/"


@pytest.mark.parametrize(
    ("balance", "cents"), [(0, 0), (500, 0), (-1, 1000), (-1000, 1000), (-2550, 2550), (-99_999, 50_000)]
)
def test_a_credit_comes_back_to_zero_within_what_a_top_up_may_be(balance: int, cents: int) -> None:
    assert rules.to_even(balance=balance, least=1000, most=50_000) == cents


@pytest.fixture
def phone(valle: Cast, ready: Family) -> Browser:
    return browser(valle.town, ready.user)


def offered(phone: Browser, address: str) -> dict[str, str]:
    """Return what the button of a page sends."""
    found = re.findall(r'name="(totale|chiave)" value="([^"]+)"', phone.get(address).content.decode())
    return dict(found)


@pytest.mark.parametrize("address", ["/", "/pagamenti/"])
def test_debts_and_notices_of_all_children_are_one_payment_in_one_press(
    valle: Cast, rossi: Family, phone: Browser, pagopa: list[checkout.CheckoutCart], address: str
) -> None:
    valle.credit("Anna", -3120)
    valle.credit("Luca", -2000)
    notice = prepare(valle, rossi, wish(valle, "Anna", 1500, "scuolabus"))[0]
    page = phone.read(address)
    assert (
        "Da pagare in tutto Scuolabus di Anna 15,00 € Refezione di Anna, sotto zero 31,20 € "
        "Refezione di Luca, sotto zero 20,00 € In tutto 66,20 €"
    ) in page

    sent = offered(phone, address)
    answers = [phone.post(ALL, sent) for _ in range(2)]

    assert [answer["Location"] for answer in answers] == ["https://checkout.example/1"] * 2
    (cart,) = pagopa
    assert sorted(line.cents for line in cart.notices) == [1500, 2000, 3120]
    assert PaymentRequest.objects.count() == 3, "pressed twice it is one payment"
    assert notice.notice_number in {line.notice_number for line in cart.notices}
    assert "Paga tutto" not in phone.read(address), "what is being paid is owed no more"


def test_a_notice_that_covers_the_debt_is_paid_once(valle: Cast, rossi: Family, phone: Browser) -> None:
    valle.credit("Anna", -2000)
    valle.credit("Luca", -2000)
    prepare(valle, rossi, wish(valle, "Anna", 2000))
    assert "Refezione di Anna 20,00 € Refezione di Luca, sotto zero 20,00 € In tutto 40,00 €" in phone.read("/pagamenti/")


def test_one_thing_alone_is_paid_where_it_stands(valle: Cast, phone: Browser) -> None:
    valle.credit("Anna", -3120)
    for address in ("/", "/pagamenti/"):
        assert "Paga tutto" not in phone.read(address)


def test_another_sum_than_was_told_is_told_first(valle: Cast, phone: Browser, pagopa: list[checkout.CheckoutCart]) -> None:
    valle.credit("Anna", -3120)
    valle.credit("Luca", -2000)
    sent = offered(phone, "/")
    valle.credit("Luca", -460)
    answer = phone.post(ALL, sent, follow=True)
    assert "Intanto qualcosa è cambiato" in text_of(answer)
    assert "In tutto 55,80 €" in text_of(answer)
    assert (pagopa, PaymentRequest.objects.count()) == ([], 0)


def test_what_pagopa_misses_is_asked_for_and_the_amounts_are_kept(valle: Cast, rossi: Family, phone: Browser) -> None:
    valle.credit("Anna", -3120)
    valle.credit("Luca", -2000)
    sent = offered(phone, "/")
    Guardian.objects.filter(pk=rossi.guardian.pk).update(tax_code="")
    to = phone.post(ALL, sent)["Location"]
    assert to.startswith("/pagamenti/ricarica/controllo/?r=")
    assert "-3120&r=" in to


def test_others_debts_are_nobodys(valle: Cast, phone: Browser, pagopa: list[checkout.CheckoutCart]) -> None:
    valle.credit("Anna", -3120)
    valle.credit("Luca", -2000)
    stranger = browser(valle.town, valle.families["haddad"].user)
    stranger.post(ALL, offered(phone, "/"))
    assert (pagopa, PaymentRequest.objects.count()) == ([], 0)
    assert stranger.get(ALL).status_code in (302, 303)


def test_who_owes_nothing_costs_the_first_page_nothing(valle: Cast, phone: Browser) -> None:
    with at_most(9):
        phone.read("/")
